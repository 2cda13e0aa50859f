// Agate values: between what the engine gives and what templates see.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "base/json.h"
#include "context/agate.h"
#include "jinja/modules.h"

namespace rynd::transform {

namespace {

using engine::TypeKind;
using jinja::Value;

constexpr int64_t micros_per_second = 1'000'000;
constexpr int64_t micros_per_day = 86'400 * micros_per_second;

// Python's str(timedelta): "1 day, 0:00:00". A month counts thirty days, as DuckDB's Python client has it.
std::string timedelta_text(const engine::Interval& interval) {
  int64_t micros = interval.micros;
  int64_t days = interval.months * 30LL + interval.days + micros / micros_per_day;
  micros %= micros_per_day;
  if (micros < 0) {
    micros += micros_per_day;
    --days;
  }
  const int64_t seconds = micros / micros_per_second;
  std::string text = days == 0 ? "" : fmt::format("{} day{}, ", days, days == 1 || days == -1 ? "" : "s");
  text += fmt::format("{}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
  if (micros % micros_per_second) text += fmt::format(".{:06}", micros % micros_per_second);
  return text;
}

// Python's repr of bytes: b'ab\x00'.
std::string bytes_text(const std::string& bytes) {
  std::string text = "b'";
  for (const unsigned char byte : bytes) {
    if (byte == '\\' || byte == '\'') text += '\\';
    if (byte >= 0x20 && byte < 0x7f)
      text += static_cast<char>(byte);
    else
      text += fmt::format("\\x{:02x}", byte);
  }
  return text + "'";
}

Value whole_number(engine::int128 number) {
  Node node;
  node.kind = Node::Kind::real;
  node.text = engine::to_text(number);
  return jinja::from_node(node);
}

Value decimal(const std::string& text) {
  auto made = jinja::make_decimal(text);
  return made ? *made : Value(text);
}

// Python's repr of a float, which is what agate makes a decimal of.
std::string real_text(double number) { return Value(number).repr(); }

// Python has no other reals than doubles: a FLOAT comes with all the digits that its widening brings.
engine::Value widened(const engine::Value& value) {
  const auto* number = value.get_if<double>();
  return number ? engine::Value(static_cast<double>(static_cast<float>(*number))) : value;
}

Value moment(const engine::Timestamp& timestamp) { return jinja::make_datetime(timestamp.micros, timestamp.zoned); }

Value date(int32_t days) {
  const std::chrono::year_month_day date{std::chrono::sys_days{std::chrono::days{days}}};
  return jinja::make_date(static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                          static_cast<unsigned>(date.day()));
}

// A structure as Python's json.dumps writes it.
std::string structure_text(const engine::Value& value) {
  const std::string compact = engine::to_json(value);
  const auto document = json::read(make_source("<value>", compact));
  if (!document) return compact;
  const auto text = jinja::to_json(jinja::from_node(document->root));
  return text ? *text : compact;
}

AgateType type_of(TypeKind kind) {
  switch (kind) {
    case TypeKind::integer:
      return AgateType::integer;
    case TypeKind::real:
    case TypeKind::decimal:
      return AgateType::number;
    case TypeKind::boolean:
      return AgateType::boolean;
    case TypeKind::date:
      return AgateType::date;
    case TypeKind::timestamp:
    case TypeKind::timestamp_tz:
      return AgateType::datetime;
    default:
      return AgateType::text;
  }
}

std::string unused_name(const std::string& name, const std::vector<std::string>& taken) {
  std::string candidate = name;
  for (int number = 2; std::ranges::find(taken, candidate) != taken.end(); ++number)
    candidate = fmt::format("{}_{}", name, number);
  return candidate;
}

}  // namespace

Value to_template(const engine::Value& value, TypeKind) {
  if (value.is_null()) return Value();
  if (const auto* flag = value.get_if<bool>()) return Value(*flag);
  if (const auto* number = value.get_if<int64_t>()) return Value(*number);
  if (const auto* number = value.get_if<engine::int128>()) return whole_number(*number);
  if (const auto* number = value.get_if<double>()) return decimal(real_text(*number));
  if (const auto* number = value.get_if<engine::Decimal>()) return decimal(engine::to_text(*number));
  if (const auto* text = value.get_if<std::string>()) return Value(*text);
  if (const auto* blob = value.get_if<engine::Blob>()) return Value(bytes_text(blob->bytes));
  if (const auto* day = value.get_if<engine::Date>()) return date(day->days);
  if (const auto* timestamp = value.get_if<engine::Timestamp>()) return moment(*timestamp);
  if (const auto* interval = value.get_if<engine::Interval>()) return Value(timedelta_text(*interval));
  if (value.get_if<engine::List>() || value.get_if<engine::Struct>() || value.get_if<engine::Map>()) {
    return Value(structure_text(value));
  }
  return Value(engine::to_text(value));
}

engine::Value to_engine(const Value& value) {
  if (value.is_none() || value.is_undefined()) return {};
  if (value.is_bool()) return engine::Value(value.as_bool());
  if (value.is_int()) return engine::Value(value.as_int());
  if (value.is_real()) return engine::Value(value.as_real());
  return engine::Value(value.str());
}

AgateData agate_of(const engine::Table& table) {
  AgateData data;
  for (const auto& column : table.columns) {
    data.names.push_back(unused_name(column.name, data.names));
    data.types.push_back(type_of(column.kind));
  }
  std::vector<bool> has_value(table.columns.size(), false);
  data.rows.reserve(table.rows.size());
  for (const auto& row : table.rows) {
    auto& values = data.rows.emplace_back();
    values.reserve(row.size());
    for (size_t i = 0; i < row.size(); ++i) {
      has_value[i] = has_value[i] || !row[i].is_null();
      const bool single = table.columns[i].kind == TypeKind::real && table.columns[i].type == "FLOAT";
      values.push_back(to_template(single ? widened(row[i]) : row[i], table.columns[i].kind));
    }
  }
  for (size_t i = 0; i < has_value.size(); ++i) {
    if (!has_value[i]) data.types[i] = AgateType::integer;
  }
  return data;
}

}  // namespace rynd::transform

// Seed: see the header.
#include "seeds/seed.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <limits>

#include "base/text.h"
#include "context/results.h"
#include "context/run_context.h"
#include "jinja/modules.h"

namespace rynd::transform {

namespace {

using jinja::Outcome;
using jinja::Value;

bool is_null(std::string_view text) {
  text = trim(text);
  return text.empty() || iequals(text, "null");
}

std::optional<int64_t> whole(std::string_view text) {
  text = trim(text);
  if (text.starts_with('+')) text.remove_prefix(1);
  int64_t number = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
  if (read.ec != std::errc{} || read.ptr != text.data() + text.size()) return {};
  return number;
}

// Digits, a point, an exponent: nothing that only looks like a number (nan, infinity, 0x10).
bool is_decimal(std::string_view text) {
  text = trim(text);
  if (text.starts_with('+') || text.starts_with('-')) text.remove_prefix(1);
  if (text.empty() || (!std::isdigit(static_cast<unsigned char>(text.front())) && text.front() != '.')) return false;
  double number = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
  return read.ptr == text.data() + text.size() && read.ec != std::errc::invalid_argument;
}

int digits(std::string_view text) {
  const auto end = std::ranges::find_if_not(text, [](unsigned char c) { return std::isdigit(c); });
  return static_cast<int>(end - text.begin());
}

// Reads `count` digits and the separator after them (0: none); nothing where they are not there.
std::optional<int> field(std::string_view& text, int count, char separator) {
  if (digits(text.substr(0, static_cast<size_t>(count))) != count) return {};
  int number = 0;
  std::from_chars(text.data(), text.data() + count, number);
  text.remove_prefix(static_cast<size_t>(count));
  if (separator) {
    if (text.empty() || text.front() != separator) return {};
    text.remove_prefix(1);
  }
  return number;
}

std::optional<std::chrono::sys_days> date_of(int year, int month, int day) {
  const std::chrono::year_month_day date{std::chrono::year{year}, std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day))};
  if (!date.ok()) return {};
  return std::chrono::sys_days{date};
}

// One or two digits and the separator after them (0: none), as Python's strptime reads %m, %d, %H, %M and %S.
std::optional<int> short_field(std::string_view& text, char separator) {
  const int count = std::min(digits(text), 2);
  return count == 0 ? std::nullopt : field(text, count, separator);
}

// "%Y-%m-%d"
std::optional<std::chrono::sys_days> plain_day(std::string_view& text) {
  const auto year = field(text, 4, '-');
  const auto month = year ? short_field(text, '-') : std::nullopt;
  if (month && text.starts_with(' ')) text.remove_prefix(1);
  const auto day = month ? short_field(text, 0) : std::nullopt;
  return day ? date_of(*year, *month, *day) : std::nullopt;
}

std::optional<std::chrono::sys_days> whole_day(std::string_view text) {
  text = trim(text);
  const auto date = plain_day(text);
  return text.empty() ? date : std::nullopt;
}

// "%Y-%m-%d %H:%M:%S", the one form with a space that dbt takes for a time. Microseconds since 1970.
std::optional<int64_t> plain_instant(std::string_view text) {
  text = trim(text);
  const auto date = plain_day(text);
  if (!date || text.empty() || !std::isspace(static_cast<unsigned char>(text.front()))) return {};
  text = trim(text);
  const auto hour = short_field(text, ':');
  const auto minute = hour ? short_field(text, ':') : std::nullopt;
  const auto second = minute ? short_field(text, 0) : std::nullopt;
  if (!second || !text.empty() || *hour > 23 || *minute > 59 || *second > 59) return {};
  const int64_t seconds = *hour * 3600LL + *minute * 60 + *second;
  return (date->time_since_epoch().count() * 86'400LL + seconds) * 1'000'000;
}

// The decimals behind a point or comma, as millionths; 0 without.
std::optional<int64_t> millionths(std::string_view& text) {
  if (!text.starts_with('.') && !text.starts_with(',')) return 0;
  text.remove_prefix(1);
  const int count = digits(text);
  if (count == 0) return {};
  std::string fraction(text.substr(0, static_cast<size_t>(std::min(count, 6))));
  fraction.resize(6, '0');
  text.remove_prefix(static_cast<size_t>(count));
  return std::stoll(fraction);
}

// 10:00:00, 10:00, 10, 100000, 1000: the last one with decimals. Microseconds.
std::optional<int64_t> iso_time(std::string_view& text) {
  constexpr std::array<int64_t, 3> seconds{3600, 60, 1};
  constexpr std::array<int, 3> limits{23, 59, 59};
  const bool extended = text.size() > 2 && text[2] == ':';
  int64_t micros = 0;
  for (size_t unit = 0; unit < seconds.size(); ++unit) {
    if (unit > 0 && extended) text.remove_prefix(1);
    const auto number = field(text, 2, 0);
    if (!number || *number > limits[unit]) return {};
    micros += *number * seconds[unit] * 1'000'000;
    const bool more = unit < 2 && (extended ? text.starts_with(':') : digits(text) >= 2);
    if (more) continue;
    const auto rest = millionths(text);
    return rest ? std::optional(micros + *rest * seconds[unit]) : std::nullopt;
  }
  return micros;
}

// ISO 8601 in its calendar forms, basic and extended; a zone may follow. Microseconds since 1970, the zone applied.
std::optional<int64_t> iso_instant(std::string_view text) {
  text = trim(text);
  const char dash = text.size() > 4 && text[4] == '-' ? '-' : '\0';
  const auto year = field(text, 4, dash);
  const auto month = year ? field(text, 2, dash) : std::nullopt;
  const auto day = month ? field(text, 2, 'T') : std::nullopt;
  const auto date = day ? date_of(*year, *month, *day) : std::nullopt;
  auto micros = date ? iso_time(text) : std::nullopt;
  if (!micros) return {};
  if (text == "Z") text.remove_prefix(1);
  if (text.starts_with('+') || text.starts_with('-')) {
    const int sign = text.front() == '-' ? -1 : 1;
    text.remove_prefix(1);
    const auto hours = field(text, 2, text.size() > 2 && text[2] == ':' ? ':' : '\0');
    const auto minutes = hours && !text.empty() ? field(text, 2, 0) : std::optional<int>(0);
    if (!hours || !minutes) return {};
    *micros -= sign * (*hours * 3600LL + *minutes * 60) * 1'000'000;
  }
  if (!text.empty()) return {};
  return date->time_since_epoch().count() * 86'400'000'000LL + *micros;
}

std::optional<bool> truth(std::string_view text) {
  text = trim(text);
  if (iequals(text, "true")) return true;
  if (iequals(text, "false")) return false;
  return {};
}

template <class Test>
bool all_of(const CsvRows& csv, size_t column, Test test) {
  return std::ranges::all_of(csv.rows, [&](const auto& row) { return is_null(row[column]) || test(row[column]); });
}

AgateType infer(const CsvRows& csv, size_t column) {
  if (all_of(csv, column, [](const auto& text) { return whole(text).has_value(); })) return AgateType::integer;
  if (all_of(csv, column, [](const auto& text) { return is_decimal(text); })) return AgateType::number;
  if (all_of(csv, column, [](const auto& text) { return whole_day(text).has_value(); })) return AgateType::date;
  if (all_of(csv, column, [](const auto& text) { return plain_instant(text).has_value(); })) return AgateType::datetime;
  if (all_of(csv, column, [](const auto& text) { return iso_instant(text).has_value(); })) return AgateType::datetime;
  if (all_of(csv, column, [](const auto& text) { return truth(text).has_value(); })) return AgateType::boolean;
  return AgateType::text;
}

Value value_of(const std::string& text, AgateType type) {
  if (is_null(text)) return Value();
  switch (type) {
    case AgateType::integer:
      return Value(*whole(text));
    case AgateType::number: {
      auto number = jinja::make_decimal(trim(text));
      return number ? *number : Value(text);
    }
    case AgateType::boolean:
      return Value(*truth(text));
    case AgateType::date: {
      const std::chrono::year_month_day date{*whole_day(text)};
      return jinja::make_date(static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                              static_cast<unsigned>(date.day()));
    }
    case AgateType::datetime: {
      const auto plain = plain_instant(text);
      return jinja::make_datetime(plain ? *plain : *iso_instant(text), false);
    }
    case AgateType::text:
      return Value(text);
  }
  return Value(text);
}

bool fits_integer(const AgateData& data, size_t column) {
  return std::ranges::all_of(data.rows, [&](const auto& row) {
    const Value& value = row[column];
    return !value.is_int() || (value.as_int() >= std::numeric_limits<int32_t>::min() &&
                               value.as_int() <= std::numeric_limits<int32_t>::max());
  });
}

// A number such as 1e3 has no decimals.
bool has_decimals(const AgateData& data, size_t column) {
  return std::ranges::any_of(data.rows, [&](const auto& row) {
    const auto text = jinja::as_decimal(row[column]);
    if (!text) return false;
    const size_t point = text->find('.');
    return point != std::string::npos && text->find_first_not_of('0', point + 1) != std::string::npos;
  });
}

}  // namespace

Checked<AgateData> read_seed(RunContext& context) {
  const auto* node = context.node();
  if (!node || node->type != project::ResourceType::seed)
    return fail_all({{.code = Code::seed_wrong, .message = "load_agate_table() is for seeds only"}});
  const std::string path = context.absolute_path(*node);
  auto text = context.parts().world.files.read(path);
  if (!text) return fail_all({std::move(text.error())});
  const auto configured = context.config_value("delimiter", false);
  const std::string delimiter = configured && configured->is_string() ? configured->str() : ",";
  if (delimiter.size() != 1) {
    return fail_all(
        {{.code = Code::seed_wrong, .message = "the delimiter of a seed is one character, not '" + delimiter + "'"}});
  }
  const project::Package* package = context.project().package(node->package);
  auto csv = read_csv(make_source((package ? package->prefix : "") + node->original_file_path, std::move(*text)),
                      delimiter.front());
  if (!csv) return std::unexpected(std::move(csv.error()));
  context.warnings.insert(context.warnings.end(), csv->warnings.begin(), csv->warnings.end());
  std::set<std::string> as_text;
  if (const Node* types = node->config.find("column_types"); types && types->is_mapping()) {
    for (const auto& entry : types->entries) as_text.insert(lower(entry.key));
  }
  return typed(std::move(*csv), as_text);
}

AgateData typed(CsvRows csv, const std::set<std::string>& as_text) {
  AgateData data;
  data.names = csv.header;
  for (size_t column = 0; column < csv.header.size(); ++column) {
    data.types.push_back(as_text.contains(lower(csv.header[column])) ? AgateType::text : infer(csv, column));
  }
  data.rows.reserve(csv.rows.size());
  for (const auto& row : csv.rows) {
    auto& values = data.rows.emplace_back();
    values.reserve(row.size());
    for (size_t column = 0; column < row.size(); ++column) values.push_back(value_of(row[column], data.types[column]));
  }
  return data;
}

std::string seed_type(const AgateData& data, size_t column) {
  switch (data.types[column]) {
    case AgateType::integer:
      return fits_integer(data, column) ? "integer" : "bigint";
    case AgateType::number:
      return has_decimals(data, column) ? "float8" : "integer";
    case AgateType::boolean:
      return "boolean";
    case AgateType::date:
      return "date";
    case AgateType::datetime:
      return "timestamp without time zone";
    case AgateType::text:
      return "text";
  }
  return "text";
}

Value load_agate_table_function() {
  return jinja::function("load_agate_table", [](const jinja::Arguments& arguments) -> Outcome<Value> {
    RunContext* context = run_context(arguments);
    if (!context) return jinja::raise("RuntimeError", "load_agate_table() can be called from templates only");
    auto data = read_seed(*context);
    if (data) return make_agate(std::make_shared<const AgateData>(std::move(*data)), printer(*context));
    context->warnings.insert(context->warnings.end(), data.error().begin() + 1, data.error().end());
    return jinja::raise(std::move(data.error().front()));
  });
}

}  // namespace rynd::transform

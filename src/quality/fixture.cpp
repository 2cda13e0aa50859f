// Fixture: reading rows and writing them as SQL.
#include "fixture.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>

#include "base/json.h"
#include "base/suggest.h"
#include "base/text.h"
#include "sql/quote.h"
#include "sql/statements.h"

namespace rynd::quality {
namespace {

using Row = std::vector<std::pair<std::string, Node>>;

Span span_of(const SourcePtr& source, const Node& node) { return {source, node.begin, node.end}; }

Result<std::vector<Row>> dict_rows(const Node& rows, const SourcePtr& source) {
  std::vector<Row> out;
  for (const Node& item : rows.items) {
    if (!item.is_mapping()) {
      return fail({.code = Code::fixture_rows,
                   .message = "a row of a unit test is not a mapping of columns to values",
                   .span = span_of(source, item)});
    }
    Row& row = out.emplace_back();
    for (const Entry& entry : item.entries) row.emplace_back(entry.key, entry.value);
  }
  return out;
}

// YAML's timestamps may have zones that DuckDB does not read: "2013-11-03 00:00:00-0", "...+5:30".
std::string with_full_zone(const std::string& text) {
  int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, zone = -1;
  const int read =
      std::sscanf(text.c_str(), "%4d-%2d-%2d%*1[T ]%2d:%2d:%2d%n", &year, &month, &day, &hour, &minute, &second, &zone);
  if (read < 6 || zone < 0) return text;
  const size_t sign = text.find_first_of("+-", static_cast<size_t>(zone));
  if (sign == std::string::npos) return text;
  int hours = 0, minutes = 0, end = 0;
  std::sscanf(text.c_str() + sign + 1, "%2d%n", &hours, &end);
  if (end == 0) return text;
  std::string_view rest = std::string_view(text).substr(sign + 1 + end);
  if (rest.starts_with(':') && std::sscanf(rest.data(), ":%2d", &minutes) != 1) return text;
  return fmt::format("{}{:02}:{:02}", text.substr(0, sign + 1), hours, minutes);
}

std::string sql_value(const Node& value, engine::TypeKind kind);

std::string sql_list(const Node& list) {
  std::vector<std::string> items;
  for (const Node& item : list.items) items.push_back(sql_value(item, engine::TypeKind::other));
  return '[' + join(items, ", ") + ']';
}

std::string sql_struct(const Node& mapping) {
  std::vector<std::string> fields;
  for (const Entry& entry : mapping.entries) {
    fields.push_back(sql::literal(entry.key) + ": " + sql_value(entry.value, engine::TypeKind::other));
  }
  return '{' + join(fields, ", ") + '}';
}

std::string sql_value(const Node& value, engine::TypeKind kind) {
  switch (value.kind) {
    case Node::Kind::null:
      return "null";
    case Node::Kind::boolean:
      return value.boolean ? "true" : "false";
    case Node::Kind::integer:
      return std::to_string(value.integer);
    case Node::Kind::real:
      return value.text.empty() ? fmt::format("{}", value.real) : value.text;
    case Node::Kind::string:
      return sql::literal(kind == engine::TypeKind::timestamp || kind == engine::TypeKind::timestamp_tz
                              ? with_full_zone(value.text)
                              : value.text);
    default:
      break;
  }
  const bool as_text = kind == engine::TypeKind::json || kind == engine::TypeKind::text;
  if (as_text) return sql::literal(json::write(value));
  if (kind == engine::TypeKind::map) return "map " + sql_struct(value);
  return value.is_sequence() ? sql_list(value) : sql_struct(value);
}

const Node* cell_of(const Row& row, std::string_view column) {
  const auto found = std::ranges::find_if(row, [&](const auto& cell) { return iequals(cell.first, column); });
  return found == row.end() ? nullptr : &found->second;
}

// Where the key of a value stands, which comes right before it; nothing where the value has no place in the file.
Span key_of(const SourcePtr& source, const std::string& name, const Node& value) {
  if (value.end <= value.begin) return {};
  const size_t at = source->text().rfind(name, value.begin);
  if (at == std::string_view::npos) return span_of(source, value);
  return {source, static_cast<uint32_t>(at), static_cast<uint32_t>(at + name.size())};
}

std::optional<Diagnostic> unknown_column(const Row& row, std::span<const engine::Column> types, std::string_view called,
                                         const SourcePtr& source) {
  for (const auto& [name, value] : row) {
    const auto known = [&](const engine::Column& column) { return iequals(column.name, name); };
    if (std::ranges::any_of(types, known)) continue;
    std::vector<std::string> names;
    for (const engine::Column& column : types) names.push_back(column.name);
    return Diagnostic{.code = Code::fixture_column,
                      .message = fmt::format("Invalid column name: '{}' in unit test fixture for {}.", name, called),
                      .span = key_of(source, name, value),
                      .label = did_you_mean(name, names),
                      .notes = {fmt::format("columns of {}: {}", called, join(names, ", "))}};
  }
  return std::nullopt;
}

std::string typed_row(const Row& row, std::span<const engine::Column> types) {
  std::vector<std::string> cells;
  for (const engine::Column& column : types) {
    const Node* value = cell_of(row, column.name);
    cells.push_back(fmt::format("cast({} as {}) as {}", value ? sql_value(*value, column.kind) : "null", column.type,
                                sql::identifier(column.name)));
  }
  return "select " + join(cells, ", ");
}

std::string untyped_row(const Row& row, const std::vector<std::string>& columns) {
  std::vector<std::string> cells;
  for (const std::string& column : columns) {
    const Node* value = cell_of(row, column);
    cells.push_back((value ? sql_value(*value, engine::TypeKind::other) : "null") + " as " + sql::identifier(column));
  }
  return "select " + join(cells, ", ");
}

}  // namespace

Result<Fixture> read_fixture(const Node& entry, const SourcePtr& source) {
  Fixture fixture;
  const Node* rows = entry.find("rows");
  const Node* format = entry.find("format");
  const std::string kind = format && format->is_string() ? lower(format->text) : "dict";
  if (!rows || rows->is_null()) return fixture;
  if (kind == "sql" && rows->is_string()) {
    fixture.sql = std::string(sql::without_final_semicolon(rows->text));
    return fixture;
  }
  auto read = dict_rows(*rows, source);
  if (!read) return fail(std::move(read.error()));
  fixture.rows = std::move(*read);
  if (!fixture.rows.empty()) {
    for (const auto& [name, value] : fixture.rows.front()) fixture.columns.push_back(name);
  }
  return fixture;
}

Result<std::string> fixture_sql(const Fixture& fixture, std::span<const engine::Column> types, std::string_view called,
                                const SourcePtr& source) {
  if (fixture.sql) return *fixture.sql;
  std::vector<std::string> selects;
  for (const Row& row : fixture.rows) {
    if (!types.empty()) {
      if (auto unknown = unknown_column(row, types, called, source)) return fail(std::move(*unknown));
    }
    selects.push_back(types.empty() ? untyped_row(row, fixture.columns) : typed_row(row, types));
  }
  if (!selects.empty()) return join(selects, "\nunion all\n");
  if (types.empty()) {
    return fail({.code = Code::fixture_types,
                 .message = fmt::format("{} has no rows in the unit test, and its columns are not known", called),
                 .help = "build it first, or give its columns a data_type"});
  }
  return typed_row({}, types) + " limit 0";
}

}  // namespace rynd::quality

// ResultJson: written straight into one string; a page asks for it with every change of an input.
#include "result_json.h"

#include <fmt/format.h>

#include "base/json.h"
#include "base/render.h"

namespace rynd::server {

namespace {

std::string_view kind_name(engine::TypeKind kind) {
  using enum engine::TypeKind;
  switch (kind) {
    case integer:
    case real:
    case decimal:
      return "number";
    case boolean:
      return "boolean";
    case date:
      return "date";
    case timestamp:
    case timestamp_tz:
      return "timestamp";
    case time:
      return "time";
    default:
      return "text";
  }
}

std::string csv_field(std::string text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + '"';
}

}  // namespace

std::string open_result_json(const Answer& answer) {
  const engine::Table& table = answer.table;
  std::string out = "{\"columns\":[";
  for (const engine::Column& column : table.columns) {
    if (&column != &table.columns.front()) out += ',';
    out += fmt::format(R"({{"name":{},"type":{},"kind":"{}"}})", json::quote(column.name), json::quote(column.type),
                       kind_name(column.kind));
  }
  out += "],\"data\":[";
  for (size_t column = 0; column < table.columns.size(); ++column) {
    out += column == 0 ? "[" : ",[";
    for (size_t row = 0; row < table.rows.size(); ++row) {
      if (row > 0) out += ',';
      const engine::Value& value = table.rows[row][column];
      out += value.is_null() ? "null" : engine::to_json(value);
    }
    out += ']';
  }
  out += fmt::format("],\"rows\":{},\"truncated\":{},\"elapsed_ms\":{:.1f}", table.rows.size(), answer.truncated,
                     answer.milliseconds);
  return out;
}

std::string csv_header(const std::vector<engine::Column>& columns) {
  std::string out;
  for (const engine::Column& column : columns) {
    if (&column != &columns.front()) out += ',';
    out += csv_field(column.name);
  }
  return out + "\r\n";
}

void append_csv(std::string& out, const engine::Rows& rows) {
  for (size_t row = 0; row < rows.size(); ++row) {
    for (size_t column = 0; column < rows.columns().size(); ++column) {
      if (column > 0) out += ',';
      const engine::Value value = rows.at(row, column);
      if (!value.is_null()) out += csv_field(engine::to_text(value));
    }
    out += "\r\n";
  }
}

std::string error_json(const Diagnostics& diagnostics) {
  return fmt::format(R"({{"diagnostics":{},"text":{}}})", render_json(diagnostics),
                     json::quote(render_text(diagnostics)));
}

}  // namespace rynd::server

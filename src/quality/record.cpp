// Record: writing rows of results.
#include "record.h"

#include <fmt/format.h>

#include "base/json.h"
#include "sql/statements.h"

namespace rynd::quality {
namespace {

constexpr std::string_view make_table = R"(create schema if not exists "rynd";
create table if not exists "rynd"."check_results" (
  run_id varchar not null,
  unique_id varchar not null,
  kind varchar not null,
  name varchar not null,
  tested_id varchar,
  column_name varchar,
  severity varchar,
  status varchar not null,
  failures bigint,
  message varchar,
  started_at timestamp with time zone not null,
  duration_seconds double not null,
  sql varchar,
  stored_in varchar,
  sample varchar
))";

void append_text(engine::Appender& appender, const std::string& text) {
  text.empty() ? appender.null() : appender.text(text);
}

Result<void> append(std::string_view run_id, const CheckRow& row, engine::Appender& appender) {
  appender.text(run_id);
  for (const std::string* text :
       {&row.unique_id, &row.kind, &row.name, &row.tested_id, &row.column_name, &row.severity, &row.status}) {
    append_text(appender, *text);
  }
  row.failures ? appender.integer(*row.failures) : appender.null();
  append_text(appender, row.message);
  appender.append(engine::Timestamp{.micros = row.started_at.time_since_epoch().count(), .zoned = true});
  appender.real(row.duration_seconds);
  for (const std::string* text : {&row.sql, &row.stored_in, &row.sample_json}) append_text(appender, *text);
  return appender.end_row();
}

}  // namespace

Result<void> record_rows(std::string_view run_id, std::span<const CheckRow> rows, engine::Connection& connection) {
  auto transaction = engine::Transaction::begin(connection);
  if (!transaction) return fail(std::move(transaction.error()));
  if (auto made = connection.execute(make_table); !made) return fail(std::move(made.error()));
  auto appender = connection.appender({.schema = "rynd", .identifier = "check_results"});
  if (!appender) return fail(std::move(appender.error()));
  for (const CheckRow& row : rows) {
    if (auto added = append(run_id, row, **appender); !added) return added;
  }
  if (auto closed = (*appender)->close(); !closed) return closed;
  return transaction->commit();
}

std::string sample_of(std::string_view sql, size_t most, engine::Connection& connection) {
  const std::string limited =
      fmt::format("select * from (\n{}\n) as sample limit {}", sql::without_final_semicolon(sql), most);
  auto table = engine::fetch(connection, limited);
  if (!table) return "";
  std::string text = "[";
  for (const auto& row : table->rows) {
    text += text.size() == 1 ? "{" : ", {";
    for (size_t i = 0; i < row.size(); ++i) {
      text += (i == 0 ? "" : ", ") + json::quote(table->columns[i].name) + ": " + engine::to_json(row[i]);
    }
    text += '}';
  }
  return text + ']';
}

}  // namespace rynd::quality

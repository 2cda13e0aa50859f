// Appender: rows into a table.
#include "duckdb/appender.h"

#include <fmt/format.h>

#include "duckdb/cells.h"
#include "duckdb/errors.h"

namespace rynd::engine::duck {
namespace {

const char* or_null(const std::string& text) { return text.empty() ? nullptr : text.c_str(); }

Diagnostic append_error(std::string_view native, std::string_view table) {
  Diagnostic diagnostic = sql_error(native, "");
  diagnostic.span = {};  // there is no SQL to point into
  diagnostic.notes.insert(diagnostic.notes.begin(), fmt::format("while rows were added to {}", table));
  return diagnostic;
}

std::string native_message(duckdb_appender appender) {
  const ErrorHandle error(duckdb_appender_error_data(appender));
  const char* message = error ? duckdb_error_data_message(error.get()) : nullptr;
  return message && *message ? message : "the rows could not be added";
}

}  // namespace

Result<std::unique_ptr<Appender>> DuckAppender::make(duckdb_connection connection, const Relation& table,
                                                     std::span<const std::string> columns) {
  AppenderHandle handle;
  const std::string name = table.schema.empty() ? table.identifier : table.schema + '.' + table.identifier;
  if (duckdb_appender_create_ext(connection, or_null(table.database), or_null(table.schema), table.identifier.c_str(),
                                 handle.out()) == DuckDBError) {
    return fail(append_error(native_message(handle.get()), name));
  }
  for (const std::string& column : columns) {
    if (duckdb_appender_add_column(handle.get(), column.c_str()) == DuckDBError) {
      return fail(append_error(native_message(handle.get()), name));
    }
  }
  return std::unique_ptr<Appender>(new DuckAppender(std::move(handle), name));
}

DuckAppender::~DuckAppender() {
  // Destroying an appender flushes it; what was not closed must not reach the table.
  if (handle_) duckdb_appender_clear(handle_.get());
}

void DuckAppender::append(const Value& value) {
  if (const auto* text_value = value.get_if<std::string>()) return text(*text_value);
  if (const auto* integer_value = value.get_if<int64_t>()) return integer(*integer_value);
  if (const auto* real_value = value.get_if<double>()) return real(*real_value);
  if (value.is_null()) return null();
  const ValueHandle handle = to_duckdb(value);
  keep(duckdb_append_value(handle_.get(), handle.get()));
}

void DuckAppender::remember() { error_ = native_message(handle_.get()); }

Diagnostic DuckAppender::failure() const {
  Diagnostic diagnostic = append_error(error_, table_);
  if (diagnostic.code == Code::sql_runtime) diagnostic.code = Code::append_failed;
  diagnostic.notes.push_back(fmt::format("row {} of this load", rows_ + 1));
  return diagnostic;
}

Result<void> DuckAppender::end_row() {
  if (error_.empty()) keep(duckdb_appender_end_row(handle_.get()));
  if (!error_.empty()) return fail(failure());
  ++rows_;
  return {};
}

Result<void> DuckAppender::close() {
  if (!error_.empty()) return fail(failure());
  if (duckdb_appender_close(handle_.get()) == DuckDBError) {
    remember();
    return fail(append_error(error_, table_));
  }
  return {};
}

}  // namespace rynd::engine::duck

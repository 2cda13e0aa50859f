// Appender: rows into a table.
#include "duckdb/appender.h"

#include <fmt/format.h>

#include "duckdb/cells.h"
#include "duckdb/errors.h"

namespace rynd::engine::duck {
namespace {

const char* or_null(const std::string& text) { return text.empty() ? nullptr : text.c_str(); }

Diagnostic native_error(duckdb_appender appender, const std::string& table) {
  const ErrorHandle error(duckdb_appender_error_data(appender));
  const char* text = error ? duckdb_error_data_message(error.get()) : nullptr;
  const bool known = text && *text;
  Diagnostic diagnostic = append_error(known ? duckdb_error_data_error_type(error.get()) : DUCKDB_ERROR_INVALID,
                                       known ? text : "the rows could not be added");
  diagnostic.notes.push_back(fmt::format("while rows were added to {}", table));
  return diagnostic;
}

}  // namespace

Result<std::unique_ptr<Appender>> DuckAppender::make(duckdb_connection connection, const Relation& table,
                                                     std::span<const std::string> columns) {
  AppenderHandle handle;
  const std::string name = table.schema.empty() ? table.identifier : table.schema + '.' + table.identifier;
  if (duckdb_appender_create_ext(connection, or_null(table.database), or_null(table.schema), table.identifier.c_str(),
                                 handle.out()) == DuckDBError) {
    return fail(native_error(handle.get(), name));
  }
  for (const std::string& column : columns) {
    if (duckdb_appender_add_column(handle.get(), column.c_str()) == DuckDBError) {
      return fail(native_error(handle.get(), name));
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

void DuckAppender::remember() {
  failure_ = native_error(handle_.get(), table_);
  failure_->notes.push_back(fmt::format("row {} of this load", rows_ + 1));
}

Result<void> DuckAppender::end_row() {
  if (!failure_) keep(duckdb_appender_end_row(handle_.get()));
  if (failure_) return fail(*failure_);
  ++rows_;
  return {};
}

Result<void> DuckAppender::close() {
  if (failure_) return fail(*failure_);
  if (duckdb_appender_close(handle_.get()) == DuckDBError) {
    failure_ = native_error(handle_.get(), table_);
    return fail(*failure_);
  }
  return {};
}

}  // namespace rynd::engine::duck

// Appender: DuckDB's row appender, with errors kept until the row's end.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>

#include "duckdb/handles.h"
#include "engine/engine.h"

namespace rynd::engine::duck {

class DuckAppender final : public Appender {
 public:
  static Result<std::unique_ptr<Appender>> make(duckdb_connection connection, const Relation& table,
                                                std::span<const std::string> columns);
  ~DuckAppender() override;

  void append(const Value& value) override;
  void null() override { keep(duckdb_append_null(handle_.get())); }
  void boolean(bool value) override { keep(duckdb_append_bool(handle_.get(), value)); }
  void integer(int64_t value) override { keep(duckdb_append_int64(handle_.get(), value)); }
  void real(double value) override { keep(duckdb_append_double(handle_.get(), value)); }
  void text(std::string_view value) override {
    keep(duckdb_append_varchar_length(handle_.get(), value.data(), value.size()));
  }
  Result<void> end_row() override;
  Result<void> close() override;

 private:
  DuckAppender(AppenderHandle handle, std::string table) : handle_(std::move(handle)), table_(std::move(table)) {}

  // The first thing that failed in a row is what went wrong; what follows from it is noise.
  void keep(duckdb_state state) {
    if (state == DuckDBError && !failure_) remember();
  }
  void remember();

  AppenderHandle handle_;
  std::string table_;
  std::optional<Diagnostic> failure_;
  uint64_t rows_ = 0;
};

}  // namespace rynd::engine::duck

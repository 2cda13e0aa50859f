// Rows: reading a streaming result.
#include "duckdb/rows.h"

#include <fmt/format.h>

#include "duckdb/cells.h"
#include "duckdb/errors.h"

namespace rynd::engine::duck {

std::unique_ptr<DuckRows> DuckRows::make(PreparedHandle statement, ResultHandle result, std::string sql,
                                         std::shared_ptr<std::atomic<bool>> interrupted) {
  std::unique_ptr<DuckRows> rows(new DuckRows());
  rows->statement_ = std::move(statement);
  rows->result_ = std::move(result);
  rows->sql_ = std::move(sql);
  rows->interrupted_ = std::move(interrupted);
  const idx_t count = duckdb_column_count(rows->result_.get());
  for (idx_t i = 0; i < count; ++i) {
    const TypeHandle logical(duckdb_column_logical_type(rows->result_.get(), i));
    Type type = read_type(logical.get());
    rows->columns_.push_back({duckdb_column_name(rows->result_.get(), i), type_name(type), type_kind(type)});
    rows->types_.push_back(std::move(type));
  }
  return rows;
}

Result<void> DuckRows::check_types() const {
  for (size_t i = 0; i < types_.size(); ++i) {
    if (readable(types_[i])) continue;
    const Column& column = columns_[i];
    return fail({.code = Code::type_unreadable,
                 .message = fmt::format("column '{}' has the type {}, which cannot be read", column.name, column.type),
                 .help = fmt::format("select {}::varchar instead", column.name)});
  }
  return {};
}

Result<void> DuckRows::fetch_error() {
  const char* error = duckdb_result_error(result_.get());
  if (!error || !*error) return {};
  Diagnostic diagnostic = sql_error(error, sql_);
  if (diagnostic.code == Code::sql_interrupted) interrupted_->store(false);
  return fail(std::move(diagnostic));
}

Result<void> DuckRows::drain() {
  if (!duckdb_result_is_streaming(*result_.get())) return {};
  while (ChunkHandle(duckdb_fetch_chunk(*result_.get()))) continue;
  return fetch_error();
}

Result<bool> DuckRows::next() {
  vectors_.clear();
  size_ = 0;
  if (ended_) return false;
  do {
    chunk_ = ChunkHandle(duckdb_fetch_chunk(*result_.get()));
    size_ = chunk_ ? duckdb_data_chunk_get_size(chunk_.get()) : 0;
  } while (chunk_ && size_ == 0);
  ended_ = !chunk_;
  if (ended_) {
    if (auto failed = fetch_error(); !failed) return fail(std::move(failed.error()));
    return false;
  }
  for (size_t i = 0; i < types_.size(); ++i) vectors_.push_back(duckdb_data_chunk_get_vector(chunk_.get(), i));
  return true;
}

Value DuckRows::at(size_t row, size_t column) const { return read_cell(types_[column], vectors_[column], row); }

}  // namespace rynd::engine::duck

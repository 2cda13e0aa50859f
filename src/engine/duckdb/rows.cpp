// Rows: reading a streaming result.
#include "duckdb/rows.h"

#include <fmt/format.h>

#include "duckdb/cells.h"
#include "duckdb/errors.h"

namespace rynd::engine::duck {

Result<std::unique_ptr<Rows>> DuckRows::make(PreparedHandle statement, ResultHandle result, std::string sql) {
  std::unique_ptr<DuckRows> rows(new DuckRows(std::move(statement), std::move(result), std::move(sql)));
  const idx_t count = duckdb_column_count(rows->result_.get());
  for (idx_t i = 0; i < count; ++i) {
    const TypeHandle logical(duckdb_column_logical_type(rows->result_.get(), i));
    Type type = read_type(logical.get());
    Column column{duckdb_column_name(rows->result_.get(), i), type_name(type), type_kind(type)};
    if (!readable(type)) {
      return fail(
          {.code = Code::type_unreadable,
           .message = fmt::format("column '{}' has the type {}, which cannot be read", column.name, column.type),
           .help = fmt::format("select {}::varchar instead", column.name)});
    }
    rows->types_.push_back(std::move(type));
    rows->columns_.push_back(std::move(column));
  }
  return rows;
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
    const char* error = duckdb_result_error(result_.get());
    if (error && *error) return fail(sql_error(error, sql_));
    return false;
  }
  for (size_t i = 0; i < types_.size(); ++i) vectors_.push_back(duckdb_data_chunk_get_vector(chunk_.get(), i));
  return true;
}

Value DuckRows::at(size_t row, size_t column) const { return read_cell(types_[column], vectors_[column], row); }

}  // namespace rynd::engine::duck

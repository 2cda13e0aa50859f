// Rows: a streaming result, chunk by chunk.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "duckdb/handles.h"
#include "duckdb/types.h"
#include "engine/engine.h"

namespace rynd::engine::duck {

class DuckRows final : public Rows {
 public:
  // Fails with type_unreadable where a column's cells cannot be read.
  static Result<std::unique_ptr<Rows>> make(PreparedHandle statement, ResultHandle result, std::string sql);

  const std::vector<Column>& columns() const override { return columns_; }
  Result<bool> next() override;
  size_t size() const override { return size_; }
  Value at(size_t row, size_t column) const override;

 private:
  DuckRows(PreparedHandle statement, ResultHandle result, std::string sql)
      : statement_(std::move(statement)), result_(std::move(result)), sql_(std::move(sql)) {}

  PreparedHandle statement_;  // before the result: it must live longer
  ResultHandle result_;
  std::string sql_;
  std::vector<Type> types_;
  std::vector<Column> columns_;
  ChunkHandle chunk_;
  std::vector<duckdb_vector> vectors_;  // of the chunk
  size_t size_ = 0;
  bool ended_ = false;
};

}  // namespace rynd::engine::duck

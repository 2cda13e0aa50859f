// Rows: a streaming result, chunk by chunk.
#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "duckdb/handles.h"
#include "duckdb/types.h"
#include "engine/engine.h"

namespace rynd::engine::duck {

class DuckRows final : public Rows {
 public:
  // `interrupted` is set while an interrupt has not been seen yet.
  static std::unique_ptr<DuckRows> make(PreparedHandle statement, ResultHandle result, std::string sql,
                                        std::shared_ptr<std::atomic<bool>> interrupted);

  // Fails with type_unreadable where a column's cells cannot be read.
  Result<void> check_types() const;
  // Reads to the end and drops the rows.
  Result<void> drain();

  const std::vector<Column>& columns() const override { return columns_; }
  Result<bool> next() override;
  size_t size() const override { return size_; }
  Value at(size_t row, size_t column) const override;

 private:
  DuckRows() = default;
  // The error of the last fetch, if there was one.
  Result<void> fetch_error();

  PreparedHandle statement_;  // before the result: it must live longer
  ResultHandle result_;
  std::string sql_;
  std::shared_ptr<std::atomic<bool>> interrupted_;
  std::vector<Type> types_;
  std::vector<Column> columns_;
  ChunkHandle chunk_;
  std::vector<duckdb_vector> vectors_;  // of the chunk
  size_t size_ = 0;
  bool ended_ = false;
};

}  // namespace rynd::engine::duck

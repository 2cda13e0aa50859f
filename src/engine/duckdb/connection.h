// Connection: statements on one DuckDB connection.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>

#include "duckdb/handles.h"
#include "duckdb/lent_threads.h"
#include "engine/engine.h"

namespace rynd::engine::duck {

class DuckConnection final : public Connection {
 public:
  // `lent_threads` are the database's.
  DuckConnection(ConnectionHandle handle, LentThreads& lent_threads)
      : handle_(std::move(handle)), lent_threads_(lent_threads) {}

  Result<int64_t> execute(std::string_view sql, std::span<const Value> parameters) override;
  Result<std::unique_ptr<Rows>> query(std::string_view sql, std::span<const Value> parameters) override;
  Result<std::vector<Column>> describe(std::string_view sql) override;
  Result<void> begin() override { return run("begin transaction"); }
  Result<void> commit() override;
  Result<void> rollback() override;
  void guard_transaction(bool on) override { guarded_ = on; }
  uint64_t changes() const override { return changes_; }
  Result<std::unique_ptr<Appender>> appender(const Relation& table, std::span<const std::string> columns) override;
  Result<std::vector<Relation>> relations(std::span<const SchemaName> schemas) override;
  Result<std::vector<RelationDetail>> details(std::span<const SchemaName> schemas) override;
  void interrupt() override;

 private:
  // A statement of a text that has been prepared, and what is bound to it.
  using Visit = std::function<Result<void>(PreparedHandle statement, bool last)>;

  // A statement about the transaction itself, which no guard keeps out.
  Result<void> run(std::string_view sql);
  Result<void> check_guard(duckdb_prepared_statement statement, std::string_view sql) const;
  // Prepares the statements of a text one after the other, each after the one before has been visited.
  Result<void> each_statement(std::string_view sql, std::span<const Value> parameters, const Visit& visit);
  // Runs a prepared statement to its result, the rows still to be fetched where it streams.
  Result<ResultHandle> start(duckdb_prepared_statement statement, std::string_view sql);
  Result<void> give_threads_back();
  bool take_steps(duckdb_pending_result pending);
  Result<void> bind(duckdb_prepared_statement statement, std::span<const Value> parameters, std::string_view sql);

  ConnectionHandle handle_;
  LentThreads& lent_threads_;
  bool guarded_ = false;
  uint64_t changes_ = 0;
  // DuckDB forgets an interrupt when the next statement begins; this remembers it. Shared with the rows being read.
  std::shared_ptr<std::atomic<bool>> interrupted_ = std::make_shared<std::atomic<bool>>(false);
};

}  // namespace rynd::engine::duck

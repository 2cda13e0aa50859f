// Connection: statements on one DuckDB connection.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "duckdb/handles.h"
#include "engine/engine.h"

namespace rynd::engine::duck {

class DuckConnection final : public Connection {
 public:
  explicit DuckConnection(ConnectionHandle handle) : handle_(std::move(handle)) {}

  Result<int64_t> execute(std::string_view sql, std::span<const Value> parameters) override;
  Result<std::unique_ptr<Rows>> query(std::string_view sql, std::span<const Value> parameters) override;
  Result<std::vector<Column>> describe(std::string_view sql) override;
  Result<void> begin() override { return run("begin transaction"); }
  Result<void> commit() override { return run("commit"); }
  Result<void> rollback() override { return run("rollback"); }
  Result<std::unique_ptr<Appender>> appender(const Relation& table, std::span<const std::string> columns) override;
  Result<std::vector<Relation>> relations(std::span<const SchemaName> schemas) override;
  Result<std::vector<RelationDetail>> details(std::span<const SchemaName> schemas) override;
  void interrupt() override { duckdb_interrupt(handle_.get()); }
  Progress progress() override;

 private:
  // A statement of a text that has been prepared, and what is bound to it.
  using Visit = std::function<Result<void>(PreparedHandle statement, bool last)>;

  Result<void> run(std::string_view sql);
  // Prepares the statements of a text one after the other, each after the one before has been visited.
  Result<void> each_statement(std::string_view sql, std::span<const Value> parameters, const Visit& visit);
  Result<void> bind(duckdb_prepared_statement statement, std::span<const Value> parameters, std::string_view sql);

  ConnectionHandle handle_;
};

}  // namespace rynd::engine::duck

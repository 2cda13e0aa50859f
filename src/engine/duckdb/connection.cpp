// Connection: preparing, binding and running statements.
#include "duckdb/connection.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "duckdb/appender.h"
#include "duckdb/cells.h"
#include "duckdb/errors.h"
#include "duckdb/rows.h"
#include "duckdb/types.h"
#include "sql/statements.h"
#include "sql/tokens.h"

namespace rynd::engine::duck {
namespace {

Diagnostic interrupted() { return {.code = Code::sql_interrupted, .message = "INTERRUPT Error: Interrupted!"}; }

// How many rows an INSERT, UPDATE, DELETE, MERGE, COPY or CREATE TABLE AS says it changed.
int64_t changed_rows(duckdb_result* result) {
  if (duckdb_result_return_type(*result) != DUCKDB_RESULT_TYPE_CHANGED_ROWS) return 0;
  return static_cast<int64_t>(duckdb_rows_changed(result));
}

bool may_change(duckdb_statement_type type) {
  return type != DUCKDB_STATEMENT_TYPE_SELECT && type != DUCKDB_STATEMENT_TYPE_EXPLAIN &&
         type != DUCKDB_STATEMENT_TYPE_TRANSACTION;
}

bool sets_threads(duckdb_prepared_statement statement, std::string_view sql) {
  if (duckdb_prepared_statement_type(statement) != DUCKDB_STATEMENT_TYPE_SET) return false;
  return std::ranges::any_of(sql::tokenize(sql), [&](const sql::Token& token) {
    return iequals(token.text(sql), "threads") || iequals(token.text(sql), "worker_threads");
  });
}

std::vector<Column> prepared_columns(duckdb_prepared_statement statement) {
  std::vector<Column> columns;
  const idx_t count = duckdb_prepared_statement_column_count(statement);
  for (idx_t i = 0; i < count; ++i) {
    const TypeHandle logical(duckdb_prepared_statement_column_logical_type(statement, i));
    const Type type = read_type(logical.get());
    const char* name = duckdb_prepared_statement_column_name(statement, i);
    columns.push_back({name ? name : "", type_name(type), type_kind(type)});
    duckdb_free(const_cast<char*>(name));
  }
  return columns;
}

}  // namespace

Result<void> DuckConnection::bind(duckdb_prepared_statement statement, std::span<const Value> parameters,
                                  std::string_view sql) {
  const idx_t wanted = duckdb_nparams(statement);
  if (wanted != parameters.size() && (wanted > 0 || !parameters.empty())) {
    return fail(
        {.code = Code::sql_parameters,
         .message = fmt::format("the statement has {} parameter{}, and {} value{} given", wanted,
                                wanted == 1 ? "" : "s", parameters.size(), parameters.size() == 1 ? " was" : "s were"),
         .span = {make_source("<sql>", std::string(sql)), 0, static_cast<uint32_t>(sql.size())}});
  }
  for (idx_t i = 0; i < wanted; ++i) {
    const ValueHandle value = to_duckdb(parameters[i]);
    if (duckdb_bind_value(statement, i + 1, value.get()) == DuckDBError) {
      return fail(sql_error(duckdb_prepare_error(statement), sql));
    }
  }
  return {};
}

Result<void> DuckConnection::each_statement(std::string_view sql, std::span<const Value> parameters,
                                            const Visit& visit) {
  const std::string text(sql);
  StatementsHandle statements;
  const idx_t count = duckdb_extract_statements(handle_.get(), text.c_str(), statements.out());
  if (count == 0) {
    const char* error = duckdb_extract_statements_error(statements.get());
    if (error && *error) return fail(sql_error(error, sql));
    return fail({.code = Code::sql_syntax,
                 .message = "there is no statement in this SQL",
                 .span = {make_source("<sql>", text), 0, static_cast<uint32_t>(text.size())}});
  }
  for (idx_t i = 0; i < count; ++i) {
    PreparedHandle statement;
    if (duckdb_prepare_extracted_statement(handle_.get(), statements.get(), i, statement.out()) == DuckDBError) {
      return fail(sql_error(duckdb_prepare_error(statement.get()), sql));
    }
    if (auto allowed = check_guard(statement.get(), sql); !allowed) return allowed;
    if (auto bound = bind(statement.get(), parameters, sql); !bound) return bound;
    const bool changes = may_change(duckdb_prepared_statement_type(statement.get()));
    if (auto visited = visit(std::move(statement), i + 1 == count); !visited) return visited;
    changes_ += changes ? 1 : 0;
  }
  return {};
}

// Step by step, so that a statement that lasts gets help. False where it failed.
bool DuckConnection::take_steps(duckdb_pending_result pending) {
  LentThreads::Statement statement(lent_threads_);
  while (true) {
    switch (duckdb_pending_execute_task(pending)) {
      case DUCKDB_PENDING_RESULT_READY:
        return true;
      case DUCKDB_PENDING_RESULT_NOT_READY:
        statement.step();
        break;
      case DUCKDB_PENDING_NO_TASKS_AVAILABLE:
        statement.wait();
        break;
      case DUCKDB_PENDING_ERROR:
        return false;
    }
  }
}

// DuckDB refuses fewer threads than are lent to it, and a project that chooses its threads means DuckDB's.
Result<void> DuckConnection::give_threads_back() {
  if (!lent_threads_.end()) return {};
  ResultHandle result;
  if (duckdb_query(handle_.get(), "set external_threads = 1", result.get()) == DuckDBSuccess) return {};
  return fail(sql_error(duckdb_result_error(result.get()), "set external_threads = 1"));
}

Result<ResultHandle> DuckConnection::start(duckdb_prepared_statement statement, std::string_view sql) {
  if (sets_threads(statement, sql)) {
    if (auto given = give_threads_back(); !given) return fail(std::move(given.error()));
  }
  PendingHandle pending;
  if (duckdb_pending_prepared_streaming(statement, pending.out()) == DuckDBError) {
    return fail(sql_error(duckdb_pending_error(pending.get()), sql));
  }
  // From here on DuckDB sees an interrupt itself; one that came before is seen here.
  if (interrupted_->exchange(false)) return fail(interrupted());
  const bool stepped = take_steps(pending.get());
  ResultHandle result;
  if (!stepped || duckdb_execute_pending(pending.get(), result.get()) == DuckDBError) {
    const char* error = stepped ? duckdb_result_error(result.get()) : duckdb_pending_error(pending.get());
    Diagnostic diagnostic = sql_error(error ? error : "the statement failed without a message", sql);
    if (diagnostic.code == Code::sql_interrupted) interrupted_->store(false);
    return fail(std::move(diagnostic));
  }
  return result;
}

Result<int64_t> DuckConnection::execute(std::string_view sql, std::span<const Value> parameters) {
  int64_t changed = 0;
  const auto visit = [&](PreparedHandle statement, bool) -> Result<void> {
    auto result = start(statement.get(), sql);
    if (!result) return fail(std::move(result.error()));
    changed = changed_rows(result->get());
    auto rows = DuckRows::make(std::move(statement), std::move(*result), std::string(sql), interrupted_);
    return rows->drain();
  };
  if (auto done = each_statement(sql, parameters, visit); !done) return fail(std::move(done.error()));
  return changed;
}

Result<std::unique_ptr<Rows>> DuckConnection::query(std::string_view sql, std::span<const Value> parameters) {
  std::unique_ptr<Rows> rows;
  const auto visit = [&](PreparedHandle statement, bool last) -> Result<void> {
    auto result = start(statement.get(), sql);
    if (!result) return fail(std::move(result.error()));
    auto made = DuckRows::make(std::move(statement), std::move(*result), std::string(sql), interrupted_);
    if (!last) return made->drain();
    if (auto readable = made->check_types(); !readable) return readable;
    rows = std::move(made);
    return {};
  };
  if (auto done = each_statement(sql, parameters, visit); !done) return fail(std::move(done.error()));
  return rows;
}

Result<std::vector<Column>> DuckConnection::describe(std::string_view sql) {
  if (sql::split_statements(sql).size() > 1) {
    return fail({.code = Code::sql_syntax,
                 .message = "only a single query has columns; this is several statements",
                 .span = {make_source("<sql>", std::string(sql)), 0, static_cast<uint32_t>(sql.size())}});
  }
  // One statement in the text can be several for DuckDB: a PIVOT without an IN list first makes a type.
  std::vector<Column> columns;
  const auto visit = [&](PreparedHandle statement, bool last) -> Result<void> {
    if (last) {
      columns = prepared_columns(statement.get());
      return {};
    }
    auto result = start(statement.get(), sql);
    if (!result) return fail(std::move(result.error()));
    return {};
  };
  if (auto done = each_statement(sql, {}, visit); !done) return fail(std::move(done.error()));
  return columns;
}

Result<void> DuckConnection::commit() {
  interrupted_->store(false);
  return run("commit");
}

Result<void> DuckConnection::rollback() {
  interrupted_->store(false);
  return run("rollback");
}

void DuckConnection::interrupt() {
  interrupted_->store(true);
  duckdb_interrupt(handle_.get());
}

Result<void> DuckConnection::check_guard(duckdb_prepared_statement statement, std::string_view sql) const {
  if (!guarded_ || duckdb_prepared_statement_type(statement) != DUCKDB_STATEMENT_TYPE_TRANSACTION) return {};
  return fail({.code = Code::sql_transaction,
               .message = "the transaction is not this statement's to begin or end",
               .span = {make_source("<sql>", std::string(sql)), 0, static_cast<uint32_t>(sql.size())}});
}

Result<void> DuckConnection::run(std::string_view sql) {
  const bool guarded = std::exchange(guarded_, false);
  auto done = execute(sql, {});
  guarded_ = guarded;
  if (!done) return fail(std::move(done.error()));
  return {};
}

Result<std::unique_ptr<Appender>> DuckConnection::appender(const Relation& table,
                                                           std::span<const std::string> columns) {
  return DuckAppender::make(handle_.get(), table, columns);
}

}  // namespace rynd::engine::duck

// Engine: choosing an engine by its name, and what can be said of all of them.
#include "engine/engine.h"

#include <fmt/format.h>

#include "base/suggest.h"
#include "duckdb/database.h"

namespace rynd::engine {

Result<std::unique_ptr<Database>> open(const Target& target) {
  if (target.type == "duckdb") return duck::DuckDatabase::open(target);
  const std::vector<std::string> known = {"duckdb"};
  return fail({.code = Code::engine_unknown,
               .message = fmt::format("there is no engine '{}'", target.type),
               .label = did_you_mean(target.type, known),
               .help = "set `type: duckdb` in the profile"});
}

Result<Table> fetch(Connection& connection, std::string_view sql, std::span<const Value> parameters, size_t limit) {
  auto rows = connection.query(sql, parameters);
  if (!rows) return fail(std::move(rows.error()));
  Table table{(*rows)->columns(), {}};
  while (table.rows.size() < limit) {
    auto more = (*rows)->next();
    if (!more) return fail(std::move(more.error()));
    if (!*more) break;
    for (size_t row = 0; row < (*rows)->size() && table.rows.size() < limit; ++row) {
      std::vector<Value>& cells = table.rows.emplace_back();
      cells.reserve(table.columns.size());
      for (size_t column = 0; column < table.columns.size(); ++column) cells.push_back((*rows)->at(row, column));
    }
  }
  return table;
}

Result<Transaction> Transaction::begin(Connection& connection) {
  if (auto begun = connection.begin(); !begun) return fail(std::move(begun.error()));
  return Transaction(connection);
}

Transaction::~Transaction() {
  if (connection_) (void)connection_->rollback();
}

Result<void> Transaction::commit() {
  Connection* connection = std::exchange(connection_, nullptr);
  auto done = connection->commit();
  if (!done) (void)connection->rollback();
  return done;
}

}  // namespace rynd::engine

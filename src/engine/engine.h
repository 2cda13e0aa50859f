// Engine: the warehouse behind one interface. Open a Database, connect, then execute, query or append.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/diagnostic.h"
#include "base/node.h"
#include "engine/relation.h"
#include "engine/rows.h"
#include "engine/value.h"

namespace rynd::engine {

// What differs between engines, as answers: ask these, never an engine's name.
struct Capabilities {
  bool transactions = false;       // several statements commit or roll back together
  bool transactional_ddl = false;  // CREATE, DROP and ALTER too
  bool atomic_replace = false;     // CREATE OR REPLACE TABLE is one step for readers
  bool merge = false;
  bool temporary_tables = false;
  bool exact_types = false;  // every type of Value can be stored and read back unchanged
  bool interrupt = false;
};

struct Target {
  std::string type = "duckdb";
  std::string path = ":memory:";  // a database file or ":memory:"
  bool read_only = false;
  std::vector<std::pair<std::string, std::string>> settings = {};  // DuckDB's names: threads, memory_limit, TimeZone
  // Loaded at open. One that is not on this machine is installed from its repository ("community", a URL; "": the
  // engine's own); nothing else is ever fetched.
  struct Extension {
    std::string name;
    std::string repository = {};
  };
  std::vector<Extension> extensions = {};
  // Credentials for files and hosts, made at open, before anything is attached. Options by the engine's names: texts,
  // lists of texts, mappings of texts. Values never come into an error.
  struct Secret {
    std::string type;
    std::string name = {};      // "": the engine's default for the type
    std::string provider = {};  // "": "config"
    std::vector<std::string> scope = {};
    bool persistent = false;  // kept on this machine, not only while the database is open
    Node options = Node::map();
  };
  std::vector<Secret> secrets = {};
  struct Attach {
    std::string path, alias, type;
    bool read_only = false;
    std::string secret = {};
    Node options = Node::map();  // any others that ATTACH takes; true for one without a value
  };
  std::vector<Attach> attach = {};
};

// Adds rows to one table, column by column; what fails in a row is told by end_row or close, and nothing more is taken.
class Appender {
 public:
  virtual ~Appender() = default;  // without close(): what was not flushed is dropped
  virtual void append(const Value& value) = 0;
  virtual void null() = 0;
  virtual void boolean(bool value) = 0;
  virtual void integer(int64_t value) = 0;
  virtual void real(double value) = 0;
  virtual void text(std::string_view value) = 0;  // converted to the column's type as a cast does
  virtual Result<void> end_row() = 0;
  virtual Result<void> close() = 0;
};

// Used by one thread at a time, but for interrupt(). After a statement failed inside a transaction only
// rollback() is sure to work. Errors carry a span, where the place is known, on a source "<sql>" that holds the text.
class Connection {
 public:
  virtual ~Connection() = default;
  // Runs all statements of the text in order; rows are dropped. The number of rows the last one changed. Parameters
  // ($1,
  // ?) belong to a single statement.
  virtual Result<int64_t> execute(std::string_view sql, std::span<const Value> parameters = {}) = 0;
  // As execute, but hands out the rows of the last statement.
  virtual Result<std::unique_ptr<Rows>> query(std::string_view sql, std::span<const Value> parameters = {}) = 0;
  // The columns a single query would have, without running it.
  virtual Result<std::vector<Column>> describe(std::string_view sql) = 0;
  virtual Result<void> begin() = 0;
  virtual Result<void> commit() = 0;
  virtual Result<void> rollback() = 0;
  // While on, statements that begin, commit or roll back are refused with sql_transaction when a text comes to them;
  // begin(), commit() and rollback() work as ever.
  virtual void guard_transaction(bool on) = 0;
  // How many statements have been run to their end here that may have changed something: all but queries.
  virtual uint64_t changes() const = 0;
  // Columns empty: all of the table's, in order.
  virtual Result<std::unique_ptr<Appender>> appender(const Relation& table,
                                                     std::span<const std::string> columns = {}) = 0;
  // What is in these schemas, in one query; a schema that is not there has nothing.
  virtual Result<std::vector<Relation>> relations(std::span<const SchemaName> schemas) = 0;
  virtual Result<std::vector<RelationDetail>> details(std::span<const SchemaName> schemas) = 0;
  // From any thread: the running statement, or if none runs the next one but commit() and rollback(), fails with
  // sql_interrupted; after any of these the connection is as before.
  virtual void interrupt() = 0;
};

// Rolls back at its end what was not committed.
class Transaction {
 public:
  static Result<Transaction> begin(Connection& connection);
  Transaction(Transaction&& other) noexcept : connection_(std::exchange(other.connection_, nullptr)) {}
  ~Transaction();
  Result<void> commit();

 private:
  explicit Transaction(Connection& connection) : connection_(&connection) {}
  Connection* connection_;
};

// The whole result; `limit` rows at most.
Result<Table> fetch(Connection& connection, std::string_view sql, std::span<const Value> parameters = {},
                    size_t limit = SIZE_MAX);

// Connections may be made from any thread and must not outlive it. One Database a file and process: share it.
class Database {
 public:
  virtual ~Database() = default;
  virtual Result<std::unique_ptr<Connection>> connect() = 0;
  // Moves what was committed from the engine's log into its file, as closing does. Fails where others are writing.
  virtual Result<void> checkpoint() = 0;
  virtual const std::string& name() const = 0;  // the catalogue's: the file's stem, or "memory"
  virtual const std::string& version() const = 0;
  virtual const Capabilities& capabilities() const = 0;
  // How many threads of this process it works with; more statements at once would only share them.
  virtual int threads() const = 0;
};

// Fails with a RYND04xx that says who holds the file, what is wrong with it, or which setting is not known.
Result<std::unique_ptr<Database>> open(const Target& target);

}  // namespace rynd::engine

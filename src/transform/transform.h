// Transform: models to tables. A Runtime compiles and executes nodes of a project against one database, with dbt's
// context, macros and materializations; everything a node changes is one transaction.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/diagnostic.h"
#include "base/node.h"
#include "base/world.h"
#include "engine/engine.h"
#include "jinja/jinja.h"
#include "project/context.h"
#include "project/project.h"

namespace rynd::transform {

// The macro library that comes with the program: packages "dbt" and "dbt_duckdb". For project::LoadOptions::builtins.
std::span<const project::BuiltinFile> builtin_macros();

// The template's api.Column: create(), translate_type(), string_type(), numeric_type(). For LoadOptions::column_class.
jinja::Value column_class();

// An ephemeral parent that was put into the SQL of its child.
struct Cte {
  std::string id;   // "model.pkg.name"
  std::string sql;  // " __dbt__cte__name as (\n...\n)"
};

struct Compiled {
  std::string sql;                          // compiled_code: ephemeral parents merged in
  jinja::SourceMap map;                     // bytes of `sql` back to the files that wrote them
  std::vector<Cte> ctes;                    // in the order they stand in `sql`
  std::vector<std::string> overloads = {};  // of a function: the bodies for other arguments, compiled
};

// dbt's NodeStatus.
enum class Status : uint8_t { success, error, skipped, partial_success, no_op, pass, warn, fail, runtime_error };
// "success", "partial success", "no-op", "runtime error", ...
std::string_view name_of(Status status);

struct Timing {
  std::string name;  // "compile", "execute"
  Instant started_at;
  Instant completed_at;
};

// [start, end) in UTC.
struct TimeWindow {
  Instant start;
  Instant end;
};

// The windows of a microbatch model.
struct BatchResults {
  std::vector<TimeWindow> successful;
  std::vector<TimeWindow> failed;
};

// What became of one node: what run_results.json and on-run-end hooks say of it.
struct NodeResult {
  std::string unique_id;
  project::ResourceId id = project::no_resource;
  Status status = Status::success;
  std::string message;                  // "OK", "Got 3 results, configured to fail if != 0", the error's text
  std::optional<int64_t> failures;      // only of tests
  Node adapter_response = Node::map();  // {"_message": "OK", "rows_affected": 3}
  std::vector<Timing> timing;
  double execution_time = 0;  // seconds
  std::string thread_id;      // "Thread-1 (worker)"
  bool compiled = false;
  std::string compiled_code;
  std::string relation_name;                  // "" where nothing is built
  std::optional<BatchResults> batch_results;  // only of microbatch models
  Diagnostics diagnostics;                    // errors and warnings, spans in the user's files
};

struct RuntimeOptions {
  bool full_refresh = false;
  bool empty = false;           // --empty: refs and sources give no rows
  bool store_failures = false;  // --store-failures
  bool write_files = true;      // target/compiled and target/run
  // The nodes of this command, in any order: `selected_resources`.
  std::vector<project::ResourceId> selected = {};
  // What was not selected is taken from another environment: ids to relations ("database"."schema"."name").
  std::vector<std::pair<project::ResourceId, engine::Relation>> deferred = {};
  bool favor_state = false;               // deferred relations of what is not selected even where ours exists
  bool clones = false;                    // nothing is built: nodes become clones of their deferred relations
  std::optional<TimeWindow> sample = {};  // refs and sources with an event_time give only rows of this window
  // Microbatch models of which only these windows are built, added to what is there: what `retry` does.
  std::map<project::ResourceId, std::vector<TimeWindow>> batches = {};
  std::optional<Instant> batches_now = {};    // the present of microbatch models; `retry`: when the run before began
  project::TemplateOutput* output = nullptr;  // where log(), print() and warnings of templates go
};

// What became of the transaction that a node was to share.
enum class Fate : uint8_t {
  joined,    // it stands; the node's work, if any, is in it
  declined,  // it stands; the node did nothing, as it must have a transaction of its own
  undone,    // it is rolled back with all that was in it: the node failed halfway
  spoiled,   // as undone, but in a transaction of its own the node might do well
};

// A transaction that nodes share, one after the other on one connection, so that they cost one commit: see
// Runtime::group(). Without commit() it is undone.
class Group {
 public:
  virtual ~Group() = default;
  // By the node that was executed last.
  virtual Fate fate() const = 0;
  // What the nodes did is durable, and seen by others; where it fails, it is undone. A group goes on after it.
  virtual Result<void> commit() = 0;
};

struct ExecuteOptions {
  std::stop_token stop = {};
  std::string thread_id = "MainThread";
  Group* group = nullptr;  // the node joins it; else it commits by itself
};

// Replaces what a model reads, for a unit test: SQL texts that stand for its parents.
struct UnitOverrides {
  std::vector<std::pair<project::ResourceId, std::string>> inputs;  // parent -> SELECT that gives its rows
  std::optional<std::string> this_sql;                              // what {{ this }} reads
  Node macros = Node::map();  // "is_incremental" or "pkg.name" -> value it returns
  Node vars = Node::map();
  Node env_vars = Node::map();
};

// What static analysis looks at.
struct Analyzed {
  std::span<const project::ResourceId> nodes;   // in the order in which they will run
  std::span<const project::ResourceId> loaded;  // sources whose tables this run changes before
};
// The error that a node will have.
struct Finding {
  project::ResourceId id = project::no_resource;
  Diagnostic error;
};

// One for each command. Safe to use from several threads, each with its own Connection and its own node; project,
// database and world must outlive it.
class Runtime {
 public:
  Runtime(const project::Project& project, engine::Database& database, World& world, RuntimeOptions options = {});
  ~Runtime();
  Runtime(const Runtime&) = delete;
  Runtime& operator=(const Runtime&) = delete;

  // Makes the schemas that these nodes write to and reads, in one query, what is in them. Call once, before the first
  // node; never creates a schema that is not needed.
  Result<void> prepare(engine::Connection& connection, std::span<const project::ResourceId> nodes);
  // Reads what is there without creating anything: for compile, show and run-operation.
  Result<void> look(engine::Connection& connection);

  // The SQL of a model, snapshot, test, analysis or operation. Its templates may query the connection.
  Checked<Compiled> compile(project::ResourceId id, engine::Connection& connection, std::stop_token stop = {});
  // The SQL of a model with other inputs: for unit tests.
  Checked<Compiled> compile_unit(project::ResourceId model, const UnitOverrides& overrides,
                                 engine::Connection& connection, std::stop_token stop = {});
  // A text as if it were a model of the root project that nobody can ref: `show --inline`, `compile --inline`.
  Checked<Compiled> compile_inline(SourcePtr text, engine::Connection& connection, std::stop_token stop = {});

  // Binds models and snapshots in a database of its own, where every table is empty: a column that no table has is
  // found before anything runs, and without data. After look(). What only the run can tell is left to it and found
  // by nobody: templates that query, Python, files, tables that hooks alter, what reads any of these. A node that then
  // fails in the same place says that it was known.
  std::vector<Finding> analyze(engine::Connection& connection, const Analyzed& wanted, std::stop_token stop = {});

  // For nodes that are executed on this connection; it must be gone before connection and runtime.
  std::unique_ptr<Group> group(engine::Connection& connection);
  // Whether nothing speaks against executing it in a group: it is one transaction, none of its hooks runs outside, and
  // no other program is waited for.
  static bool may_join(const project::Resource& resource);

  // Builds a model, seed or snapshot, or runs a data test. Never throws and leaves no transaction open but its group's:
  // a failing or interrupted node leaves what was there before, and the result says what happened. Unit tests belong
  // to quality.
  NodeResult execute(project::ResourceId id, engine::Connection& connection, const ExecuteOptions& options = {});

  // on-run-start or on-run-end hooks of all packages, one result each; those after a failed one are skipped.
  std::vector<NodeResult> run_hooks(bool on_run_end, engine::Connection& connection,
                                    std::span<const NodeResult> results, const ExecuteOptions& options = {});

  // `name` may be "package.macro"; `arguments` a mapping. What the macro returns is printed by nobody.
  Checked<void> run_operation(std::string_view name, const Node& arguments, engine::Connection& connection,
                              const ExecuteOptions& options = {});

  // The rows that dbt show would print; a limit below zero: all.
  Checked<engine::Table> show(const Compiled& compiled, std::optional<project::ResourceId> id, int64_t limit,
                              engine::Connection& connection, std::stop_token stop = {});

  // A database error in SQL that compile() gave, at its place in the user's file, with suggestions.
  Diagnostic explain(const Diagnostic& error, const Compiled& compiled, project::ResourceId id,
                     engine::Connection& connection);

  struct Parts;

 private:
  std::unique_ptr<Parts> parts_;
};

}  // namespace rynd::transform

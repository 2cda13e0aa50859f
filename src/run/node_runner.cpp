// Node runner: tasks to the functions of ingest, transform and quality.
#include "run/node_runner.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "back_off.h"

namespace rynd::run {
namespace {

using transform::NodeResult;
using transform::Status;

// What a load did, in the words of a node's result.
NodeResult result_of(const Task& task, const ingest::LoadReport& report) {
  NodeResult result;
  result.unique_id = task.unique_id;
  result.id = task.resource;
  result.status = report.ok() ? Status::success : Status::error;
  size_t missing = 0;
  for (const ingest::PartitionReport& partition : report.partitions)
    missing += partition.status == ingest::PartitionStatus::missing;
  result.message = report.partitions.empty() ? "NOTHING NEW" : fmt::format("LOAD {}", report.rows);
  if (report.quarantined > 0) result.message += fmt::format(", {} quarantined", report.quarantined);
  if (missing > 0) result.message += fmt::format(", {} missing", missing);
  if (report.stopped) result.message = "interrupted";
  if (!report.ok() && !report.stopped) {
    for (const Diagnostic& problem : report.problems)
      if (problem.severity == Severity::error) result.message = problem.message;
  }
  result.adapter_response.set("_message", Node::of(result.message));
  result.adapter_response.set("rows_affected", Node::of(report.rows));
  result.adapter_response.set("rows_quarantined", Node::of(report.quarantined));
  result.adapter_response.set("load_id", Node::of(report.load_id));
  Node changes = Node::list();
  for (const std::string& change : report.schema_changes) changes.items.push_back(Node::of(change));
  if (!changes.items.empty()) result.adapter_response.set("schema_changes", std::move(changes));
  result.relation_name = fmt::format("\"{}\".\"{}\"", report.schema, report.resource);
  result.diagnostics = report.problems;
  return result;
}

NodeResult nothing_done(const Task& task, const std::string& thread, Instant now) {
  NodeResult result;
  result.unique_id = task.unique_id;
  result.id = task.resource;
  result.status = Status::no_op;
  result.message = "NO-OP";
  result.failures = 0;
  result.timing = {{"compile", now, now}, {"execute", now, now}};
  result.thread_id = thread;
  return result;
}

Hold hold_of(transform::Fate fate) {
  switch (fate) {
    case transform::Fate::joined:
      return Hold::open;
    case transform::Fate::declined:
      return Hold::declined;
    case transform::Fate::undone:
      return Hold::undone;
    case transform::Fate::spoiled:
      return Hold::spoiled;
  }
  return Hold::settled;
}

// Whether a node failed with one of these exceptions, by the names that DuckDB's Python client gives them.
bool may_pass(const NodeResult& result, const std::vector<std::string>& exceptions) {
  struct Named {
    std::string_view exception;
    Code code;
  };
  static constexpr std::array<Named, 8> names = {{{"IOException", Code::sql_outside},
                                                  {"HTTPException", Code::sql_outside},
                                                  {"ConnectionException", Code::sql_outside},
                                                  {"TransactionException", Code::sql_transaction},
                                                  {"CatalogException", Code::sql_missing},
                                                  {"BinderException", Code::sql_binding},
                                                  {"OutOfMemoryException", Code::sql_memory},
                                                  {"InternalException", Code::engine_failed}}};
  if (result.status != transform::Status::error || result.diagnostics.empty()) return false;
  return std::ranges::any_of(names, [&](const Named& named) {
    return named.code == result.diagnostics.front().code &&
           std::ranges::find(exceptions, named.exception) != exceptions.end();
  });
}

}  // namespace

Result<void> NodeRunner::connect(int workers) {
  for (int worker = 0; worker < workers; ++worker) {
    Result<std::unique_ptr<engine::Connection>> connection = rooms_.database.connect();
    if (!connection) return fail(std::move(connection.error()));
    std::unique_ptr<transform::Group> group = rooms_.runtime.group(**connection);
    workers_.push_back({std::move(*connection), std::move(group)});
  }
  return {};
}

TaskOutcome NodeRunner::run(const Task& task, int worker, bool alone, std::stop_token stop) {
  const Worker& mine = workers_[static_cast<size_t>(worker)];
  // A statement may be running, or about to: the interrupt ends the one, and `stop` is looked at before the other.
  const std::stop_callback interrupt(stop, [&mine] { mine.connection->interrupt(); });
  transform::ExecuteOptions options{stop, fmt::format("Thread-{} (worker)", worker + 1)};
  if (!alone) options.group = mine.group.get();
  NodeResult result = perform(task, *mine.connection, options);
  return {std::move(result), alone ? Hold::settled : hold_of(mine.group->fate())};
}

Result<void> NodeRunner::commit(int worker) { return workers_[static_cast<size_t>(worker)].group->commit(); }

NodeResult NodeRunner::perform(const Task& task, engine::Connection& connection,
                               const transform::ExecuteOptions& options) {
  switch (task.kind) {
    case TaskKind::ingest:
      return load(task, connection, options.thread_id, options.stop);
    case TaskKind::test:
    case TaskKind::unit_test:
      return rooms_.checks.run(task.resource, connection, options);
    case TaskKind::freshness:
      return check_freshness(task, connection, options);
    case TaskKind::exposure:
    case TaskKind::saved_query:
      return nothing_done(task, options.thread_id, rooms_.world.clock.now());
    case TaskKind::seed:
    case TaskKind::model:
    case TaskKind::snapshot:
    case TaskKind::function:
      break;
  }
  NodeResult result = rooms_.runtime.execute(task.resource, connection, options);
  // A node that failed has left nothing behind, so that it can be built again.
  const auto& retries = rooms_.project.profile.retries;
  for (int attempt = 1; attempt < retries.query_attempts && may_pass(result, retries.exceptions); ++attempt) {
    if (!rooms_.world.clock.sleep(back_off(attempt), options.stop)) break;
    result = rooms_.runtime.execute(task.resource, connection, options);
  }
  return result;
}

NodeResult NodeRunner::load(const Task& task, engine::Connection& connection, const std::string& thread,
                            std::stop_token stop) {
  const Instant started = rooms_.world.clock.now();
  const ingest::LoadReport report = ingest::load(rooms_.ingest.sources, rooms_.ingest.loads[task.load],
                                                 rooms_.project.dir, connection, rooms_.world, stop);
  NodeResult result = result_of(task, report);
  const Instant ended = rooms_.world.clock.now();
  result.timing.push_back({"execute", started, ended});
  result.execution_time = std::chrono::duration<double>(ended - started).count();
  result.thread_id = thread;
  return result;
}

NodeResult NodeRunner::check_freshness(const Task& task, engine::Connection& connection,
                                       const transform::ExecuteOptions& options) {
  quality::FreshnessResult freshness = rooms_.checks.freshness(task.resource, connection, options);
  const std::lock_guard lock(freshness_mutex_);
  freshness_.push_back(freshness);
  return std::move(freshness.result);
}

std::vector<NodeResult> NodeRunner::run_hooks(bool on_run_end, std::span<const NodeResult> results,
                                              std::stop_token stop) {
  engine::Connection& connection = *workers_.front().connection;
  const std::stop_callback interrupt(stop, [&connection] { connection.interrupt(); });
  return rooms_.runtime.run_hooks(on_run_end, connection, results, {stop, "MainThread"});
}

}  // namespace rynd::run

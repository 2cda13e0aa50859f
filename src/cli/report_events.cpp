// Event reporter: dbt's structured log lines, for tools that follow a run by its events' names.
#include <fmt/format.h>
#include <unistd.h>

#include "base/json.h"
#include "base/text.h"
#include "report.h"
#include "version.h"

namespace rynd::cli {
namespace {

using project::Resource;
using run::RunReport;
using run::Task;
using run::TaskKind;
using transform::NodeResult;
using transform::Status;

Node text(std::string_view value) { return Node::of(std::string(value)); }

std::string level_of(Status status) {
  switch (status) {
    case Status::error:
    case Status::fail:
    case Status::runtime_error:
      return "error";
    case Status::warn:
      return "warn";
    default:
      return "info";
  }
}

Node node_info(const project::Project& project, const Task& task, const NodeResult* result) {
  Node info = Node::map();
  if (task.resource == project::no_resource) {
    info.set("unique_id", text(task.unique_id));
    return info;
  }
  const Resource& resource = project.at(task.resource);
  Node relation = Node::map();
  relation.set("alias", text(resource.alias));
  relation.set("database", text(resource.database));
  relation.set("relation_name", text(resource.relation_name));
  relation.set("schema", text(resource.schema));
  info.set("materialized", text(resource.config.materialized()));
  info.set("meta", resource.meta);
  info.set("node_checksum", text(resource.checksum.checksum));
  info.set("node_name", text(resource.name));
  info.set("node_path", text(resource.path));
  info.set("node_relation", std::move(relation));
  info.set("node_status", text(result ? transform::name_of(result->status) : "started"));
  const bool timed = result && !result->timing.empty();
  info.set("node_started_at", text(timed ? iso8601(result->timing.front().started_at) : ""));
  info.set("node_finished_at", text(timed ? iso8601(result->timing.back().completed_at) : ""));
  info.set("resource_type", text(name_of(resource.type)));
  info.set("unique_id", text(resource.unique_id));
  return info;
}

struct ResultEvent {
  const char* name;
  const char* code;
};
ResultEvent result_event(TaskKind kind) {
  switch (kind) {
    case TaskKind::seed:
      return {"LogSeedResult", "Q016"};
    case TaskKind::snapshot:
      return {"LogSnapshotResult", "Q015"};
    case TaskKind::test:
    case TaskKind::unit_test:
      return {"LogTestResult", "Q007"};
    case TaskKind::freshness:
      return {"LogFreshnessResult", "Q018"};
    case TaskKind::ingest:
      return {"LogNodeResult", "Q008"};
    case TaskKind::model:
      return {"LogModelResult", "Q012"};
  }
  return {"LogNodeResult", "Q008"};
}

}  // namespace

void EventReporter::event(std::string name, std::string code, std::string level, std::string message, Node data,
                          const std::string& thread) {
  Node info = Node::map();
  info.set("category", text(""));
  info.set("code", Node::of(std::move(code)));
  info.set("extra", Node::map());
  info.set("invocation_id", text(context_.project.invocation_id));
  info.set("level", Node::of(std::move(level)));
  info.set("msg", Node::of(std::move(message)));
  info.set("name", Node::of(std::move(name)));
  info.set("pid", Node::of(static_cast<int64_t>(::getpid())));
  info.set("thread", text(thread));
  info.set("ts", text(iso8601(context_.session.world.clock.now())));
  Node line = Node::map();
  line.set("data", std::move(data));
  line.set("info", std::move(info));
  context_.session.console.out(json::write(line) + "\n");
}

void EventReporter::run_began(const run::Plan& plan, int threads) {
  total_ = plan.tasks.size();
  Node version = Node::map();
  version.set("log_version", Node::of(int64_t{3}));
  version.set("version", text("=" + version_number()));
  event("MainReportVersion", "A001", "info", "Running with rynd=" + version_number(), std::move(version));
  const std::string found = found_line(context_.project);
  Node stats = Node::map();
  stats.set("stat_line", text(found.substr(found.find(' ') + 1)));
  event("FoundStats", "W006", "info", found, std::move(stats));
  Node concurrency = Node::map();
  concurrency.set("node_count", Node::of(static_cast<int64_t>(total_)));
  concurrency.set("num_threads", Node::of(static_cast<int64_t>(threads)));
  concurrency.set("target_name", text(context_.project.profile.target_name));
  event("ConcurrencyLine", "Q027", "info",
        fmt::format("Concurrency: {} threads (target='{}')", threads, context_.project.profile.target_name),
        std::move(concurrency));
}

void EventReporter::task_began(const Task& task, size_t number) {
  Node info = node_info(context_.project, task, nullptr);
  Node start = Node::map();
  start.set("node_info", info);
  event("NodeStart", "Q024", "debug", "Began running node " + task.unique_id, std::move(start));
  Node data = Node::map();
  data.set("description", text(task.title));
  data.set("index", Node::of(static_cast<int64_t>(number)));
  data.set("node_info", std::move(info));
  data.set("total", Node::of(static_cast<int64_t>(total_)));
  event("LogStartLine", "Q011", "info", fmt::format("{} of {} START {}", number, total_, task.title), std::move(data));
}

void EventReporter::task_ended(const Task& task, size_t number, const NodeResult& result) {
  const Node info = node_info(context_.project, task, &result);
  const std::string message =
      fmt::format("{} of {} {} [{}]", number, total_, ended_text(task, result), ended_status(result));
  Node data = Node::map();
  if (result.status == Status::skipped) {
    data.set("index", Node::of(static_cast<int64_t>(number)));
    data.set("node_info", info);
    data.set("node_name", text(task.name));
    data.set("resource_type", text(run::name_of(task.kind)));
    data.set("total", Node::of(static_cast<int64_t>(total_)));
    event("SkippingDetails", "Q034", "info", message, std::move(data), result.thread_id);
  } else {
    const ResultEvent which = result_event(task.kind);
    const bool test = task.kind == TaskKind::test || task.kind == TaskKind::unit_test;
    data.set(test ? "name" : "description", text(test ? task.name : task.title));
    data.set("execution_time", Node::of_real(result.execution_time));
    data.set("index", Node::of(static_cast<int64_t>(number)));
    data.set("node_info", info);
    if (test) data.set("num_failures", Node::of(result.failures.value_or(0)));
    data.set("status", text(task.kind == TaskKind::model && result.status == Status::success
                                ? std::string_view(result.message)
                                : transform::name_of(result.status)));
    data.set(test ? "num_models" : "total", Node::of(static_cast<int64_t>(total_)));
    event(which.name, which.code, level_of(result.status), message, std::move(data), result.thread_id);
  }
  Node run_result = Node::map();
  run_result.set("adapter_response", result.adapter_response);
  run_result.set("execution_time", Node::of_real(result.execution_time));
  run_result.set("message", text(result.message));
  run_result.set("num_failures", Node::of(result.failures.value_or(0)));
  run_result.set("status", text(transform::name_of(result.status)));
  run_result.set("thread", text(result.thread_id));
  Node finished = Node::map();
  finished.set("node_info", info);
  finished.set("run_result", std::move(run_result));
  event("NodeFinished", "Q025", "debug", "Finished running node " + task.unique_id, std::move(finished),
        result.thread_id);
}

void EventReporter::run_ended(const RunReport& report) {
  int64_t errors = 0, warnings = 0;
  for (const NodeResult& result : report.results) {
    const std::string level = level_of(result.status);
    errors += level == "error";
    warnings += level == "warn";
    if (level != "error" && level != "warn") continue;
    Node data = Node::map();
    data.set("msg", text(result.message));
    event(level == "error" ? "RunResultError" : "RunResultWarningMessage", level == "error" ? "Z024" : "Z049", level,
          result.message, std::move(data));
  }
  Node summary = Node::map();
  summary.set("keyboard_interrupt", Node::of(report.interrupted));
  summary.set("num_errors", Node::of(errors));
  summary.set("num_partial_success", Node::of(int64_t{0}));
  summary.set("num_warnings", Node::of(warnings));
  event("EndOfRunSummary", "Z030", "info",
        errors > 0 ? fmt::format("Completed with {} errors and {} warnings:", errors, warnings)
                   : "Completed successfully",
        std::move(summary));
  Node data = Node::map();
  data.set("stats", Node::map());
  event("StatsLine", "Z023", "info", "Done. " + totals(report.results), std::move(data));
}

}  // namespace rynd::cli

// Event reporter: a run in dbt's events, for tools that follow it by their names.
#include <fmt/format.h>

#include "base/text.h"
#include "catalog/artifacts.h"
#include "report.h"

namespace rynd::cli {
namespace {

using project::Resource;
using project::ResourceId;
using run::RunReport;
using run::Task;
using run::TaskKind;
using transform::NodeResult;
using transform::Status;

Node text(std::string_view value) { return Node::of(std::string(value)); }

Level level_of(Status status) {
  switch (status) {
    case Status::error:
    case Status::fail:
    case Status::runtime_error:
      return Level::error;
    case Status::warn:
      return Level::warn;
    default:
      return Level::info;
  }
}

// Without the zone, as dbt has it in node_info.
std::string moment(Instant instant) {
  std::string whole = iso8601(instant);
  whole.pop_back();
  return whole;
}

Node run_result(const NodeResult& result) {
  Node timings = Node::list();
  for (const transform::Timing& timing : result.timing) {
    Node one = Node::map();
    one.set("completed_at", text(iso8601(timing.completed_at)));
    one.set("name", text(timing.name));
    one.set("started_at", text(iso8601(timing.started_at)));
    timings.items.push_back(std::move(one));
  }
  Node node = Node::map();
  node.set("adapter_response", result.adapter_response);
  node.set("execution_time", Node::of_real(result.execution_time));
  node.set("message", text(result.message));
  node.set("num_failures", Node::of(result.failures.value_or(0)));
  node.set("status", text(transform::name_of(result.status)));
  node.set("thread", text(result.thread_id));
  node.set("timing_info", std::move(timings));
  return node;
}

Node numbers(size_t index, size_t total) {
  Node data = Node::map();
  data.set("index", Node::of(static_cast<int64_t>(index)));
  data.set("total", Node::of(static_cast<int64_t>(total)));
  return data;
}

Node with(std::string key, Node value) {
  Node data = Node::map();
  data.set(std::move(key), std::move(value));
  return data;
}

struct ResultKind {
  std::string_view name;
  std::string_view code;
};
ResultKind kind_of(TaskKind kind) {
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
    case TaskKind::exposure:
    case TaskKind::saved_query:
      return {"LogNodeNoOpResult", "Q019"};
    case TaskKind::model:
      return {"LogModelResult", "Q012"};
    case TaskKind::function:
      return {"LogFunctionResult", "Q047"};
    case TaskKind::ingest:
      break;
  }
  return {"LogNodeResult", "Q008"};
}

}  // namespace

Node EventReporter::node_info(ResourceId id, const std::string& unique_id, const NodeResult* result) const {
  Node info = Node::map();
  const Resource* resource = id == project::no_resource ? nullptr : &context_.project.at(id);
  const auto started = started_.find(id);
  const bool timed = result && !result->timing.empty();
  const bool skipped = result && result->status == Status::skipped;
  Node relation = Node::map();
  relation.set("alias", text(resource ? resource->alias : ""));
  relation.set("database", text(resource && !resource->alias.empty() ? resource->database : ""));
  relation.set("relation_name", text(resource ? resource->relation_name : ""));
  relation.set("schema", text(resource ? resource->schema : ""));
  info.set("materialized", text(resource ? resource->config.materialized() : ""));
  info.set("meta", resource ? resource->meta : Node::map());
  info.set("node_checksum", text(resource ? resource->checksum.checksum : ""));
  info.set("node_finished_at", text(timed && !skipped ? moment(result->timing.back().completed_at) : ""));
  info.set("node_name", text(resource ? resource->name : unique_id));
  info.set("node_path", text(resource ? resource->path : ""));
  info.set("node_relation", std::move(relation));
  info.set("node_started_at", text(timed                       ? moment(result->timing.front().started_at)
                                   : started != started_.end() ? started->second
                                                               : ""));
  info.set("node_status", text(result ? transform::name_of(result->status) : "started"));
  info.set("resource_type", text(resource ? name_of(resource->type) : ""));
  info.set("unique_id", text(unique_id));
  return info;
}

std::string EventReporter::line(size_t number, size_t total, const std::string& text, const std::string& status) const {
  std::string prefix = fmt::format("{} of {} {} ", number, total, text);
  const int width = display_width(prefix);
  if (width < context_.width) prefix.append(static_cast<size_t>(context_.width - width), '.');
  return fmt::format("{} [{}]", prefix, status);
}

void EventReporter::analyzed(std::span<const transform::Finding> findings) {
  for (const transform::Finding& finding : findings) events_.fire({"Note", "Z050", Level::warn, finding_text(finding)});
}

void EventReporter::run_began(const run::Plan& plan, int threads) {
  plan_ = &plan;
  const std::string found = found_line(context_.project);
  events_.fire({"FoundStats", "W006", Level::info, found, [&] { return with("stat_line", text(found.substr(6))); }});
  blank();
  const std::string& target = context_.project.profile.target_name;
  events_.fire({"ConcurrencyLine", "Q027", Level::info,
                fmt::format("Concurrency: {} thread{} (target='{}')", threads, threads == 1 ? "" : "s", target), [&] {
                  Node data = Node::map();
                  data.set("node_count", Node::of(static_cast<int64_t>(plan.tasks.size())));
                  data.set("num_threads", Node::of(threads));
                  data.set("target_name", text(target));
                  return data;
                }});
  blank();
}

void EventReporter::task_began(const Task& task, size_t number) {
  started_[task.resource] = moment(context_.session.world.clock.now());
  events_.fire({"NodeStart", "Q024", Level::debug, "Began running node " + task.unique_id,
                [&] { return with("node_info", node_info(task.resource, task.unique_id, nullptr)); }});
  if (!run::does_something(task.kind)) return;
  events_.fire(
      {"LogStartLine", "Q011", Level::info, line(number, plan_->tasks.size(), "START " + task.title, "RUN"), [&] {
         Node data = numbers(number, plan_->tasks.size());
         data.set("description", text(task.title));
         data.set("node_info", node_info(task.resource, task.unique_id, nullptr));
         return data;
       }});
}

void EventReporter::task_ended(const Task& task, size_t number, const NodeResult& result) {
  if (result.status == Status::skipped) {
    const Resource* resource = task.resource == project::no_resource ? nullptr : &context_.project.at(task.resource);
    const std::string words = line(number, plan_->tasks.size(), ended_text(task, result), ended_status(result));
    if (tells_of_ephemeral(result)) {
      events_.fire({"LogSkipBecauseError", "Z034", Level::error, words,
                    [&] {
                      Node data = numbers(number, plan_->tasks.size());
                      data.set("relation", text(resource ? resource->name : task.name));
                      data.set("schema", text(resource ? resource->schema : ""));
                      data.set("status", text("error"));
                      return data;
                    },
                    result.thread_id});
      return;
    }
    events_.fire({"SkippingDetails", "Q034", Level::info, words,
                  [&] {
                    Node data = numbers(number, plan_->tasks.size());
                    data.set("node_info", node_info(task.resource, task.unique_id, &result));
                    data.set("node_name", text(resource ? resource->name : task.name));
                    data.set("resource_type", text(run::name_of(task.kind)));
                    data.set("schema", text(resource ? resource->schema : ""));
                    return data;
                  },
                  result.thread_id});
  } else {
    result_event(task, number, result);
  }
  events_.fire({"NodeFinished", "Q025", Level::debug, "Finished running node " + task.unique_id,
                [&] {
                  Node data = with("node_info", node_info(task.resource, task.unique_id, &result));
                  data.set("run_result", run_result(result));
                  return data;
                },
                result.thread_id});
}

void EventReporter::result_event(const Task& task, size_t number, const NodeResult& result) {
  const ResultKind kind = kind_of(task.kind);
  const size_t total = plan_->tasks.size();
  const auto data = [&] {
    Node node = Node::map();
    const Resource* resource = task.resource == project::no_resource ? nullptr : &context_.project.at(task.resource);
    const std::string status(transform::name_of(result.status));
    node.set("execution_time", Node::of_real(result.execution_time));
    node.set("index", Node::of(static_cast<int64_t>(number)));
    node.set("node_info", node_info(task.resource, task.unique_id, &result));
    node.set("status",
             text(task.kind == TaskKind::model && result.status == Status::success ? result.message : status));
    node.set(kind.name == "LogTestResult" ? "num_models" : "total", Node::of(static_cast<int64_t>(total)));
    if (kind.name == "LogTestResult") {
      const bool attached = resource && resource->test && resource->test->attached != project::no_resource;
      node.set("attached_node", text(attached ? context_.project.at(resource->test->attached).unique_id : ""));
      node.set("name", text(task.name));
      node.set("num_failures", Node::of(result.failures.value_or(0)));
    } else if (kind.name == "LogSeedResult") {
      node.set("relation", text(resource->alias));
      node.set("result_message", text(result.message));
      node.set("schema", text(resource->schema));
    } else if (kind.name == "LogFreshnessResult") {
      node.set("source_name", text(resource->source->source_name));
      node.set("table_name", text(resource->name));
    } else {
      node.set("description", text(task.title));
      if (kind.name == "LogSnapshotResult") {
        node.set("cfg", Node::map());
        node.set("result_message", text(result.message));
      }
      if (kind.name == "LogNodeNoOpResult") node.set("status", text(""));
    }
    return node;
  };
  events_.fire({kind.name, kind.code, level_of(result.status),
                line(number, total, ended_text(task, result), ended_status(result)), data, result.thread_id});
}

void EventReporter::hooks_ended(bool on_run_end, std::span<const NodeResult> results) {
  if (results.empty()) return;
  if (on_run_end) blank();
  size_t number = 0;
  for (const NodeResult& result : results) {
    const std::string name = hook_name(result.unique_id);
    const auto data = [&](const NodeResult* ended) {
      Node node = numbers(number, results.size());
      node.set("node_info", node_info(result.id, result.unique_id, ended));
      node.set("statement", text(name));
      return node;
    };
    ++number;
    if (result.status != Status::skipped)
      events_.fire({"LogHookStartLine", "Q032", Level::info, line(number, results.size(), "START hook: " + name, "RUN"),
                    [&] { return data(nullptr); }});
    const std::string word = hook_status(result);
    events_.fire({"LogHookEndLine", "Q033", Level::info,
                  line(number, results.size(), word + " hook: " + name,
                       fmt::format("{} in {:.2f}s", word, result.execution_time)),
                  [&] {
                    Node node = data(&result);
                    node.set("execution_time", Node::of_real(result.execution_time));
                    node.set("status", text(transform::name_of(result.status)));
                    return node;
                  }});
  }
  if (!on_run_end) blank();
}

void EventReporter::tick(const run::Standing& /*standing*/) { events_.flush(); }

void EventReporter::run_ended(const RunReport& report) {
  const Counted counted = count(report.results);
  blank();
  const std::string stats = count_tasks(*plan_, context_.project);
  const int whole = static_cast<int>(report.seconds());
  const std::string execution = fmt::format(" in {} hours {} minutes and {:.2f} seconds", whole / 3600,
                                            whole % 3600 / 60, report.seconds() - whole / 60 * 60);
  events_.fire({"FinishedRunningStats", "E047", Level::info,
                fmt::format("Finished running {}{} ({:.2f}s).", stats, execution, report.seconds()), [&] {
                  Node data = Node::map();
                  data.set("execution", text(execution));
                  data.set("execution_time", Node::of_real(report.seconds()));
                  data.set("stat_line", text(stats));
                  return data;
                }});
  events_.fire({"EndRunResult", "Q037", Level::debug, "Command end result", [&] {
                  Node results = Node::list();
                  for (const NodeResult& result : report.results) results.items.push_back(run_result(result));
                  Node data = Node::map();
                  data.set("elapsed_time", Node::of_real(report.seconds()));
                  data.set("generated_at", text(iso8601(report.finished_at)));
                  data.set("results", std::move(results));
                  data.set("success", Node::of(!report.failed()));
                  return data;
                }});
  blank();
  events_.fire({"EndOfRunSummary", "Z030", Level::info, summary_text(counted, report.interrupted), [&] {
                  Node data = Node::map();
                  data.set("keyboard_interrupt", Node::of(report.interrupted));
                  data.set("num_errors", Node::of(counted.errors()));
                  data.set("num_partial_success", Node::of(counted.partial));
                  data.set("num_warnings", Node::of(counted.warn));
                  return data;
                }});
  for (const Level level : {Level::error, Level::warn})
    for (const NodeResult& result : report.results)
      if (level_of(result.status) == level) failure_events(result);
  blank();
  events_.fire({"StatsLine", "Z023", Level::info, "Done. " + totals(report.results), [&] {
                  Node stats_node = Node::map();
                  stats_node.set("error", Node::of(counted.error + counted.partial));
                  stats_node.set("noop", Node::of(counted.no_op));
                  stats_node.set("pass", Node::of(counted.pass));
                  stats_node.set("reused", Node::of(0));
                  stats_node.set("skip", Node::of(counted.skip));
                  stats_node.set("total", Node::of(counted.total));
                  stats_node.set("warn", Node::of(counted.warn));
                  return with("stats", std::move(stats_node));
                }});
}

void EventReporter::failure_events(const NodeResult& result) {
  const bool warns = result.status == Status::warn;
  const Resource* resource = result.id == project::no_resource ? nullptr : &context_.project.at(result.id);
  const std::string kind(resource ? name_of(resource->type) : "load");
  const std::string name = resource ? resource->name : result.unique_id;
  const std::string path = resource ? resource->original_file_path : "";
  const auto info = [&] { return node_info(result.id, result.unique_id, &result); };
  blank();
  events_.fire({warns ? "RunResultWarning" : "RunResultFailure", warns ? "Z021" : "Z022",
                warns ? Level::warn : Level::error,
                fmt::format("[{}]: in {} {} ({})", warns ? "WARNING" : "ERROR", kind, name, path), [&] {
                  Node data = with("node_info", info());
                  data.set("node_name", text(name));
                  data.set("path", text(path));
                  data.set("resource_type", text(kind));
                  return data;
                }});
  if (result.message.empty()) {
    events_.fire({"RunResultErrorNoMessage", "Z025", Level::error,
                  fmt::format("  Status: {}", transform::name_of(result.status)), [&] {
                    Node data = with("node_info", info());
                    data.set("status", text(transform::name_of(result.status)));
                    return data;
                  }});
  } else {
    events_.fire({warns ? "RunResultWarningMessage" : "RunResultError", warns ? "Z046" : "Z024",
                  warns ? Level::warn : Level::error, (warns ? "[WARNING]: " : "  ") + result.message, [&] {
                    Node data = with("msg", text(result.message));
                    data.set("node_info", info());
                    return data;
                  }});
  }
  if (!resource || !result.compiled) return;
  const std::string compiled = catalog::artifact_path(context_.project, *resource, "compiled");
  blank();
  events_.fire({"SQLCompiledPath", "Z026", Level::info, "  compiled code at " + compiled, [&] {
                  Node data = with("node_info", info());
                  data.set("path", text(compiled));
                  return data;
                }});
}

}  // namespace rynd::cli

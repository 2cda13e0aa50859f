// Building: the one way in which commands do work on nodes.
#include "building.h"

#include <fmt/format.h>

#include <algorithm>

#include "artifacts.h"
#include "base/json.h"
#include "base/text.h"
#include "catalog/artifacts.h"
#include "forward.h"
#include "opening.h"
#include "report.h"
#include "run/history.h"
#include "run/node_runner.h"
#include "transform/transform.h"

namespace rynd::cli {
namespace {

using project::Project;
using project::ResourceId;

// What a command keeps while it works; the parts that refer to each other live and die together.
struct Work {
  std::unique_ptr<project::TemplateOutput> output;
  std::shared_ptr<const Project> project;
  project::Selection selection;
  run::IngestWork ingest;
  run::Plan plan;
};

std::string reason_of(const ingest::Load& load) {
  if (load.partitions.empty()) return "nothing new";
  if (load.partitions.size() == 1 && load.partitions[0].partition.empty()) return load.partitions[0].reason;
  std::vector<std::pair<std::string, size_t>> reasons;
  for (const ingest::PartitionTask& partition : load.partitions) {
    const auto known = std::ranges::find(reasons, partition.reason, &std::pair<std::string, size_t>::first);
    if (known == reasons.end())
      reasons.emplace_back(partition.reason, 1);
    else
      ++known->second;
  }
  std::vector<std::string> parts;
  for (const auto& [reason, count] : reasons) parts.push_back(fmt::format("{} {}", count, reason));
  return fmt::format("{} partition{}: {}", load.partitions.size(), load.partitions.size() == 1 ? "" : "s",
                     join(parts, ", "));
}

// The loads that the command asks for; those without anything to do are left out.
Checked<std::vector<run::PlannedLoad>> plan_loads(Work& work, const BuildKind& kind, Session& session,
                                                  engine::Connection& connection) {
  Checked<ingest::Sources> sources = ingest::read(work.project->dir, session.world);
  if (!sources) return fail_all(std::move(sources.error()));
  Checked<ingest::Selection> wanted = kind.loads(*work.project, work.selection);
  if (!wanted) return fail_all(std::move(wanted.error()));
  // No names mean all sources to ingest; here they mean that nothing selected reads one.
  if (kind.selects && wanted->names.empty()) return std::vector<run::PlannedLoad>{};
  Result<ingest::State> state = ingest::state(*sources, connection);
  if (!state) return fail_all({std::move(state.error())});
  Checked<std::vector<ingest::Load>> loads = ingest::plan(*sources, *state, *wanted, work.project->dir, session.world);
  if (!loads) return fail_all(std::move(loads.error()));
  std::vector<run::PlannedLoad> planned;
  for (const ingest::Load& load : *loads) {
    const ingest::Source& source = sources->all[load.source];
    planned.push_back({source.name, source.resources[load.resource].name, reason_of(load), load.after});
  }
  work.ingest = {std::move(*sources), std::move(*loads)};
  if (planned.empty()) return planned;
  if (Result<void> prepared = ingest::prepare(work.ingest.sources, connection); !prepared)
    return fail_all({std::move(prepared.error())});
  return planned;
}

transform::RuntimeOptions runtime_options(const Invocation& invocation, const Work& work) {
  transform::RuntimeOptions options;
  options.full_refresh = flag(invocation, *work.project, "full-refresh");
  options.empty = invocation.toggle("empty");
  options.store_failures = flag(invocation, *work.project, "store-failures");
  options.selected = work.selection.nodes;
  options.output = work.output.get();
  return options;
}

run::RunOptions run_options(const Invocation& invocation, Session& session, const Work& work, const BuildKind& kind) {
  run::RunOptions options;
  options.run_id = run::make_run_id(session.world);
  options.header.set("command", Node::of("rynd " + join(invocation.words, " ")));
  options.header.set("project", Node::of(work.project->root().name));
  options.header.set("target", Node::of(work.project->profile.target_name));
  options.header.set("invocation_id", Node::of(work.project->invocation_id));
  options.threads = std::max(1, work.project->profile.threads);
  options.fail_fast = flag(invocation, *work.project, "fail-fast");
  options.hooks = kind.hooks && !work.plan.tasks.empty();
  options.skip_after_failed_start = flag(invocation, *work.project, "skip-nodes-if-on-run-start-fails", true);
  options.expected_seconds = run::expected_seconds(session.world.files, work.project->dir, work.plan);
  return options;
}

int exit_code(const run::RunReport& report) {
  if (report.interrupted) return exit_interrupted;
  return report.failed() ? exit_failed : exit_done;
}

int nothing_to_do(const Invocation& invocation, Session& session, const Work& work) {
  run::RunReport report;
  report.started_at = report.finished_at = session.world.clock.now();
  write_run_artifacts(invocation, session, *work.project, report);
  session.console.report({.severity = Severity::warning,
                          .code = Code::nothing_selected,
                          .message = "nothing to do: no node of this project fits the selection and the command"});
  return exit_done;
}

// The nodes that a plan builds or reads: their schemas are made before the first one runs.
std::vector<ResourceId> nodes_of(const run::Plan& plan) {
  std::vector<ResourceId> nodes;
  for (const run::Task& task : plan.tasks)
    if (task.kind != run::TaskKind::ingest && task.kind != run::TaskKind::freshness) nodes.push_back(task.resource);
  return nodes;
}

// target/sources.json, or where `source freshness --output` says.
void write_sources(Session& session, const Project& project, std::span<const quality::FreshnessResult> results,
                   const run::RunReport& report, const Invocation& invocation) {
  const catalog::Making making{session.world.clock.now(), {}};
  const Node sources =
      quality::sources_json(catalog::metadata(project, "sources/v3", making), results, report.seconds());
  const std::string output = invocation.text("output");
  const bool is_file = !output.empty() && output != "text" && output != "json";
  const std::filesystem::path path = is_file ? std::filesystem::path(output) : target_folder(project) / "sources.json";
  if (const Result<void> written = session.world.files.write(path, json::write(sources)); !written)
    session.console.report(written.error());
}

int execute(const Invocation& invocation, Session& session, Work& work, const BuildKind& kind, Warehouse& warehouse,
            engine::Connection& connection) {
  Console& console = session.console;
  transform::Runtime runtime(*work.project, *warehouse, session.world, runtime_options(invocation, work));
  if (Result<void> prepared = runtime.prepare(connection, nodes_of(work.plan)); !prepared) {
    console.report(prepared.error());
    return exit_unable;
  }
  const run::RunOptions options = run_options(invocation, session, work, kind);
  quality::Checks checks(*work.project, runtime, session.world);
  run::NodeRunner runner({*work.project, *warehouse, runtime, checks, work.ingest, session.world});
  if (Result<void> connected = runner.connect(options.threads); !connected) {
    console.report(connected.error());
    return exit_unable;
  }
  Result<std::unique_ptr<run::LogFile>> file =
      run::create_log_file(run::runs_folder(work.project->dir) / (options.run_id + ".log"));
  if (!file) {
    console.report(file.error());
    return exit_unable;
  }
  run::LogWriter log(std::move(*file));
  const std::unique_ptr<run::Observer> reporter = make_reporter(invocation, {*work.project, session});
  Result<run::RunReport> report = run::execute(work.plan, options, runner, *reporter, log, session.world, session.stop);
  if (!report) {
    console.report(report.error());
    return exit_unable;
  }
  if (Result<void> recorded = checks.record(options.run_id, connection); !recorded) console.report(recorded.error());
  if (kind.freshness) write_sources(session, *work.project, runner.freshness(), *report, invocation);
  if (!write_run_artifacts(invocation, session, *work.project, *report)) return exit_unable;
  return exit_code(*report);
}

}  // namespace

std::function<Checked<ingest::Selection>(const Project&, const project::Selection&)> stale_sources() {
  return [](const Project& project, const project::Selection& selection) -> Checked<ingest::Selection> {
    ingest::Selection wanted;
    const std::vector<bool> above = project.graph.ancestors(selection.nodes);
    for (const ResourceId id : project.of_type(project::ResourceType::source)) {
      const project::Resource& source = project.at(id);
      if (above[id] && source.source->ingested) wanted.names.push_back(source.source->source_name + "." + source.name);
    }
    return wanted;
  };
}

int build_nodes(const Invocation& invocation, Session& session, const BuildKind& kind) {
  if (const std::optional<int> code = forward_to_server(invocation, session)) return *code;
  Console& console = session.console;
  Work work;
  work.output = template_output(invocation, console);
  work.project = open_project(invocation, session, work.output.get());
  if (!work.project) return exit_unable;
  if (kind.selects) {
    std::optional<project::Selection> selection = select_nodes(invocation, session, *work.project, kind.types);
    if (!selection) return exit_unable;
    work.selection = std::move(*selection);
  }
  Warehouse warehouse(*work.project, session);
  const std::unique_ptr<engine::Connection> connection = connect(warehouse, session);
  if (!connection) return exit_unable;
  run::PlanOptions options{kind.tests_guard_children, kind.freshness, {}};
  if (kind.loads && (!kind.selects || work.project->rynd.ingest_stale_before_build)) {
    Checked<std::vector<run::PlannedLoad>> loads = plan_loads(work, kind, session, *connection);
    if (!loads) {
      console.report(loads.error());
      return exit_of_plan(loads.error());
    }
    options.loads = std::move(*loads);
  }
  work.plan = run::make_plan(*work.project, work.selection, options);
  if (invocation.toggle("dry-run")) {
    console.out(console.json ? run::print_plan_json(work.plan) + "\n" : run::print_plan(work.plan));
    return exit_done;
  }
  if (work.plan.tasks.empty()) return nothing_to_do(invocation, session, work);
  return execute(invocation, session, work, kind, warehouse, *connection);
}

}  // namespace rynd::cli

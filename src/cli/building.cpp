// Building: the one way in which commands do work on nodes.
#include "building.h"

#include <fmt/format.h>

#include <algorithm>

#include "artifacts.h"
#include "base/json.h"
#include "base/text.h"
#include "catalog/artifacts.h"
#include "forward.h"
#include "moments.h"
#include "opening.h"
#include "report.h"
#include "retry.h"
#include "run/history.h"
#include "run/node_runner.h"
#include "run/warehouse.h"
#include "state.h"
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

Checked<transform::RuntimeOptions> runtime_options(const Invocation& invocation, Session& session, const Work& work,
                                                   const BuildKind& kind) {
  transform::RuntimeOptions options;
  if (kind.clones || invocation.toggle("defer")) {
    auto deferred = deferred_relations(invocation, session, *work.project);
    if (!deferred) return fail_all(std::move(deferred.error()));
    options.deferred = std::move(*deferred);
  }
  auto sample = sample_window(invocation, session.world.clock);
  if (!sample) return fail_all({std::move(sample.error())});
  options.sample = *sample;
  options.clones = kind.clones;
  options.favor_state = invocation.toggle("favor-state");
  if (session.retry) take_batches(*session.retry, *work.project, options);
  options.full_refresh = invocation.toggle("full-refresh");
  options.empty = invocation.toggle("empty");
  options.store_failures = invocation.toggle("store-failures");
  options.selected = work.selection.nodes;
  options.output = work.output.get();
  return options;
}

bool project_flag(const Project& project, std::string_view name) {
  const Node* value = project.flags.find(name);
  return value && value->kind == Node::Kind::boolean && value->boolean;
}

run::RunOptions run_options(const Invocation& invocation, Session& session, const Work& work, const BuildKind& kind,
                            int cores) {
  run::RunOptions options;
  options.run_id = run::make_run_id(session.world);
  options.header.set("command", Node::of("rynd " + join(invocation.words, " ")));
  options.header.set("project", Node::of(work.project->root().name));
  options.header.set("target", Node::of(work.project->profile.target_name));
  options.header.set("invocation_id", Node::of(work.project->invocation_id));
  options.threads = std::max(1, work.project->profile.threads);
  options.cores = cores;
  // What is built again after a failure, or commits every statement, shares no transaction.
  const project::Profile& profile = work.project->profile;
  const bool shares = profile.transactions && profile.retries.query_attempts <= 1;
  options.group_seconds = shares ? run::group_seconds : 0;
  options.fail_fast = invocation.toggle("fail-fast");
  options.hooks = kind.hooks && !work.plan.tasks.empty();
  options.skip_after_failed_start = project_flag(*work.project, "SKIP_NODES_IF_ON_RUN_START_FAILS");
  options.expected_seconds = run::expected_seconds(session.world.files, work.project->dir, work.plan);
  return options;
}

int exit_code(const run::RunReport& report) {
  if (report.interrupted) return exit_interrupted;
  return report.failed() ? exit_failed : exit_done;
}

// target/sources.json, or where `source freshness --output` says.
bool write_sources(const Invocation& invocation, Session& session, const Project& project,
                   std::span<const quality::FreshnessResult> results, const run::RunReport& report) {
  const catalog::Making making{session.world.clock.now(), {}};
  const Node sources =
      quality::sources_json(catalog::metadata(project, "sources/v3", making), results, report.seconds());
  const std::string output = invocation.text("output");
  const bool is_file = !output.empty() && output != "text" && output != "json";
  const std::filesystem::path path = is_file ? std::filesystem::path(output) : target_folder(project) / "sources.json";
  const Result<void> written = session.world.files.write(path, json::write(sources));
  if (!written) session.console.report(written.error());
  return written.has_value();
}

// A freshness check leaves the results of the last run as they are.
bool write_artifacts(const Invocation& invocation, Session& session, const Work& work, const BuildKind& kind,
                     const run::RunReport& report, std::span<const quality::FreshnessResult> freshness) {
  if (!kind.freshness) return write_run_artifacts(invocation, session, *work.project, report);
  return write_manifest(invocation, session, *work.project, report.results) &&
         write_sources(invocation, session, *work.project, freshness, report);
}

int nothing_to_do(const Invocation& invocation, Session& session, const Work& work, const BuildKind& kind) {
  run::RunReport report;
  report.started_at = report.finished_at = session.world.clock.now();
  const bool told_only = told(session, *work.project,
                              {.severity = Severity::warning,
                               .code = Code::nothing_selected,
                               .message = "nothing to do: no node of this project fits the selection and the command"});
  if (!told_only) return exit_unable;
  return write_artifacts(invocation, session, work, kind, report, {}) ? exit_done : exit_unable;
}

bool work_on_relations(run::TaskKind kind) {
  switch (kind) {
    case run::TaskKind::ingest:
    case run::TaskKind::freshness:
    case run::TaskKind::exposure:
    case run::TaskKind::saved_query:
      return false;
    default:
      return true;
  }
}

// The nodes that a plan builds or reads: their schemas are made before the first one runs.
std::vector<ResourceId> nodes_of(const run::Plan& plan) {
  std::vector<ResourceId> nodes;
  for (const run::Task& task : plan.tasks)
    if (task.resource != project::no_resource && work_on_relations(task.kind)) nodes.push_back(task.resource);
  return nodes;
}

// Sources that the plan loads before what reads them.
std::vector<ResourceId> loaded_sources(const Work& work) {
  std::vector<ResourceId> loaded;
  for (const ingest::Load& load : work.ingest.loads) {
    const ingest::Source& source = work.ingest.sources.all[load.source];
    const ResourceId id = work.project->resolve_source(source.name, source.resources[load.resource].name);
    if (id != project::no_resource && !load.partitions.empty()) loaded.push_back(id);
  }
  return loaded;
}

// What the nodes will fail with, as far as it is known before any of them runs. False: nothing is to run.
bool analyze(const Invocation& invocation, Session& session, const Work& work, std::span<const ResourceId> nodes,
             transform::Runtime& runtime, engine::Connection& connection, run::Observer& reporter) {
  const std::string mode = invocation.text("static-analysis");
  if (mode == "off") return true;
  const std::vector<ResourceId> loaded = loaded_sources(work);
  const auto findings = runtime.analyze(connection, {nodes, loaded}, session.stop);
  if (mode == "strict" && !findings.empty()) {
    Diagnostics errors;
    for (const transform::Finding& finding : findings) errors.push_back(finding.error);
    session.console.report(errors);
    return false;
  }
  if (!findings.empty()) reporter.analyzed(findings);
  return true;
}

int execute(const Invocation& invocation, Session& session, Work& work, const BuildKind& kind, Warehouse& warehouse,
            engine::Connection& connection) {
  Console& console = session.console;
  Checked<transform::RuntimeOptions> wanted = runtime_options(invocation, session, work, kind);
  if (!wanted) {
    console.report(wanted.error());
    return exit_unable;
  }
  transform::Runtime runtime(*work.project, *warehouse, session.world, std::move(*wanted));
  const std::vector<ResourceId> nodes = nodes_of(work.plan);
  if (Result<void> looked = runtime.look(connection); !looked) {
    console.report(looked.error());
    return exit_unable;
  }
  const std::unique_ptr<run::Observer> reporter = make_reporter(invocation, {*work.project, session});
  if (!analyze(invocation, session, work, nodes, runtime, connection, *reporter)) return exit_failed;
  if (Result<void> prepared = runtime.prepare(connection, nodes); !prepared) {
    console.report(prepared.error());
    return exit_unable;
  }
  const run::RunOptions options = run_options(invocation, session, work, kind, warehouse->threads());
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
  run::LogWriter log(std::move(*file), Secrets(session.world.process));
  Result<run::RunReport> report = run::execute(work.plan, options, runner, *reporter, log, session.world, session.stop);
  if (!report) {
    console.report(report.error());
    return exit_unable;
  }
  if (Result<void> recorded = checks.record(options.run_id, connection); !recorded) console.report(recorded.error());
  std::optional<run::Checkpoint> checkpoint;
  if (warehouse.is_own()) checkpoint.emplace(*warehouse);
  if (!write_artifacts(invocation, session, work, kind, *report, runner.freshness())) return exit_unable;
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
    std::optional<project::Selection> selection = session.retry
                                                      ? selection_of(*session.retry, *work.project)
                                                      : select_nodes(invocation, session, *work.project, kind.types);
    if (!selection) return exit_unable;
    work.selection = std::move(*selection);
  }
  Warehouse warehouse(*work.project, session);
  const std::unique_ptr<engine::Connection> connection = connect(warehouse, session);
  if (!connection) return exit_unable;
  run::PlanOptions options{kind.tests_guard_children, kind.freshness, {}};
  options.independent = kind.clones;
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
  if (work.plan.tasks.empty()) return nothing_to_do(invocation, session, work, kind);
  return execute(invocation, session, work, kind, warehouse, *connection);
}

}  // namespace rynd::cli

// Compiling: opens what is needed, and compiles one after the other.
#include "compiling.h"

#include <algorithm>

#include "artifacts.h"
#include "forward.h"
#include "project/error_kind.h"
#include "retry.h"
#include "state.h"

namespace rynd::cli {

using project::ResourceType;

CompileRun::CompileRun(const Invocation& invocation, Session& session)
    : invocation_(invocation), session_(session), began_(session.world.clock.now()) {
  exit_code_ = forward_to_server(invocation, session);
  if (!exit_code_ && !open()) exit_code_ = exit_unable;
}

bool CompileRun::open() {
  output_ = template_output(invocation_, session_.console);
  project_ = open_project(invocation_, session_, output_.get());
  if (!project_) return false;
  if (!invocation_.given("inline") && !invocation_.given("inline-direct")) {
    std::optional<project::Selection> selection =
        session_.retry ? selection_of(*session_.retry, *project_)
                       : select_nodes(invocation_, session_, *project_,
                                      {ResourceType::model, ResourceType::snapshot, ResourceType::test,
                                       ResourceType::analysis, ResourceType::seed, ResourceType::function});
    if (!selection) return false;
    selection_ = std::move(*selection);
  }
  warehouse_ = std::make_unique<Warehouse>(*project_, session_);
  connection_ = connect(*warehouse_, session_);
  if (!connection_) return false;
  transform::RuntimeOptions options;
  if (invocation_.toggle("defer")) {
    auto deferred = deferred_relations(invocation_, session_, *project_);
    if (!deferred) {
      session_.console.report(deferred.error());
      return false;
    }
    options.deferred = std::move(*deferred);
    options.favor_state = invocation_.toggle("favor-state");
  }
  options.full_refresh = invocation_.toggle("full-refresh");
  options.empty = invocation_.toggle("empty");
  options.selected = selection_.nodes;
  options.output = output_.get();
  runtime_ = std::make_unique<transform::Runtime>(*project_, **warehouse_, session_.world, options);
  const Result<void> looked = runtime_->look(*connection_);
  if (!looked) session_.console.report(looked.error());
  return looked.has_value();
}

std::vector<CompiledNode> CompileRun::compile() {
  if (invocation_.given("inline") || invocation_.given("inline-direct")) return {compile_inline()};
  const std::stop_callback interrupt(session_.stop, [this] { connection_->interrupt(); });
  std::vector<CompiledNode> nodes;
  for (const project::ResourceId id : selection_.nodes) {
    if (session_.stop.stop_requested()) break;
    if (wanted(project_->at(id))) nodes.push_back(compile_node(id));
  }
  if (nodes.empty()) {
    session_.console.report({.severity = Severity::warning,
                             .code = Code::nothing_selected,
                             .message = "nothing to compile: no node of this project fits the selection"});
  }
  return nodes;
}

// Seeds have no SQL to compile, but rows to show; a test's rows are shown where it is asked for by name.
bool CompileRun::wanted(const project::Resource& resource) const {
  const bool shows = invocation_.command->name == "show";
  if (resource.type == ResourceType::seed) return shows;
  if (resource.type == ResourceType::function) return !shows;
  if (resource.type != ResourceType::test || !shows) return true;
  return std::ranges::any_of(invocation_.list("select"), [&](const std::string& selector) {
    return selector.find(resource.name) != std::string::npos;
  });
}

CompiledNode CompileRun::compile_inline() {
  if (invocation_.given("inline-direct")) {
    transform::Compiled compiled;
    compiled.sql = invocation_.text("inline-direct");
    return {std::nullopt, std::move(compiled)};
  }
  Checked<transform::Compiled> compiled =
      runtime_->compile_inline(make_source("--inline", invocation_.text("inline")), *connection_, session_.stop);
  if (compiled) return {std::nullopt, std::move(*compiled)};
  session_.console.report(std::move(compiled.error()));
  return {};
}

CompiledNode CompileRun::compile_node(project::ResourceId id) {
  const project::Resource& resource = project_->at(id);
  if (resource.type == ResourceType::seed) {
    transform::Compiled whole;
    whole.sql = "select * from " + resource.relation_name;
    return {id, std::move(whole)};
  }
  transform::NodeResult result;
  result.unique_id = resource.unique_id;
  result.id = id;
  result.thread_id = "MainThread";
  const Instant started = session_.world.clock.now();
  Checked<transform::Compiled> compiled = runtime_->compile(id, *connection_, session_.stop);
  const Instant ended = session_.world.clock.now();
  result.timing.push_back({"compile", started, ended});
  result.execution_time = std::chrono::duration<double>(ended - started).count();
  if (compiled) {
    result.compiled = true;
    result.compiled_code = compiled->sql;
    results_.push_back(std::move(result));
    return {id, std::move(*compiled)};
  }
  result.status = transform::Status::error;
  result.message = project::error_text(compiled.error().front(), resource);
  results_.push_back(std::move(result));
  session_.console.report(std::move(compiled.error()));
  return {id, std::nullopt};
}

bool CompileRun::analyze() {
  Diagnostics errors;
  for (const transform::Finding& finding : runtime_->analyze(*connection_, {selection_.nodes, {}}, session_.stop))
    errors.push_back(finding.error);
  if (!errors.empty()) session_.console.report(errors);
  return errors.empty();
}

// As in dbt, a compilation that failed leaves run_results.json as it was: there is nothing to retry.
void CompileRun::write_artifacts() {
  const auto failed = [](const transform::NodeResult& result) { return result.status == transform::Status::error; };
  if (std::ranges::any_of(results_, failed)) {
    write_manifest(invocation_, session_, *project_, results_);
    return;
  }
  run::RunReport report;
  report.started_at = began_;
  report.finished_at = session_.world.clock.now();
  report.results = results_;
  write_run_artifacts(invocation_, session_, *project_, report);
}

}  // namespace rynd::cli

// Run results: what became of each node, as dbt's run_results.json, schema v6.
#include "artifacts.h"

namespace rynd::catalog {
namespace {

using transform::NodeResult;

Node text_or_null(const std::string& text) { return text.empty() ? Node() : Node::of(text); }

// What is never compiled has neither code nor relation in dbt's results, though a seed makes a table.
bool is_compiled_kind(const project::Project& project, const NodeResult& result) {
  return result.id == project::no_resource || project.at(result.id).type != project::ResourceType::seed;
}

Node windows(const std::vector<transform::TimeWindow>& windows) {
  Node list = Node::list();
  for (const transform::TimeWindow& window : windows) {
    Node pair = Node::list();
    for (const Instant at : {window.start, window.end})
      pair.items.push_back(Node::of(iso8601(at).substr(0, 19) + "+00:00"));
    list.items.push_back(std::move(pair));
  }
  return list;
}

Node batches(const transform::BatchResults& results) {
  Node node = Node::map();
  node.set("successful", windows(results.successful));
  node.set("failed", windows(results.failed));
  return node;
}

// A function's overloads are made in one statement with it: all of them, or none.
Node overload_results(const project::Project& project, const NodeResult& result) {
  if (result.id == project::no_resource || !project.at(result.id).function) return {};
  if (result.status != transform::Status::success) return {};
  Node successful = Node::list();
  for (const auto& overload : project.at(result.id).function->overloads)
    successful.items.push_back(Node::of(overload.defined_in));
  Node entry = Node::map();
  entry.set("successful", std::move(successful));
  entry.set("failed", Node::list());
  return entry;
}

Node result_entry(const project::Project& project, const NodeResult& result) {
  Node timing = Node::list();
  for (const transform::Timing& one : result.timing) {
    Node entry = Node::map();
    entry.set("name", Node::of(one.name));
    entry.set("started_at", Node::of(iso8601(one.started_at)));
    entry.set("completed_at", Node::of(iso8601(one.completed_at)));
    timing.items.push_back(std::move(entry));
  }
  Node entry = Node::map();
  entry.set("status", Node::of(std::string(transform::name_of(result.status))));
  entry.set("timing", std::move(timing));
  entry.set("thread_id", Node::of(result.thread_id));
  entry.set("execution_time", Node::of_real(result.execution_time));
  entry.set("adapter_response", result.adapter_response);
  entry.set("message", text_or_null(result.message));
  entry.set("failures", result.failures ? Node::of(*result.failures) : Node());
  entry.set("unique_id", Node::of(result.unique_id));
  // What was skipped would have been compiled, and has its place all the same.
  const project::Resource* skipped = result.status == transform::Status::skipped && result.id != project::no_resource
                                         ? &project.at(result.id)
                                         : nullptr;
  const bool compiles = skipped && skipped->type != project::ResourceType::seed && !skipped->language.empty() &&
                        skipped->type < project::ResourceType::source;
  entry.set("compiled", result.compiled ? Node::of(true) : compiles ? Node::of(false) : Node());
  entry.set("compiled_code", result.compiled ? Node::of(result.compiled_code) : Node());
  const std::string& relation = skipped && skipped->is_relation() ? skipped->relation_name : result.relation_name;
  entry.set("relation_name", is_compiled_kind(project, result) ? text_or_null(relation) : Node());
  entry.set("batch_results", result.batch_results ? batches(*result.batch_results) : Node());
  entry.set("overload_results", overload_results(project, result));
  return entry;
}

}  // namespace

Node run_results(const project::Project& project, std::span<const NodeResult> results, double elapsed_seconds,
                 const Making& making) {
  Node list = Node::list();
  for (const NodeResult& result : results) list.items.push_back(result_entry(project, result));
  Node root = Node::map();
  root.set("metadata", metadata(project, "run-results/v6", making));
  root.set("results", std::move(list));
  root.set("elapsed_time", Node::of_real(elapsed_seconds));
  root.set("args", making.args);
  return root;
}

}  // namespace rynd::catalog

// JSON reporter: a run for programs, one object a line.
#include "base/json.h"
#include "base/render.h"
#include "report.h"

namespace rynd::cli {
namespace {

using run::RunReport;
using run::Task;
using transform::NodeResult;

Node event_of(std::string name) {
  Node event = Node::map();
  event.set("event", Node::of(std::move(name)));
  return event;
}

void name_task(Node& event, const Task& task, size_t number) {
  event.set("number", Node::of(static_cast<int64_t>(number)));
  event.set("kind", Node::of(std::string(run::name_of(task.kind))));
  event.set("unique_id", Node::of(task.unique_id));
  event.set("name", Node::of(task.name));
}

Node diagnostics_of(const Diagnostics& diagnostics) {
  Node list = Node::list();
  for (const Diagnostic& diagnostic : diagnostics) {
    Result<Document> one = json::read(make_source("diagnostic", render_json(diagnostic)));
    if (one) list.items.push_back(std::move(one->root));
  }
  return list;
}

void describe(Node& event, const NodeResult& result) {
  event.set("status", Node::of(std::string(transform::name_of(result.status))));
  event.set("message", Node::of(result.message));
  event.set("seconds", Node::of_real(result.execution_time));
  event.set("failures", result.failures ? Node::of(*result.failures) : Node());
  event.set("adapter_response", result.adapter_response);
  event.set("diagnostics", diagnostics_of(result.diagnostics));
}

}  // namespace

void JsonReporter::print(const Node& event) { context_.session.console.out(json::write(event) + "\n"); }

void JsonReporter::analyzed(std::span<const transform::Finding> findings) {
  for (const auto& [id, error] : findings) {
    Node event = event_of("static_analysis");
    event.set("unique_id", Node::of(context_.project.at(id).unique_id));
    event.set("diagnostics", diagnostics_of({error}));
    print(event);
  }
}

void JsonReporter::run_began(const run::Plan& plan, int threads) {
  Node event = event_of("run_began");
  event.set("tasks", Node::of(static_cast<int64_t>(plan.tasks.size())));
  event.set("threads", Node::of(static_cast<int64_t>(threads)));
  event.set("target", Node::of(context_.project.profile.target_name));
  print(event);
}

void JsonReporter::task_began(const Task& task, size_t number) {
  Node event = event_of("task_began");
  name_task(event, task, number);
  print(event);
}

void JsonReporter::task_ended(const Task& task, size_t number, const NodeResult& result) {
  Node event = event_of("task_ended");
  name_task(event, task, number);
  describe(event, result);
  print(event);
}

void JsonReporter::hooks_ended(bool on_run_end, std::span<const NodeResult> results) {
  for (const NodeResult& result : results) {
    Node event = event_of("hook_ended");
    event.set("on_run_end", Node::of(on_run_end));
    event.set("unique_id", Node::of(result.unique_id));
    describe(event, result);
    print(event);
  }
}

void JsonReporter::run_ended(const RunReport& report) {
  Node event = event_of("run_ended");
  event.set("run_id", Node::of(report.run_id));
  event.set("status", Node::of(std::string(report.interrupted ? "interrupted"
                                           : report.failed()  ? "failed"
                                                              : "success")));
  event.set("seconds", Node::of_real(report.seconds()));
  Node counts = Node::map();
  for (const NodeResult& result : report.results) {
    const std::string status(transform::name_of(result.status));
    const Node* known = counts.find(status);
    counts.set(status, Node::of(known ? known->integer + 1 : int64_t{1}));
  }
  event.set("counts", std::move(counts));
  print(event);
}

}  // namespace rynd::cli

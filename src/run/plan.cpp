// Plan: selection to tasks, with dbt's order: contracted edges, tests between a node and its children.
#include "run/plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "base/json.h"
#include "base/text.h"
#include "transform/transform.h"

namespace rynd::run {
namespace {

using project::Project;
using project::Resource;
using project::ResourceId;
using project::ResourceType;

constexpr TaskId no_task = UINT32_MAX;

std::string titled(const Resource& resource) {
  const std::string relation = resource.schema + "." + resource.alias;
  switch (resource.type) {
    case ResourceType::seed:
      return "seed file " + relation;
    case ResourceType::snapshot:
      return "snapshot " + relation;
    case ResourceType::function:
      return "function " + relation;
    case ResourceType::test:
      return "test " + resource.name;
    case ResourceType::unit_test:
      return "unit_test " + resource.unit_test->model + "::" + resource.name;
    case ResourceType::exposure:
      return "exposure " + resource.name;
    case ResourceType::saved_query:
      return "saved query " + resource.name;
    default:
      return fmt::format("{} {} model {}", resource.language, resource.config.materialized(), relation);
  }
}

std::string called(const Resource& resource) {
  if (resource.type == ResourceType::test) return resource.name;
  if (resource.type == ResourceType::unit_test) return resource.unit_test->model + "::" + resource.name;
  if (resource.type == ResourceType::source) return resource.source->source_name + "." + resource.name;
  if (resource.type == ResourceType::exposure || resource.type == ResourceType::saved_query) return resource.name;
  return resource.schema + "." + resource.alias;
}

std::optional<TaskKind> kind_of(const Resource& resource) {
  switch (resource.type) {
    case ResourceType::model:
      return resource.is_ephemeral() ? std::nullopt : std::optional(TaskKind::model);
    case ResourceType::seed:
      return TaskKind::seed;
    case ResourceType::snapshot:
      return TaskKind::snapshot;
    case ResourceType::function:
      return TaskKind::function;
    case ResourceType::test:
      return TaskKind::test;
    case ResourceType::unit_test:
      return TaskKind::unit_test;
    case ResourceType::exposure:
      return TaskKind::exposure;
    case ResourceType::saved_query:
      return TaskKind::saved_query;
    default:
      return std::nullopt;
  }
}

bool is_built(TaskKind kind) { return kind == TaskKind::seed || kind == TaskKind::model || kind == TaskKind::snapshot; }

// Whether a task is executed by transform, whose nodes may share a transaction.
bool runs_in_a_session(TaskKind kind) {
  return kind == TaskKind::seed || kind == TaskKind::model || kind == TaskKind::snapshot || kind == TaskKind::test;
}

class Planner {
 public:
  Planner(const Project& project, const project::Selection& selection, const PlanOptions& options)
      : project_(project), options_(options), task_of_(project.resources.size(), no_task) {
    add_loads();
    for (ResourceId id : selection.nodes) add(id);
  }

  Plan plan() {
    std::vector<std::set<TaskId>> after(plan_.tasks.size());
    if (options_.independent) return std::move(plan_);
    find_nearest();
    for (TaskId task = 0; task < plan_.tasks.size(); ++task) {
      const Task& it = plan_.tasks[task];
      if (it.kind == TaskKind::freshness) continue;
      if (it.kind == TaskKind::ingest) {
        // Loads come first in the list, so a load's place in the options is its place here.
        for (size_t parent : options_.loads[it.load].after) after[task].insert(static_cast<TaskId>(parent));
        continue;
      }
      for (ResourceId parent : project_.graph.parents(it.resource)) add_nearest(parent, after[task]);
      after[task].erase(task);
    }
    if (options_.tests_guard_children) guard(after);
    for (TaskId task = 0; task < plan_.tasks.size(); ++task)
      plan_.tasks[task].after.assign(after[task].begin(), after[task].end());
    return sorted();
  }

 private:
  void add(ResourceId id) {
    const Resource& resource = project_.at(id);
    if (resource.type == ResourceType::source) {
      if (options_.freshness && resource.source->freshness) add_freshness(id);
      return;
    }
    const std::optional<TaskKind> kind = kind_of(resource);
    if (!kind || task_of_[id] != no_task) return;
    task_of_[id] = static_cast<TaskId>(plan_.tasks.size());
    Task task{*kind, id, resource.unique_id, called(resource), titled(resource), "selected"};
    task.failure_passes = resource.config.text("on_error") == "continue";
    task.alone = !runs_in_a_session(*kind) || !transform::Runtime::may_join(resource);
    plan_.tasks.push_back(std::move(task));
  }

  void add_freshness(ResourceId id) {
    const Resource& resource = project_.at(id);
    task_of_[id] = static_cast<TaskId>(plan_.tasks.size());
    plan_.tasks.push_back({TaskKind::freshness, id, resource.unique_id, called(resource),
                           "freshness of " + called(resource), "selected, and has a freshness rule"});
  }

  void add_loads() {
    std::map<std::string, ResourceId> tables;
    for (ResourceId id : project_.of_type(ResourceType::source)) tables[called(project_.at(id))] = id;
    for (size_t at = 0; at < options_.loads.size(); ++at) {
      const PlannedLoad& load = options_.loads[at];
      Task task{.kind = TaskKind::ingest, .name = load.source + "." + load.resource, .reason = load.reason, .load = at};
      task.title = "ingest " + task.name;
      task.unique_id = fmt::format("source.{}.{}", project_.root().name, task.name);
      if (const auto table = tables.find(task.name); table != tables.end()) {
        task.resource = table->second;
        task.unique_id = project_.at(table->second).unique_id;
        task_of_[table->second] = static_cast<TaskId>(plan_.tasks.size());
      }
      plan_.tasks.push_back(std::move(task));
    }
  }

  // For each node that is no task, the tasks through which it is reached from above; parents come before children.
  void find_nearest() {
    nearest_.resize(project_.resources.size());
    for (ResourceId id : project_.graph.order()) {
      if (task_of_[id] != no_task) continue;
      for (ResourceId parent : project_.graph.parents(id)) add_nearest(parent, nearest_[id]);
    }
  }

  void add_nearest(ResourceId parent, std::set<TaskId>& tasks) const {
    if (task_of_[parent] != no_task)
      tasks.insert(task_of_[parent]);
    else
      tasks.insert(nearest_[parent].begin(), nearest_[parent].end());
  }

  // A node waits for the tests of its parents where it could have waited for all that the test reads: as dbt build.
  void guard(std::vector<std::set<TaskId>>& after) {
    std::map<TaskId, std::vector<TaskId>> tests_of;
    for (TaskId task = 0; task < plan_.tasks.size(); ++task) {
      const Task& it = plan_.tasks[task];
      if (it.kind == TaskKind::test)
        for (TaskId parent : after[task]) tests_of[parent].push_back(task);
    }
    const std::vector<std::set<TaskId>> before = after;
    for (TaskId task = 0; task < plan_.tasks.size(); ++task) {
      if (!is_built(plan_.tasks[task].kind) || before[task].empty()) continue;
      const std::set<TaskId> above = ancestors(task, before);
      for (TaskId parent : before[task])
        for (TaskId test : tests_of[parent])
          if (std::ranges::includes(above, before[test])) after[task].insert(test);
    }
    // After that: a unit test is skipped where its model is.
    for (TaskId task = 0; task < plan_.tasks.size(); ++task)
      if (plan_.tasks[task].kind == TaskKind::unit_test) guard_model(task, after);
  }

  // A unit test needs what its model reads, not the model, and comes before it.
  void guard_model(TaskId unit_test, std::vector<std::set<TaskId>>& after) {
    const ResourceId tested = project_.at(plan_.tasks[unit_test].resource).unit_test->tested;
    if (tested == project::no_resource || task_of_[tested] == no_task) return;
    const TaskId model = task_of_[tested];
    after[unit_test] = after[model];
    for (TaskId task = 0; task < plan_.tasks.size(); ++task)
      if (plan_.tasks[task].kind == TaskKind::unit_test) after[unit_test].erase(task);
    after[model].insert(unit_test);
  }

  std::set<TaskId> ancestors(TaskId task, const std::vector<std::set<TaskId>>& after) const {
    std::set<TaskId> found;
    std::vector<TaskId> open(after[task].begin(), after[task].end());
    while (!open.empty()) {
      const TaskId next = open.back();
      open.pop_back();
      if (found.insert(next).second) open.insert(open.end(), after[next].begin(), after[next].end());
    }
    return found;
  }

  // Parents first, otherwise in the order found; ids are places, so edges are renumbered.
  Plan sorted() {
    std::vector<size_t> waits(plan_.tasks.size());
    std::vector<std::vector<TaskId>> children(plan_.tasks.size());
    std::set<TaskId> ready;
    for (TaskId task = 0; task < plan_.tasks.size(); ++task) {
      waits[task] = plan_.tasks[task].after.size();
      for (TaskId parent : plan_.tasks[task].after) children[parent].push_back(task);
      if (waits[task] == 0) ready.insert(task);
    }
    std::vector<TaskId> place(plan_.tasks.size(), no_task);
    Plan result;
    while (!ready.empty()) {
      const TaskId task = *ready.begin();
      ready.erase(ready.begin());
      place[task] = static_cast<TaskId>(result.tasks.size());
      Task moved = std::move(plan_.tasks[task]);
      for (TaskId& parent : moved.after) parent = place[parent];
      result.tasks.push_back(std::move(moved));
      for (TaskId child : children[task])
        if (--waits[child] == 0) ready.insert(child);
    }
    return result;
  }

  const Project& project_;
  const PlanOptions& options_;
  Plan plan_;
  std::vector<TaskId> task_of_;  // by ResourceId
  std::vector<std::set<TaskId>> nearest_;
};

}  // namespace

Plan make_plan(const Project& project, const project::Selection& selection, const PlanOptions& options) {
  return Planner(project, selection, options).plan();
}

std::string print_plan(const Plan& plan) {
  std::string text = fmt::format("{} task{}\n", plan.tasks.size(), plan.tasks.size() == 1 ? "" : "s");
  for (TaskId task = 0; task < plan.tasks.size(); ++task) {
    const Task& it = plan.tasks[task];
    std::vector<std::string> parents;
    for (TaskId parent : it.after) parents.push_back(std::to_string(parent + 1));
    text += fmt::format("{:>4}  {}{}  ({})\n", task + 1, it.title,
                        parents.empty() ? "" : "  after " + join(parents, ", "), it.reason);
  }
  return text;
}

std::string print_plan_json(const Plan& plan) {
  Node tasks = Node::list();
  for (const Task& task : plan.tasks) {
    Node after = Node::list();
    for (TaskId parent : task.after) after.items.push_back(Node::of(plan.tasks[parent].unique_id));
    Node entry = Node::map();
    entry.set("kind", Node::of(std::string(name_of(task.kind))));
    entry.set("unique_id", Node::of(task.unique_id));
    entry.set("name", Node::of(task.name));
    entry.set("reason", Node::of(task.reason));
    entry.set("after", std::move(after));
    tasks.items.push_back(std::move(entry));
  }
  Node root = Node::map();
  root.set("tasks", std::move(tasks));
  return json::write(root);
}

}  // namespace rynd::run

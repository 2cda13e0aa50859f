// Plan: what a command is going to do, as a list of tasks with reasons and order. Making it changes nothing.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "project/project.h"
#include "project/select.h"
#include "run/task.h"

namespace rynd::run {

struct Plan {
  std::vector<Task> tasks;  // parents before children
};

// The load of one ingested table, as ingest plans it.
struct PlannedLoad {
  std::string source;
  std::string resource;
  std::string reason;              // "3 partitions: 2 new, 1 changed"
  std::vector<size_t> after = {};  // places in the list
};

struct PlanOptions {
  // As `build`: what reads a node waits for the node's tests, and a model for its unit tests. A failing one skips it.
  bool tests_guard_children = false;
  // Sources whose `freshness` is checked become tasks (`source freshness`).
  bool freshness = false;
  // Tasks wait for nothing (`clone`).
  bool independent = false;
  // Loads to do, before what reads their tables. A failed one does not stop the loads after it, only readers.
  std::vector<PlannedLoad> loads = {};
};

// The selected nodes that are done by something (ephemeral models, analyses, ... are not) or that dbt lists as no-ops
// (exposures, saved queries), in order. A task also waits for tasks it reaches only through nodes that are not
// selected.
Plan make_plan(const project::Project& project, const project::Selection& selection, const PlanOptions& options = {});

// For people: a line a task with its reason and what it waits for.
std::string print_plan(const Plan& plan);
// A JSON object: {"tasks": [{"kind","unique_id","name","reason","after":[unique ids]}]}
std::string print_plan_json(const Plan& plan);

}  // namespace rynd::run

// Task: one thing a run does, as plain data.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "project/project.h"

namespace rynd::run {

// Exposures and saved queries do nothing: dbt lists them in a build all the same.
enum class TaskKind : uint8_t {
  ingest,
  seed,
  model,
  snapshot,
  test,
  unit_test,
  freshness,
  exposure,
  saved_query,
  function
};

// "ingest", "seed", "model", ...
std::string_view name_of(TaskKind kind);

// False for exposures and saved queries.
bool does_something(TaskKind kind);

// A task's place in its plan.
using TaskId = uint32_t;

struct Task {
  TaskKind kind = TaskKind::model;
  project::ResourceId resource = project::no_resource;  // the node it is about; a load may have none
  std::string unique_id;                                // of the node; "source.<package>.<source>.<table>" for a load
  std::string name;    // what a person calls it: "main.orders", "unique_orders_id", "trips"
  std::string title;   // with its kind, as dbt words it: "sql table model main.orders", "test unique_orders_id"
  std::string reason;  // why it is in the plan: "selected", "its source is stale"
  size_t load = 0;     // of a load: its place in PlanOptions::loads
  bool failure_passes = false;     // `on_error: continue`: what waits for it runs though it failed
  bool alone = true;               // in transactions of its own; else it may share one with others
  std::vector<TaskId> after = {};  // it waits for these, and is skipped where one of them fails
};

}  // namespace rynd::run

// Task: one thing a run does, as plain data.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "project/project.h"

namespace rynd::run {

enum class TaskKind : uint8_t { ingest, seed, model, snapshot, test, unit_test, freshness };

// "ingest", "seed", "model", ...
std::string_view name_of(TaskKind kind);

// A task's place in its plan.
using TaskId = uint32_t;

struct Task {
  TaskKind kind = TaskKind::model;
  // The node it is about; of a load, the first of the source's tables.
  project::ResourceId resource = project::no_resource;
  std::string unique_id;  // of the node; "ingest.<package>.<source>" for a load
  std::string name;       // what a person calls it: "main.orders", "unique_orders_id", "trips"
  std::string title;      // with its kind, as dbt words it: "sql table model main.orders", "test unique_orders_id"
  std::string reason;     // why it is in the plan: "selected", "its source is stale"
  std::vector<TaskId> after = {};  // it waits for these, and is skipped where one of them fails
};

}  // namespace rynd::run

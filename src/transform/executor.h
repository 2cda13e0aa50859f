// Executor: builds one node: compile, materialize, commit or roll back, and say what happened.
#pragma once

#include "parts.h"
#include "transform.h"

namespace rynd::transform {

struct Batch;

NodeResult execute_node(Runtime::Parts& parts, project::ResourceId id, engine::Connection& connection,
                        const ExecuteOptions& options);
// One go at a node: with `batch`, only that window of time; `adds`: whatever --full-refresh says, it adds to the table.
NodeResult execute_once(Runtime::Parts& parts, const project::Resource& resource, engine::Connection& connection,
                        const ExecuteOptions& options, const Batch* batch = nullptr, bool adds = false);

}  // namespace rynd::transform

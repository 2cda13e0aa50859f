// Executor: builds one node: compile, materialize, commit or roll back, and say what happened.
#pragma once

#include "parts.h"
#include "transform.h"

namespace rynd::transform {

NodeResult execute_node(Runtime::Parts& parts, project::ResourceId id, engine::Connection& connection, const ExecuteOptions& options);

}  // namespace rynd::transform

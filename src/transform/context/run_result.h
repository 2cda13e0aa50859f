// RunResult: what on-run-end hooks see of one node's outcome, in dbt's shape.
#pragma once

#include "jinja/value.h"
#include "project/project.h"
#include "transform.h"

namespace rynd::transform {

// status, message, failures, execution_time, thread_id, timing, adapter_response and node, an object with the node's
// fields as the manifest has them; each with to_dict().
jinja::Value run_result_value(const project::Project& project, const NodeResult& result);

}  // namespace rynd::transform

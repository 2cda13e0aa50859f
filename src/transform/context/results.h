// Results: storing and loading the results of statements, writing SQL to target/run, and the template's `graph`.
#pragma once

#include <functional>
#include <optional>
#include <string_view>

#include "jinja/object.h"
#include "project/project.h"
#include "session.h"

namespace rynd::transform {

class RunContext;

// store_result, store_raw_result, load_result, write, submit_python_job; nothing: another name.
std::optional<jinja::Value> result_function(std::string_view name);
// dbt's AdapterResponse.
jinja::Value response_value(const Response& response);
// Where print_table() writes.
std::function<void(std::string_view)> printer(RunContext& context);
// The project as `graph` has it: nodes, sources, exposures, ... by unique id.
jinja::Value graph_value(const project::Project& project);

}  // namespace rynd::transform

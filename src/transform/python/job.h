// Job: runs the code of a model in Python in a process of its own, and does in the warehouse what that asks for: tables
// to read, a table to make.
#pragma once

#include <string>

#include "context/run_context.h"

namespace rynd::transform {

// `code` is the compiled model followed by a function materialize(df, con); `con` knows register, unregister and
// execute, and the statements run in the node's transaction. The interpreter is $RYND_PYTHON, else python3. What the
// model prints is logged. Fails with RYND1213 where Python or a module is missing, with RYND1214 at the line of the
// model that failed, or with what the warehouse said.
jinja::Outcome<Response> run_python_job(RunContext& context, const std::string& code);

}  // namespace rynd::transform

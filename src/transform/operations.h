// Operations: what runs SQL without building a node: hooks of a run, run-operation, show.
#pragma once

#include "parts.h"
#include "transform.h"

namespace rynd::transform {

std::vector<NodeResult> run_hooks_of(Runtime::Parts& parts, bool on_run_end, engine::Connection& connection,
                                     std::span<const NodeResult> results, const ExecuteOptions& options);
Checked<void> run_macro_of(Runtime::Parts& parts, std::string_view name, const Node& arguments,
                           engine::Connection& connection, const ExecuteOptions& options);
Checked<engine::Table> show_rows(Runtime::Parts& parts, const Compiled& compiled, const project::Resource* resource,
                                 int64_t limit, engine::Connection& connection, std::stop_token stop);

}  // namespace rynd::transform

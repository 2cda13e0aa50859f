// Static analysis: the SQL of nodes is bound against empty tables before any of them runs.
#pragma once

#include <span>
#include <stop_token>
#include <vector>

#include "parts.h"
#include "transform.h"

namespace rynd::transform {

// See Runtime::analyze(), which remembers what was found in `parts`.
std::vector<Finding> analyze_nodes(Runtime::Parts& parts, engine::Connection& warehouse, const Analyzed& wanted,
                                   std::stop_token stop);

}  // namespace rynd::transform

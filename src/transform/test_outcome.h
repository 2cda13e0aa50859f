// TestOutcome: what the one row of a data test means, by its severity.
#pragma once

#include "session.h"
#include "transform.h"

namespace rynd::transform {

// Sets status, message and failures. `counted`: the row (failures, should_warn, should_error); null or another shape is
// an error of the test's materialization.
void judge_test(NodeResult& result, const project::Resource& test, const AgatePtr& counted, const Node& flags);

}  // namespace rynd::transform

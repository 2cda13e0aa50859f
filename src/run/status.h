// Status: which results count as failures of a run.
#pragma once

#include "transform/transform.h"

namespace rynd::run {

// What waits for such a node is skipped; as in dbt, a skipped one counts.
constexpr bool is_bad(transform::Status status) {
  switch (status) {
    using enum transform::Status;
    case error:
    case fail:
    case runtime_error:
    case partial_success:
    case skipped:
      return true;
    default:
      return false;
  }
}

}  // namespace rynd::run

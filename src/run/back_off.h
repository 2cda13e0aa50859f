// BackOff: how long is waited before what failed for a passing reason is tried again.
#pragma once

#include <algorithm>
#include <chrono>

namespace rynd::run {

// After the first attempt a second, after each other one twice as long as before, as dbt-duckdb waits; never more than
// 17 minutes.
inline std::chrono::seconds back_off(int attempt) {
  return std::chrono::seconds(1) * (1 << std::clamp(attempt - 1, 0, 10));
}

}  // namespace rynd::run

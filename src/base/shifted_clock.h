// Shifted clock: another clock, as if it were another day.
#pragma once

#include "base/clock.h"

namespace rynd {

// Says `now` at first, and goes on as fast as the clock that it is made of, which outlives it. Durations and sleeping
// are that clock's.
class ShiftedClock final : public Clock {
 public:
  ShiftedClock(Clock& clock, Instant now) : clock_(clock), by_(now - clock.now()) {}
  Instant now() override { return clock_.now() + by_; }
  std::chrono::steady_clock::time_point steady() override { return clock_.steady(); }
  bool sleep(std::chrono::milliseconds duration, std::stop_token stop = {}) override {
    return clock_.sleep(duration, stop);
  }

 private:
  Clock& clock_;
  std::chrono::microseconds by_;
};

}  // namespace rynd

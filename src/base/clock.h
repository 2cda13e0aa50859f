// Clock: the door to time. Nothing else may ask the system for it or sleep.
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <stop_token>
#include <string>

namespace rynd {

using Instant = std::chrono::sys_time<std::chrono::microseconds>;

class Clock {
 public:
  virtual ~Clock() = default;
  // UTC wall clock.
  virtual Instant now() = 0;
  // For durations; never goes back.
  virtual std::chrono::steady_clock::time_point steady() = 0;
  // Returns early, and false, when a stop is asked for.
  virtual bool sleep(std::chrono::milliseconds duration, std::stop_token stop = {}) = 0;
};

class RealClock final : public Clock {
 public:
  Instant now() override;
  std::chrono::steady_clock::time_point steady() override;
  bool sleep(std::chrono::milliseconds duration, std::stop_token stop = {}) override;
};

// Starts at a given instant and moves only when told to or slept on.
class SimClock final : public Clock {
 public:
  explicit SimClock(Instant start) : now_(start) {}
  Instant now() override;
  std::chrono::steady_clock::time_point steady() override;
  bool sleep(std::chrono::milliseconds duration, std::stop_token stop = {}) override;
  void advance(std::chrono::microseconds by);

 private:
  std::mutex mutex_;
  Instant now_;
};

// "2026-11-21T11:32:00.123456Z"
std::string iso8601(Instant instant);

}  // namespace rynd

// Clock: the system's time, and a time that tests move.
#include "base/clock.h"

#include <cstdio>

namespace rynd {

Instant RealClock::now() {
  return std::chrono::time_point_cast<std::chrono::microseconds>(std::chrono::system_clock::now());
}

std::chrono::steady_clock::time_point RealClock::steady() { return std::chrono::steady_clock::now(); }

bool RealClock::sleep(std::chrono::milliseconds duration, std::stop_token stop) {
  std::mutex mutex;
  std::condition_variable_any woken;
  std::unique_lock lock(mutex);
  woken.wait_for(lock, stop, duration, [] { return false; });
  return !stop.stop_requested();
}

Instant SimClock::now() {
  std::scoped_lock lock(mutex_);
  return now_;
}

std::chrono::steady_clock::time_point SimClock::steady() {
  std::scoped_lock lock(mutex_);
  return std::chrono::steady_clock::time_point(now_.time_since_epoch());
}

bool SimClock::sleep(std::chrono::milliseconds duration, std::stop_token stop) {
  if (stop.stop_requested()) return false;
  advance(duration);
  return true;
}

void SimClock::advance(std::chrono::microseconds by) {
  std::scoped_lock lock(mutex_);
  now_ += by;
}

std::string iso8601(Instant instant) {
  auto day = std::chrono::floor<std::chrono::days>(instant);
  std::chrono::year_month_day date(day);
  std::chrono::hh_mm_ss time(instant - day);
  char text[48];
  std::snprintf(text, sizeof text, "%04d-%02u-%02uT%02ld:%02ld:%02ld.%06ldZ", static_cast<int>(date.year()),
                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                static_cast<long>(time.hours().count()), static_cast<long>(time.minutes().count()),
                static_cast<long>(time.seconds().count()), static_cast<long>(time.subseconds().count()));
  return text;
}

}  // namespace rynd

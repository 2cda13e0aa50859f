// Modules: Python's datetime, re, itertools and pytz as templates use them, decimals and dates as values.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "jinja/value.h"

namespace rynd::jinja {

// modules.datetime: date, time, datetime, timedelta, timezone, UTC. `clock` tells now() and today(); it must outlive
// the value.
Value datetime_module(Clock& clock);
// modules.pytz: timezone(name), utc, UTC, all_timezones... from the system's zone files. Unknown names raise
// UnknownTimeZoneError.
Value pytz_module();
// modules.re, on PCRE2.
Value re_module();
Value itertools_module();

// Python's decimal.Decimal: "1.50", "-3E+2". Fails with ValueError for what is no number.
Outcome<Value> make_decimal(std::string_view text);
// A date; the value's str() is ISO 8601.
Value make_date(int year, unsigned month, unsigned day);
// A time of day without zone, microseconds since midnight.
Value make_time(int64_t microseconds);
// A date and time, in microseconds since 1970: without a zone as wall clock time, or in UTC.
Value make_datetime(int64_t microseconds, bool utc);
Value make_timedelta(int64_t microseconds);

// Back from such values: what an engine needs to bind one. Nothing: it is none of that kind.
struct Moment {
  int64_t microseconds = 0;                   // since 1970, wall clock
  std::optional<int64_t> utc_offset_seconds;  // where it has a zone
};
std::optional<Moment> as_datetime(const Value& value);
std::optional<int64_t> as_date(const Value& value);         // days since 1970
std::optional<std::string> as_decimal(const Value& value);  // its text
bool is_date_like(const Value& value);                      // date, time, datetime or timedelta

}  // namespace rynd::jinja

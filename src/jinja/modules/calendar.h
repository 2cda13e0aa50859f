// Calendar: the proleptic Gregorian calendar, and Python's ways to write and read dates.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace rynd::jinja {

inline constexpr int64_t second_us = 1'000'000;
inline constexpr int64_t day_us = 86'400 * second_us;

// A wall clock's reading.
struct Fields {
  int year = 1970;
  int month = 1;
  int day = 1;
  int hour = 0;
  int minute = 0;
  int second = 0;
  int microsecond = 0;
};

int64_t floor_divide(int64_t a, int64_t b);
int64_t days_of(int year, int month, int day);  // since 1970
int days_in_month(int year, int month);
// Microseconds since 1970 of a reading, and back.
int64_t microseconds_of(const Fields& fields);
Fields fields_of(int64_t microseconds);
int weekday_of(int64_t days);   // Monday is 0
int year_day_of(int64_t days);  // 1..366
struct IsoWeek {
  int year, week, weekday;  // weekday: Monday is 1
};
IsoWeek iso_week_of(int64_t days);

// What strftime needs of a zone; nothing: naive, and %z and %Z give "".
struct ZoneText {
  int offset_seconds = 0;
  std::string name;
};
// Python's strftime on Linux. An unknown directive stays as it is written.
std::string write_date(std::string_view format, const Fields& fields, const std::optional<ZoneText>& zone);

struct ReadDate {
  Fields fields;
  std::optional<int> offset_seconds;  // where the format has %z
  std::string problem;                // not empty: Python's message of the ValueError
};
// Python's strptime with English names.
ReadDate read_date(std::string_view text, std::string_view format);

// "+05:30", with seconds where there are some; `separator` is ":" or "".
std::string offset_text(int seconds, std::string_view separator);
// "12:30:45.000001"; the fraction only where there is one.
std::string clock_text(const Fields& fields);
// "2024-05-01"
std::string day_text(const Fields& fields);

// Python 3.11's fromisoformat for datetimes; a date alone is midnight. Nothing: invalid.
std::optional<ReadDate> read_iso(std::string_view text);

}  // namespace rynd::jinja

// Dates: Python's date, time, datetime, timedelta and time zones as objects of the template language.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "modules/calendar.h"
#include "modules/zones.h"
#include "object.h"
#include "value.h"

namespace rynd::jinja {

// A time zone as one fixed offset. A pytz zone gives a different one of these for each of its rules, which is how pytz
// itself presents them: a datetime carries the rule that was chosen when it was localized or converted.
class TimeZone final : public Object {
 public:
  enum class Style : uint8_t { datetime_timezone, pytz_utc, pytz_zone };
  TimeZone(Style style, std::shared_ptr<const Zone> zone, ZoneRule rule)
      : style(style), zone(std::move(zone)), rule(std::move(rule)) {}

  const Style style;
  const std::shared_ptr<const Zone> zone;  // of a pytz zone
  const ZoneRule rule;

  std::string_view type_name() const override;
  Outcome<std::optional<Value>> attr(std::string_view name) override;
  std::string repr() override;
  std::string str() override;
  bool equals(const Value& other) override;
  std::optional<uint64_t> hash() override;
};
using TimeZoneRef = Ref<TimeZone>;

TimeZoneRef utc_zone();  // pytz.utc
TimeZoneRef fixed_zone(int offset_seconds, std::string name = {});
// The zone's rule at an instant.
TimeZoneRef zone_at(const TimeZone& zone, int64_t utc_microseconds);

class TimeDelta final : public Object {
 public:
  explicit TimeDelta(int64_t microseconds) : microseconds(microseconds) {}
  const int64_t microseconds;

  std::string_view type_name() const override { return "datetime.timedelta"; }
  Outcome<std::optional<Value>> attr(std::string_view name) override;
  std::string repr() override;
  std::string str() override;
  bool truth() override { return microseconds != 0; }
  bool equals(const Value& other) override;
  std::optional<uint64_t> hash() override;
  std::optional<std::partial_ordering> compare(const Value& other) override;
  Outcome<std::optional<Value>> operate(Operator op, const Value& other, bool reflected) override;
  Outcome<std::optional<Value>> negate() override;
};

class Date final : public Object {
 public:
  explicit Date(int64_t days) : days(days) {}
  const int64_t days;  // since 1970

  std::string_view type_name() const override { return "datetime.date"; }
  Outcome<std::optional<Value>> attr(std::string_view name) override;
  std::string repr() override;
  std::string str() override;
  bool equals(const Value& other) override;
  std::optional<uint64_t> hash() override;
  std::optional<std::partial_ordering> compare(const Value& other) override;
  Outcome<std::optional<Value>> operate(Operator op, const Value& other, bool reflected) override;
  Outcome<std::optional<std::string>> format(std::string_view spec) override;
};

class Time final : public Object {
 public:
  Time(int64_t microseconds, TimeZoneRef zone) : microseconds(microseconds), zone(std::move(zone)) {}
  const int64_t microseconds;  // since midnight
  const TimeZoneRef zone;      // may be none

  std::string_view type_name() const override { return "datetime.time"; }
  Outcome<std::optional<Value>> attr(std::string_view name) override;
  std::string repr() override;
  std::string str() override;
  bool equals(const Value& other) override;
  std::optional<uint64_t> hash() override;
  std::optional<std::partial_ordering> compare(const Value& other) override;
  Outcome<std::optional<std::string>> format(std::string_view spec) override;
};

class DateTime final : public Object {
 public:
  DateTime(int64_t wall, TimeZoneRef zone) : wall(wall), zone(std::move(zone)) {}
  const int64_t wall;      // microseconds since 1970 as the wall clock shows them
  const TimeZoneRef zone;  // may be none

  int64_t utc() const { return wall - (zone ? zone->rule.offset * second_us : 0); }
  Fields fields() const { return fields_of(wall); }

  std::string_view type_name() const override { return "datetime.datetime"; }
  Outcome<std::optional<Value>> attr(std::string_view name) override;
  std::string repr() override;
  std::string str() override;
  bool equals(const Value& other) override;
  std::optional<uint64_t> hash() override;
  std::optional<std::partial_ordering> compare(const Value& other) override;
  Outcome<std::optional<Value>> operate(Operator op, const Value& other, bool reflected) override;
  Outcome<std::optional<std::string>> format(std::string_view spec) override;
};

// A class as templates see it: it is called to make one, and has attributes.
class HostClass final : public Object {
 public:
  HostClass(std::string name, Function make, std::vector<std::pair<std::string, Value>> attributes)
      : name_(std::move(name)), make_(std::move(make)), attributes_(std::move(attributes)) {}
  std::string_view type_name() const override { return "type"; }
  bool is_callable() const override { return true; }
  Outcome<Value> call(const Arguments& arguments) override { return make_(arguments); }
  Outcome<std::optional<Value>> attr(std::string_view name) override;
  std::string repr() override { return "<class '" + name_ + "'>"; }

 private:
  const std::string name_;
  const Function make_;
  const std::vector<std::pair<std::string, Value>> attributes_;
};

// Python's checks: "month must be in 1..12" and the like. "" : they are good.
std::string range_problem(const Fields& fields);
// The zone an argument names, or none for None; throws TypeError.
TimeZoneRef zone_argument(const Value& value);
int64_t integer_argument(const Value& value);
// ", tzinfo=<UTC>" for a repr; "" without a zone.
std::string zone_repr_suffix(const TimeZoneRef& zone);

// What isocalendar() gives: a tuple with names.
Value iso_calendar_value(const IsoWeek& week);

}  // namespace rynd::jinja

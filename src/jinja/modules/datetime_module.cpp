// modules.datetime: the classes date, time, datetime, timedelta and timezone, and the values the host makes of them.
#include <fmt/format.h>

#include <cmath>

#include "errors.h"
#include "modules.h"
#include "modules/dates.h"
#include "text.h"

namespace rynd::jinja {
namespace {

using Given = std::span<const Value>;

// A function or constructor with a signature whose body throws.
template <class Body>
Function with_signature(std::string name, std::vector<Parameter> parameters, Body body) {
  return [name = std::move(name), parameters = std::move(parameters),
          body = std::move(body)](const Arguments& arguments) -> Outcome<Value> {
    return guard([&]() -> Value { return body(Given(take(arguments.bind(name, parameters)))); });
  };
}

template <class Body>
Value class_method(std::string name, std::vector<Parameter> parameters, Body body) {
  return function(name, with_signature(name, std::move(parameters), std::move(body)));
}

int number(const Value& value) { return static_cast<int>(integer_argument(value)); }

int64_t now_utc(Clock& clock) { return clock.now().time_since_epoch().count(); }

Value in_zone(int64_t utc, const TimeZoneRef& zone) {
  if (!zone) return make<DateTime>(utc, TimeZoneRef());
  const TimeZoneRef rule = zone_at(*zone, utc);
  return make<DateTime>(utc + rule->rule.offset * second_us, rule);
}

int64_t microseconds_of_seconds(const Value& seconds) {
  if (seconds.is_int()) return seconds.as_int() * second_us;
  if (!seconds.is_real())
    throw_type(fmt::format("'{}' object cannot be interpreted as an integer", seconds.type_name()));
  return std::llrint(static_cast<long double>(seconds.as_real()) * second_us);
}

Value make_datetime_of(Given given) {
  const Fields f{number(given[0]), number(given[1]), number(given[2]), number(given[3]),
                 number(given[4]), number(given[5]), number(given[6])};
  if (const std::string problem = range_problem(f); !problem.empty()) throw_value(problem);
  return make<DateTime>(microseconds_of(f), zone_argument(given[7]));
}

Value parse_datetime(Given given) {
  if (!given[0].is_string()) throw_type(fmt::format("strptime() argument 1 must be str, not {}", given[0].type_name()));
  if (!given[1].is_string()) throw_type(fmt::format("strptime() argument 2 must be str, not {}", given[1].type_name()));
  const ReadDate read = read_date(given[0].as_string(), given[1].as_string());
  if (!read.problem.empty()) throw_value(read.problem);
  return make<DateTime>(microseconds_of(read.fields),
                        read.offset_seconds ? fixed_zone(*read.offset_seconds) : TimeZoneRef());
}

ReadDate iso_argument(const Value& value) {
  if (!value.is_string()) throw_type("fromisoformat: argument must be str");
  const std::optional<ReadDate> read = read_iso(value.as_string());
  if (!read) throw_value("Invalid isoformat string: " + value.repr());
  return *read;
}

Value combine(Given given) {
  const Date* date = given[0].as<Date>();
  const Time* time = given[1].as<Time>();
  if (const DateTime* moment = given[0].as<DateTime>(); moment && time) {
    return make<DateTime>(floor_divide(moment->wall, day_us) * day_us + time->microseconds, time->zone);
  }
  if (!date || !time) throw_type("combine() argument 1 must be datetime.date, argument 2 datetime.time");
  return make<DateTime>(date->days * day_us + time->microseconds,
                        given[2].is_none() ? time->zone : zone_argument(given[2]));
}

Value datetime_class(Clock& clock) {
  const auto now = [&clock](Given given) { return in_zone(now_utc(clock), zone_argument(given[0])); };
  const auto utc_now = [&clock](Given) -> Value { return make<DateTime>(now_utc(clock), TimeZoneRef()); };
  const auto from_iso = [](Given given) -> Value {
    const ReadDate read = iso_argument(given[0]);
    return make<DateTime>(microseconds_of(read.fields),
                          read.offset_seconds ? fixed_zone(*read.offset_seconds) : TimeZoneRef());
  };
  const auto from_timestamp = [](Given given) {
    return in_zone(microseconds_of_seconds(given[0]), zone_argument(given[1]));
  };
  const std::vector<Parameter> fields = {{"year"},           {"month"},           {"day"},
                                         {"hour", 0},        {"minute", 0},       {"second", 0},
                                         {"microsecond", 0}, {"tzinfo", Value()}, {"fold", 0}};
  return make<HostClass>(
      "datetime.datetime", with_signature("datetime", fields, make_datetime_of),
      std::vector<std::pair<std::string, Value>>{
          {"now", class_method("now", {{"tz", Value()}}, now)},
          {"utcnow", class_method("utcnow", {}, utc_now)},
          {"today", class_method("today", {}, utc_now)},
          {"strptime", class_method("strptime", {{"date_string"}, {"format"}}, parse_datetime)},
          {"fromisoformat", class_method("fromisoformat", {{"date_string"}}, from_iso)},
          {"fromtimestamp", class_method("fromtimestamp", {{"timestamp"}, {"tz", Value()}}, from_timestamp)},
          {"utcfromtimestamp",
           class_method("utcfromtimestamp", {{"timestamp"}},
                        [](Given given) { return in_zone(microseconds_of_seconds(given[0]), {}); })},
          {"combine", class_method("combine", {{"date"}, {"time"}, {"tzinfo", Value()}}, combine)},
          {"min", make<DateTime>(microseconds_of({1, 1, 1, 0, 0, 0, 0}), TimeZoneRef())},
          {"max", make<DateTime>(microseconds_of({9999, 12, 31, 23, 59, 59, 999999}), TimeZoneRef())}});
}

Value date_class(Clock& clock) {
  const auto make_it = [](Given given) -> Value {
    const Fields f{number(given[0]), number(given[1]), number(given[2]), 0, 0, 0, 0};
    if (const std::string problem = range_problem(f); !problem.empty()) throw_value(problem);
    return make<Date>(days_of(f.year, f.month, f.day));
  };
  const auto from_iso = [](Given given) -> Value {
    const ReadDate read = iso_argument(given[0]);
    return make<Date>(days_of(read.fields.year, read.fields.month, read.fields.day));
  };
  return make<HostClass>(
      "datetime.date", with_signature("date", {{"year"}, {"month"}, {"day"}}, make_it),
      std::vector<std::pair<std::string, Value>>{
          {"today",
           class_method("today", {},
                        [&clock](Given) -> Value { return make<Date>(floor_divide(now_utc(clock), day_us)); })},
          {"fromisoformat", class_method("fromisoformat", {{"date_string"}}, from_iso)},
          {"fromordinal",
           class_method("fromordinal", {{"n"}},
                        [](Given given) -> Value { return make<Date>(integer_argument(given[0]) - 719163); })},
          {"fromtimestamp", class_method("fromtimestamp", {{"timestamp"}},
                                         [](Given given) -> Value {
                                           return make<Date>(floor_divide(microseconds_of_seconds(given[0]), day_us));
                                         })},
          {"min", make<Date>(days_of(1, 1, 1))},
          {"max", make<Date>(days_of(9999, 12, 31))}});
}

Value time_class() {
  const auto make_it = [](Given given) -> Value {
    const Fields f{1970, 1, 1, number(given[0]), number(given[1]), number(given[2]), number(given[3])};
    if (const std::string problem = range_problem(f); !problem.empty()) throw_value(problem);
    return make<Time>(microseconds_of(f), zone_argument(given[4]));
  };
  const auto from_iso = [](Given given) -> Value {
    if (!given[0].is_string()) throw_type("fromisoformat: argument must be str");
    const std::optional<ReadDate> read = read_iso("1970-01-01T" + given[0].str());
    if (!read) throw_value("Invalid isoformat string: " + given[0].repr());
    return make<Time>(microseconds_of(read->fields),
                      read->offset_seconds ? fixed_zone(*read->offset_seconds) : TimeZoneRef());
  };
  return make<HostClass>(
      "datetime.time",
      with_signature("time", {{"hour", 0}, {"minute", 0}, {"second", 0}, {"microsecond", 0}, {"tzinfo", Value()}},
                     make_it),
      std::vector<std::pair<std::string, Value>>{
          {"fromisoformat", class_method("fromisoformat", {{"time_string"}}, from_iso)},
          {"min", make<Time>(0, TimeZoneRef())},
          {"max", make<Time>(day_us - 1, TimeZoneRef())}});
}

// Whole numbers stay exact; fractions are rounded once, at the end.
Value make_timedelta_of(Given given) {
  constexpr int64_t units[] = {day_us, second_us, 1, 1000, 60 * second_us, 3600 * second_us, 7 * day_us};
  int64_t whole = 0;
  long double part = 0;
  for (size_t i = 0; i < given.size(); ++i) {
    if (given[i].is_int() || given[i].is_bool())
      whole += given[i].as_int() * units[i];
    else if (given[i].is_real())
      part += static_cast<long double>(given[i].as_real()) * static_cast<long double>(units[i]);
    else
      throw_type(fmt::format("unsupported type for timedelta component: {}", given[i].type_name()));
  }
  return make<TimeDelta>(whole + std::llrint(part));
}

Value timedelta_class() {
  const std::vector<Parameter> parameters = {{"days", 0},    {"seconds", 0}, {"microseconds", 0}, {"milliseconds", 0},
                                             {"minutes", 0}, {"hours", 0},   {"weeks", 0}};
  constexpr int64_t most_days = 999'999'999;
  // Python's bounds lie beyond 64 bits of microseconds; ours are the widest that fit.
  constexpr int64_t most = std::min(most_days, INT64_MAX / day_us - 1) * day_us;
  return make<HostClass>(
      "datetime.timedelta", with_signature("timedelta", parameters, make_timedelta_of),
      std::vector<std::pair<std::string, Value>>{
          {"min", make<TimeDelta>(-most)}, {"max", make<TimeDelta>(most)}, {"resolution", make<TimeDelta>(1)}});
}

Value timezone_class() {
  const auto make_it = [](Given given) -> Value {
    const TimeDelta* offset = given[0].as<TimeDelta>();
    if (!offset)
      throw_type(fmt::format("timezone() argument 1 must be datetime.timedelta, not {}", given[0].type_name()));
    return fixed_zone(static_cast<int>(offset->microseconds / second_us), given[1].is_none() ? "" : given[1].str());
  };
  return make<HostClass>("datetime.timezone", with_signature("timezone", {{"offset"}, {"name", Value()}}, make_it),
                         std::vector<std::pair<std::string, Value>>{{"utc", Value(fixed_zone(0))}});
}

}  // namespace

Outcome<std::optional<Value>> HostClass::attr(std::string_view name) {
  for (const auto& [own, value] : attributes_) {
    if (own == name) return value;
  }
  return std::nullopt;
}

std::string range_problem(const Fields& f) {
  if (f.year < 1 || f.year > 9999) return fmt::format("year {} is out of range", f.year);
  if (f.month < 1 || f.month > 12) return "month must be in 1..12";
  if (f.day < 1 || f.day > days_in_month(f.year, f.month)) return "day is out of range for month";
  if (f.hour < 0 || f.hour > 23) return "hour must be in 0..23";
  if (f.minute < 0 || f.minute > 59) return "minute must be in 0..59";
  if (f.second < 0 || f.second > 59) return "second must be in 0..59";
  if (f.microsecond < 0 || f.microsecond > 999'999) return "microsecond must be in 0..999999";
  return "";
}

int64_t integer_argument(const Value& value) {
  if (value.is_int() || value.is_bool()) return value.as_int();
  throw_type(fmt::format("'{}' object cannot be interpreted as an integer", value.type_name()));
}

Value datetime_module(Clock& clock) {
  return record("module", {{"date", date_class(clock)},
                           {"datetime", datetime_class(clock)},
                           {"time", time_class()},
                           {"timedelta", timedelta_class()},
                           {"timezone", timezone_class()},
                           {"UTC", Value(fixed_zone(0))},
                           {"MINYEAR", 1},
                           {"MAXYEAR", 9999}});
}

Value make_date(int year, unsigned month, unsigned day) {
  return jinja::make<Date>(days_of(year, static_cast<int>(month), static_cast<int>(day)));
}
Value make_time(int64_t microseconds) { return make<Time>(microseconds, TimeZoneRef()); }
Value make_datetime(int64_t microseconds, bool utc) {
  return make<DateTime>(microseconds, utc ? utc_zone() : TimeZoneRef());
}
Value make_timedelta(int64_t microseconds) { return make<TimeDelta>(microseconds); }

std::optional<Moment> as_datetime(const Value& value) {
  const DateTime* moment = value.as<DateTime>();
  if (!moment) return std::nullopt;
  return Moment{moment->wall, moment->zone ? std::optional<int64_t>(moment->zone->rule.offset) : std::nullopt};
}

std::optional<int64_t> as_date(const Value& value) {
  const Date* date = value.as<Date>();
  return date ? std::optional(date->days) : std::nullopt;
}

bool is_date_like(const Value& value) {
  return value.as<Date>() || value.as<DateTime>() || value.as<Time>() || value.as<TimeDelta>();
}

}  // namespace rynd::jinja

// Time zones: datetime.timezone and pytz's zones with localize and normalize.
#include <fmt/format.h>

#include <set>

#include "errors.h"
#include "modules.h"
#include "modules/dates.h"
#include "text.h"

namespace rynd::jinja {
namespace {

constexpr int64_t six_hours_us = 6 * 3600 * second_us;

DateTime& naive_datetime(const Value& value, std::string_view verb) {
  DateTime* moment = value.as<DateTime>();
  if (!moment) throw_type(fmt::format("{}() argument must be a datetime, not '{}'", verb, value.type_name()));
  return *moment;
}

struct Candidates {
  std::vector<int64_t> instants;  // UTC microseconds that show this wall clock, ascending
};

Candidates instants_of(const Zone& zone, int64_t wall) {
  std::set<int64_t> found;
  for (const ZoneRule& rule : zone.rules) {
    const int64_t utc = wall - rule.offset * second_us;
    if (zone.rule_at(floor_divide(utc, second_us)).offset == rule.offset) found.insert(utc);
  }
  return {{found.begin(), found.end()}};
}

// pytz's localize: the rule for a wall clock that a zone shows once, twice or never.
TimeZoneRef rule_for_wall(const TimeZone& zone, int64_t wall, std::optional<bool> daylight) {
  const Candidates candidates = instants_of(*zone.zone, wall);
  if (candidates.instants.size() == 1) return zone_at(zone, candidates.instants.front());
  if (!daylight) {
    throw_error(candidates.instants.empty() ? "NonExistentTimeError" : "AmbiguousTimeError",
                day_text(fields_of(wall)) + " " + clock_text(fields_of(wall)));
  }
  if (candidates.instants.empty())
    return rule_for_wall(zone, wall + (*daylight ? six_hours_us : -six_hours_us), daylight);
  for (const int64_t utc : candidates.instants) {
    TimeZoneRef rule = zone_at(zone, utc);
    if ((rule->rule.saving != 0) == *daylight) return rule;
  }
  return zone_at(zone, *daylight ? candidates.instants.front() : candidates.instants.back());
}

Value localize(const TimeZone& zone, std::span<const Value> arguments) {
  const DateTime& moment = naive_datetime(arguments[0], "localize");
  if (moment.zone) throw_value("Not naive datetime (tzinfo is already set)");
  if (!zone.zone || zone.zone->changes.empty())
    return make<DateTime>(moment.wall, TimeZoneRef::share(const_cast<TimeZone*>(&zone)));
  const std::optional<bool> daylight = arguments[1].is_none() ? std::nullopt : std::optional(arguments[1].truth());
  return make<DateTime>(moment.wall, rule_for_wall(zone, moment.wall, daylight));
}

Value normalize(const TimeZone& zone, const Value& argument) {
  const DateTime& moment = naive_datetime(argument, "normalize");
  if (!moment.zone) throw_value("Naive time - no tzinfo set");
  TimeZoneRef rule = zone_at(zone, moment.utc());
  return make<DateTime>(moment.utc() + rule->rule.offset * second_us, rule);
}

Value offset_value(const TimeZone& zone) { return make<TimeDelta>(zone.rule.offset * second_us); }

}  // namespace

TimeZoneRef utc_zone() {
  static const TimeZoneRef utc = make<TimeZone>(TimeZone::Style::pytz_utc, nullptr, ZoneRule{0, 0, false, "UTC"});
  return utc;
}

TimeZoneRef fixed_zone(int offset_seconds, std::string name) {
  if (name.empty()) name = offset_seconds == 0 ? "UTC" : "UTC" + offset_text(offset_seconds, ":");
  return make<TimeZone>(TimeZone::Style::datetime_timezone, nullptr,
                        ZoneRule{offset_seconds, 0, false, std::move(name)});
}

TimeZoneRef zone_at(const TimeZone& zone, int64_t utc_microseconds) {
  if (!zone.zone) return TimeZoneRef::share(const_cast<TimeZone*>(&zone));
  return make<TimeZone>(zone.style, zone.zone, zone.zone->rule_at(floor_divide(utc_microseconds, second_us)));
}

std::string_view TimeZone::type_name() const {
  return style == Style::datetime_timezone ? "datetime.timezone"
         : style == Style::pytz_utc        ? "pytz.UTC"
                                           : "pytz.tzinfo.DstTzInfo";
}

Outcome<std::optional<Value>> TimeZone::attr(std::string_view name) {
  if (name == "zone" && style != Style::datetime_timezone) return zone ? Value(zone->name) : Value("UTC");
  // The functions keep the zone alive, for a template may keep them.
  const TimeZoneRef self = TimeZoneRef::share(this);
  if (name == "utcoffset")
    return function("utcoffset", {{"dt"}}, [self](auto) -> Outcome<Value> { return offset_value(*self); });
  if (name == "tzname")
    return function("tzname", {{"dt"}}, [self](auto) -> Outcome<Value> { return Value(self->rule.name); });
  if (name == "dst") {
    return function("dst", {{"dt"}},
                    [self](auto) -> Outcome<Value> { return Value(make<TimeDelta>(self->rule.saving * second_us)); });
  }
  if (style == Style::datetime_timezone) return std::nullopt;
  if (name == "localize") {
    return function("localize", {{"dt"}, {"is_dst", Value(false)}}, [self](std::span<const Value> arguments) {
      return guard([&] { return localize(*self, arguments); });
    });
  }
  if (name == "normalize") {
    return function("normalize", {{"dt"}}, [self](std::span<const Value> arguments) {
      return guard([&] { return normalize(*self, arguments[0]); });
    });
  }
  return std::nullopt;
}

std::string TimeZone::repr() {
  if (style == Style::pytz_utc) return "<UTC>";
  if (style == Style::datetime_timezone) {
    if (rule.offset == 0) return "datetime.timezone.utc";
    return "datetime.timezone(" + Value(make<TimeDelta>(rule.offset * second_us)).repr() + ")";
  }
  if (zone->changes.empty()) return "<StaticTzInfo " + text::repr(zone->name) + ">";
  return fmt::format("<DstTzInfo {} {}{}{} {}>", text::repr(zone->name), rule.name, rule.offset > 0 ? "+" : "",
                     Value(make<TimeDelta>(rule.offset * second_us)).str(), rule.saving != 0 ? "DST" : "STD");
}

std::string TimeZone::str() {
  if (style == Style::datetime_timezone) return rule.name;
  return zone ? zone->name : "UTC";
}

bool TimeZone::equals(const Value& other) {
  const TimeZone* that = other.as<TimeZone>();
  return that && that->style == style && that->zone == zone && that->rule.offset == rule.offset &&
         that->rule.name == rule.name;
}

std::optional<uint64_t> TimeZone::hash() { return hash_text(repr()); }

TimeZoneRef zone_argument(const Value& value) {
  if (value.is_none() || value.is_undefined()) return {};
  TimeZone* zone = value.as<TimeZone>();
  if (!zone)
    throw_type(fmt::format("tzinfo argument must be None or of a tzinfo subclass, not type '{}'", value.type_name()));
  return TimeZoneRef::share(zone);
}

std::string zone_repr_suffix(const TimeZoneRef& zone) { return zone ? ", tzinfo=" + zone->repr() : ""; }

Value pytz_module() {
  const auto timezone = [](std::span<const Value> arguments) -> Outcome<Value> {
    if (!arguments[0].is_string()) return raise("UnknownTimeZoneError", arguments[0].repr());
    const std::string_view name = arguments[0].as_string();
    if (text::upper(name) == "UTC") return Value(utc_zone());
    const std::shared_ptr<const Zone> zone = find_zone(name);
    if (!zone) return raise("UnknownTimeZoneError", text::repr(name));
    return Value(make<TimeZone>(TimeZone::Style::pytz_zone, zone, zone->rules.front()));
  };
  return record("module", {{"timezone", function("timezone", {{"zone"}}, timezone)},
                           {"utc", Value(utc_zone())},
                           {"UTC", Value(utc_zone())}});
}

}  // namespace rynd::jinja

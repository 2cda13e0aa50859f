// datetime.date and datetime.time: their attributes, arithmetic and how they are written.
#include <fmt/format.h>

#include "errors.h"
#include "modules/dates.h"
#include "named_tuple.h"

namespace rynd::jinja {
namespace {

constexpr int64_t ordinal_of1970 = 719163;  // date.toordinal() counts from the first of January of year 1

template <class Body>
Value method(std::string name, std::vector<Parameter> parameters, Body body) {
  return function(std::move(name), std::move(parameters), [body = std::move(body)](std::span<const Value> arguments) {
    return guard([&] { return body(arguments); });
  });
}

int field(const Value& value, int fallback) {
  return value.is_none() ? fallback : static_cast<int>(integer_argument(value));
}

Value replaced(const Date& date, std::span<const Value> arguments) {
  Fields f = fields_of(date.days * day_us);
  f.year = field(arguments[0], f.year);
  f.month = field(arguments[1], f.month);
  f.day = field(arguments[2], f.day);
  if (const std::string problem = range_problem(f); !problem.empty()) throw_value(problem);
  return make<Date>(days_of(f.year, f.month, f.day));
}

std::optional<Value> date_method(const Ref<Date>& self, std::string_view name) {
  if (name == "isoformat") {
    return method("isoformat", {}, [self](auto) -> Value { return self->str(); });
  }
  if (name == "strftime") {
    return method("strftime", {{"format"}}, [self](std::span<const Value> arguments) -> Value {
      return write_date(arguments[0].str(), fields_of(self->days * day_us), std::nullopt);
    });
  }
  if (name == "weekday") return method("weekday", {}, [self](auto) -> Value { return weekday_of(self->days); });
  if (name == "isoweekday")
    return method("isoweekday", {}, [self](auto) -> Value { return weekday_of(self->days) + 1; });
  if (name == "isocalendar") {
    return method("isocalendar", {}, [self](auto) {
      const IsoWeek week = iso_week_of(self->days);
      return iso_calendar_value(week);
    });
  }
  if (name == "toordinal")
    return method("toordinal", {}, [self](auto) -> Value { return self->days + ordinal_of1970; });
  if (name == "ctime") {
    return method("ctime", {},
                  [self](auto) -> Value { return write_date("%c", fields_of(self->days * day_us), std::nullopt); });
  }
  if (name == "replace") {
    return method("replace", {{"year", Value()}, {"month", Value()}, {"day", Value()}},
                  [self](std::span<const Value> arguments) { return replaced(*self, arguments); });
  }
  return std::nullopt;
}

Value time_replaced(const Time& time, std::span<const Value> arguments) {
  Fields f = fields_of(time.microseconds);
  f.hour = field(arguments[0], f.hour);
  f.minute = field(arguments[1], f.minute);
  f.second = field(arguments[2], f.second);
  f.microsecond = field(arguments[3], f.microsecond);
  if (const std::string problem = range_problem(f); !problem.empty()) throw_value(problem);
  const TimeZoneRef zone = arguments[4].is_missing() ? time.zone : zone_argument(arguments[4]);
  return make<Time>(microseconds_of(f), zone);
}

}  // namespace

Outcome<std::optional<Value>> Date::attr(std::string_view name) {
  const Fields f = fields_of(days * day_us);
  if (name == "year") return Value(f.year);
  if (name == "month") return Value(f.month);
  if (name == "day") return Value(f.day);
  return date_method(Ref<Date>::share(this), name);
}

std::string Date::repr() {
  const Fields f = fields_of(days * day_us);
  return fmt::format("datetime.date({}, {}, {})", f.year, f.month, f.day);
}

std::string Date::str() { return day_text(fields_of(days * day_us)); }

bool Date::equals(const Value& other) {
  const Date* that = other.as<Date>();
  return that && that->days == days;
}

std::optional<uint64_t> Date::hash() { return static_cast<uint64_t>(days) * 0x9E3779B97F4A7C15ULL + 1; }

std::optional<std::partial_ordering> Date::compare(const Value& other) {
  const Date* that = other.as<Date>();
  if (!that) return std::nullopt;
  return days <=> that->days;
}

Outcome<std::optional<Value>> Date::operate(Operator op, const Value& other, bool reflected) {
  if (const TimeDelta* delta = other.as<TimeDelta>()) {
    const int64_t by = floor_divide(delta->microseconds, day_us);
    if (op == Operator::add) return Value(make<Date>(days + by));
    if (op == Operator::subtract && !reflected) return Value(make<Date>(days - by));
    return std::nullopt;
  }
  const Date* that = other.as<Date>();
  if (that && op == Operator::subtract && !reflected) return Value(make<TimeDelta>((days - that->days) * day_us));
  return std::nullopt;
}

Outcome<std::optional<std::string>> Date::format(std::string_view spec) {
  return spec.empty() ? str() : write_date(spec, fields_of(days * day_us), std::nullopt);
}

Outcome<std::optional<Value>> Time::attr(std::string_view name) {
  const Fields f = fields_of(microseconds);
  if (name == "hour") return Value(f.hour);
  if (name == "minute") return Value(f.minute);
  if (name == "second") return Value(f.second);
  if (name == "microsecond") return Value(f.microsecond);
  if (name == "tzinfo") return zone ? Value(zone) : Value();
  const Ref<Time> self = Ref<Time>::share(this);
  if (name == "isoformat") return method("isoformat", {}, [self](auto) -> Value { return self->str(); });
  if (name == "strftime") {
    return method("strftime", {{"format"}}, [self](std::span<const Value> arguments) -> Value {
      Fields shown = fields_of(self->microseconds);
      shown.year = 1900;
      return write_date(arguments[0].str(), shown, std::nullopt);
    });
  }
  if (name == "replace") {
    return method("replace",
                  {{"hour", Value()},
                   {"minute", Value()},
                   {"second", Value()},
                   {"microsecond", Value()},
                   {"tzinfo", Value::missing()}},
                  [self](std::span<const Value> arguments) { return time_replaced(*self, arguments); });
  }
  return std::nullopt;
}

std::string Time::repr() {
  const Fields f = fields_of(microseconds);
  std::string text = fmt::format("datetime.time({}, {}", f.hour, f.minute);
  if (f.second != 0 || f.microsecond != 0) text += fmt::format(", {}", f.second);
  if (f.microsecond != 0) text += fmt::format(", {}", f.microsecond);
  return text + zone_repr_suffix(zone) + ")";
}

std::string Time::str() {
  return clock_text(fields_of(microseconds)) + (zone ? offset_text(zone->rule.offset, ":") : "");
}

bool Time::equals(const Value& other) {
  const Time* that = other.as<Time>();
  return that && that->microseconds == microseconds && !that->zone == !zone;
}

std::optional<uint64_t> Time::hash() { return static_cast<uint64_t>(microseconds) * 0x9E3779B97F4A7C15ULL + 2; }

std::optional<std::partial_ordering> Time::compare(const Value& other) {
  const Time* that = other.as<Time>();
  if (!that || !that->zone != !zone) return std::nullopt;
  return microseconds <=> that->microseconds;
}

Outcome<std::optional<std::string>> Time::format(std::string_view spec) {
  return spec.empty() ? str() : write_date(spec, fields_of(microseconds), std::nullopt);
}

Value iso_calendar_value(const IsoWeek& week) {
  return named_tuple("datetime.IsoCalendarDate", {{"year", week.year}, {"week", week.week}, {"weekday", week.weekday}});
}

}  // namespace rynd::jinja

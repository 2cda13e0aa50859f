// datetime.datetime: its attributes, arithmetic, zones and how it is written.
#include <fmt/format.h>

#include "errors.h"
#include "modules/dates.h"
#include "text.h"

namespace rynd::jinja {
namespace {

using Given = std::span<const Value>;

template <class Body>
Value method(const Ref<DateTime>& self, std::string name, std::vector<Parameter> parameters, Body body) {
  return function(std::move(name), std::move(parameters),
                  [self, body](Given arguments) { return guard([&]() -> Value { return body(*self, arguments); }); });
}

std::optional<ZoneText> zone_text(const DateTime& moment) {
  if (!moment.zone) return std::nullopt;
  return ZoneText{moment.zone->rule.offset, moment.zone->rule.name};
}

std::string iso_text(const DateTime& moment, std::string_view separator, std::string_view precision) {
  const Fields f = moment.fields();
  std::string clock;
  if (precision == "auto")
    clock = clock_text(f);
  else if (precision == "hours")
    clock = fmt::format("{:02}", f.hour);
  else if (precision == "minutes")
    clock = fmt::format("{:02}:{:02}", f.hour, f.minute);
  else if (precision == "seconds")
    clock = fmt::format("{:02}:{:02}:{:02}", f.hour, f.minute, f.second);
  else if (precision == "milliseconds")
    clock = fmt::format("{:02}:{:02}:{:02}.{:03}", f.hour, f.minute, f.second, f.microsecond / 1000);
  else if (precision == "microseconds")
    clock = fmt::format("{:02}:{:02}:{:02}.{:06}", f.hour, f.minute, f.second, f.microsecond);
  else
    throw_value("Unknown timespec value");
  return day_text(f) + std::string(separator) + clock + (moment.zone ? offset_text(moment.zone->rule.offset, ":") : "");
}

int field(const Value& value, int fallback) {
  return value.is_none() ? fallback : static_cast<int>(integer_argument(value));
}

Value replaced(const DateTime& moment, Given arguments) {
  Fields f = moment.fields();
  f.year = field(arguments[0], f.year);
  f.month = field(arguments[1], f.month);
  f.day = field(arguments[2], f.day);
  f.hour = field(arguments[3], f.hour);
  f.minute = field(arguments[4], f.minute);
  f.second = field(arguments[5], f.second);
  f.microsecond = field(arguments[6], f.microsecond);
  if (const std::string problem = range_problem(f); !problem.empty()) throw_value(problem);
  return make<DateTime>(microseconds_of(f), arguments[7].is_missing() ? moment.zone : zone_argument(arguments[7]));
}

// A naive datetime counts as UTC: rynd's processes have no other zone.
Value converted(const DateTime& moment, Given arguments) {
  const TimeZoneRef zone = arguments[0].is_none() ? fixed_zone(0) : zone_argument(arguments[0]);
  const TimeZoneRef rule = zone_at(*zone, moment.utc());
  return make<DateTime>(moment.utc() + rule->rule.offset * second_us, rule);
}

Value week(const DateTime& moment) {
  const IsoWeek week = iso_week_of(floor_divide(moment.wall, day_us));
  return iso_calendar_value(week);
}

std::vector<Parameter> replace_parameters() {
  return {{"year", Value()},        {"month", Value()},           {"day", Value()},
          {"hour", Value()},        {"minute", Value()},          {"second", Value()},
          {"microsecond", Value()}, {"tzinfo", Value::missing()}, {"fold", Value()}};
}

std::optional<Value> writing_method(const Ref<DateTime>& self, std::string_view name) {
  if (name == "strftime") {
    return method(self, "strftime", {{"format"}}, [](const DateTime& moment, Given arguments) {
      return write_date(arguments[0].str(), moment.fields(), zone_text(moment));
    });
  }
  if (name == "isoformat") {
    return method(self, "isoformat", {{"sep", Value("T")}, {"timespec", Value("auto")}},
                  [](const DateTime& moment, Given arguments) {
                    return iso_text(moment, arguments[0].as_string(), arguments[1].as_string());
                  });
  }
  if (name == "ctime") {
    return method(self, "ctime", {},
                  [](const DateTime& moment, Given) { return write_date("%c", moment.fields(), std::nullopt); });
  }
  if (name == "tzname") {
    return method(self, "tzname", {},
                  [](const DateTime& moment, Given) { return moment.zone ? Value(moment.zone->rule.name) : Value(); });
  }
  return std::nullopt;
}

std::optional<Value> converting_method(const Ref<DateTime>& self, std::string_view name) {
  if (name == "date") {
    return method(self, "date", {},
                  [](const DateTime& moment, Given) { return make<Date>(floor_divide(moment.wall, day_us)); });
  }
  if (name == "time" || name == "timetz") {
    return method(self, std::string(name), {}, [keep = name == "timetz"](const DateTime& moment, Given) {
      return make<Time>(moment.wall - floor_divide(moment.wall, day_us) * day_us, keep ? moment.zone : TimeZoneRef());
    });
  }
  if (name == "replace") return method(self, "replace", replace_parameters(), replaced);
  if (name == "astimezone") return method(self, "astimezone", {{"tz", Value()}}, converted);
  if (name == "timestamp") {
    return method(self, "timestamp", {},
                  [](const DateTime& moment, Given) { return static_cast<double>(moment.utc()) / 1e6; });
  }
  if (name == "utcoffset" || name == "dst") {
    return method(self, std::string(name), {}, [saving = name == "dst"](const DateTime& moment, Given) {
      if (!moment.zone) return Value();
      return Value(make<TimeDelta>((saving ? moment.zone->rule.saving : moment.zone->rule.offset) * second_us));
    });
  }
  return std::nullopt;
}

std::optional<Value> calendar_method(const Ref<DateTime>& self, std::string_view name) {
  if (name == "weekday") {
    return method(self, "weekday", {},
                  [](const DateTime& moment, Given) { return weekday_of(floor_divide(moment.wall, day_us)); });
  }
  if (name == "isoweekday") {
    return method(self, "isoweekday", {},
                  [](const DateTime& moment, Given) { return weekday_of(floor_divide(moment.wall, day_us)) + 1; });
  }
  if (name == "isocalendar")
    return method(self, "isocalendar", {}, [](const DateTime& moment, Given) { return week(moment); });
  if (name == "toordinal") {
    return method(self, "toordinal", {},
                  [](const DateTime& moment, Given) { return floor_divide(moment.wall, day_us) + 719163; });
  }
  return std::nullopt;
}

std::optional<Value> datetime_field(const DateTime& moment, std::string_view name) {
  const Fields f = moment.fields();
  if (name == "year") return Value(f.year);
  if (name == "month") return Value(f.month);
  if (name == "day") return Value(f.day);
  if (name == "hour") return Value(f.hour);
  if (name == "minute") return Value(f.minute);
  if (name == "second") return Value(f.second);
  if (name == "microsecond") return Value(f.microsecond);
  if (name == "fold") return Value(0);
  if (name == "tzinfo") return moment.zone ? Value(moment.zone) : Value();
  return std::nullopt;
}

}  // namespace

Outcome<std::optional<Value>> DateTime::attr(std::string_view name) {
  if (std::optional<Value> value = datetime_field(*this, name)) return value;
  const Ref<DateTime> self = Ref<DateTime>::share(this);
  if (std::optional<Value> value = writing_method(self, name)) return value;
  if (std::optional<Value> value = converting_method(self, name)) return value;
  return calendar_method(self, name);
}

std::string DateTime::repr() {
  const Fields f = fields();
  std::string text = fmt::format("datetime.datetime({}, {}, {}, {}, {}", f.year, f.month, f.day, f.hour, f.minute);
  if (f.second != 0 || f.microsecond != 0) text += fmt::format(", {}", f.second);
  if (f.microsecond != 0) text += fmt::format(", {}", f.microsecond);
  return text + zone_repr_suffix(zone) + ")";
}

std::string DateTime::str() { return iso_text(*this, " ", "auto"); }

bool DateTime::equals(const Value& other) {
  const DateTime* that = other.as<DateTime>();
  return that && !that->zone == !zone && that->utc() == utc();
}

std::optional<uint64_t> DateTime::hash() { return static_cast<uint64_t>(utc()) * 0x9E3779B97F4A7C15ULL + 3; }

std::optional<std::partial_ordering> DateTime::compare(const Value& other) {
  const DateTime* that = other.as<DateTime>();
  if (!that || !that->zone != !zone) return std::nullopt;
  return utc() <=> that->utc();
}

Outcome<std::optional<Value>> DateTime::operate(Operator op, const Value& other, bool reflected) {
  if (const TimeDelta* delta = other.as<TimeDelta>()) {
    if (op == Operator::add) return Value(make<DateTime>(wall + delta->microseconds, zone));
    if (op == Operator::subtract && !reflected) return Value(make<DateTime>(wall - delta->microseconds, zone));
    return std::nullopt;
  }
  const DateTime* that = other.as<DateTime>();
  if (!that || op != Operator::subtract || reflected) return std::nullopt;
  if (!that->zone != !zone) return raise("TypeError", "can't subtract offset-naive and offset-aware datetimes");
  return Value(make<TimeDelta>(utc() - that->utc()));
}

Outcome<std::optional<std::string>> DateTime::format(std::string_view spec) {
  return spec.empty() ? str() : write_date(spec, fields(), zone_text(*this));
}

}  // namespace rynd::jinja

// datetime.timedelta: its arithmetic and how it is written.
#include <fmt/format.h>

#include <cmath>

#include "errors.h"
#include "modules/dates.h"

namespace rynd::jinja {
namespace {

struct Parts {
  int64_t days, seconds, microseconds;
};

// Python keeps seconds and microseconds positive: only the days carry the sign.
Parts parts_of(int64_t microseconds) {
  const int64_t days = floor_divide(microseconds, day_us);
  const int64_t rest = microseconds - days * day_us;
  return {days, rest / second_us, rest % second_us};
}

// To the nearest, half to even, as Python divides.
int64_t round_half_even(long double value) { return std::llrint(value); }

int64_t scaled(int64_t microseconds, const Value& factor) {
  if (factor.is_int() || factor.is_bool()) return microseconds * factor.as_int();
  return round_half_even(static_cast<long double>(microseconds) * factor.as_real());
}

bool is_plain_number(const Value& value) { return value.is_int() || value.is_bool() || value.is_real(); }

int64_t divided(int64_t microseconds, const Value& divisor) {
  const long double by = divisor.is_real() ? divisor.as_real() : static_cast<long double>(divisor.as_int());
  if (by == 0)
    throw_error("ZeroDivisionError",
                divisor.is_real() ? "float division by zero" : "integer division or modulo by zero");
  return round_half_even(static_cast<long double>(microseconds) / by);
}

std::optional<Value> with_delta(Operator op, int64_t a, int64_t b) {
  switch (op) {
    case Operator::add:
      return Value(make<TimeDelta>(a + b));
    case Operator::subtract:
      return Value(make<TimeDelta>(a - b));
    default:
      break;
  }
  if (op != Operator::divide && op != Operator::floor_divide && op != Operator::modulo) return std::nullopt;
  if (b == 0)
    throw_error("ZeroDivisionError",
                op == Operator::divide ? "division by zero" : "integer division or modulo by zero");
  if (op == Operator::divide) return Value(static_cast<double>(a) / static_cast<double>(b));
  if (op == Operator::floor_divide) return Value(floor_divide(a, b));
  return Value(make<TimeDelta>(a - floor_divide(a, b) * b));
}

std::optional<Value> with_number(Operator op, int64_t microseconds, const Value& number, bool reflected) {
  if (op == Operator::multiply) return Value(make<TimeDelta>(scaled(microseconds, number)));
  if (reflected) return std::nullopt;
  if (op == Operator::divide) return Value(make<TimeDelta>(divided(microseconds, number)));
  if (op == Operator::floor_divide && !number.is_real()) {
    if (number.as_int() == 0) throw_error("ZeroDivisionError", "integer division or modulo by zero");
    return Value(make<TimeDelta>(floor_divide(microseconds, number.as_int())));
  }
  return std::nullopt;
}

}  // namespace

Outcome<std::optional<Value>> TimeDelta::attr(std::string_view name) {
  const Parts parts = parts_of(microseconds);
  if (name == "days") return Value(parts.days);
  if (name == "seconds") return Value(parts.seconds);
  if (name == "microseconds") return Value(parts.microseconds);
  if (name == "total_seconds") {
    const double seconds = static_cast<double>(microseconds) / 1e6;
    return function("total_seconds", std::vector<Parameter>{},
                    [seconds](auto) -> Outcome<Value> { return Value(seconds); });
  }
  return std::nullopt;
}

std::string TimeDelta::repr() {
  const Parts parts = parts_of(microseconds);
  std::string inside;
  const auto add = [&](std::string_view name, int64_t value) {
    if (value != 0) inside += fmt::format("{}{}={}", inside.empty() ? "" : ", ", name, value);
  };
  add("days", parts.days);
  add("seconds", parts.seconds);
  add("microseconds", parts.microseconds);
  return "datetime.timedelta(" + (inside.empty() ? "0" : inside) + ")";
}

std::string TimeDelta::str() {
  const Parts parts = parts_of(microseconds);
  std::string text;
  if (parts.days != 0) text = fmt::format("{} day{}, ", parts.days, parts.days == 1 || parts.days == -1 ? "" : "s");
  text += fmt::format("{}:{:02}:{:02}", parts.seconds / 3600, parts.seconds / 60 % 60, parts.seconds % 60);
  if (parts.microseconds != 0) text += fmt::format(".{:06}", parts.microseconds);
  return text;
}

bool TimeDelta::equals(const Value& other) {
  const TimeDelta* that = other.as<TimeDelta>();
  return that && that->microseconds == microseconds;
}

std::optional<uint64_t> TimeDelta::hash() { return static_cast<uint64_t>(microseconds) * 0x9E3779B97F4A7C15ULL; }

std::optional<std::partial_ordering> TimeDelta::compare(const Value& other) {
  const TimeDelta* that = other.as<TimeDelta>();
  if (!that) return std::nullopt;
  return microseconds <=> that->microseconds;
}

Outcome<std::optional<Value>> TimeDelta::operate(Operator op, const Value& other, bool reflected) {
  return guard([&]() -> std::optional<Value> {
    if (const TimeDelta* that = other.as<TimeDelta>()) {
      return reflected ? with_delta(op, that->microseconds, microseconds)
                       : with_delta(op, microseconds, that->microseconds);
    }
    if (is_plain_number(other)) return with_number(op, microseconds, other, reflected);
    return std::nullopt;
  });
}

Outcome<std::optional<Value>> TimeDelta::negate() { return Value(make<TimeDelta>(-microseconds)); }

}  // namespace rynd::jinja

// decimal.Decimal: numbers with the digits they were written with, as query results and seeds have them.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "errors.h"
#include "modules.h"
#include "named_tuple.h"
#include "number.h"
#include "text.h"

namespace rynd::jinja {
namespace {

constexpr int context_precision = 28;  // digits of a result, Python's default context

Big power_of_ten(int exponent) { return pow(Big(10), static_cast<unsigned>(exponent)); }

int digits_of(const Big& number) { return static_cast<int>(Big(abs(number)).str().size()); }

// number / 10^count, half to even.
Big without_digits(const Big& number, int count) {
  const Big unit = power_of_ten(count);
  Big quotient;
  Big rest;
  boost::multiprecision::divide_qr(Big(abs(number)), unit, quotient, rest);
  const Big twice = rest * 2;
  if (twice > unit || (twice == unit && quotient % 2 != 0)) quotient += 1;
  return number < 0 ? Big(-quotient) : quotient;
}

class Decimal final : public Object {
 public:
  // digits * 10^exponent
  Decimal(Big digits, int exponent) : digits(std::move(digits)), exponent(exponent) {}
  const Big digits;
  const int exponent;

  std::string_view type_name() const override { return "decimal.Decimal"; }
  Outcome<std::optional<Value>> attr(std::string_view name) override;
  std::string repr() override { return "Decimal('" + str() + "')"; }
  std::string str() override;
  bool truth() override { return digits != 0; }
  bool equals(const Value& other) override;
  std::optional<uint64_t> hash() override;
  std::optional<std::partial_ordering> compare(const Value& other) override;
  Outcome<std::optional<Value>> operate(Operator op, const Value& other, bool reflected) override;
  Outcome<std::optional<Value>> negate() override { return Value(make<Decimal>(-digits, exponent)); }
  std::optional<double> to_real() override { return std::strtod(str().c_str(), nullptr); }
  std::optional<Value> to_integer() override;
  Outcome<std::optional<std::string>> format(std::string_view spec) override;

  // The same number with another exponent; digits that do not fit are rounded half to even.
  Big digits_at(int wanted) const {
    return wanted <= exponent ? Big(digits * power_of_ten(exponent - wanted))
                              : without_digits(digits, wanted - exponent);
  }
  std::string fixed() const;
};

Value rounded(Big digits, int exponent) {
  const int excess = digits_of(digits) - context_precision;
  if (excess > 0) {
    digits = without_digits(digits, excess);
    exponent += excess;
  }
  return make<Decimal>(std::move(digits), exponent);
}

std::optional<Ref<Decimal>> as_exact(const Value& value) {
  if (Decimal* decimal = value.as<Decimal>()) return Ref<Decimal>::share(decimal);
  if (value.is_integer() || value.is_bool()) return make<Decimal>(to_big(value), 0);
  return std::nullopt;
}

Value divide(const Decimal& a, const Decimal& b) {
  if (b.digits == 0) {
    throw_error(a.digits == 0 ? "InvalidOperation" : "DivisionByZero",
                a.digits == 0 ? "[<class 'decimal.DivisionUndefined'>]" : "[<class 'decimal.DivisionByZero'>]");
  }
  int exponent = a.exponent - b.exponent;
  const int shift = std::max(0, context_precision + digits_of(b.digits) - digits_of(a.digits) + 1);
  Big quotient;
  Big rest;
  boost::multiprecision::divide_qr(Big(a.digits * power_of_ten(shift)), b.digits, quotient, rest);
  const int ideal = exponent;
  exponent -= shift;
  if (rest != 0) {
    // A last digit that keeps the rounding honest: anything but a tie.
    quotient = quotient * 10 + ((a.digits < 0) != (b.digits < 0) ? -1 : 1);
    return rounded(quotient, exponent - 1);
  }
  while (exponent < ideal && quotient != 0 && quotient % 10 == 0) {
    quotient /= 10;
    ++exponent;
  }
  return quotient == 0 ? Value(make<Decimal>(Big(0), ideal)) : rounded(quotient, exponent);
}

// Towards zero, unlike Python's integers: Decimal keeps the standard's rule.
Value divide_whole(const Decimal& a, const Decimal& b, bool quotient) {
  if (b.digits == 0) throw_error("InvalidOperation", "[<class 'decimal.DivisionUndefined'>]");
  const int exponent = std::min(a.exponent, b.exponent);
  Big whole;
  Big rest;
  boost::multiprecision::divide_qr(a.digits_at(exponent), b.digits_at(exponent), whole, rest);
  return quotient ? Value(make<Decimal>(whole, 0)) : rounded(rest, exponent);
}

Value raise_to(const Decimal& base, const Decimal& power) {
  if (power.exponent >= 0 && power.digits >= 0 && power.digits < 10'000) {
    const auto times = static_cast<unsigned>(power.digits_at(0));
    return rounded(pow(base.digits, times), base.exponent * static_cast<int>(times));
  }
  const double result =
      std::pow(std::strtod(Value(make<Decimal>(base.digits, base.exponent)).str().c_str(), nullptr),
               std::strtod(Value(make<Decimal>(power.digits, power.exponent)).str().c_str(), nullptr));
  return take(make_decimal(fmt::format("{:.17g}", result)));
}

std::optional<Value> calculate(Operator op, const Decimal& a, const Decimal& b) {
  const int exponent = std::min(a.exponent, b.exponent);
  switch (op) {
    case Operator::add:
      return rounded(a.digits_at(exponent) + b.digits_at(exponent), exponent);
    case Operator::subtract:
      return rounded(a.digits_at(exponent) - b.digits_at(exponent), exponent);
    case Operator::multiply:
      return rounded(a.digits * b.digits, a.exponent + b.exponent);
    case Operator::divide:
      return divide(a, b);
    case Operator::floor_divide:
      return divide_whole(a, b, true);
    case Operator::modulo:
      return divide_whole(a, b, false);
    case Operator::power:
      return raise_to(a, b);
  }
  return std::nullopt;
}

std::string grouped(std::string number) {
  const size_t point = std::min(number.find('.'), number.size());
  const size_t first = number.starts_with('-') ? 1 : 0;
  for (size_t at = point; at > first + 3;) {
    at -= 3;
    number.insert(at, ",");
  }
  return number;
}

}  // namespace

std::string Decimal::fixed() const {
  if (exponent >= 0) return digits_at(0).str();
  std::string text = Big(abs(digits)).str();
  const auto places = static_cast<size_t>(-exponent);
  if (text.size() <= places) text.insert(0, places + 1 - text.size(), '0');
  text.insert(text.size() - places, ".");
  return digits < 0 ? "-" + text : text;
}

// The specification's to-scientific-string.
std::string Decimal::str() {
  const std::string text = Big(abs(digits)).str();
  const int adjusted = exponent + static_cast<int>(text.size()) - 1;
  if (exponent <= 0 && adjusted >= -6) return fixed();
  std::string out = digits < 0 ? "-" : "";
  out += text[0];
  if (text.size() > 1) out += "." + text.substr(1);
  return out + fmt::format("E{:+}", adjusted);
}

bool Decimal::equals(const Value& other) { return compare(other) == std::partial_ordering::equivalent; }

// Equal numbers hash alike whatever their type.
std::optional<uint64_t> Decimal::hash() {
  const Big whole = digits_at(0);
  if (whole * power_of_ten(std::max(0, -exponent)) == digits_at(std::min(0, exponent)))
    return number_hash(make_integer(whole));
  return number_hash(Value(*to_real()));
}

std::optional<std::partial_ordering> Decimal::compare(const Value& other) {
  if (const auto exact = as_exact(other)) {
    const int common = std::min(exponent, (*exact)->exponent);
    const int order = digits_at(common).compare((*exact)->digits_at(common));
    return order <=> 0;
  }
  if (other.is_real()) return *to_real() <=> other.as_real();
  return std::nullopt;
}

Outcome<std::optional<Value>> Decimal::operate(Operator op, const Value& other, bool reflected) {
  const auto exact = as_exact(other);
  if (!exact) return std::nullopt;
  return guard([&] { return reflected ? calculate(op, **exact, *this) : calculate(op, *this, **exact); });
}

std::optional<Value> Decimal::to_integer() {
  if (exponent >= 0) return make_integer(digits_at(0));
  return make_integer(digits / power_of_ten(-exponent));
}

Outcome<std::optional<Value>> Decimal::attr(std::string_view name) {
  const Ref<Decimal> self = Ref<Decimal>::share(this);
  if (name == "quantize") {
    return function("quantize", {{"exp"}}, [self](std::span<const Value> arguments) -> Outcome<Value> {
      const auto unit = as_exact(arguments[0]);
      if (!unit)
        return raise("TypeError",
                     fmt::format("conversion from {} to Decimal is not supported", arguments[0].type_name()));
      return Value(make<Decimal>(self->digits_at((*unit)->exponent), (*unit)->exponent));
    });
  }
  if (name == "to_integral_value" || name == "to_integral") {
    return function(std::string(name), std::vector<Parameter>{},
                    [self](auto) -> Outcome<Value> { return Value(make<Decimal>(self->digits_at(0), 0)); });
  }
  if (name == "normalize") {
    return function("normalize", std::vector<Parameter>{}, [self](auto) -> Outcome<Value> {
      Big digits = self->digits;
      int exponent = digits == 0 ? 0 : self->exponent;
      for (; digits != 0 && digits % 10 == 0; ++exponent) digits /= 10;
      return Value(make<Decimal>(std::move(digits), exponent));
    });
  }
  if (name == "as_tuple") {
    return function("as_tuple", std::vector<Parameter>{}, [self](auto) -> Outcome<Value> {
      std::vector<Value> places;
      for (const char digit : Big(abs(self->digits)).str()) places.emplace_back(int64_t{digit - '0'});
      return named_tuple("DecimalTuple", {{"sign", Value(int64_t{self->digits < 0 ? 1 : 0})},
                                          {"digits", Value::tuple(std::move(places))},
                                          {"exponent", Value(int64_t{self->exponent})}});
    });
  }
  if (name == "copy_abs" || name == "copy_negate") {
    return function(std::string(name), std::vector<Parameter>{}, [self, negates = name == "copy_negate"](auto) {
      Big digits = negates ? Big(-self->digits) : Big(abs(self->digits));
      return Outcome<Value>(make<Decimal>(std::move(digits), self->exponent));
    });
  }
  if (name == "adjusted") {
    return function("adjusted", std::vector<Parameter>{}, [self](auto) -> Outcome<Value> {
      return Value(int64_t{self->exponent + digits_of(self->digits) - 1});
    });
  }
  if (name == "is_zero" || name == "is_signed") {
    const bool answer = name == "is_zero" ? digits == 0 : digits < 0;
    return function(std::string(name), std::vector<Parameter>{},
                    [answer](auto) -> Outcome<Value> { return Value(answer); });
  }
  if (name == "is_finite") {
    return function("is_finite", std::vector<Parameter>{}, [](auto) -> Outcome<Value> { return Value(true); });
  }
  if (name == "is_nan" || name == "is_infinite") {
    return function(std::string(name), std::vector<Parameter>{}, [](auto) -> Outcome<Value> { return Value(false); });
  }
  return std::nullopt;
}

// The common form of a format specification: width, ',', precision and the types f, F, % and none.
Outcome<std::optional<std::string>> Decimal::format(std::string_view spec) {
  if (spec.empty()) return str();
  size_t width = 0;
  size_t at = 0;
  const bool zero = at < spec.size() && spec[at] == '0';
  while (at < spec.size() && spec[at] >= '0' && spec[at] <= '9')
    width = width * 10 + static_cast<size_t>(spec[at++] - '0');
  const bool groups = at < spec.size() && spec[at] == ',';
  if (groups) ++at;
  std::optional<int> places;
  if (at < spec.size() && spec[at] == '.') {
    places = 0;
    for (++at; at < spec.size() && spec[at] >= '0' && spec[at] <= '9'; ++at) places = *places * 10 + (spec[at] - '0');
  }
  const char type = at < spec.size() ? spec[at++] : '\0';
  if (at != spec.size() || (type != '\0' && type != 'f' && type != 'F' && type != '%'))
    return raise("ValueError", "invalid format string");
  Ref<Decimal> shown = make<Decimal>(digits, type == '%' ? exponent + 2 : exponent);
  if (places) shown = make<Decimal>(shown->digits_at(-*places), -*places);
  std::string text = shown->fixed();
  if (groups) text = grouped(std::move(text));
  if (type == '%') text += '%';
  if (text.size() < width) text.insert(zero && text.starts_with('-') ? 1 : 0, width - text.size(), zero ? '0' : ' ');
  return text;
}

Outcome<Value> make_decimal(std::string_view text) {
  const std::string_view trimmed = text::strip_left(text::strip_right(text));
  std::string digits;
  int exponent = 0;
  bool point = false;
  size_t at = 0;
  const bool negative = trimmed.starts_with('-');
  if (negative || trimmed.starts_with('+')) ++at;
  for (; at < trimmed.size(); ++at) {
    const char c = trimmed[at];
    if (c == '.' && !point) {
      point = true;
    } else if (c >= '0' && c <= '9') {
      digits += c;
      if (point) --exponent;
    } else if (c != '_') {
      break;
    }
  }
  bool good = !digits.empty();
  if (good && at < trimmed.size()) {
    const std::string_view tail = trimmed.substr(at);
    const auto power =
        tail.size() > 1 && (tail[0] == 'e' || tail[0] == 'E') ? parse_integer(tail.substr(1)) : std::nullopt;
    good = power && power->is_int() && std::abs(power->as_int()) < 100'000;
    if (good) exponent += static_cast<int>(power->as_int());
  }
  if (!good) return raise("InvalidOperation", "[<class 'decimal.ConversionSyntax'>]");
  // A leading zero would make boost read the digits as octal.
  const size_t first = std::min(digits.find_first_not_of('0'), digits.size() - 1);
  Big number(digits.substr(first));
  if (negative) number = -number;
  return Value(make<Decimal>(std::move(number), exponent));
}

std::optional<std::string> as_decimal(const Value& value) {
  Decimal* decimal = value.as<Decimal>();
  return decimal ? std::optional(decimal->str()) : std::nullopt;
}

}  // namespace rynd::jinja

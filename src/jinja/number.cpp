// Number: arithmetic with Python's rules (floor division, sign of the divisor, integers that grow).
#include "number.h"

#include <charconv>
#include <cmath>
#include <cstdio>

#include "errors.h"
#include "text.h"

namespace rynd::jinja {
namespace {

bool is_small(const Value& value) { return value.is_int() || value.is_bool(); }

int64_t floor_quotient(int64_t a, int64_t b) {
  const int64_t quotient = a / b;
  return a % b != 0 && (a < 0) != (b < 0) ? quotient - 1 : quotient;
}

int64_t floor_remainder(int64_t a, int64_t b) {
  const int64_t remainder = a % b;
  return remainder != 0 && (remainder < 0) != (b < 0) ? remainder + b : remainder;
}

Value big_divide(const Big& a, const Big& b, bool quotient) {
  Big q;
  Big r;
  boost::multiprecision::divide_qr(a, b, q, r);
  if (r != 0 && (r < 0) != (b < 0)) {
    q -= 1;
    r += b;
  }
  return make_integer(quotient ? std::move(q) : std::move(r));
}

// Rounded once, half to even: 64 bits and a mark for what is below them are more than a float holds.
double rounded(const Big& magnitude) {
  if (magnitude == 0) return 0;
  const int shift = static_cast<int>(msb(magnitude)) - 63;
  if (shift <= 0) return static_cast<double>(magnitude.convert_to<uint64_t>());
  const Big top = magnitude >> shift;
  const uint64_t sticky = (top << shift) != magnitude ? 1 : 0;
  return std::ldexp(static_cast<double>(top.convert_to<uint64_t>() | sticky), shift);
}

Value integer_power(const Value& a, const Value& b) {
  if (number_compare(b, Value(0)) < 0) {
    if (number_compare(a, Value(0)) == 0) throw_error("ZeroDivisionError", "0.0 cannot be raised to a negative power");
    return std::pow(to_real(a), to_real(b));
  }
  if (!is_small(b) || b.as_int() > 1'000'000) {
    if (is_small(a) && (a.as_int() == 0 || a.as_int() == 1)) return a.as_int();
    throw_error("OverflowError", "integer power too large");
  }
  const Big base = to_big(a);
  if (static_cast<double>(b.as_int()) * static_cast<double>(base == 0 ? 1 : msb(abs(base)) + 1) > 8e6) {
    throw_error("OverflowError", "integer power too large");
  }
  return make_integer(pow(base, static_cast<unsigned>(b.as_int())));
}

Value integer_true_divide(const Value& a, const Value& b) {
  if (number_compare(b, Value(0)) == 0) throw_error("ZeroDivisionError", "division by zero");
  // 64 bits more than a double holds, then one rounding.
  const Big x = to_big(a);
  const Big y = to_big(b);
  if (x == 0) return 0.0;
  const int shift = 66 - (static_cast<int>(msb(abs(x))) - static_cast<int>(msb(abs(y))));
  const Big dividend = shift >= 0 ? Big(abs(x) << shift) : Big(abs(x));
  const Big divisor = shift >= 0 ? Big(abs(y)) : Big(abs(y) << -shift);
  Big scaled = dividend / divisor;
  if (scaled * divisor != dividend) scaled |= 1;
  const double result = std::ldexp(rounded(scaled), -shift);
  if (std::isinf(result)) throw_error("OverflowError", "integer division result too large for a float");
  return (x < 0) != (y < 0) ? -result : result;
}

Value big_operate(Operator op, const Value& a, const Value& b) {
  switch (op) {
    case Operator::add:
      return make_integer(to_big(a) + to_big(b));
    case Operator::subtract:
      return make_integer(to_big(a) - to_big(b));
    case Operator::multiply:
      return make_integer(to_big(a) * to_big(b));
    case Operator::floor_divide:
    case Operator::modulo:
      if (number_compare(b, Value(0)) == 0) {
        throw_error("ZeroDivisionError",
                    op == Operator::modulo ? "integer modulo by zero" : "integer division or modulo by zero");
      }
      return big_divide(to_big(a), to_big(b), op == Operator::floor_divide);
    case Operator::divide:
      return integer_true_divide(a, b);
    case Operator::power:
      return integer_power(a, b);
  }
  return {};
}

Value small_operate(Operator op, const Value& a, const Value& b) {
  const int64_t x = a.as_int();
  const int64_t y = b.as_int();
  int64_t result = 0;
  switch (op) {
    case Operator::add:
      if (!__builtin_add_overflow(x, y, &result)) return result;
      break;
    case Operator::subtract:
      if (!__builtin_sub_overflow(x, y, &result)) return result;
      break;
    case Operator::multiply:
      if (!__builtin_mul_overflow(x, y, &result)) return result;
      break;
    case Operator::floor_divide:
      if (y != 0 && y != -1) return floor_quotient(x, y);
      break;
    case Operator::modulo:
      if (y != 0 && y != -1) return floor_remainder(x, y);
      break;
    case Operator::divide:
      if (y != 0 && std::abs(static_cast<double>(x)) < 9e15 && std::abs(static_cast<double>(y)) < 9e15) {
        return static_cast<double>(x) / static_cast<double>(y);
      }
      break;
    case Operator::power:
      break;
  }
  return big_operate(op, a, b);
}

Value real_power(double x, double y) {
  if (x == 0 && y < 0) throw_error("ZeroDivisionError", "0.0 cannot be raised to a negative power");
  if (x < 0 && y != std::floor(y) && std::isfinite(y)) throw_value("a negative number cannot be raised to a fraction");
  const double result = std::pow(x, y);
  if (std::isinf(result) && std::isfinite(x) && std::isfinite(y)) {
    throw_error("OverflowError", "(34, 'Numerical result out of range')");
  }
  return result;
}

double real_modulo(double x, double y) {
  double remainder = std::fmod(x, y);
  if (remainder != 0) {
    if ((y < 0) != (remainder < 0)) remainder += y;
  } else {
    remainder = std::copysign(0.0, y);
  }
  return remainder;
}

double real_floor_divide(double x, double y) {
  const double remainder = real_modulo(x, y);
  const double quotient = (x - remainder) / y;
  if (quotient == 0) return std::copysign(0.0, x / y);
  const double floored = std::floor(quotient);
  return quotient - floored > 0.5 ? floored + 1.0 : floored;
}

Value real_operate(Operator op, double x, double y) {
  switch (op) {
    case Operator::add:
      return x + y;
    case Operator::subtract:
      return x - y;
    case Operator::multiply:
      return x * y;
    case Operator::divide:
      if (y == 0) throw_error("ZeroDivisionError", "float division by zero");
      return x / y;
    case Operator::floor_divide:
      if (y == 0) throw_error("ZeroDivisionError", "float floor division by zero");
      return real_floor_divide(x, y);
    case Operator::modulo:
      if (y == 0) throw_error("ZeroDivisionError", "float modulo");
      return real_modulo(x, y);
    case Operator::power:
      return real_power(x, y);
  }
  return {};
}

std::string without_underscores(std::string_view text, bool& valid) {
  std::string out;
  for (size_t at = 0; at < text.size(); ++at) {
    if (text[at] != '_') {
      out += text[at];
      continue;
    }
    const auto digit = [&](size_t index) {
      return index < text.size() && std::isalnum(static_cast<unsigned char>(text[index]));
    };
    if (at == 0 || !digit(at - 1) || !digit(at + 1)) valid = false;
  }
  return out;
}

}  // namespace

Value make_integer(Big number) {
  if (number >= INT64_MIN && number <= INT64_MAX) return number.convert_to<int64_t>();
  return Value(make<LargeInteger>(std::move(number)));
}

Big to_big(const Value& value) { return is_small(value) ? Big(value.as_int()) : value.as_large().value; }

double to_real(const Value& value) {
  if (value.is_real()) return value.as_real();
  if (is_small(value)) return static_cast<double>(value.as_int());
  const Big& number = value.as_large().value;
  const double real = number < 0 ? -rounded(abs(number)) : rounded(number);
  if (std::isinf(real)) throw_error("OverflowError", "int too large to convert to float");
  return real;
}

Value number_operate(Operator op, const Value& a, const Value& b) {
  if (is_small(a) && is_small(b)) return small_operate(op, a, b);
  if (a.is_real() || b.is_real()) return real_operate(op, to_real(a), to_real(b));
  return big_operate(op, a, b);
}

Value number_negate(const Value& a) {
  if (a.is_real()) return -a.as_real();
  if (is_small(a) && a.as_int() != INT64_MIN) return -a.as_int();
  return make_integer(-to_big(a));
}

std::partial_ordering number_compare(const Value& a, const Value& b) {
  if (is_small(a) && is_small(b)) return a.as_int() <=> b.as_int();
  if (a.is_real() && b.is_real()) return a.as_real() <=> b.as_real();
  if (!a.is_real() && !b.is_real()) {
    const int order = to_big(a).compare(to_big(b));
    return order <=> 0;
  }
  // An integer against a float, exactly.
  const bool left = a.is_real();
  const double real = left ? a.as_real() : b.as_real();
  const Value& integer = left ? b : a;
  if (std::isnan(real)) return std::partial_ordering::unordered;
  std::partial_ordering order = std::partial_ordering::equivalent;
  if (std::isinf(real)) {
    order = real > 0 ? std::partial_ordering::greater : std::partial_ordering::less;
  } else {
    const double whole = std::floor(real);
    const int compared = Big(whole).compare(to_big(integer));
    order = compared == 0 ? (real > whole ? std::partial_ordering::greater : std::partial_ordering::equivalent)
                          : std::partial_ordering(compared <=> 0);
  }
  return left ? order : 0 <=> order;
}

uint64_t number_hash(const Value& a) {
  const auto mix = [](uint64_t x) { return (x ^ x >> 32) * 0x9E3779B97F4A7C15ULL; };
  if (is_small(a)) return mix(static_cast<uint64_t>(a.as_int()));
  if (a.is_real()) {
    const double real = a.as_real();
    if (std::floor(real) == real && std::abs(real) < 9.2e18) {
      return mix(static_cast<uint64_t>(static_cast<int64_t>(real)));
    }
    return std::hash<double>()(real);
  }
  const double rounded = a.as_large().value.convert_to<double>();
  return std::hash<double>()(rounded);
}

std::string real_repr(double value) {
  if (std::isnan(value)) return "nan";
  if (std::isinf(value)) return value < 0 ? "-inf" : "inf";
  char buffer[40];
  const auto end = std::to_chars(buffer, buffer + sizeof(buffer), value, std::chars_format::scientific).ptr;
  std::string_view digits(buffer, static_cast<size_t>(end - buffer));
  std::string out;
  if (digits.front() == '-') {
    out += '-';
    digits.remove_prefix(1);
  }
  const size_t mark = digits.find('e');
  int exponent = 0;
  const std::string_view tail = digits.substr(mark + (digits[mark + 1] == '+' ? 2 : 1));
  std::from_chars(tail.data(), tail.data() + tail.size(), exponent);
  std::string mantissa(digits.substr(0, 1));
  if (mark > 2) mantissa += digits.substr(2, mark - 2);
  const int count = static_cast<int>(mantissa.size());
  if (exponent < -4 || exponent >= 16) {
    out += mantissa[0];
    if (count > 1) out.append(".").append(mantissa, 1);
    std::snprintf(buffer, sizeof(buffer), "e%c%02d", exponent < 0 ? '-' : '+', std::abs(exponent));
    return out + buffer;
  }
  if (exponent < 0) return out + "0." + std::string(static_cast<size_t>(-exponent - 1), '0') + mantissa;
  const auto whole = static_cast<size_t>(exponent + 1);
  if (count <= exponent + 1) return out + mantissa + std::string(whole - mantissa.size(), '0') + ".0";
  return out + mantissa.substr(0, whole) + "." + mantissa.substr(whole);
}

void write_integer(std::string& out, int64_t value) {
  char buffer[24];
  out.append(buffer, std::to_chars(buffer, buffer + sizeof(buffer), value).ptr);
}

double real_round(double value, int digits) {
  if (!std::isfinite(value) || digits > 323) return value;
  if (digits < -308) return std::copysign(0.0, value);
  if (digits >= 0) {
    char buffer[800];
    std::snprintf(buffer, sizeof(buffer), "%.*f", digits, value);
    return std::strtod(buffer, nullptr);
  }
  const double scale = std::pow(10.0, -digits);
  return std::nearbyint(value / scale) * scale;
}

std::optional<Value> parse_integer(std::string_view written, int base) {
  std::string_view text = text::strip_right(text::strip_left(written));
  bool negative = false;
  if (!text.empty() && (text.front() == '-' || text.front() == '+')) {
    negative = text.front() == '-';
    text.remove_prefix(1);
  }
  if (text.size() > 2 && text[0] == '0' && (base == 0 || base == 2 || base == 8 || base == 16)) {
    const char mark = static_cast<char>(text[1] | 32);
    const int named = mark == 'x' ? 16 : mark == 'o' ? 8 : mark == 'b' ? 2 : 0;
    if (named != 0 && (base == 0 || base == named)) {
      base = named;
      text.remove_prefix(text[2] == '_' ? 3 : 2);
    }
  }
  const bool plain_zero_rule = base == 0;
  if (base == 0) base = 10;
  bool valid = true;
  const std::string digits = without_underscores(text, valid);
  if (!valid || digits.empty()) return std::nullopt;
  if (plain_zero_rule && digits.size() > 1 && digits[0] == '0' && digits.find_first_not_of('0') != std::string::npos) {
    return std::nullopt;
  }
  int64_t small = 0;
  const auto parsed = std::from_chars(digits.data(), digits.data() + digits.size(), small, base);
  if (parsed.ptr == digits.data() + digits.size() && parsed.ec == std::errc()) return Value(negative ? -small : small);
  Big number = 0;
  for (const char c : digits) {
    const int digit = c >= '0' && c <= '9' ? c - '0' : (c | 32) >= 'a' && (c | 32) <= 'z' ? (c | 32) - 'a' + 10 : 99;
    if (digit >= base) return std::nullopt;
    number = number * base + digit;
  }
  return make_integer(negative ? Big(-number) : number);
}

std::optional<double> parse_real(std::string_view written) {
  std::string_view text = text::strip_right(text::strip_left(written));
  bool valid = true;
  std::string digits = without_underscores(text, valid);
  if (!valid || digits.empty()) return std::nullopt;
  std::string_view rest = digits;
  const bool negative = rest.front() == '-';
  if (rest.front() == '-' || rest.front() == '+') rest.remove_prefix(1);
  if (rest.empty() || rest.front() == '-' || rest.front() == '+') return std::nullopt;
  double value = 0;
  const auto parsed = std::from_chars(rest.data(), rest.data() + rest.size(), value);
  if (parsed.ptr != rest.data() + rest.size()) return std::nullopt;
  if (parsed.ec == std::errc::result_out_of_range) value = std::strtod(std::string(rest).c_str(), nullptr);
  if (rest.find('(') != std::string_view::npos) return std::nullopt;
  return negative ? -value : value;
}

Value real_to_integer(double value) {
  if (std::isnan(value)) throw_value("cannot convert float NaN to integer");
  if (std::isinf(value)) throw_error("OverflowError", "cannot convert float infinity to integer");
  if (std::abs(value) < 9.2e18) return static_cast<int64_t>(value);
  return make_integer(Big(std::trunc(value)));
}

}  // namespace rynd::jinja

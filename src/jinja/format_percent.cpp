// Format: printf-style formatting, and how numbers are turned into digits.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <optional>

#include "format.h"
#include "number.h"
#include "operations.h"
#include "text.h"

namespace rynd::jinja {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

struct Conversion {
  bool left = false, plus = false, space = false, zero = false, alternate = false;
  size_t width = 0;
  int precision = -1;
  char type = '\0';
};

// The values a format takes one after the other, or by name.
class Supply {
 public:
  explicit Supply(const Value& arguments) : arguments_(arguments) {}

  Value next() {
    if (arguments_.is_tuple()) {
      const std::vector<Value>& items = arguments_.as_tuple().items;
      if (used_ >= items.size()) throw_type("not enough arguments for format string");
      return items[used_++];
    }
    if (used_++ > 0) throw_type("not enough arguments for format string");
    return arguments_;
  }
  Value named(std::string_view key) {
    by_name_ = true;
    if (!is_mapping()) throw_type("format requires a mapping");
    const Value found = subscript(arguments_, Value(key), false);
    if (found.is_undefined()) throw_error("KeyError", text::repr(key));
    return found;
  }
  // A mapping may have more than a format uses; a list counts as one, for it can be subscripted.
  void finish() const {
    const size_t given = arguments_.is_tuple() ? arguments_.as_tuple().items.size() : 1;
    const bool lenient = by_name_ || is_mapping() || arguments_.is_list();
    if (!lenient && used_ < given) throw_type("not all arguments converted during string formatting");
  }

 private:
  bool is_mapping() const {
    return arguments_.is_dict() || (arguments_.is_object() && arguments_.as_object().is_mapping());
  }

  const Value& arguments_;
  size_t used_ = 0;
  bool by_name_ = false;
};

std::string justified(std::string text, const Conversion& conversion) {
  const size_t length = text::length(text);
  if (length >= conversion.width) return text;
  const std::string spaces(conversion.width - length, ' ');
  return conversion.left ? text + spaces : spaces + text;
}

std::string number_with_sign(const NumberText& number, const Conversion& conversion) {
  std::string sign = number.negative ? "-" : conversion.plus ? "+" : conversion.space ? " " : "";
  sign += number.prefix;
  std::string digits = number.digits;
  const size_t size = sign.size() + digits.size();
  if (conversion.zero && !conversion.left && size < conversion.width) digits.insert(0, conversion.width - size, '0');
  return justified(sign + digits, conversion);
}

Value whole_number(const Value& value, char type) {
  if (value.is_integer() || value.is_bool()) return value;
  if (type == 'd' || type == 'i' || type == 'u') {
    if (value.is_real()) return real_to_integer(value.as_real());
    if (value.is_object()) {
      if (std::optional<Value> whole = value.as_object().to_integer()) return *whole;
    }
    throw_type("%" + std::string(1, type) + " format: a real number is required, not " +
               std::string(value.type_name()));
  }
  throw_type("%" + std::string(1, type) + " format: an integer is required, not " + std::string(value.type_name()));
}

double real_number(const Value& value) {
  if (value.is_number()) return to_real(value);
  if (value.is_object()) {
    if (const std::optional<double> real = value.as_object().to_real()) return *real;
  }
  throw_type("must be real number, not " + std::string(value.type_name()));
}

std::string format_whole(const Value& value, const Conversion& conversion) {
  const char type = conversion.type == 'i' || conversion.type == 'u' ? 'd' : conversion.type;
  NumberText number = integer_text(whole_number(value, conversion.type), type, conversion.alternate);
  if (conversion.precision > 0 && number.digits.size() < static_cast<size_t>(conversion.precision)) {
    number.digits.insert(0, static_cast<size_t>(conversion.precision) - number.digits.size(), '0');
  }
  return number_with_sign(number, conversion);
}

std::string format_character(const Value& value, const Conversion& conversion) {
  if (value.is_int()) return justified(integer_text(value, 'c', false).digits, conversion);
  if (value.is_string() && text::length(value.as_string()) == 1) return justified(value.str(), conversion);
  throw_type("%c requires int or char");
}

std::string converted(const Value& value, const Conversion& conversion, size_t index) {
  switch (conversion.type) {
    case 's':
    case 'r':
    case 'a': {
      const std::string text = conversion.type == 's' ? value.str() : value.repr();
      if (conversion.precision < 0) return justified(text, conversion);
      return justified(std::string(text::part(text, 0, static_cast<size_t>(conversion.precision))), conversion);
    }
    case 'd':
    case 'i':
    case 'u':
    case 'o':
    case 'x':
    case 'X':
      return format_whole(value, conversion);
    case 'e':
    case 'E':
    case 'f':
    case 'F':
    case 'g':
    case 'G':
      return number_with_sign(real_text(real_number(value), conversion.type,
                                        conversion.precision < 0 ? 6 : conversion.precision, conversion.alternate),
                              conversion);
    case 'c':
      return format_character(value, conversion);
    default:
      break;
  }
  char code[32];
  std::snprintf(code, sizeof(code), " (0x%x) at index %zu", static_cast<unsigned char>(conversion.type), index);
  throw_value("unsupported format character '" + std::string(1, conversion.type) + "'" + code);
}

// Reads what stands between '%' and the type.
class Reader {
 public:
  Reader(std::string_view format, size_t at, Supply& supply) : format_(format), at_(at), supply_(supply) {}

  Conversion read(std::optional<Value>& named) {
    if (peek() == '(') named = supply_.named(key());
    Conversion conversion;
    for (;; ++at_) {
      const char c = peek();
      if (c == '-')
        conversion.left = true;
      else if (c == '+')
        conversion.plus = true;
      else if (c == ' ')
        conversion.space = true;
      else if (c == '0')
        conversion.zero = true;
      else if (c == '#')
        conversion.alternate = true;
      else
        break;
    }
    int64_t width = number();
    check_room(std::abs(width), 1000);
    if (width < 0) {
      conversion.left = true;
      width = -width;
    }
    conversion.width = static_cast<size_t>(width);
    if (peek() == '.') {
      ++at_;
      conversion.precision = static_cast<int>(std::max<int64_t>(0, number()));
    }
    while (peek() == 'h' || peek() == 'l' || peek() == 'L') ++at_;
    conversion.type = peek();
    return conversion;
  }
  size_t at() const { return at_; }

 private:
  char peek() const {
    if (at_ >= format_.size()) throw_value("incomplete format");
    return format_[at_];
  }
  std::string_view key() {
    int open = 0;
    const size_t begin = at_ + 1;
    for (;; ++at_) {
      if (at_ >= format_.size()) throw_value("incomplete format key");
      if (format_[at_] == '(') ++open;
      if (format_[at_] == ')' && --open == 0) break;
    }
    return format_.substr(begin, at_++ - begin);
  }
  int64_t number() {
    if (peek() == '*') {
      ++at_;
      const Value value = supply_.next();
      if (!value.is_int()) throw_type("* wants int");
      return value.as_int();
    }
    int64_t number = 0;
    for (; is_digit(peek()); ++at_) {
      number = number * 10 + (format_[at_] - '0');
      if (number > 100'000) throw_value("width too big");
    }
    return number;
  }

  std::string_view format_;
  size_t at_;
  Supply& supply_;
};

std::string printed(const char* pattern, int precision, double value) {
  const int size = std::snprintf(nullptr, 0, pattern, precision, value);
  std::string out(static_cast<size_t>(size) + 1, '\0');
  std::snprintf(out.data(), out.size(), pattern, precision, value);
  out.resize(static_cast<size_t>(size));
  return out;
}

std::string without_trailing_zeros(std::string mantissa) {
  if (mantissa.find('.') == std::string::npos) return mantissa;
  mantissa.erase(mantissa.find_last_not_of('0') + 1);
  if (mantissa.ends_with('.')) mantissa.pop_back();
  return mantissa;
}

// No type: as repr, or with a precision as g but with a digit after the point, and an exponent where that leaves no
// room.
std::string general_text(double value, int precision) {
  if (precision < 0) return real_repr(value);
  const int digits = std::max(precision, 1);
  const std::string scientific = printed("%.*e", digits - 1, value);
  const size_t e = scientific.find('e');
  const int exponent = std::stoi(scientific.substr(e + 1));
  if (exponent < -4 || exponent + 1 > digits - 1)
    return without_trailing_zeros(scientific.substr(0, e)) + scientific.substr(e);
  const std::string fixed = without_trailing_zeros(printed("%.*f", std::max(0, digits - 1 - exponent), value));
  return fixed.find('.') == std::string::npos ? fixed + ".0" : fixed;
}

}  // namespace

NumberText integer_text(const Value& value, char type, bool alternate) {
  NumberText out;
  if (type == 'c') {
    if (!value.is_int() || value.as_int() < 0 || value.as_int() > 0x10FFFF)
      throw_error("OverflowError", "%c arg not in range(0x110000)");
    text::append(out.digits, static_cast<uint32_t>(value.as_int()));
    return out;
  }
  Big number = to_big(value);
  out.negative = number < 0;
  if (out.negative) number = -number;
  switch (type) {
    case 'x':
    case 'X':
      out.digits = number.str(0, std::ios_base::hex);
      std::ranges::transform(out.digits, out.digits.begin(), [&](char c) {
        return static_cast<char>(type == 'X' ? std::toupper(c) : std::tolower(c));
      });
      if (alternate) out.prefix = type == 'X' ? "0X" : "0x";
      break;
    case 'o':
      out.digits = number.str(0, std::ios_base::oct);
      if (alternate) out.prefix = "0o";
      break;
    case 'b':
      if (number == 0) out.digits = "0";
      for (; number > 0; number >>= 1) out.digits += (number & 1) != 0 ? '1' : '0';
      std::ranges::reverse(out.digits);
      if (alternate) out.prefix = "0b";
      break;
    default:
      out.digits = number.str();
      break;
  }
  return out;
}

NumberText real_text(double value, char type, int precision, bool alternate) {
  NumberText out;
  out.negative = std::signbit(value) && !std::isnan(value);
  double size = std::fabs(value);
  const bool upper = type == 'E' || type == 'F' || type == 'G';
  if (std::isnan(size) || std::isinf(size)) {
    out.digits = std::isnan(size) ? (upper ? "NAN" : "nan") : (upper ? "INF" : "inf");
    if (type == '%') out.digits += '%';
    return out;
  }
  const int places = precision < 0 ? 6 : precision;
  switch (type) {
    case 'e':
      out.digits = printed(alternate ? "%#.*e" : "%.*e", places, size);
      break;
    case 'E':
      out.digits = printed(alternate ? "%#.*E" : "%.*E", places, size);
      break;
    case 'f':
    case 'F':
      out.digits = printed(alternate ? "%#.*f" : "%.*f", places, size);
      break;
    case 'g':
      out.digits = printed(alternate ? "%#.*g" : "%.*g", places, size);
      break;
    case 'G':
      out.digits = printed(alternate ? "%#.*G" : "%.*G", places, size);
      break;
    case '%':
      out.digits = printed("%.*f", places, size * 100) + "%";
      break;
    default:
      out.digits = general_text(size, precision);
      break;
  }
  return out;
}

std::string grouped_digits(std::string_view digits, char separator, size_t group) {
  size_t whole = 0;
  while (whole < digits.size() && std::isxdigit(static_cast<unsigned char>(digits[whole])) &&
         (group == 4 || is_digit(digits[whole]))) {
    ++whole;
  }
  std::string out;
  for (size_t i = 0; i < whole; ++i) {
    if (i > 0 && (whole - i) % group == 0) out += separator;
    out += digits[i];
  }
  return out + std::string(digits.substr(whole));
}

std::string percent_format(std::string_view format, const Value& arguments) {
  Supply supply(arguments);
  std::string out;
  for (size_t at = 0; at < format.size();) {
    if (format[at] != '%') {
      out += format[at++];
      continue;
    }
    std::optional<Value> named;
    Reader reader(format, at + 1, supply);
    const Conversion conversion = reader.read(named);
    out += conversion.type == '%' ? "%" : converted(named ? *named : supply.next(), conversion, reader.at());
    at = reader.at() + 1;
  }
  supply.finish();
  return out;
}

}  // namespace rynd::jinja

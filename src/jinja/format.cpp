// Format: format specifications ("{:>10,.2f}") and str.format.
#include "format.h"

#include <array>
#include <cmath>
#include <optional>
#include <vector>

#include "native.h"
#include "number.h"
#include "operations.h"
#include "text.h"

namespace rynd::jinja {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// [[fill]align][sign][#][0][width][grouping][.precision][type]
struct Spec {
  std::string fill = "";  // "": a space, or what the kind of value fills with
  char align = '\0';
  char sign = '-';
  bool sign_given = false;
  bool alternate = false;
  bool zero = false;
  size_t width = 0;
  char grouping = '\0';
  int precision = -1;
  char type = '\0';
};

bool is_align(char c) { return c == '<' || c == '>' || c == '=' || c == '^'; }

[[noreturn]] void throw_invalid_spec(std::string_view spec, const Value& value) {
  throw_value("Invalid format specifier '" + std::string(spec) + "' for object of type '" +
              std::string(value.type_name()) + "'");
}

std::optional<size_t> read_number(std::string_view text, size_t& at) {
  if (at >= text.size() || !is_digit(text[at])) return std::nullopt;
  size_t number = 0;
  for (; at < text.size() && is_digit(text[at]); ++at) {
    number = number * 10 + static_cast<size_t>(text[at] - '0');
    if (number > 100'000) throw_value("Too many decimal digits in format string");
  }
  return number;
}

Spec read_spec(std::string_view text, const Value& value) {
  Spec spec;
  size_t at = 0;
  const size_t first = text.empty() ? 0 : text::point(text, 0).size;
  if (first < text.size() && is_align(text[first])) {
    spec.fill = text.substr(0, first);
    spec.align = text[first];
    at = first + 1;
  } else if (!text.empty() && is_align(text[0])) {
    spec.align = text[at++];
  }
  const auto take = [&](std::string_view characters) {
    return at < text.size() && characters.find(text[at]) != std::string_view::npos ? text[at++] : '\0';
  };
  if (const char sign = take("+- ")) {
    spec.sign = sign;
    spec.sign_given = true;
  }
  spec.alternate = take("#") != '\0';
  if (take("0")) {
    // As Python: the flag fills with zeros whatever the alignment, and stands for '=' where none is given.
    spec.zero = spec.align == '\0';
    if (spec.fill.empty()) spec.fill = "0";
  }
  if (spec.fill.empty()) spec.fill = " ";
  spec.width = read_number(text, at).value_or(0);
  spec.grouping = take(",_");
  if (take(".")) {
    const std::optional<size_t> precision = read_number(text, at);
    if (!precision) throw_value("Format specifier missing precision");
    spec.precision = static_cast<int>(*precision);
  }
  if (at < text.size()) spec.type = text[at++];
  if (at != text.size()) throw_invalid_spec(text, value);
  return spec;
}

std::string padded(std::string text, const Spec& spec, char fallback_align) {
  const size_t length = text::length(text);
  if (length >= spec.width) return text;
  const size_t missing = spec.width - length;
  const char align = spec.align ? spec.align : fallback_align;
  const size_t before = align == '<' ? 0 : align == '^' ? missing / 2 : missing;
  std::string out;
  for (size_t i = 0; i < before; ++i) out += spec.fill;
  out += text;
  for (size_t i = before; i < missing; ++i) out += spec.fill;
  return out;
}

std::string format_text(std::string_view text, const Spec& spec, const Value& value) {
  if (spec.type != '\0' && spec.type != 's') {
    throw_value("Unknown format code '" + std::string(1, spec.type) + "' for object of type '" +
                std::string(value.type_name()) + "'");
  }
  if (spec.sign_given) throw_value("Sign not allowed in string format specifier");
  if (spec.alternate) throw_value("Alternate form (#) not allowed in string format specifier");
  if (spec.align == '=') throw_value("'=' alignment not allowed in string format specifier");
  if (spec.grouping) throw_value("Cannot specify '" + std::string(1, spec.grouping) + "' with 's'.");
  Spec shown = spec;
  if (spec.precision >= 0) text = text::part(text, 0, static_cast<size_t>(spec.precision));
  return padded(std::string(text), shown, '<');
}

// Sign, zeros and separators; zeros that fill up to a width are grouped with the digits.
std::string dressed(NumberText number, const Spec& spec) {
  std::string sign = number.negative ? "-" : spec.sign == '-' ? "" : std::string(1, spec.sign);
  sign += number.prefix;
  const bool inside = spec.zero || spec.align == '=';
  const std::string& fill = spec.fill;
  const size_t group = spec.type == 'b' || spec.type == 'o' || spec.type == 'x' || spec.type == 'X' ? 4 : 3;
  if (spec.grouping) {
    const std::string plain = number.digits;
    number.digits = grouped_digits(plain, spec.grouping, group);
    for (size_t extra = 1; inside && fill == "0" && sign.size() + number.digits.size() < spec.width; ++extra) {
      std::string longer = grouped_digits(std::string(extra, '0') + plain, spec.grouping, group);
      if (sign.size() + longer.size() > spec.width) {
        // A separator does not stand first: Python goes one over the width instead.
        if (sign.size() + number.digits.size() + 1 == spec.width) number.digits = std::move(longer);
        break;
      }
      number.digits = std::move(longer);
    }
  }
  if (!inside) return padded(sign + number.digits, spec, '>');
  std::string out = sign;
  for (size_t length = sign.size() + number.digits.size(); length < spec.width; ++length) out += fill;
  return out + number.digits;
}

std::string format_integer(const Value& value, Spec spec) {
  if (std::string_view("eEfFgG%").find(spec.type) != std::string_view::npos && spec.type) {
    return dressed(real_text(to_real(value), spec.type, spec.precision, spec.alternate), spec);
  }
  if (spec.precision >= 0) throw_value("Precision not allowed in integer format specifier");
  if (spec.type == 'n' || spec.type == '\0') spec.type = 'd';
  if (std::string_view("dboxXc").find(spec.type) == std::string_view::npos) {
    throw_value("Unknown format code '" + std::string(1, spec.type) + "' for object of type '" +
                std::string(value.type_name()) + "'");
  }
  if (spec.type == 'c') {
    if (spec.sign_given) throw_value("Sign not allowed with integer format specifier 'c'");
    return padded(integer_text(value, 'c', false).digits, spec, '<');
  }
  return dressed(integer_text(value, spec.type, spec.alternate), spec);
}

std::string format_real(double value, Spec spec) {
  if (spec.type == 'n') spec.type = 'g';
  if (spec.type && std::string_view("eEfFgG%").find(spec.type) == std::string_view::npos) {
    throw_value("Unknown format code '" + std::string(1, spec.type) + "' for object of type 'float'");
  }
  return dressed(real_text(value, spec.type, spec.precision, spec.alternate), spec);
}

// str.format: walks over the template and its replacement fields.
class Formatter {
 public:
  Formatter(const Arguments& arguments, const Value* mapping) : arguments_(arguments), mapping_(mapping) {}

  std::string run(std::string_view text, int depth = 2) {
    if (depth < 0) throw_value("Max string recursion exceeded");
    std::string out;
    for (size_t at = 0; at < text.size();) {
      const char c = text[at];
      if ((c == '{' || c == '}') && at + 1 < text.size() && text[at + 1] == c) {
        out += c;
        at += 2;
      } else if (c == '}') {
        throw_value("Single '}' encountered in format string");
      } else if (c == '{') {
        const size_t end = field_end(text, at + 1);
        out += field(text.substr(at + 1, end - at - 1), depth);
        at = end + 1;
      } else {
        out += c;
        ++at;
      }
    }
    return out;
  }

 private:
  static size_t field_end(std::string_view text, size_t at) {
    if (at == text.size()) throw_value("Single '{' encountered in format string");
    int open = 1;
    for (; at < text.size(); ++at) {
      if (text[at] == '{') ++open;
      if (text[at] == '}' && --open == 0) return at;
    }
    throw_value("expected '}' before end of string");
  }

  std::string field(std::string_view text, int depth) {
    size_t name_end = 0;
    for (int brackets = 0; name_end < text.size(); ++name_end) {
      const char c = text[name_end];
      if (c == '[') ++brackets;
      if (c == ']') --brackets;
      if (brackets == 0 && (c == ':' || c == '!')) break;
    }
    Value value = lookup(text.substr(0, name_end));
    std::string_view rest = text.substr(name_end);
    if (rest.starts_with('!')) {
      if (rest.size() < 2) throw_value("end of string while looking for conversion specifier");
      value = converted(value, rest[1]);
      rest = rest.substr(2);
      if (!rest.empty() && rest[0] != ':') throw_value("expected ':' after conversion specifier");
    }
    return format_value(value, rest.empty() ? "" : run(rest.substr(1), depth - 1));
  }

  static Value converted(const Value& value, char conversion) {
    switch (conversion) {
      case 's':
        return value.str();
      case 'r':
        return value.repr();
      case 'a':
        return text::ascii(value.repr());
      default:
        throw_value("Unknown conversion specifier '" + std::string(1, conversion) + "'");
    }
  }

  Value first(std::string_view name) {
    if (mapping_) return named(name);
    const bool number = !name.empty() && std::ranges::all_of(name, is_digit);
    if (!name.empty() && !number) return named(name);
    if (number ? automatic_ > 0 : manual_) {
      throw_value(number ? "cannot switch from automatic field numbering to manual field specification"
                         : "cannot switch from manual field specification to automatic field numbering");
    }
    size_t index = automatic_;
    if (number) {
      manual_ = true;
      size_t at = 0;
      index = *read_number(name, at);
    } else {
      ++automatic_;
    }
    if (index >= arguments_.size()) {
      throw_error("IndexError", "tuple index out of range");
    }
    return arguments_[index];
  }

  Value named(std::string_view name) {
    if (mapping_) {
      const Value found = subscript(*mapping_, Value(name), false);
      if (!found.is_undefined()) return found;
    } else if (const Value* found = arguments_.find(name)) {
      return *found;
    }
    throw_error("KeyError", text::repr(name));
  }

  Value lookup(std::string_view name) {
    const size_t end = std::min(name.find_first_of(".["), name.size());
    Value value = first(name.substr(0, end));
    for (size_t at = end; at < name.size();) {
      if (name[at] == '.') {
        const size_t stop = std::min(name.find_first_of(".[", at + 1), name.size());
        const std::string_view attribute_name = name.substr(at + 1, stop - at - 1);
        value = attribute(value, attribute_name, hash_text(attribute_name), false);
        at = stop;
      } else {
        const size_t stop = name.find(']', at);
        if (stop == std::string_view::npos) throw_value("Missing ']' in format string");
        const std::string_view key = name.substr(at + 1, stop - at - 1);
        if (key.empty()) throw_value("Empty attribute in format string");
        const bool number = std::ranges::all_of(key, is_digit);
        value = subscript(value, number ? *parse_integer(key) : Value(key), false);
        at = stop + 1;
      }
    }
    return value;
  }

  const Arguments& arguments_;
  const Value* mapping_;
  size_t automatic_ = 0;
  bool manual_ = false;
};

Value run_format(const Bound& bound) { return Formatter(bound.all, nullptr).run(bound.self.as_string()); }
Value run_format_map(const Bound& bound) { return Formatter(bound.all, &bound[0]).run(bound.self.as_string()); }

}  // namespace

std::string format_value(const Value& value, std::string_view spec) {
  if (value.is_undefined() && spec.empty()) return value.str();
  if (value.is_object()) {
    if (std::optional<std::string> text = take(value.as_object().format(spec))) return std::move(*text);
  }
  if (spec.empty()) return value.str();
  if (value.is_string()) return format_text(value.as_string(), read_spec(spec, value), value);
  if (value.is_integer() || value.is_bool()) return format_integer(value, read_spec(spec, value));
  if (value.is_real()) return format_real(value.as_real(), read_spec(spec, value));
  throw_type("unsupported format string passed to " + std::string(value.type_name()) + ".__format__");
}

std::span<const Native> string_format_methods() {
  static constexpr std::array<Native, 2> methods = {
      {{"format", "format", "*", run_format}, {"format_map", "str.format_map", "mapping", run_format_map}}};
  return methods;
}

}  // namespace rynd::jinja

// Scalars: what a plain YAML 1.1 scalar means, by the rules of PyYAML's resolver (yaml.org/type, PyYAML 6).
#include "yaml_scalar.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <optional>
#include <string>

#include "base/text.h"

namespace rynd::yaml {
namespace {

bool digit(char c) { return c >= '0' && c <= '9'; }

// The three spellings that YAML 1.1 knows of a word: word, Word, WORD.
bool spelled(std::string_view text, std::string_view word) {
  if (text.size() != word.size() || !iequals(text, word)) return false;
  bool rest_lower = std::all_of(text.begin() + 1, text.end(), [](char c) { return c >= 'a' && c <= 'z'; });
  bool all_upper = std::all_of(text.begin(), text.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
  return rest_lower || all_upper;
}

bool is_null(std::string_view text) { return text.empty() || text == "~" || spelled(text, "null"); }

std::optional<bool> as_boolean(std::string_view text) {
  for (std::string_view word : {"true", "yes", "on"}) {
    if (spelled(text, word)) return true;
  }
  for (std::string_view word : {"false", "no", "off"}) {
    if (spelled(text, word)) return false;
  }
  return std::nullopt;
}

struct Number {
  bool negative = false;
  int base = 10;
  std::string digits;  // without underscores, sign and prefix
};

bool only(std::string_view text, std::string_view allowed) {
  return !text.empty() && text.find_first_not_of(allowed) == std::string_view::npos;
}

// [-+]?(0b[0-1_]+ | 0[0-7_]+ | 0 | [1-9][0-9_]* | 0x[0-9a-fA-F_]+)
std::optional<Number> as_integer(std::string_view text) {
  Number number;
  if (text.starts_with('-') || text.starts_with('+')) {
    number.negative = text[0] == '-';
    text.remove_prefix(1);
  }
  std::string_view allowed = "0123456789_";
  if (text.starts_with("0b")) {
    number.base = 2;
    allowed = "01_";
    text.remove_prefix(2);
  } else if (text.starts_with("0x")) {
    number.base = 16;
    allowed = "0123456789abcdefABCDEF_";
    text.remove_prefix(2);
  } else if (text.starts_with('0') && text.size() > 1) {
    number.base = 8;
    allowed = "01234567_";
  } else if (text.starts_with('_')) {
    return std::nullopt;
  }
  if (!only(text, allowed)) return std::nullopt;
  number.digits = replace_all(text, "_", "");
  if (number.digits.empty()) return std::nullopt;
  return number;
}

// [-+]?[1-9][0-9_]*(:[0-5]?[0-9])+ , with a fraction allowed at the end when `real`: 12:30:45 is 45045.
std::optional<double> as_sexagesimal(std::string_view text, bool real) {
  bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  if (text.empty() || !digit(text[0]) || text.find(':') == std::string_view::npos) return std::nullopt;
  if (!real && text[0] == '0') return std::nullopt;
  double value = 0;
  auto parts = split(text, ':');
  for (size_t i = 0; i < parts.size(); ++i) {
    std::string part = parts[i];
    bool last = i + 1 == parts.size();
    size_t dot = part.find('.');
    if (last && real != (dot != std::string::npos)) return std::nullopt;
    std::string fraction = last && real ? part.substr(dot + 1) : "";
    if (last && real) part.resize(dot);
    bool fits = i == 0 ? only(part, "0123456789_")
                       : only(part, "0123456789") && part.size() <= 2 && (part.size() == 1 || part[0] <= '5');
    if (!fits || (!fraction.empty() && !only(fraction, "0123456789_"))) return std::nullopt;
    std::string digits = replace_all(part, "_", "") + "." + replace_all(fraction, "_", "") + "0";
    double piece = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), piece);
    value = value * 60 + piece;
  }
  return negative ? -value : value;
}

// [-+]?[0-9][0-9_]*\.[0-9_]*([eE][-+][0-9]+)? | \.[0-9][0-9_]*([eE][-+][0-9]+)? | [-+]?\.inf | \.nan
std::optional<double> as_real(std::string_view text) {
  if (text.starts_with('.') && spelled(text.substr(1), "nan")) return std::numeric_limits<double>::quiet_NaN();
  if (text == ".NaN") return std::numeric_limits<double>::quiet_NaN();
  std::string_view rest = text;
  bool negative = rest.starts_with('-');
  bool has_sign = negative || rest.starts_with('+');
  if (has_sign) rest.remove_prefix(1);
  if (rest.starts_with('.') && spelled(rest.substr(1), "inf")) return negative ? -HUGE_VAL : HUGE_VAL;
  if (auto value = as_sexagesimal(text, true)) return value;

  size_t exponent = rest.find_first_of("eE");
  std::string_view mantissa = rest.substr(0, exponent);
  size_t dot = mantissa.find('.');
  if (dot == std::string_view::npos) return std::nullopt;
  std::string_view whole = mantissa.substr(0, dot), fraction = mantissa.substr(dot + 1);
  bool whole_fits = whole.empty() ? !has_sign && !fraction.empty() && digit(fraction[0])
                                  : digit(whole[0]) && only(whole, "0123456789_");
  if (!whole_fits || (!fraction.empty() && !only(fraction, "0123456789_"))) return std::nullopt;
  if (exponent != std::string_view::npos) {
    std::string_view power = rest.substr(exponent + 1);
    if (power.size() < 2 || (power[0] != '-' && power[0] != '+') || !only(power.substr(1), "0123456789")) {
      return std::nullopt;
    }
  }
  std::string digits = replace_all(rest, "_", "");
  double value = 0;
  auto result = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (result.ec == std::errc::result_out_of_range) value = digits.find("e-") == std::string::npos ? HUGE_VAL : 0;
  return negative ? -value : value;
}

void set_integer(Node& node, const Number& number) {
  std::string digits = (number.negative ? "-" : "") + number.digits;
  const char* end = digits.data() + digits.size();
  if (std::from_chars(digits.data(), end, node.integer, number.base).ec == std::errc{}) {
    node.kind = Node::Kind::integer;
    return;
  }
  node.kind = Node::Kind::real;
  node.integer = 0;
  double value = 0;
  for (char c : number.digits) value = value * number.base + (digit(c) ? c - '0' : (c | 32) - 'a' + 10);
  node.real = number.negative ? -value : value;
  node.text = digits;
}

bool set_number(Node& node, std::string_view text) {
  if (auto integer = as_integer(text)) {
    set_integer(node, *integer);
    return true;
  }
  if (auto seconds = as_sexagesimal(text, false)) {
    node.kind = Node::Kind::integer;
    node.integer = static_cast<int64_t>(*seconds);
    return true;
  }
  if (auto real = as_real(text)) {
    node.kind = Node::Kind::real;
    node.real = *real;
    return true;
  }
  return false;
}

// Most scalars are words: their first letter tells that they cannot be a number.
bool may_be_number(char first) { return digit(first) || first == '-' || first == '+' || first == '.'; }

}  // namespace

void resolve_plain(Node& node, std::string_view text) {
  node.text = text;
  node.kind = Node::Kind::string;
  if (is_null(text)) {
    node.kind = Node::Kind::null;
  } else if (may_be_number(text[0])) {
    set_number(node, text);
  } else if (auto boolean = as_boolean(text)) {
    node.kind = Node::Kind::boolean;
    node.boolean = *boolean;
  }
}

bool stays_string(std::string_view text) {
  Node node;
  resolve_plain(node, text);
  return node.kind == Node::Kind::string;
}

bool resolve_as(Node& node, std::string_view type, std::string_view text) {
  node.text = text;
  if (type == "bool") {
    auto boolean = as_boolean(text);
    node.kind = Node::Kind::boolean;
    node.boolean = boolean.value_or(false);
    return boolean.has_value();
  }
  if (!set_number(node, text)) return false;
  if (type == "int") return node.kind == Node::Kind::integer || node.text != text;
  if (node.kind == Node::Kind::integer) node.real = static_cast<double>(node.integer);
  node.kind = Node::Kind::real;
  return true;
}

}  // namespace rynd::yaml

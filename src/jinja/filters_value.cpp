// Filters that turn one value into another, and the table of all filters.
#include <algorithm>
#include <array>
#include <cmath>

#include "filters.h"
#include "native_value.h"
#include "number.h"
#include "operations.h"
#include "text.h"

namespace rynd::jinja {
namespace {

Value absolute(const Bound& bound) {
  const Value& value = bound.self;
  if (value.is_bool()) return value.as_int();
  if (value.is_undefined()) throw_undefined(value);
  const bool number = value.is_number() || (value.is_object() && value.as_object().to_real());
  if (!number) throw_type("bad operand type for abs(): '" + std::string(value.type_name()) + "'");
  return less(value, Value(0)) ? negate(value) : value;
}

Value attribute_of(const Bound& bound) {
  const std::string name = bound[0].str();
  if (!name.starts_with('_')) {
    if (std::optional<Value> found = plain_attribute(bound.self, name)) return std::move(*found);
  }
  return make_undefined_attr(bound.self, Value(name), false);
}

Value fallback(const Bound& bound) {
  const bool use = bound.self.is_undefined() || (bound.flag(1) && !bound.self.truth());
  return use ? bound.value(0, "") : bound.self;
}

std::optional<double> real_of(const Value& value) {
  if (value.is_number()) return to_real(value);
  if (value.is_string() || value.as<Markup>()) return parse_real(soft_text(value));
  if (value.is_object()) return value.as_object().to_real();
  return std::nullopt;
}

Value to_float(const Bound& bound) {
  if (bound.self.is_undefined()) throw_undefined(bound.self);
  const std::optional<double> real = real_of(bound.self);
  return real ? Value(*real) : bound.value(0, 0.0);
}

Value to_int(const Bound& bound) {
  const Value& value = bound.self;
  if (value.is_undefined()) throw_undefined(value);
  if (value.is_integer() || value.is_bool()) return operate(Operator::add, value, Value(0));
  if (value.is_string()) {
    if (std::optional<Value> whole = parse_integer(value.as_string(), static_cast<int>(bound.integer(1, 10))))
      return *whole;
  }
  if (value.is_object()) {
    if (std::optional<Value> whole = value.as_object().to_integer()) return *whole;
  }
  const std::optional<double> real = real_of(value);
  if (!real || !std::isfinite(*real)) return bound.value(0, 0);
  return real_to_integer(*real);
}

// round(x, -2) of an integer: to hundreds, half to even.
Value round_integer(const Value& value, int64_t digits) {
  if (digits >= 0) return operate(Operator::add, value, Value(0));
  const Big unit = pow(Big(10), static_cast<unsigned>(-digits));
  const Big number = to_big(value);
  Big lower = number / unit * unit;
  if (number < 0 && lower != number) lower -= unit;
  const Big twice = (number - lower) * 2;
  const bool up = twice > unit || (twice == unit && (lower / unit) % 2 != 0);
  return make_integer(up ? Big(lower + unit) : lower);
}

Value round(const Bound& bound) {
  const int64_t digits = bound.integer(0, 0);
  const std::string method = bound.has(1) ? bound[1].str() : "common";
  if (method != "common" && method != "ceil" && method != "floor") {
    throw_error("FilterArgumentError", "method must be common, ceil or floor");
  }
  const Value& value = bound.self;
  if (value.is_undefined()) throw_undefined(value);
  const std::optional<double> real = value.is_string() ? std::nullopt : real_of(value);
  if (!real) throw_type("type " + std::string(value.type_name()) + " doesn't define __round__ method");
  if (method == "common") {
    if (value.is_integer() || value.is_bool()) return round_integer(value, digits);
    return real_round(*real, static_cast<int>(digits));
  }
  const double scale = std::pow(10.0, static_cast<double>(digits));
  return (method == "ceil" ? std::ceil(*real * scale) : std::floor(*real * scale)) / scale;
}

// JSON text with line breaks, as Python's indent gives it.
std::string indented(std::string_view json, size_t width) {
  std::string out;
  size_t depth = 0;
  const auto line = [&] { out += "\n" + std::string(depth * width, ' '); };
  for (size_t at = 0; at < json.size(); ++at) {
    const char c = json[at];
    if (c == '"') {
      const size_t begin = at;
      for (++at; json[at] != '"'; ++at) at += json[at] == '\\' ? 1 : 0;
      out += json.substr(begin, at + 1 - begin);
    } else if (c == '[' || c == '{') {
      out += c;
      if (json[at + 1] == ']' || json[at + 1] == '}') {
        out += json[++at];
      } else {
        ++depth;
        line();
      }
    } else if (c == ']' || c == '}') {
      --depth;
      line();
      out += c;
    } else if (c == ',') {
      out += c;
      line();
      ++at;  // the space after it
    } else {
      out += c;
    }
  }
  return out;
}

Value to_json_text(const Bound& bound) {
  std::string json = take(to_json(bound.self, true));
  if (bound.is_given(0)) json = indented(json, static_cast<size_t>(std::max<int64_t>(0, bound.integer(0, 0))));
  std::string safe;
  for (const char c : json) {
    switch (c) {
      case '<':
        safe += "\\u003c";
        break;
      case '>':
        safe += "\\u003e";
        break;
      case '&':
        safe += "\\u0026";
        break;
      case '\'':
        safe += "\\u0027";
        break;
      default:
        safe += c;
        break;
    }
  }
  return make<Markup>(std::move(safe));
}

std::vector<std::pair<Value, Value>> sorted_entries(const Value& dict) {
  std::vector<std::pair<Value, Value>> entries;
  for (const Table::Entry& entry : dict.as_dict().entries()) {
    if (!entry.key.is_missing()) entries.emplace_back(entry.key, entry.value);
  }
  // Keys of different types are kept apart by the name of their type.
  std::ranges::stable_sort(entries, [](const auto& a, const auto& b) {
    const Outcome<std::partial_ordering> order = compare(a.first, b.first);
    return order ? *order < 0 : a.first.type_name() < b.first.type_name();
  });
  return entries;
}

std::string flat(const Value& value) {
  std::string out;
  if (value.is_dict()) {
    for (const auto& [key, item] : sorted_entries(value))
      out += (out.empty() ? "" : ", ") + flat(key) + ": " + flat(item);
    return "{" + out + "}";
  }
  if (value.is_list()) {
    for (const Value& item : value.as_list().items) out += (out.empty() ? "" : ", ") + flat(item);
    return "[" + out + "]";
  }
  return value.repr();
}

// Python's pprint at 80 columns: what does not fit in a line has an item a line. `room` is kept free for what follows.
std::string pretty(const Value& value, size_t column, size_t room) {
  constexpr size_t width = 80;
  const std::string one_line = flat(value);
  const bool splits = value.is_dict() || value.is_list() || value.is_tuple();
  if (!splits || column + text::length(one_line) + room <= width) return one_line;
  const std::string separator = ",\n" + std::string(column + 1, ' ');
  std::string out;
  if (value.is_dict()) {
    const auto entries = sorted_entries(value);
    for (size_t i = 0; i < entries.size(); ++i) {
      const std::string key = flat(entries[i].first);
      const size_t after = i + 1 == entries.size() ? room + 1 : 1;
      out +=
          (i > 0 ? separator : "") + key + ": " + pretty(entries[i].second, column + 1 + text::length(key) + 2, after);
    }
    return "{" + out + "}";
  }
  const std::vector<Value>& items = value.is_list() ? value.as_list().items : value.as_tuple().items;
  for (size_t i = 0; i < items.size(); ++i) {
    out += (i > 0 ? separator : "") + pretty(items[i], column + 1, i + 1 == items.size() ? room + 1 : 1);
  }
  if (value.is_list()) return "[" + out + "]";
  return "(" + out + (items.size() == 1 ? ",)" : ")");
}

constexpr std::array<Native, 14> natives = {{
    {"abs", "abs", "", absolute},
    {"as_bool", "as_bool", "", [](const Bound& b) { return mark_value(b, "as_bool"); }},
    {"as_native", "as_native", "", [](const Bound& b) { return mark_value(b, "as_native"); }},
    {"as_number", "as_number", "", [](const Bound& b) { return mark_value(b, "as_number"); }},
    {"as_text", "as_text", "", [](const Bound& b) { return mark_value(b, "as_text"); }},
    {"attr", "do_attr", "name", attribute_of},
    {"d", "do_default", "default_value= boolean=", fallback},
    {"default", "do_default", "default_value= boolean=", fallback},
    {"float", "do_float", "default=", to_float},
    {"int", "do_int", "default= base=", to_int},
    {"is_list", "is_list", "", [](const Bound& b) -> Value { return b.self.is_list(); }},
    {"pprint", "do_pprint", "", [](const Bound& b) -> Value { return pretty(b.self, 0, 0); }},
    {"round", "do_round", "precision= method=", round},
    {"tojson", "do_tojson", "indent=", to_json_text},
}};

std::array<std::span<const Native>, 5> all_filters() {
  return {value_filters(), sequence_filters(), text_filters(), choosing_filters(), web_filters()};
}

}  // namespace

const Native* find_filter(std::string_view name) {
  for (const std::span<const Native> list : all_filters())
    if (const Native* found = find_native(list, name)) return found;
  return nullptr;
}

std::vector<std::string> filter_names() {
  std::vector<std::string> names;
  for (const std::span<const Native> list : all_filters())
    for (const Native& filter : list) names.emplace_back(filter.name);
  return names;
}

const Native& filter_called(std::string_view name) {
  if (const Native* found = find_filter(name)) return *found;
  throw_error("TemplateRuntimeError", "No filter named " + text::repr(name) + ".");
}

std::span<const Native> value_filters() { return natives; }

}  // namespace rynd::jinja

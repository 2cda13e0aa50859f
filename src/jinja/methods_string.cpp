// Methods of strings.
#include <algorithm>
#include <array>

#include "native.h"
#include "number.h"
#include "objects.h"
#include "operations.h"
#include "text.h"

namespace rynd::jinja {
namespace {

std::string_view self(const Bound& bound) { return bound.self.as_string(); }

// Python's start and end, in code points; `begin` and `end` are bytes afterwards. False: the part starts behind the
// end.
struct Window {
  size_t begin = 0;
  size_t end = 0;
  bool valid = true;
};
Window window(const Bound& bound, size_t first) {
  const std::string_view string = self(bound);
  const auto length = static_cast<int64_t>(text::length(string));
  const auto clamp = [&](int64_t index) { return std::clamp(index < 0 ? index + length : index, int64_t{0}, length); };
  const int64_t start = bound.is_given(first) ? bound.integer(first, 0) : 0;
  const int64_t stop = bound.is_given(first + 1) ? bound.integer(first + 1, length) : length;
  Window out;
  out.valid = start <= length && clamp(start) <= clamp(stop);
  out.begin = text::offset(string, static_cast<size_t>(clamp(start)));
  out.end = text::offset(string, static_cast<size_t>(clamp(stop)));
  return out;
}

std::string_view part(const Bound& bound, const Window& window) {
  return window.valid ? self(bound).substr(window.begin, window.end - window.begin) : std::string_view();
}

int64_t find_in(const Bound& bound, bool from_right) {
  const Window where = window(bound, 1);
  if (!where.valid) return -1;
  const std::string_view wanted = bound.string(0);
  const size_t found = from_right ? part(bound, where).rfind(wanted) : part(bound, where).find(wanted);
  if (found == std::string_view::npos) return -1;
  return static_cast<int64_t>(text::length(self(bound).substr(0, where.begin + found)));
}

int64_t found_or_throw(int64_t index) {
  if (index < 0) throw_value("substring not found");
  return index;
}

// One string or a tuple of them.
bool matches_any(const Bound& bound, bool at_end) {
  const Window where = window(bound, 1);
  if (!where.valid) return false;
  const std::string_view string = part(bound, where);
  const auto one = [&](const Value& affix) {
    if (!affix.is_string()) {
      throw_type(std::string(at_end ? "endswith" : "startswith") + " first arg must be str or a tuple of str, not " +
                 std::string(affix.type_name()));
    }
    return at_end ? string.ends_with(affix.as_string()) : string.starts_with(affix.as_string());
  };
  return bound[0].is_tuple() ? std::ranges::any_of(bound[0].as_tuple().items, one) : one(bound[0]);
}

bool has_point(std::string_view set, uint32_t code) {
  for (size_t at = 0; at < set.size();) {
    const text::Point point = text::point(set, at);
    if (point.code == code) return true;
    at += point.size;
  }
  return false;
}

Value strip(const Bound& bound, bool left, bool right) {
  std::string_view string = self(bound);
  const bool spaces = !bound.is_given(0);
  const std::string_view set = spaces ? std::string_view() : bound.string(0);
  const auto goes = [&](uint32_t code) { return spaces ? text::is_space(code) : has_point(set, code); };
  while (left && !string.empty()) {
    const text::Point point = text::point(string, 0);
    if (!goes(point.code)) break;
    string.remove_prefix(point.size);
  }
  while (right && !string.empty()) {
    size_t last = string.size() - 1;
    while (last > 0 && (static_cast<unsigned char>(string[last]) & 0xC0) == 0x80) --last;
    if (!goes(text::point(string, last).code)) break;
    string = string.substr(0, last);
  }
  return string;
}

std::vector<Value> split_spaces(std::string_view string, int64_t most) {
  std::vector<Value> parts;
  while (!(string = text::strip_left(string)).empty()) {
    if (most >= 0 && static_cast<int64_t>(parts.size()) == most) {
      parts.emplace_back(text::strip_right(string));
      break;
    }
    size_t end = 0;
    while (end < string.size()) {
      const text::Point point = text::point(string, end);
      if (text::is_space(point.code)) break;
      end += point.size;
    }
    parts.emplace_back(string.substr(0, end));
    string.remove_prefix(end);
  }
  return parts;
}

std::vector<Value> split_spaces_right(std::string_view string, int64_t most) {
  std::vector<Value> words = split_spaces(string, -1);
  if (most < 0 || static_cast<int64_t>(words.size()) <= most) return words;
  // The head keeps its inner spaces: find where the last words begin.
  std::string_view head = text::strip_right(string);
  for (int64_t i = 0; i < most; ++i) {
    head = text::strip_right(
        head.substr(0, head.size() - words[words.size() - 1 - static_cast<size_t>(i)].as_string().size()));
  }
  std::vector<Value> parts;
  if (!text::strip_left(head).empty()) parts.emplace_back(text::strip_left(head));
  parts.insert(parts.end(), words.end() - most, words.end());
  return parts;
}

std::vector<Value> split_by(std::string_view string, std::string_view separator, int64_t most, bool from_right) {
  if (separator.empty()) throw_value("empty separator");
  std::vector<Value> parts;
  while (most < 0 || static_cast<int64_t>(parts.size()) < most) {
    const size_t at = from_right ? string.rfind(separator) : string.find(separator);
    if (at == std::string_view::npos) break;
    parts.emplace_back(from_right ? string.substr(at + separator.size()) : string.substr(0, at));
    string = from_right ? string.substr(0, at) : string.substr(at + separator.size());
  }
  parts.emplace_back(string);
  if (from_right) std::ranges::reverse(parts);
  return parts;
}

Value split(const Bound& bound, bool from_right) {
  const int64_t most = bound.integer(1, -1);
  if (!bound.is_given(0))
    return Value::list(from_right ? split_spaces_right(self(bound), most) : split_spaces(self(bound), most));
  return Value::list(split_by(self(bound), bound.string(0), most, from_right));
}

Value split_lines(const Bound& bound) {
  const bool keep = bound.flag(0);
  const std::string_view string = self(bound);
  std::vector<Value> lines;
  size_t begin = 0;
  for (size_t at = 0; at < string.size();) {
    const text::Point point = text::point(string, at);
    const size_t end = at;
    at += point.size;
    const uint32_t c = point.code;
    const bool ends = (c >= 0x0A && c <= 0x0D) || (c >= 0x1C && c <= 0x1E) || c == 0x85 || c == 0x2028 || c == 0x2029;
    if (!ends) continue;
    if (c == '\r' && at < string.size() && string[at] == '\n') ++at;
    lines.emplace_back(string.substr(begin, (keep ? at : end) - begin));
    begin = at;
  }
  if (begin < string.size()) lines.emplace_back(string.substr(begin));
  return Value::list(std::move(lines));
}

Value partition(const Bound& bound, bool from_right) {
  const std::string_view string = self(bound);
  const std::string_view separator = bound.string(0);
  if (separator.empty()) throw_value("empty separator");
  const size_t at = from_right ? string.rfind(separator) : string.find(separator);
  if (at == std::string_view::npos) {
    return from_right ? Value::tuple({"", "", bound.self}) : Value::tuple({bound.self, "", ""});
  }
  return Value::tuple({string.substr(0, at), separator, string.substr(at + separator.size())});
}

Value replace(const Bound& bound) {
  const std::string_view string = self(bound);
  const std::string_view from = bound.string(0);
  const std::string_view to = bound.string(1);
  int64_t left = bound.integer(2, -1);
  std::string out;
  size_t at = 0;
  while (left != 0) {
    // An empty text is found before each character and at the end.
    const size_t found = from.empty() ? at : string.find(from, at);
    if (found == std::string_view::npos || found > string.size()) break;
    out += string.substr(at, found - at);
    out += to;
    at = found + from.size();
    --left;
    if (from.empty()) {
      if (at == string.size()) return out;
      const size_t size = text::point(string, at).size;
      out += string.substr(at, size);
      at += size;
    }
  }
  if (at < string.size()) out += string.substr(at);
  return out;
}

Value count(const Bound& bound) {
  const Window where = window(bound, 1);
  const std::string_view wanted = bound.string(0);
  if (!where.valid) return 0;
  const std::string_view string = part(bound, where);
  if (wanted.empty()) return static_cast<int64_t>(text::length(string)) + 1;
  int64_t number = 0;
  for (size_t at = string.find(wanted); at != std::string_view::npos; at = string.find(wanted, at + wanted.size()))
    ++number;
  return number;
}

Value join(const Bound& bound) {
  std::string out;
  size_t index = 0;
  for (const Value& item : items_of(bound[0])) {
    if (!item.is_string()) {
      throw_type("sequence item " + std::to_string(index) + ": expected str instance, " +
                 std::string(item.type_name()) + " found");
    }
    if (index++ > 0) out += self(bound);
    out += item.as_string();
  }
  return out;
}

Value justify(const Bound& bound, std::string_view verb) {
  const std::string_view string = self(bound);
  const std::string_view fill = bound.string(1, " ");
  if (text::length(fill) != 1) throw_type("The fill character must be exactly one character long");
  const auto length = static_cast<int64_t>(text::length(string));
  const int64_t missing = std::max<int64_t>(0, bound.integer(0, 0) - length);
  check_room(missing, fill.size());
  int64_t before = 0;
  if (verb == "rjust") before = missing;
  // As CPython does: the odd one goes left where both counts are odd.
  if (verb == "center") before = missing / 2 + (missing & bound.integer(0, 0) & 1);
  std::string out;
  for (int64_t i = 0; i < before; ++i) out += fill;
  out += string;
  for (int64_t i = before; i < missing; ++i) out += fill;
  return out;
}

Value fill_zeros(const Bound& bound) {
  std::string string(self(bound));
  const auto length = static_cast<int64_t>(text::length(string));
  const int64_t missing = bound.integer(0, 0) - length;
  check_room(missing);
  const size_t at = string.starts_with('-') || string.starts_with('+') ? 1 : 0;
  if (missing > 0) string.insert(at, static_cast<size_t>(missing), '0');
  return string;
}

template <bool (*Is)(uint32_t)>
Value every(const Bound& bound) {
  const std::string_view string = self(bound);
  for (size_t at = 0; at < string.size();) {
    const text::Point point = text::point(string, at);
    if (!Is(point.code)) return false;
    at += point.size;
  }
  return !string.empty();
}

bool is_alphanumeric(uint32_t code) { return text::is_alpha(code) || text::is_numeric(code); }

// At least one cased character, and none of the other case.
Value all_cased(const Bound& bound, bool (*wanted)(uint32_t), bool (*other)(uint32_t)) {
  const std::string_view string = self(bound);
  bool found = false;
  for (size_t at = 0; at < string.size();) {
    const text::Point point = text::point(string, at);
    if (other(point.code)) return false;
    found = found || wanted(point.code);
    at += point.size;
  }
  return found;
}

Value is_title(const Bound& bound) {
  const std::string_view string = self(bound);
  bool in_word = false;
  bool found = false;
  for (size_t at = 0; at < string.size();) {
    const text::Point point = text::point(string, at);
    at += point.size;
    const bool upper = text::is_upper(point.code);
    const bool lower = text::is_lower(point.code);
    if ((upper && in_word) || (lower && !in_word)) return false;
    found = found || upper || lower;
    in_word = upper || lower;
  }
  return found;
}

Value is_identifier(const Bound& bound) {
  const std::string_view string = self(bound);
  for (size_t at = 0; at < string.size();) {
    const text::Point point = text::point(string, at);
    if (!text::is_word(point.code) || (at == 0 && text::is_decimal(point.code))) return false;
    at += point.size;
  }
  return !string.empty();
}

Value expand_tabs(const Bound& bound) {
  const int64_t width = bound.integer(0, 8);
  std::string out;
  int64_t column = 0;
  const std::string_view string = self(bound);
  for (size_t at = 0; at < string.size();) {
    const size_t size = text::point(string, at).size;
    const char c = string[at];
    if (c == '\t') {
      const int64_t spaces = width > 0 ? width - column % width : 0;
      check_room(spaces);
      out.append(static_cast<size_t>(spaces), ' ');
      column += spaces;
    } else {
      out += string.substr(at, size);
      column = c == '\n' || c == '\r' ? 0 : column + 1;
    }
    at += size;
  }
  return out;
}

Value encode(const Bound& bound) { return make<Bytes>(std::string(self(bound))); }

Value remove_affix(const Bound& bound, bool prefix) {
  const std::string_view string = self(bound);
  const std::string_view affix = bound.string(0);
  if (prefix) return string.starts_with(affix) ? string.substr(affix.size()) : string;
  return string.ends_with(affix) && !affix.empty() ? string.substr(0, string.size() - affix.size()) : string;
}

// What translate() maps a code point to: None drops it.
Value translate(const Bound& bound) {
  std::string out;
  const std::string_view string = self(bound);
  for (size_t at = 0; at < string.size();) {
    const text::Point point = text::point(string, at);
    const Value mapped = subscript(bound[0], Value(static_cast<int64_t>(point.code)), true);
    if (mapped.is_undefined())
      out += string.substr(at, point.size);
    else if (mapped.is_int())
      text::append(out, static_cast<uint32_t>(mapped.as_int()));
    else if (mapped.is_string())
      out += mapped.as_string();
    at += point.size;
  }
  return out;
}

constexpr std::array<Native, 44> natives = {{
    {"capitalize", "str.capitalize", "", [](const Bound& b) -> Value { return text::capitalize(self(b)); }},
    {"casefold", "str.casefold", "", [](const Bound& b) -> Value { return text::casefold(self(b)); }},
    {"center", "center", "width fillchar=", [](const Bound& b) { return justify(b, "center"); }},
    {"count", "count", "sub start= end=", count},
    {"encode", "encode", "encoding= errors=", encode},
    {"endswith", "endswith", "suffix start= end=", [](const Bound& b) -> Value { return matches_any(b, true); }},
    {"expandtabs", "expandtabs", "tabsize=", expand_tabs},
    {"find", "find", "sub start= end=", [](const Bound& b) -> Value { return find_in(b, false); }},
    {"index", "index", "sub start= end=", [](const Bound& b) -> Value { return found_or_throw(find_in(b, false)); }},
    {"isalnum", "str.isalnum", "", every<is_alphanumeric>},
    {"isalpha", "str.isalpha", "", every<text::is_alpha>},
    {"isascii", "str.isascii", "", [](const Bound& b) -> Value { return text::is_ascii(self(b)); }},
    {"isdecimal", "str.isdecimal", "", every<text::is_decimal>},
    {"isdigit", "str.isdigit", "", every<text::is_digit>},
    {"isidentifier", "str.isidentifier", "", is_identifier},
    {"islower", "str.islower", "", [](const Bound& b) { return all_cased(b, text::is_lower, text::is_upper); }},
    {"isnumeric", "str.isnumeric", "", every<text::is_numeric>},
    {"isprintable", "str.isprintable", "",
     [](const Bound& b) -> Value { return self(b).empty() || every<text::is_printable>(b).as_bool(); }},
    {"isspace", "str.isspace", "", every<text::is_space>},
    {"istitle", "str.istitle", "", is_title},
    {"isupper", "str.isupper", "", [](const Bound& b) { return all_cased(b, text::is_upper, text::is_lower); }},
    {"join", "str.join", "iterable", join},
    {"ljust", "ljust", "width fillchar=", [](const Bound& b) { return justify(b, "ljust"); }},
    {"lower", "str.lower", "", [](const Bound& b) -> Value { return text::lower(self(b)); }},
    {"lstrip", "lstrip", "chars=", [](const Bound& b) { return strip(b, true, false); }},
    {"partition", "str.partition", "sep", [](const Bound& b) { return partition(b, false); }},
    {"removeprefix", "str.removeprefix", "prefix", [](const Bound& b) { return remove_affix(b, true); }},
    {"removesuffix", "str.removesuffix", "suffix", [](const Bound& b) { return remove_affix(b, false); }},
    {"replace", "replace", "old new count=", replace},
    {"rfind", "rfind", "sub start= end=", [](const Bound& b) -> Value { return find_in(b, true); }},
    {"rindex", "rindex", "sub start= end=", [](const Bound& b) -> Value { return found_or_throw(find_in(b, true)); }},
    {"rjust", "rjust", "width fillchar=", [](const Bound& b) { return justify(b, "rjust"); }},
    {"rpartition", "str.rpartition", "sep", [](const Bound& b) { return partition(b, true); }},
    {"rsplit", "rsplit", "sep= maxsplit=", [](const Bound& b) { return split(b, true); }},
    {"rstrip", "rstrip", "chars=", [](const Bound& b) { return strip(b, false, true); }},
    {"split", "split", "sep= maxsplit=", [](const Bound& b) { return split(b, false); }},
    {"splitlines", "splitlines", "keepends=", split_lines},
    {"startswith", "startswith", "prefix start= end=", [](const Bound& b) -> Value { return matches_any(b, false); }},
    {"strip", "strip", "chars=", [](const Bound& b) { return strip(b, true, true); }},
    {"swapcase", "str.swapcase", "", [](const Bound& b) -> Value { return text::swapcase(self(b)); }},
    {"title", "str.title", "", [](const Bound& b) -> Value { return text::title(self(b)); }},
    {"translate", "str.translate", "table", translate},
    {"upper", "str.upper", "", [](const Bound& b) -> Value { return text::upper(self(b)); }},
    {"zfill", "str.zfill", "width", fill_zeros},
}};

}  // namespace

std::span<const Native> string_methods() { return natives; }

}  // namespace rynd::jinja

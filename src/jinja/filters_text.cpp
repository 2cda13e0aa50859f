// Filters that make text from text.
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

#include "filters.h"
#include "format.h"
#include "number.h"
#include "operations.h"
#include "text.h"

namespace rynd::jinja {
namespace {

// Calls a method of strings on the text of a value.
Value by_method(const Bound& bound, std::string_view method) {
  const Value text = soft_text(bound.self);
  return call_native(*find_native(string_methods(), method), text, bound.all);
}

Value center(const Bound& bound) {
  const Value text = soft_text(bound.self);
  const Value width = bound.value(0, 80);
  return call_native(*find_native(string_methods(), "center"), text, Arguments(std::span(&width, 1)));
}

Value format(const Bound& bound) {
  if (bound.all.size() > 0 && bound.all.named_size() > 0) {
    throw_error("FilterArgumentError", "can't handle positional and keyword arguments at the same time");
  }
  if (bound.all.named_size() == 0) {
    return percent_format(soft_text(bound.self),
                          Value::tuple({bound.all.positional().begin(), bound.all.positional().end()}));
  }
  Value names = Value::dict();
  for (size_t i = 0; i < bound.all.named_size(); ++i) names.as_dict().set(bound.all.name(i), bound.all.named(i));
  return percent_format(soft_text(bound.self), names);
}

std::vector<std::string> lines_of(const std::string& text) {
  const Value string = text;
  std::vector<std::string> lines;
  for (const Value& line : items_of(call_native(*find_native(string_methods(), "splitlines"), string, {})))
    lines.push_back(line.str());
  return lines;
}

Value indent(const Bound& bound) {
  const Value width = bound.value(0, 4);
  if (!width.is_string()) check_room(bound.integer(0, 4));
  const std::string indention = width.is_string()
                                    ? width.str()
                                    : std::string(static_cast<size_t>(std::max<int64_t>(0, bound.integer(0, 4))), ' ');
  const bool first = bound.flag(1);
  const bool blank = bound.flag(2);
  const std::vector<std::string> lines = lines_of(soft_text(bound.self) + "\n");
  std::string out = first ? indention : "";
  for (size_t i = 0; i < lines.size(); ++i) {
    if (i > 0) out += '\n';
    if (i > 0 && (blank || !lines[i].empty())) out += indention;
    out += lines[i];
  }
  return out;
}

Value replace(const Bound& bound) {
  const Value text = soft_text(bound.self);
  const std::array<Value, 3> arguments = {Value(soft_text(bound[0])), Value(soft_text(bound[1])),
                                          Value(bound.is_given(2) ? bound.integer(2, -1) : -1)};
  return call_native(*find_native(string_methods(), "replace"), text, Arguments(arguments));
}

bool starts_word(uint32_t code) {
  return text::is_space(code) || std::u32string_view(U"-({[<").find(code) != std::u32string_view::npos;
}

// Each run of separators, and each run of anything else, begins in upper case.
Value title(const Bound& bound) {
  const std::string string = soft_text(bound.self);
  std::string out;
  bool fresh = true;
  for (size_t at = 0; at < string.size();) {
    const text::Point point = text::point(string, at);
    const std::string_view one(string.data() + at, point.size);
    const bool separator = starts_word(point.code);
    out += separator || !fresh ? text::lower(one) : text::upper(one);
    fresh = separator;
    at += point.size;
  }
  return out;
}

Value trim(const Bound& bound) {
  const Value text = soft_text(bound.self);
  return call_native(*find_native(string_methods(), "strip"), text, bound.all);
}

Value truncate(const Bound& bound) {
  const std::string string = soft_text(bound.self);
  const int64_t length = bound.integer(0, 255);
  const bool kill_words = bound.flag(1);
  const std::string end = bound.has(2) ? soft_text(bound[2]) : "...";
  const int64_t leeway = bound.is_given(3) ? bound.integer(3, 5) : 5;
  const auto end_length = static_cast<int64_t>(text::length(end));
  if (length < end_length)
    throw_error("AssertionError",
                "expected length >= " + std::to_string(end_length) + ", got " + std::to_string(length));
  if (leeway < 0) throw_error("AssertionError", "expected leeway >= 0, got " + std::to_string(leeway));
  if (static_cast<int64_t>(text::length(string)) <= length + leeway) return string;
  std::string_view head = text::part(string, 0, static_cast<size_t>(length - end_length));
  if (!kill_words) head = head.substr(0, std::min(head.rfind(' '), head.size()));
  return std::string(head) + end;
}

Value word_count(const Bound& bound) {
  const std::string string = soft_text(bound.self);
  int64_t words = 0;
  bool inside = false;
  for (size_t at = 0; at < string.size();) {
    const text::Point point = text::point(string, at);
    const bool word = text::is_word(point.code);
    if (word && !inside) ++words;
    inside = word;
    at += point.size;
  }
  return words;
}

bool is_letter(std::string_view string, size_t at) {
  return at < string.size() &&
         (std::isalpha(static_cast<unsigned char>(string[at])) || (static_cast<unsigned char>(string[at]) >= 0x80));
}

// A hyphen may end a line after two letters, or a letter and a hyphenated letter, with two letters to follow.
bool breaks_after(std::string_view word, size_t hyphen) {
  const bool before =
      hyphen >= 2 && is_letter(word, hyphen - 1) &&
      (is_letter(word, hyphen - 2) || (word[hyphen - 2] == '-' && hyphen >= 3 && is_letter(word, hyphen - 3)));
  const bool after = is_letter(word, hyphen + 1) &&
                     (is_letter(word, hyphen + 2) ||
                      (hyphen + 2 < word.size() && word[hyphen + 2] == '-' && is_letter(word, hyphen + 3)));
  return before && after;
}

// Runs of spaces, and words cut after their hyphens.
std::vector<std::string> chunks_of(std::string_view line, bool on_hyphens) {
  std::vector<std::string> chunks;
  for (size_t at = 0; at < line.size();) {
    size_t end = at;
    const bool space = line[at] == ' ' || line[at] == '\t';
    while (end < line.size() && (line[end] == ' ' || line[end] == '\t') == space) ++end;
    const std::string_view run = line.substr(at, end - at);
    size_t begin = 0;
    for (size_t i = 0; !space && on_hyphens && i < run.size(); ++i) {
      if (run[i] != '-' || !breaks_after(run, i)) continue;
      chunks.emplace_back(run.substr(begin, i + 1 - begin));
      begin = i + 1;
    }
    chunks.emplace_back(run.substr(begin));
    at = end;
  }
  return chunks;
}

bool is_blank(std::string_view chunk) { return text::strip_left(chunk).empty(); }

// As Python's textwrap.wrap without expanding tabs or replacing spaces.
std::vector<std::string> wrapped(std::string_view line, size_t width, bool break_long, bool on_hyphens) {
  std::vector<std::string> chunks = chunks_of(line, on_hyphens);
  std::ranges::reverse(chunks);
  std::vector<std::string> lines;
  while (!chunks.empty()) {
    if (is_blank(chunks.back()) && !lines.empty()) chunks.pop_back();
    std::string current;
    size_t length = 0;
    while (!chunks.empty() && length + text::length(chunks.back()) <= width) {
      length += text::length(chunks.back());
      current += chunks.back();
      chunks.pop_back();
    }
    if (!chunks.empty() && text::length(chunks.back()) > width) {
      if (break_long) {
        const size_t room = std::max<size_t>(1, width - length);
        const std::string head(text::part(chunks.back(), 0, room));
        current += head;
        chunks.back().erase(0, head.size());
      } else if (current.empty()) {
        current = chunks.back();
        chunks.pop_back();
      }
    }
    const std::string_view kept = text::strip_right(current);
    if (!kept.empty()) lines.emplace_back(kept);
  }
  return lines;
}

Value word_wrap(const Bound& bound) {
  const int64_t width = bound.integer(0, 79);
  if (width <= 0) throw_value("invalid width " + std::to_string(width) + " (must be > 0)");
  const std::string newline = bound.is_given(2) ? soft_text(bound[2]) : "\n";
  std::string out;
  bool first = true;
  for (const std::string& line : lines_of(soft_text(bound.self))) {
    if (!first) out += newline;
    first = false;
    bool head = true;
    for (const std::string& piece :
         wrapped(line, static_cast<size_t>(width), bound.flag(1, true), bound.flag(3, true))) {
      if (!head) out += newline;
      head = false;
      out += piece;
    }
  }
  return out;
}

Value file_size(const Bound& bound) {
  const Value number = bound.self.is_string() ? Value(parse_real(bound.self.as_string()).value_or(NAN)) : bound.self;
  if (!number.is_number())
    throw_type("float() argument must be a string or a real number, not '" + std::string(number.type_name()) + "'");
  const double bytes = to_real(number);
  if (std::isnan(bytes)) throw_value("could not convert string to float: " + bound.self.repr());
  const bool binary = bound.flag(0);
  const double base = binary ? 1024 : 1000;
  if (bytes == 1) return "1 Byte";
  if (bytes < base) return real_to_integer(bytes).str() + " Bytes";
  constexpr std::string_view letters = "kMGTPEZY";
  double unit = base;
  size_t at = 0;
  while (at + 1 < letters.size() && bytes >= unit * base) {
    unit *= base;
    ++at;
  }
  char shown[400];
  std::snprintf(shown, sizeof(shown), "%.1f", bytes / unit);
  const std::string prefix =
      binary ? std::string(1, static_cast<char>(std::toupper(letters[at]))) + "i" : std::string(1, letters[at]);
  return std::string(shown) + " " + prefix + "B";
}

constexpr std::array<Native, 14> natives = {{
    {"capitalize", "do_capitalize", "", [](const Bound& b) { return by_method(b, "capitalize"); }},
    {"center", "do_center", "width=", center},
    {"filesizeformat", "do_filesizeformat", "binary=", file_size},
    {"format", "do_format", "*", format},
    {"indent", "do_indent", "width= first= blank=", indent},
    {"lower", "do_lower", "", [](const Bound& b) { return by_method(b, "lower"); }},
    {"replace", "do_replace", "old new count=", replace},
    {"string", "soft_str", "",
     [](const Bound& b) -> Value { return b.self.as<Markup>() ? b.self : Value(soft_text(b.self)); }},
    {"title", "do_title", "", title},
    {"trim", "do_trim", "chars=", trim},
    {"truncate", "do_truncate", "length= killwords= end= leeway=", truncate},
    {"upper", "do_upper", "", [](const Bound& b) { return by_method(b, "upper"); }},
    {"wordcount", "do_wordcount", "", word_count},
    {"wordwrap", "do_wordwrap", "width= break_long_words= wrapstring= break_on_hyphens=", word_wrap},
}};

}  // namespace

std::string soft_text(const Value& value) {
  const Markup* markup = value.as<Markup>();
  return markup ? markup->text() : value.str();
}

std::span<const Native> text_filters() { return natives; }

}  // namespace rynd::jinja

// Text: the few operations on strings that the standard library lacks.
#include "base/text.h"

#include <algorithm>
#include <array>
#include <cstdint>

namespace rynd {
namespace {

constexpr std::string_view space_characters = " \t\r\n\f\v";

char lower_char(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }
char upper_char(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; }

// Matches one character against the set that starts behind '['; `pattern` is moved behind ']'. A '[' that nothing
// closes stands for itself.
bool match_set(std::string_view pattern, size_t& at, char c) {
  size_t i = at + 1;
  bool negated = i < pattern.size() && pattern[i] == '!';
  if (negated) ++i;
  size_t close = pattern.find(']', i < pattern.size() && pattern[i] == ']' ? i + 1 : i);
  if (close == std::string_view::npos) {
    ++at;
    return c == '[';
  }
  bool found = false;
  while (i < close) {
    if (i + 2 < close && pattern[i + 1] == '-') {
      found = found || (c >= pattern[i] && c <= pattern[i + 2]);
      i += 3;
    } else {
      found = found || c == pattern[i];
      ++i;
    }
  }
  at = close + 1;
  return found != negated;
}

struct Range {
  char32_t first, last;
};

// Combining marks and joiners, and wide scripts and symbols: the blocks that terminals agree on (Unicode 15, UAX 11).
constexpr std::array<Range, 10> zero_width{{{0x300, 0x36F},
                                            {0x483, 0x489},
                                            {0x591, 0x5BD},
                                            {0x610, 0x61A},
                                            {0x64B, 0x65F},
                                            {0x1AB0, 0x1AFF},
                                            {0x1DC0, 0x1DFF},
                                            {0x200B, 0x200F},
                                            {0x20D0, 0x20FF},
                                            {0xFE00, 0xFE2F}}};
constexpr std::array<Range, 14> wide_ranges{{{0x1100, 0x115F},
                                             {0x231A, 0x231B},
                                             {0x23E9, 0x23EC},
                                             {0x2E80, 0x303E},
                                             {0x3041, 0x33FF},
                                             {0x3400, 0x4DBF},
                                             {0x4E00, 0x9FFF},
                                             {0xA000, 0xA4CF},
                                             {0xAC00, 0xD7A3},
                                             {0xF900, 0xFAFF},
                                             {0xFE30, 0xFE6F},
                                             {0xFF00, 0xFF60},
                                             {0x1F300, 0x1FAFF},
                                             {0x20000, 0x3FFFD}}};

template <size_t N>
bool within(const std::array<Range, N>& ranges, char32_t c) {
  return std::any_of(ranges.begin(), ranges.end(), [c](Range r) { return c >= r.first && c <= r.last; });
}

// The code point at `at`, which is moved behind it; broken UTF-8 counts as one character a byte.
char32_t next_code_point(std::string_view text, size_t& at) {
  auto byte = static_cast<unsigned char>(text[at++]);
  int more = byte >= 0xF0 ? 3 : byte >= 0xE0 ? 2 : byte >= 0xC0 ? 1 : 0;
  char32_t c = more == 3 ? byte & 0x07 : more == 2 ? byte & 0x0F : more == 1 ? byte & 0x1F : byte;
  while (more-- > 0 && at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80) {
    c = (c << 6) | (static_cast<unsigned char>(text[at++]) & 0x3F);
  }
  return c;
}

}  // namespace

std::string_view trim(std::string_view text) {
  size_t begin = text.find_first_not_of(space_characters);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(space_characters) - begin + 1);
}

std::string lower(std::string_view text) {
  std::string result(text);
  std::transform(result.begin(), result.end(), result.begin(), lower_char);
  return result;
}

std::string upper(std::string_view text) {
  std::string result(text);
  std::transform(result.begin(), result.end(), result.begin(), upper_char);
  return result;
}

std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> parts;
  size_t begin = 0;
  for (size_t end; (end = text.find(separator, begin)) != std::string_view::npos; begin = end + 1) {
    parts.emplace_back(text.substr(begin, end - begin));
  }
  parts.emplace_back(text.substr(begin));
  return parts;
}

std::string join(std::span<const std::string> parts, std::string_view separator) {
  std::string result;
  for (size_t i = 0; i < parts.size(); ++i) {
    if (i > 0) result += separator;
    result += parts[i];
  }
  return result;
}

std::string replace_all(std::string_view text, std::string_view from, std::string_view to) {
  if (from.empty()) return std::string(text);
  std::string result;
  size_t begin = 0;
  for (size_t at; (at = text.find(from, begin)) != std::string_view::npos; begin = at + from.size()) {
    result += text.substr(begin, at - begin);
    result += to;
  }
  result += text.substr(begin);
  return result;
}

bool iequals(std::string_view a, std::string_view b) {
  return a.size() == b.size() &&
         std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) { return lower_char(x) == lower_char(y); });
}

bool glob_match(std::string_view pattern, std::string_view text) {
  size_t p = 0, t = 0;
  size_t star = std::string_view::npos, star_text = 0;
  while (t < text.size()) {
    size_t next = p;
    if (p < pattern.size() && pattern[p] == '*') {
      star = ++p;
      star_text = t;
      continue;
    }
    bool matched = false;
    if (p < pattern.size()) {
      if (pattern[p] == '[') {
        matched = match_set(pattern, next, text[t]);
      } else {
        matched = pattern[p] == '?' || pattern[p] == text[t];
        ++next;
      }
    }
    if (matched) {
      p = next;
      ++t;
    } else if (star != std::string_view::npos) {
      p = star;
      t = ++star_text;
    } else {
      return false;
    }
  }
  return pattern.find_first_not_of('*', p) == std::string_view::npos;
}

int display_width(std::string_view text) {
  int width = 0;
  for (size_t at = 0; at < text.size();) {
    char32_t c = next_code_point(text, at);
    if (c < 0x300) {
      ++width;
    } else if (!within(zero_width, c)) {
      width += within(wide_ranges, c) ? 2 : 1;
    }
  }
  return width;
}

}  // namespace rynd

// Pattern: translates what Python's syntax has otherwise and runs PCRE2.
#define PCRE2_CODE_UNIT_WIDTH 8
#include "modules/pattern.h"

#include <fmt/format.h>
#include <pcre2.h>

#include <algorithm>

#include "errors.h"

namespace rynd::jinja {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// `{,n}` at a place: the length of it, 0 where it is none.
size_t open_quantifier(std::string_view pattern, size_t at) {
  if (!pattern.substr(at).starts_with("{,")) return 0;
  size_t end = at + 2;
  while (end < pattern.size() && is_digit(pattern[end])) ++end;
  return end > at + 2 && end < pattern.size() && pattern[end] == '}' ? end + 1 - at : 0;
}

// Python's \Z is the very end, PCRE's \z; {,n} is {0,n}.
std::string translated(std::string_view pattern) {
  std::string out;
  bool in_class = false;
  for (size_t i = 0; i < pattern.size(); ++i) {
    const char c = pattern[i];
    if (c == '\\' && i + 1 < pattern.size()) {
      const char escaped = pattern[++i];
      out += c;
      out += escaped == 'Z' && !in_class ? 'z' : escaped;
    } else if (const size_t length = in_class ? 0 : open_quantifier(pattern, i)) {
      out += "{0" + std::string(pattern.substr(i + 1, length - 1));
      i += length - 1;
    } else {
      if (c == '[' && !in_class) {
        in_class = true;
        // A bracket that comes first, or after ^, is a member.
        size_t first = i + 1;
        if (first < pattern.size() && pattern[first] == '^') ++first;
        if (first < pattern.size() && pattern[first] == ']') {
          out += pattern.substr(i, first + 1 - i);
          i = first;
          continue;
        }
      } else if (c == ']') {
        in_class = false;
      }
      out += c;
    }
  }
  return out;
}

uint32_t options_of(int64_t flags) {
  uint32_t options = PCRE2_UTF | PCRE2_MATCH_INVALID_UTF;
  if (!(flags & ascii)) options |= PCRE2_UCP;
  if (flags & ignore_case) options |= PCRE2_CASELESS;
  if (flags & multiline) options |= PCRE2_MULTILINE;
  if (flags & dot_all) options |= PCRE2_DOTALL;
  if (flags & verbose) options |= PCRE2_EXTENDED;
  return options;
}

}  // namespace

struct Pattern::Compiled {
  explicit Compiled(pcre2_code* code) : code(code) {}
  Compiled(const Compiled&) = delete;
  Compiled& operator=(const Compiled&) = delete;
  ~Compiled() { pcre2_code_free(code); }
  pcre2_code* const code;
};

Pattern::Pattern(std::string text, int64_t flags) : text_(std::move(text)), flags_(flags) {
  const std::string pattern = translated(text_);
  int error = 0;
  size_t offset = 0;
  pcre2_code* code = pcre2_compile(reinterpret_cast<PCRE2_SPTR>(pattern.data()), pattern.size(), options_of(flags),
                                   &error, &offset, nullptr);
  if (!code) {
    char message[256] = {};
    pcre2_get_error_message(error, reinterpret_cast<PCRE2_UCHAR*>(message), sizeof(message));
    throw_error("error", fmt::format("{} at position {}", message, offset));
  }
  compiled_ = std::make_shared<const Compiled>(code);
  uint32_t count = 0;
  pcre2_pattern_info(code, PCRE2_INFO_CAPTURECOUNT, &count);
  groups_ = count;
  uint32_t names = 0;
  uint32_t width = 0;
  PCRE2_SPTR table = nullptr;
  pcre2_pattern_info(code, PCRE2_INFO_NAMECOUNT, &names);
  pcre2_pattern_info(code, PCRE2_INFO_NAMEENTRYSIZE, &width);
  pcre2_pattern_info(code, PCRE2_INFO_NAMETABLE, &table);
  for (uint32_t i = 0; i < names; ++i, table += width) {
    names_.emplace_back(reinterpret_cast<const char*>(table + 2), static_cast<size_t>(table[0] << 8 | table[1]));
  }
  std::ranges::sort(names_, {}, &std::pair<std::string, size_t>::second);
}

std::optional<size_t> Pattern::number(std::string_view name) const {
  for (const auto& [own, number] : names_) {
    if (own == name) return number;
  }
  return std::nullopt;
}

std::vector<Group> Pattern::find(std::string_view subject, size_t from, Anchor anchor, bool not_empty_here) const {
  const std::unique_ptr<pcre2_match_data, decltype(&pcre2_match_data_free)> data(
      pcre2_match_data_create_from_pattern(compiled_->code, nullptr), &pcre2_match_data_free);
  uint32_t options = 0;
  if (anchor != Anchor::search) options |= PCRE2_ANCHORED;
  if (anchor == Anchor::full) options |= PCRE2_ENDANCHORED;
  if (not_empty_here) options |= PCRE2_NOTEMPTY_ATSTART;
  const int found = pcre2_match(compiled_->code, reinterpret_cast<PCRE2_SPTR>(subject.data()), subject.size(), from,
                                options, data.get(), nullptr);
  if (found == PCRE2_ERROR_NOMATCH) return {};
  if (found < 0) throw_error("error", fmt::format("the pattern is too costly for this text (PCRE2 error {})", found));
  const size_t* const bounds = pcre2_get_ovector_pointer(data.get());
  std::vector<Group> groups(groups_ + 1);
  for (size_t i = 0; i < groups.size() && static_cast<int>(i) < found; ++i) {
    if (bounds[2 * i] != PCRE2_UNSET) groups[i] = {bounds[2 * i], bounds[2 * i + 1]};
  }
  return groups;
}

std::vector<Group> Matches::next() {
  if (from_ > subject_.size()) return {};
  std::vector<Group> groups = pattern_.find(subject_, from_, Anchor::search, last_was_empty_);
  if (groups.empty()) {
    from_ = subject_.size() + 1;
    return groups;
  }
  last_was_empty_ = groups[0]->first == groups[0]->second;
  from_ = groups[0]->second;
  return groups;
}

}  // namespace rynd::jinja

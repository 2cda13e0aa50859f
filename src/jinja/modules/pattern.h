// Pattern: a regular expression with Python's syntax and meaning, on PCRE2.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace rynd::jinja {

// Python's numbers of its flags.
enum RegexFlag : int64_t {
  ignore_case = 2,
  locale = 4,
  multiline = 8,
  dot_all = 16,
  unicode = 32,
  verbose = 64,
  ascii = 256,
};

enum class Anchor : uint8_t { search, match, full };

// A group's bytes in the subject; nothing: it took no part.
using Group = std::optional<std::pair<size_t, size_t>>;

class Pattern {
 public:
  // Throws Raised with re.error.
  Pattern(std::string text, int64_t flags);

  const std::string& text() const { return text_; }
  int64_t flags() const { return flags_; }
  size_t groups() const { return groups_; }
  const std::vector<std::pair<std::string, size_t>>& names() const { return names_; }
  // The number a name stands for; nothing where there is none.
  std::optional<size_t> number(std::string_view name) const;

  // The groups of the first match from a byte on, the whole match first; empty: no match. `not_empty_here`: an empty
  // match at `from` does not count.
  std::vector<Group> find(std::string_view subject, size_t from, Anchor anchor, bool not_empty_here = false) const;

 private:
  struct Compiled;
  std::string text_;
  int64_t flags_;
  std::shared_ptr<const Compiled> compiled_;
  size_t groups_ = 0;
  std::vector<std::pair<std::string, size_t>> names_;
};
using PatternPtr = std::shared_ptr<const Pattern>;

// Walks over all matches as Python 3.7+ does: an empty match may touch the one before it, but not repeat it.
class Matches {
 public:
  Matches(const Pattern& pattern, std::string_view subject) : pattern_(pattern), subject_(subject) {}
  // Empty at the end.
  std::vector<Group> next();

 private:
  const Pattern& pattern_;
  std::string_view subject_;
  size_t from_ = 0;
  bool last_was_empty_ = false;
};

}  // namespace rynd::jinja

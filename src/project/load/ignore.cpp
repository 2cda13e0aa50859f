// Ignore: see the header.
#include "load/ignore.h"

#include <vector>

#include "base/text.h"

namespace rynd::project {

namespace {

using Parts = std::span<const std::string>;

// `pattern` may end before `path` does: what lies in an ignored folder is ignored.
bool matches(Parts pattern, Parts path) {
  if (pattern.empty()) return true;
  if (pattern.front() == "**") {
    if (pattern.size() == 1) return !path.empty();
    for (size_t skipped = 0; skipped <= path.size(); ++skipped) {
      if (matches(pattern.subspan(1), path.subspan(skipped))) return true;
    }
    return false;
  }
  return !path.empty() && glob_match(pattern.front(), path.front()) && matches(pattern.subspan(1), path.subspan(1));
}

// "*.md" is sought in every folder, "models/old" and "/old" from the top; "old/" means what lies in such a folder.
std::vector<std::string> parts_of(std::string_view pattern) {
  const bool of_folder = pattern.ends_with('/');
  if (of_folder) pattern.remove_suffix(1);
  const bool from_top = pattern.find('/') != std::string_view::npos;
  if (pattern.starts_with('/')) pattern.remove_prefix(1);
  std::vector<std::string> parts = split(pattern, '/');
  if (!from_top) parts.insert(parts.begin(), "**");
  if (of_folder) parts.push_back("**");
  return parts;
}

}  // namespace

bool is_ignored(std::span<const std::string> patterns, std::string_view path) {
  const std::vector<std::string> path_parts = split(path, '/');
  bool ignored = false;
  for (std::string_view pattern : patterns) {
    const bool takes_back = pattern.starts_with('!');
    if (takes_back) pattern.remove_prefix(1);
    if (takes_back == ignored && matches(parts_of(pattern), path_parts)) ignored = !takes_back;
  }
  return ignored;
}

}  // namespace rynd::project

// File list: the local files that a path with * ? [..] ** names, and what tells whether one has changed.
#include "file_list.h"

#include <algorithm>

#include "base/text.h"

namespace rynd::ingest {
namespace {

bool segments_match(std::span<const std::string> pattern, std::span<const std::string> path) {
  if (pattern.empty()) return path.empty();
  if (pattern.front() == "**") {
    for (size_t skip = 0; skip <= path.size(); ++skip) {
      if (segments_match(pattern.subspan(1), path.subspan(skip))) return true;
    }
    return false;
  }
  if (path.empty() || !glob_match(pattern.front(), path.front())) return false;
  return segments_match(pattern.subspan(1), path.subspan(1));
}

FoundFile found(std::string name, std::filesystem::path path, const FileInfo& info) {
  return {std::move(name), std::move(path), std::to_string(info.size) + " " + std::to_string(info.modified_us)};
}

}  // namespace

bool is_url(std::string_view path) { return path.starts_with("http://") || path.starts_with("https://"); }

bool path_matches(std::string_view pattern, std::string_view path) {
  return segments_match(split(pattern, '/'), split(path, '/'));
}

std::vector<FoundFile> find_files(std::string_view pattern, const std::filesystem::path& project, Files& files) {
  std::vector<FoundFile> all;
  auto resolve = [&](const std::filesystem::path& path) { return path.is_absolute() ? path : project / path; };
  size_t wild = pattern.find_first_of("*?[");
  if (wild == std::string_view::npos) {
    std::filesystem::path path = resolve(pattern);
    if (auto info = files.info(path)) all.push_back(found(std::string(pattern), path, *info));
    return all;
  }
  // Only the folder above the first wildcard is walked.
  size_t slash = pattern.rfind('/', wild);
  std::string_view above = slash == std::string_view::npos ? std::string_view() : pattern.substr(0, slash);
  std::string_view below = slash == std::string_view::npos ? pattern : pattern.substr(slash + 1);
  std::filesystem::path folder = above.empty() ? (slash == 0 ? std::filesystem::path("/") : project) : resolve(above);
  for (const auto& info : files.list(folder)) {
    std::string name = info.path.generic_string();
    if (!path_matches(below, name)) continue;
    std::string shown = slash == std::string_view::npos ? name : std::string(above) + "/" + name;
    all.push_back(found(std::move(shown), folder / info.path, info));
  }
  return all;
}

}  // namespace rynd::ingest

// File list: the local files that a path with * ? [..] ** names, and what tells whether one has changed.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/files.h"

namespace rynd::ingest {

struct FoundFile {
  std::string name;            // as it is shown and kept: relative to the project where the pattern is
  std::filesystem::path path;  // where it is
  std::string fingerprint;     // size and time of change
};

bool is_url(std::string_view path);

// Sorted by name; a path without wildcards that is not there gives none.
std::vector<FoundFile> find_files(std::string_view pattern, const std::filesystem::path& project, Files& files);

// A pattern against a '/'-separated path: '*' and '?' stop at '/', '**' does not.
bool path_matches(std::string_view pattern, std::string_view path);

}  // namespace rynd::ingest

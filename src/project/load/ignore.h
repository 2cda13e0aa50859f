// Ignore: which files .dbtignore leaves out.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace rynd::project {

// `patterns` are the lines of a .dbtignore, `path` stands below its folder. Lines are read as .gitignore's are: the
// last one that matches decides, and '!' takes back what an earlier one left out, below an ignored folder too.
bool is_ignored(std::span<const std::string> patterns, std::string_view path);

}  // namespace rynd::project

// Opening: everything about a project that can be known before its models are read.
#pragma once

#include "load/build.h"

namespace rynd::project {

// Fills in project.packages (the root first), profile, rynd settings, flags. Problems are noted; false where
// nothing further can be read.
bool open_root(Build& build);
bool open_packages(Build& build);
// selectors.yml.
void read_selectors(Build& build);

struct PartialParsing {
  bool keeps = false;  // what is read now, for the next time
  bool takes = false;  // what was kept the last time
};
PartialParsing parses_partially(const Build& build);
// A hash of all that was opened, and of the program.
uint64_t opening_hash(const Build& build);

// Nothing where "1.12.6" fits ">=1.0.0,<2.0.0" or a list of such; else what it asks for.
std::optional<std::string> version_refusal(const Node& wanted);

}  // namespace rynd::project

// Selected: the resources that names on the command line mean.
#pragma once

#include <string>
#include <vector>

#include "base/diagnostic.h"
#include "ingest/source.h"

namespace rynd::ingest {

struct Selected {
  size_t source, resource;  // indexes in Sources
  bool named;               // by its own name, not only with its source or with all
};

// In the order of the sources; no names mean all. Names of nothing are told (RYND0206), with the nearest ones.
std::vector<Selected> select(const Sources& sources, const std::vector<std::string>& names, Diagnostics& problems);

}  // namespace rynd::ingest

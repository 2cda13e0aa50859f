// Versions: one properties entry that describes several versions of a model.
#pragma once

#include "load/build.h"

namespace rynd::project {

// `config` is the entry's own, properties beside it moved in.
void apply_versions(Build& build, PropertiesFile& file, const Node& entry, const Node& config);

}  // namespace rynd::project

// External source: a source that is a file, not a table of the warehouse: `external_location` in its configuration or
// meta, with what the source says of itself put in.
#pragma once

#include <string>

#include "base/diagnostic.h"
#include "project/resource.h"

namespace rynd::project {

// What stands in the SQL: "'data/orders.csv'", "read_parquet('...')"; "" where the source is a table. `formatter:` says
// how names are written in it: newstyle ("{name}", the default), oldstyle ("%(name)s") or template ("${name}"). Fails
// with RYND1026 for a name that is not known there, or another formatter.
Result<std::string> external_location(const Resource& source);

}  // namespace rynd::project

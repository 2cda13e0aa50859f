// ExternalSource: a source whose rows are read from a file or a function call, as dbt-duckdb's external_location says
// it.
#pragma once

#include <string>

#include "project/resource.h"

namespace rynd::project {

// The location with the source's name, identifier, schema, database, tags, meta and configs filled in, in quotes unless
// it is a call or has them; "" where the source has none. `formatter` says how names stand in it: newstyle "{name}"
// (the default), oldstyle "%(name)s", template "${name}". A name that is not known stays as it stands.
std::string external_location(const Resource& source);

}  // namespace rynd::project

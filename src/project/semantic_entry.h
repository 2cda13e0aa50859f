// Semantic entry: exposures, metrics, semantic models, saved queries and groups as dbt's manifest (v12) has them: what
// was written, with every field that dbt gives a value to.
#pragma once

#include "project/project.h"

namespace rynd::project {

// Adds the fields of its kind to `entry`. Of a resource of another type: what was written.
void set_written_fields(Node& entry, const Project& project, const Resource& resource);

}  // namespace rynd::project

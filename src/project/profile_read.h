// Profile, read: where profiles.yml is looked for, and one target of it.
#pragma once

#include <memory>

#include "fields.h"
#include "project/context.h"
#include "project/project.h"

namespace rynd::project {

// `wanted` is the profile that dbt_project.yml or --profile names; "" where none does, which gives the embedded
// default. A named profile that no profiles.yml has gives the embedded default too where there is no profiles.yml at
// all.
Profile read_profile(const LoadOptions& options, const std::string& wanted, const std::shared_ptr<BaseContext>& context,
                     World& world, Problems& problems);

}  // namespace rynd::project

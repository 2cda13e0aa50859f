// Methods: what tag:, path:, config: and the others match.
#pragma once

#include "project/select.h"
#include "select/spec.h"

namespace rynd::project {

// The ids that a criterion names, without its + and @. `selector:` is not answered here. Fails where the value is none
// the method knows, or artifacts are missing.
Result<std::vector<ResourceId>> match(const Project& project, const Spec& spec, const StateInputs& state);

// state:new, old, modified, modified.body, ...; `inputs.manifest` is there.
Result<std::vector<ResourceId>> match_state(const Project& project, const Spec& spec, const StateInputs& inputs);

}  // namespace rynd::project

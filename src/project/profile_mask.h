// ProfileMask: profiles.yml as an error may quote it.
#pragma once

#include <string>
#include <string_view>

namespace rynd::project {

// The same text, byte for byte at the same place, with every value starred but those that are known to hold no secret:
// names, types, paths without credentials. Works on broken YAML, too; where it cannot tell, it stars. Comments are
// starred.
std::string without_secrets(std::string_view yaml);

}  // namespace rynd::project

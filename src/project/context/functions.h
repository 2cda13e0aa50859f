// Functions: what templates may call that depends on nothing but its arguments (and where warnings go).
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "jinja/object.h"

namespace rynd::project {

// fromjson, tojson, fromyaml, toyaml, set, set_strict, zip, zip_strict, local_md5, diff_of_two_dicts,
// try_or_compiler_error.
std::vector<std::pair<std::string, jinja::Value>> pure_functions();
// The `exceptions` namespace.
jinja::Value exception_functions();
// The `validation` namespace.
jinja::Value validation_functions();

}  // namespace rynd::project

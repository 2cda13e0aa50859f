// Functions: what a properties entry says of a function that SQL can call: its arguments, what it returns, and other
// files that hold bodies for other arguments.
#pragma once

#include "load/build.h"

namespace rynd::project {

// Reads `arguments`, `returns` and `overloads` of an entry into the draft. A file that an overload names becomes part
// of the function, with all that it refers to.
void read_function_keys(Build& build, const PropertiesFile& file, Draft& draft, Fields& fields);

}  // namespace rynd::project

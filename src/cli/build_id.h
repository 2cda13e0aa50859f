// Build id: which build of the program this is, whatever its version says.
#pragma once

#include <string>

namespace rynd::cli {

// The id that the linker wrote into this very program, as hex digits; "" where it wrote none.
std::string build_id();

}  // namespace rynd::cli

// Version: what `rynd --version` says.
#pragma once

#include <string>

namespace rynd::cli {

// "0.1.0"
std::string version_number();
std::string engine_version();  // of the embedded DuckDB
// "rynd 0.1.0\n" and what it speaks, a line each.
std::string version_text();

}  // namespace rynd::cli

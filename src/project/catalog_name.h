// Catalog name: what DuckDB calls the catalogue of a file that it opens or attaches.
#pragma once

#include <string>

namespace rynd::project {

// A file's name up to the first dot that is not its first character, a DuckLake's too ("ducklake:meta.db" -> "meta");
// "memory" for ":memory:" and no path.
std::string catalog_of(const std::string& path);

}  // namespace rynd::project

// Version: the build's version, from CMake.
#include "version.h"

namespace rynd::cli {

std::string version_number() { return RYND_VERSION; }

std::string engine_version() { return RYND_DUCKDB_VERSION; }

std::string version_text() {
  return "rynd " RYND_VERSION "\n  dbt projects: as dbt-core 1.12\n  embedded DuckDB: " RYND_DUCKDB_VERSION "\n";
}

}  // namespace rynd::cli

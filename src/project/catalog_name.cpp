// Catalog name: from the path, as DuckDB and dbt-duckdb derive it.
#include "project/catalog_name.h"

#include <algorithm>
#include <filesystem>

#include "base/text.h"

namespace rynd::project {

std::string catalog_of(const std::string& path) {
  if (path == ":memory:" || path.empty()) return "memory";
  if (path.starts_with("md:") || path.starts_with("motherduck:")) {
    std::string name = path.substr(path.find(':') + 1);
    name = name.substr(0, name.find('?'));
    return name.empty() ? "my_db" : name;
  }
  const std::string file = lower(path).starts_with("ducklake:") ? path.substr(path.find(':') + 1) : path;
  const std::string name = std::filesystem::path(file).filename().string();
  const size_t begin = std::min(name.find_first_not_of('.'), name.size());
  return name.substr(begin, name.find('.', begin) - begin);
}

}  // namespace rynd::project

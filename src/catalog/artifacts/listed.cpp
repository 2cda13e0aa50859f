// Listed: one node as `ls --output json` prints it.
#include <algorithm>
#include <array>

#include "artifacts.h"
#include "project/context.h"

namespace rynd::catalog {
namespace {

// What dbt prints without --output-keys.
constexpr std::array<std::string_view, 10> usual_keys{
    "alias",  "name",          "package_name", "depends_on",         "tags",
    "config", "resource_type", "source_name",  "original_file_path", "unique_id"};

}  // namespace

Node listed(const project::Project& project, const project::Resource& resource, std::span<const std::string> keys) {
  const Node entry = manifest_entry(project, resource);
  Node result = Node::map();
  if (keys.empty()) {
    for (const std::string_view key : usual_keys)
      if (const Node* value = entry.find(key)) result.set(std::string(key), *value);
    return result;
  }
  for (const std::string& key : keys) {
    // "config.materialized": a key within a key.
    const Node* value = &entry;
    for (size_t begin = 0; value && begin <= key.size();) {
      const size_t dot = std::min(key.find('.', begin), key.size());
      value = value->find(std::string_view(key).substr(begin, dot - begin));
      begin = dot + 1;
    }
    if (value) result.set(key, *value);
  }
  return result;
}

}  // namespace rynd::catalog

// Metadata: what every artifact says of its making, and where compiled SQL goes.
#include <string>

#include "artifacts.h"
#include "base/text.h"

namespace rynd::catalog {
namespace {

// The release whose artifacts these are: readers look at it to know what to expect.
constexpr std::string_view artifacts_of_dbt = "1.12.6";

}  // namespace

Node metadata(const project::Project& project, std::string_view schema, const Making& making) {
  Node node = Node::map();
  node.set("dbt_schema_version", Node::of("https://schemas.getdbt.com/dbt/" + std::string(schema) + ".json"));
  node.set("dbt_version", Node::of(std::string(artifacts_of_dbt)));
  node.set("generated_at", Node::of(iso8601(making.generated_at)));
  node.set("invocation_id", Node::of(project.invocation_id));
  node.set("invocation_started_at", Node::of(iso8601(project.started_at)));
  node.set("env", project.metadata_envs);
  return node;
}

std::string artifact_path(const project::Project& project, const project::Resource& resource, std::string_view folder) {
  std::string path = project.root().settings.target_path + "/" + std::string(folder) + "/" + resource.package + "/" +
                     resource.original_file_path;
  // A test of a properties file, a snapshot block: several from one file, which becomes a folder.
  if (!resource.original_file_path.ends_with(resource.path)) path += "/" + resource.path;
  return path;
}

}  // namespace rynd::catalog

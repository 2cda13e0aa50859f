// ls: the nodes of a selection, in dbt's forms.
#include <algorithm>

#include "artifacts.h"
#include "base/json.h"
#include "base/text.h"
#include "catalog/artifacts.h"
#include "commands/all.h"
#include "opening.h"

namespace rynd::cli {
namespace {

using project::Resource;
using project::ResourceType;

constexpr Flag own_flags[] = {
    {"output", FlagKind::value, "what is printed of each node", {}, "FORMAT", "json name path selector text"},
    {"models", FlagKind::list, "as --select, and only models", "m", "SELECTOR", {}, "model"},
    {"select", FlagKind::list, "nodes to list", "s", "SELECTOR"},
    {"output-keys", FlagKind::list, "keys of --output json; 'config.materialized' for one within another", {}, "KEY"},
};

// dbt's selector of a node: what --select takes to mean it alone.
std::string selector_of(const Resource& resource) {
  switch (resource.type) {
    case ResourceType::source:
      return "source:" + resource.package + "." + resource.source->source_name + "." + resource.name;
    case ResourceType::exposure:
    case ResourceType::metric:
    case ResourceType::semantic_model:
    case ResourceType::saved_query:
      return std::string(name_of(resource.type)) + ":" + resource.package + "." + resource.name;
    case ResourceType::unit_test:
      return "unit_test:" + resource.package + "." + resource.name +
             (resource.unit_test->version.empty() ? "" : "_v" + resource.unit_test->version);
    default:
      return join(resource.fqn, ".");
  }
}

// dbt's name of a node in lists: "prices.v2", "shop.orders" of a source.
std::string name_of_node(const Resource& resource) {
  if (resource.type == ResourceType::source) return resource.source->source_name + "." + resource.name;
  if (resource.model && !resource.model->version.empty()) return resource.name + ".v" + resource.model->version;
  return resource.name;
}

std::string line_of(const project::Project& project, const Resource& resource, const Invocation& invocation) {
  const std::string format = invocation.text("output", "selector");
  if (format == "name") return name_of_node(resource);
  if (format == "path") return resource.original_file_path;
  if (format != "json") return selector_of(resource);
  std::vector<std::string> keys;
  for (const std::string& words : invocation.list("output-keys"))
    for (const std::string& key : split(words, ' '))
      if (!key.empty()) keys.push_back(key);
  return json::write(catalog::listed(project, resource, keys));
}

int run_ls(const Invocation& invocation, Session& session) {
  const auto output = template_output(invocation, session.console);
  const auto project = open_project(invocation, session, output.get());
  if (!project) return exit_unable;
  std::vector<ResourceType> listed_types{
      ResourceType::model,          ResourceType::snapshot,  ResourceType::seed,    ResourceType::test,
      ResourceType::source,         ResourceType::exposure,  ResourceType::metric,  ResourceType::saved_query,
      ResourceType::semantic_model, ResourceType::unit_test, ResourceType::function};
  if (invocation.given("models")) listed_types = {ResourceType::model};
  std::optional<project::Selection> selection =
      select_nodes(invocation, session, *project, listed_types, {ResourceType::analysis});
  if (!selection) return exit_unable;
  std::ranges::sort(selection->nodes, {}, [&](project::ResourceId id) { return project->at(id).unique_id; });
  if (selection->nodes.empty() &&
      !told(session, *project,
            {.severity = Severity::warning, .code = Code::nothing_selected, .message = "no nodes selected"}))
    return exit_unable;
  for (const project::ResourceId id : selection->nodes) {
    const std::string line = line_of(*project, project->at(id), invocation);
    session.console.answer({"PrintEvent", "Z052", Level::info, line}, line + "\n");
  }
  return write_manifest(invocation, session, *project, {}) ? exit_done : exit_unable;
}

}  // namespace

Command ls_command() {
  return {.name = "ls",
          .group = CommandGroup::transform,
          .summary = "list the nodes of a selection",
          .flag_groups = selects | selects_types,
          .flags = own_flags,
          .examples =
              "rynd ls --select +orders\nrynd ls --resource-type test --output name\n"
              "rynd ls --output json --output-keys name config.materialized",
          .run = run_ls,
          .alias = "list"};
}

}  // namespace rynd::cli

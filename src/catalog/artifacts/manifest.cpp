// Manifest: a project as dbt's manifest.json, schema v12.
#include <map>
#include <set>
#include <unordered_map>

#include "artifacts.h"
#include "base/hash.h"
#include "project/context.h"

namespace rynd::catalog {
namespace {

using project::Project;
using project::Resource;
using project::ResourceId;
using project::ResourceType;
using transform::NodeResult;

Node text_or_null(const std::string& text) { return text.empty() ? Node() : Node::of(text); }

Node texts(std::span<const std::string> values) {
  Node list = Node::list();
  for (const std::string& value : values) list.items.push_back(Node::of(value));
  return list;
}

double epoch_seconds(Instant instant) { return std::chrono::duration<double>(instant.time_since_epoch()).count(); }

// The manifest's part a type belongs to; "" for what dbt does not know.
std::string_view part_of(ResourceType type) {
  switch (type) {
    case ResourceType::source:
      return "sources";
    case ResourceType::exposure:
      return "exposures";
    case ResourceType::metric:
      return "metrics";
    case ResourceType::group:
      return "groups";
    case ResourceType::saved_query:
      return "saved_queries";
    case ResourceType::semantic_model:
      return "semantic_models";
    case ResourceType::unit_test:
      return "unit_tests";
    case ResourceType::function:
      return "functions";
    case ResourceType::page:
      return "";
    default:
      return "nodes";
  }
}

bool has_sql(const Resource& resource) {
  switch (resource.type) {
    case ResourceType::model:
    case ResourceType::snapshot:
    case ResourceType::test:
    case ResourceType::analysis:
    case ResourceType::operation:
    case ResourceType::function:
      return true;
    default:
      return false;
  }
}

Node entry_of(const Project& project, const Resource& resource, const NodeResult* result) {
  Node entry = manifest_entry(project, resource);
  if (!has_sql(resource) || !result || !result->compiled) return entry;
  entry.set("compiled", Node::of(true));
  entry.set("compiled_code", Node::of(result->compiled_code));
  entry.set("compiled_path", Node::of(artifact_path(project, resource, "compiled")));
  entry.set("extra_ctes_injected", Node::of(true));
  return entry;
}

Node docs_of(const project::DocsOptions& options) {
  Node docs = Node::map();
  docs.set("show", Node::of(options.show));
  docs.set("node_color", text_or_null(options.node_color));
  return docs;
}

Node macros_of(const Project& project) {
  Node macros = Node::map();
  for (const project::Macro& macro : project.macros) {
    Node entry = Node::map();
    entry.set("name", Node::of(macro.name));
    entry.set("resource_type", Node::of("macro"));
    entry.set("package_name", Node::of(macro.package));
    entry.set("path", Node::of(macro.path));
    entry.set("original_file_path", Node::of(macro.original_file_path));
    entry.set("unique_id", Node::of(macro.unique_id));
    entry.set("macro_sql", Node::of(macro.macro_sql));
    std::vector<std::string> called;
    for (const project::MacroId id : macro.depends_on_macros) called.push_back(project.macros[id].unique_id);
    Node depends_on = Node::map();
    depends_on.set("macros", texts(called));
    entry.set("depends_on", std::move(depends_on));
    entry.set("description", Node::of(macro.description));
    entry.set("meta", macro.meta);
    entry.set("docs", docs_of(macro.docs));
    entry.set("config", macro.config);
    entry.set("patch_path", text_or_null(macro.patch_path));
    Node arguments = Node::list();
    for (const project::MacroArgument& argument : macro.arguments) {
      Node one = Node::map();
      one.set("name", Node::of(argument.name));
      one.set("type", text_or_null(argument.type));
      one.set("description", Node::of(argument.description));
      arguments.items.push_back(std::move(one));
    }
    entry.set("arguments", std::move(arguments));
    entry.set("created_at", Node::of_real(epoch_seconds(project.started_at)));
    entry.set("supported_languages", macro.supported_languages.empty() ? Node() : texts(macro.supported_languages));
    macros.entries.push_back({macro.unique_id, 0, 0, std::move(entry)});
  }
  return macros;
}

Node docs_blocks(const Project& project) {
  Node docs = Node::map();
  for (const project::Doc& doc : project.docs) {
    Node entry = Node::map();
    entry.set("name", Node::of(doc.name));
    entry.set("resource_type", Node::of("doc"));
    entry.set("package_name", Node::of(doc.package));
    entry.set("path", Node::of(doc.path));
    entry.set("original_file_path", Node::of(doc.original_file_path));
    entry.set("unique_id", Node::of(doc.unique_id));
    entry.set("block_contents", Node::of(doc.contents));
    docs.entries.push_back({doc.unique_id, 0, 0, std::move(entry)});
  }
  return docs;
}

Node neighbours(const Project& project, bool parents) {
  Node map = Node::map();
  for (ResourceId id = 0; id < project.resources.size(); ++id) {
    const Resource& resource = project.at(id);
    if (part_of(resource.type).empty() || resource.type == ResourceType::group) continue;
    std::set<std::string> ids;
    for (const ResourceId near : parents ? project.graph.parents(id) : project.graph.children(id))
      if (!part_of(project.at(near).type).empty()) ids.insert(project.at(near).unique_id);
    map.entries.push_back({resource.unique_id, 0, 0, texts(std::vector<std::string>(ids.begin(), ids.end()))});
  }
  return map;
}

Node groups_of(const Project& project) {
  std::map<std::string, std::vector<std::string>> members;
  for (const Resource& resource : project.resources) {
    if (resource.type == ResourceType::group)
      members[resource.name];
    else if (!resource.group.empty())
      members[resource.group].push_back(resource.unique_id);
  }
  Node map = Node::map();
  for (const auto& [group, ids] : members) map.set(group, texts(ids));
  return map;
}

Node manifest_metadata(const Project& project, const Making& making) {
  Node node = metadata(project, "manifest/v12", making);
  const std::string& name = project.root().settings.name;
  node.set("project_name", Node::of(name));
  node.set("project_id", Node::of(md5(name)));
  node.set("user_id", Node());
  node.set("send_anonymous_usage_stats", Node::of(false));
  node.set("adapter_type", Node::of(project.profile.type));
  Node quoting = Node::map();
  for (const char* key : {"database", "schema", "identifier"}) {
    const Node* given = project.root().settings.quoting.find(key);
    quoting.set(key, given ? *given : Node::of(true));
  }
  quoting.set("column", Node());
  node.set("quoting", std::move(quoting));
  node.set("run_started_at", Node::of(iso8601(project.started_at)));
  return node;
}

}  // namespace

Node manifest(const Project& project, std::span<const NodeResult> results, const Making& making) {
  std::unordered_map<ResourceId, const NodeResult*> result_of;
  for (const NodeResult& result : results) result_of[result.id] = &result;
  std::map<std::string_view, Node> parts;
  for (const char* part : {"nodes", "sources", "exposures", "metrics", "groups", "saved_queries", "semantic_models",
                           "unit_tests", "functions"})
    parts[part] = Node::map();
  for (ResourceId id = 0; id < project.resources.size(); ++id) {
    const Resource& resource = project.at(id);
    const std::string_view part = part_of(resource.type);
    if (part.empty()) continue;
    const auto result = result_of.find(id);
    parts[part].entries.push_back(
        {resource.unique_id, 0, 0, entry_of(project, resource, result == result_of.end() ? nullptr : result->second)});
  }
  Node disabled = Node::map();
  for (const Resource& resource : project.disabled) {
    Node list = Node::list();
    if (const Node* known = disabled.find(resource.unique_id)) list = *known;
    list.items.push_back(manifest_entry(project, resource));
    disabled.set(resource.unique_id, std::move(list));
  }
  Node root = Node::map();
  root.set("metadata", manifest_metadata(project, making));
  root.set("nodes", std::move(parts["nodes"]));
  root.set("sources", std::move(parts["sources"]));
  root.set("macros", macros_of(project));
  root.set("docs", docs_blocks(project));
  for (const char* part : {"exposures", "metrics", "groups"}) root.set(part, std::move(parts[part]));
  root.set("selectors", project.selectors);
  root.set("disabled", std::move(disabled));
  root.set("parent_map", neighbours(project, true));
  root.set("child_map", neighbours(project, false));
  root.set("group_map", groups_of(project));
  for (const char* part : {"saved_queries", "semantic_models", "unit_tests", "functions"})
    root.set(part, std::move(parts[part]));
  return root;
}

}  // namespace rynd::catalog

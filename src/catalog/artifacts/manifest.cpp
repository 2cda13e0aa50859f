// Manifest: a project as dbt's manifest.json, schema v12.
#include <algorithm>
#include <map>
#include <unordered_map>

#include "artifacts.h"
#include "base/hash.h"
#include "base/json.h"
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

void write_entry(std::string& json, const Project& project, const Resource& resource, const NodeResult* result) {
  if (!has_sql(resource) || !result || !result->compiled) return write_manifest_entry(project, resource, nullptr, json);
  const project::CompiledCode compiled{result->compiled_code, artifact_path(project, resource, "compiled")};
  write_manifest_entry(project, resource, &compiled, json);
}

Node docs_of(const project::DocsOptions& options) {
  Node docs = Node::map();
  docs.set("show", Node::of(options.show));
  docs.set("node_color", text_or_null(options.node_color));
  return docs;
}

// What entries of macros and docs blocks begin with.
Node head_of(const auto& one, std::string type) {
  Node entry = Node::map();
  entry.add("name", Node::of(one.name));
  entry.add("resource_type", Node::of(std::move(type)));
  entry.add("package_name", Node::of(one.package));
  entry.add("path", Node::of(one.path));
  entry.add("original_file_path", Node::of(one.original_file_path));
  entry.add("unique_id", Node::of(one.unique_id));
  return entry;
}

Node macro_entry(const Project& project, const project::Macro& macro) {
  Node entry = head_of(macro, "macro");
  entry.add("macro_sql", Node::of(macro.macro_sql));
  std::vector<std::string> called;
  for (const project::MacroId id : macro.depends_on_macros) called.push_back(project.macros[id].unique_id);
  Node depends_on = Node::map();
  depends_on.add("macros", texts(called));
  entry.add("depends_on", std::move(depends_on));
  entry.add("description", Node::of(macro.description));
  entry.add("meta", macro.meta);
  entry.add("docs", docs_of(macro.docs));
  entry.add("config", macro.config);
  entry.add("patch_path", text_or_null(macro.patch_path));
  Node arguments = Node::list();
  for (const project::MacroArgument& argument : macro.arguments) {
    Node one = Node::map();
    one.add("name", Node::of(argument.name));
    one.add("type", text_or_null(argument.type));
    one.add("description", Node::of(argument.description));
    arguments.items.push_back(std::move(one));
  }
  entry.add("arguments", std::move(arguments));
  entry.add("created_at", Node::of_real(epoch_seconds(project.started_at)));
  entry.add("supported_languages", macro.supported_languages.empty() ? Node() : texts(macro.supported_languages));
  return entry;
}

Node doc_entry(const project::Doc& doc) {
  Node entry = head_of(doc, "doc");
  entry.add("block_contents", Node::of(doc.contents));
  return entry;
}

void write_neighbours(json::Stream& stream, std::string_view key, const Project& project, bool parents) {
  stream.open(key);
  for (ResourceId id = 0; id < project.resources.size(); ++id) {
    const Resource& resource = project.at(id);
    if (part_of(resource.type).empty() || resource.type == ResourceType::group) continue;
    std::vector<std::string> ids;
    for (const ResourceId near : parents ? project.graph.parents(id) : project.graph.children(id))
      if (!part_of(project.at(near).type).empty()) ids.push_back(project.at(near).unique_id);
    std::ranges::sort(ids);
    stream.add(resource.unique_id, texts(ids));
  }
  stream.close();
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

// The resources of each part, in the order of loading.
class Parts {
 public:
  Parts(const Project& project, std::span<const NodeResult> results) : project_(project) {
    for (const NodeResult& result : results) results_[result.id] = &result;
    for (ResourceId id = 0; id < project.resources.size(); ++id) members_[part_of(project.at(id).type)].push_back(id);
  }

  void write(json::Stream& stream, std::string_view part) {
    stream.open(part);
    for (const ResourceId id : members_[part]) {
      const auto result = results_.find(id);
      const Resource& resource = project_.at(id);
      stream.add(resource.unique_id, [&](std::string& json) {
        write_entry(json, project_, resource, result == results_.end() ? nullptr : result->second);
      });
    }
    stream.close();
  }

 private:
  const Project& project_;
  std::unordered_map<ResourceId, const NodeResult*> results_;
  std::map<std::string_view, std::vector<ResourceId>> members_;
};

Node disabled_of(const Project& project) {
  Node disabled = Node::map();
  for (const Resource& resource : project.disabled) {
    Node list = Node::list();
    if (const Node* known = disabled.find(resource.unique_id)) list = *known;
    list.items.push_back(manifest_entry(project, resource));
    disabled.set(resource.unique_id, std::move(list));
  }
  return disabled;
}

}  // namespace

void write_manifest(const Project& project, std::span<const NodeResult> results, const Making& making,
                    const TextSink& out) {
  json::Stream stream(out);
  Parts parts(project, results);
  stream.open();
  stream.add("metadata", manifest_metadata(project, making));
  for (const char* part : {"nodes", "sources"}) parts.write(stream, part);
  stream.open("macros");
  for (const project::Macro& macro : project.macros) stream.add(macro.unique_id, macro_entry(project, macro));
  stream.close();
  stream.open("docs");
  for (const project::Doc& doc : project.docs) stream.add(doc.unique_id, doc_entry(doc));
  stream.close();
  for (const char* part : {"exposures", "metrics", "groups"}) parts.write(stream, part);
  stream.add("selectors", project.selectors);
  stream.add("disabled", disabled_of(project));
  write_neighbours(stream, "parent_map", project, true);
  write_neighbours(stream, "child_map", project, false);
  stream.add("group_map", groups_of(project));
  for (const char* part : {"saved_queries", "semantic_models", "unit_tests", "functions"}) parts.write(stream, part);
  stream.close();
}

}  // namespace rynd::catalog

// Catalog: what the warehouse says of a project's relations, as dbt's catalog.json, schema v1.
#include <map>

#include "artifacts.h"
#include "base/text.h"

namespace rynd::catalog {
namespace {

Node text_or_null(const std::string& text) { return text.empty() ? Node() : Node::of(text); }

std::string place(std::string_view database, std::string_view schema, std::string_view name) {
  return lower(database) + "\n" + lower(schema) + "\n" + lower(name);
}

Node entry_of(const project::Resource& resource, const engine::RelationDetail& detail) {
  Node about = Node::map();
  about.set("type", Node::of(detail.relation.type == engine::RelationType::view ? "VIEW" : "BASE TABLE"));
  about.set("schema", Node::of(detail.relation.schema));
  about.set("name", Node::of(detail.relation.identifier));
  about.set("database", Node::of(resource.database));
  about.set("comment", text_or_null(detail.comment));
  about.set("owner", Node());
  Node columns = Node::map();
  int64_t index = 0;
  for (const engine::Column& column : detail.columns) {
    Node one = Node::map();
    one.set("type", Node::of(column.type));
    one.set("index", Node::of(++index));
    one.set("name", Node::of(column.name));
    one.set("comment", text_or_null(column.comment));
    columns.set(column.name, std::move(one));
  }
  Node has_stats = Node::map();
  has_stats.set("id", Node::of("has_stats"));
  has_stats.set("label", Node::of("Has Stats?"));
  has_stats.set("value", Node::of(false));
  has_stats.set("include", Node::of(false));
  has_stats.set("description", Node::of("Indicates whether there are statistics for this table"));
  Node stats = Node::map();
  stats.set("has_stats", std::move(has_stats));
  Node entry = Node::map();
  entry.set("metadata", std::move(about));
  entry.set("columns", std::move(columns));
  entry.set("stats", std::move(stats));
  entry.set("unique_id", Node::of(resource.unique_id));
  return entry;
}

}  // namespace

Node catalog_json(const project::Project& project, std::span<const engine::RelationDetail> details,
                  const Making& making) {
  std::map<std::string, const engine::RelationDetail*> found;
  for (const engine::RelationDetail& detail : details)
    found[place(detail.relation.database, detail.relation.schema, detail.relation.identifier)] = &detail;
  Node nodes = Node::map();
  Node sources = Node::map();
  for (const project::Resource& resource : project.resources) {
    if (!resource.is_relation() || resource.is_ephemeral()) continue;
    const bool source = resource.source.has_value();
    const auto detail =
        found.find(place(resource.database, resource.schema, source ? resource.source->identifier : resource.alias));
    if (detail == found.end()) continue;
    (source ? sources : nodes).entries.push_back({resource.unique_id, 0, 0, entry_of(resource, *detail->second)});
  }
  Node root = Node::map();
  root.set("metadata", metadata(project, "catalog/v1", making));
  root.set("nodes", std::move(nodes));
  root.set("sources", std::move(sources));
  root.set("errors", Node());
  return root;
}

}  // namespace rynd::catalog

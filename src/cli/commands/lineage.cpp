// lineage: what a node or a column is made from, and what is made from it.
#include <fmt/format.h>

#include <map>
#include <set>

#include "base/json.h"
#include "base/suggest.h"
#include "base/text.h"
#include "commands/all.h"
#include "forward.h"
#include "opening.h"
#include "server/column_lineage.h"

namespace rynd::cli {
namespace {

using project::Project;
using project::ResourceId;

std::string label(const Project& project, ResourceId id) {
  const project::Resource& resource = project.at(id);
  return fmt::format("{} ({})", resource.unique_id, resource.original_file_path);
}

// A tree, each node once; what was shown above is only named.
void draw(const Project& project, ResourceId id, bool up, int depth, std::vector<bool>& shown, std::string& text) {
  for (const ResourceId next : up ? project.graph.parents(id) : project.graph.children(id)) {
    text += std::string(static_cast<size_t>(depth) * 2, ' ') + (up ? "<- " : "-> ");
    text += label(project, next) + (shown[next] ? " ..." : "") + "\n";
    if (shown[next]) continue;
    shown[next] = true;
    draw(project, next, up, depth + 1, shown, text);
  }
}

Node ids(const Project& project, std::span<const ResourceId> nodes) {
  Node list = Node::list();
  for (const ResourceId id : nodes) list.items.push_back(Node::of(project.at(id).unique_id));
  return list;
}

ResourceId find(const Project& project, const std::string& name) {
  if (const ResourceId id = project.find(name); id != project::no_resource) return id;
  const auto found = project.by_ref_name.find(name);
  if (found != project.by_ref_name.end() && !found->second.empty()) return found->second.front();
  for (ResourceId id = 0; id < project.resources.size(); ++id) {
    const project::Resource& resource = project.at(id);
    if (resource.source && resource.source->source_name + "." + resource.name == name) return id;
    if (resource.name == name) return id;
  }
  return project::no_resource;
}

Diagnostic unknown(const Project& project, const std::string& name) {
  std::vector<std::string> names;
  for (const project::Resource& resource : project.resources)
    names.push_back(resource.source ? resource.source->source_name + "." + resource.name : resource.name);
  return {.code = Code::usage,
          .message = "there is no node '" + name + "' in this project",
          .help = did_you_mean(name, names)};
}

// "orders.amount": a node, and what stands after the last dot.
std::optional<server::ColumnPlace> find_column(const Project& project, const std::string& name) {
  const size_t dot = name.rfind('.');
  const ResourceId id = dot == std::string::npos ? project::no_resource : find(project, name.substr(0, dot));
  if (id == project::no_resource) return std::nullopt;
  return server::ColumnPlace{id, lower(name.substr(dot + 1))};
}

using ColumnEdges = std::map<server::ColumnPlace, std::vector<server::ColumnPlace>>;

std::string label(const Project& project, const server::ColumnPlace& place) {
  const project::Resource& resource = project.at(place.resource);
  const std::string name = resource.source ? resource.source->source_name + "." + resource.name : resource.name;
  return fmt::format("{}.{} ({})", name, place.column, resource.original_file_path);
}

void draw(const Project& project, const server::ColumnPlace& place, const ColumnEdges& edges, std::string_view arrow,
          int depth, std::set<server::ColumnPlace>& shown, std::string& text) {
  const auto found = edges.find(place);
  if (found == edges.end()) return;
  for (const server::ColumnPlace& next : found->second) {
    const bool again = !shown.insert(next).second;
    text += fmt::format("{:{}}{} {}{}\n", "", depth * 2, arrow, label(project, next), again ? " ..." : "");
    if (!again) draw(project, next, edges, arrow, depth + 1, shown, text);
  }
}

Node column_list(const Project& project, const server::ColumnPlace& place, const ColumnEdges& edges) {
  Node list = Node::list();
  const auto found = edges.find(place);
  if (found == edges.end()) return list;
  for (const server::ColumnPlace& next : found->second) {
    Node node = Node::map();
    node.set("unique_id", Node::of(project.at(next.resource).unique_id));
    node.set("column", Node::of(next.column));
    list.items.push_back(std::move(node));
  }
  return list;
}

// What the compiled SQL says of the columns, against the tables as they are built.
std::optional<server::ColumnLineage> read_columns(const Project& project, Session& session) {
  Warehouse warehouse(project, session);
  const std::unique_ptr<engine::Connection> connection = connect(warehouse, session);
  if (!connection) return std::nullopt;
  Result<std::vector<engine::RelationDetail>> details = connection->details(relation_schemas(project));
  if (!details) {
    session.console.report(details.error());
    return std::nullopt;
  }
  std::map<std::string, engine::RelationDetail> relations;
  for (engine::RelationDetail& detail : *details)
    relations.emplace(detail.relation.schema + "." + detail.relation.identifier, std::move(detail));
  return server::column_lineage(project, relations, session.world.files);
}

int show_column(const Project& project, const server::ColumnPlace& place, Session& session) {
  const std::optional<server::ColumnLineage> columns = read_columns(project, session);
  if (!columns) return exit_unable;
  Console& console = session.console;
  if (!columns->made_of.contains(place) && !columns->used_by.contains(place)) {
    console.report({.code = Code::usage,
                    .message = fmt::format("nothing is known of the column '{}' of '{}'", place.column,
                                           project.at(place.resource).name),
                    .help = "columns are read from tables and compiled SQL: 'rynd build' makes both"});
    return exit_unable;
  }
  if (console.json) {
    Node node = Node::map();
    node.set("unique_id", Node::of(project.at(place.resource).unique_id));
    node.set("column", Node::of(place.column));
    node.set("made_of", column_list(project, place, columns->made_of));
    node.set("used_by", column_list(project, place, columns->used_by));
    console.out(json::write(node) + "\n");
    return exit_done;
  }
  std::string text = label(project, place) + "\n";
  for (const bool up : {true, false}) {
    std::set<server::ColumnPlace> shown;
    draw(project, place, up ? columns->made_of : columns->used_by, up ? "<-" : "->", 1, shown, text);
  }
  console.out(text);
  return exit_done;
}

int run_lineage(const Invocation& invocation, Session& session) {
  if (const std::optional<int> code = forward_to_server(invocation, session)) return *code;
  Console& console = session.console;
  const auto project = open_project(invocation, session, nullptr);
  if (!project) return exit_unable;
  const std::string& name = invocation.arguments[0];
  const ResourceId id = find(*project, name);
  if (id == project::no_resource) {
    if (const auto column = find_column(*project, name)) return show_column(*project, *column, session);
    console.report(unknown(*project, name));
    return exit_unable;
  }
  if (console.json) {
    Node node = Node::map();
    node.set("unique_id", Node::of(project->at(id).unique_id));
    node.set("parents", ids(*project, project->graph.parents(id)));
    node.set("children", ids(*project, project->graph.children(id)));
    console.out(json::write(node) + "\n");
    return exit_done;
  }
  std::string text = label(*project, id) + "\n";
  for (const bool up : {true, false}) {
    std::vector<bool> shown(project->resources.size(), false);
    draw(*project, id, up, 1, shown, text);
  }
  console.out(text);
  return exit_done;
}

}  // namespace

Command lineage_command() {
  return {.name = "lineage",
          .group = CommandGroup::look,
          .summary = "what a node or a column is made from, and what is made from it",
          .arguments = "NODE[.COLUMN]",
          .least_arguments = 1,
          .most_arguments = 1,
          .flag_groups = reads_project,
          .details = "NODE is a name, 'source.table' or a unique id; a column's lineage is read from the compiled SQL.",
          .examples = "rynd lineage orders\nrynd lineage orders.amount\nrynd lineage model.shop.orders --output json",
          .run = run_lineage};
}

}  // namespace rynd::cli

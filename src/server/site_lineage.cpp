// SiteLineage: the route of the graph: of resources, and of one column.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <functional>

#include "base/text.h"
#include "catalog/lineage.h"
#include "catalog_status.h"
#include "site.h"

namespace rynd::server {

namespace {

uint32_t steps_of(std::string_view text, uint32_t otherwise) {
  uint32_t steps = otherwise;
  std::from_chars(text.data(), text.data() + text.size(), steps);
  return steps;
}

Node line_node(const std::vector<catalog::Point>& points) {
  Node line = Node::list();
  for (const catalog::Point& point : points) {
    line.items.push_back(Node::of_real(point.x));
    line.items.push_back(Node::of_real(point.y));
  }
  return line;
}

// The graph with its places; what a resource's state adds to its box comes from `status`.
Node graph_node(const catalog::Lineage& part, const std::function<void(Node&, const catalog::LineageNode&)>& status) {
  const catalog::BoxMeasures measures;
  const catalog::Layout layout = catalog::place(part, measures);
  Node answer = Node::map();
  answer.set("width", Node::of_real(layout.width));
  answer.set("height", Node::of_real(layout.height));
  answer.set("box_width", Node::of_real(measures.width));
  answer.set("box_height", Node::of_real(measures.head));
  answer.set("column_height", Node::of_real(measures.column));
  Node nodes = Node::list();
  for (size_t i = 0; i < part.nodes.size(); ++i) {
    Node node = Node::map();
    node.set("id", Node::of(part.nodes[i].id));
    node.set("type", Node::of(part.nodes[i].type));
    node.set("name", Node::of(part.nodes[i].name));
    node.set("x", Node::of_real(layout.nodes[i].x));
    node.set("y", Node::of_real(layout.nodes[i].y));
    if (!part.nodes[i].columns.empty()) {
      Node columns = Node::list();
      for (const std::string& column : part.nodes[i].columns) columns.items.push_back(Node::of(column));
      node.set("columns", std::move(columns));
    }
    status(node, part.nodes[i]);
    nodes.items.push_back(std::move(node));
  }
  answer.set("nodes", std::move(nodes));
  Node edges = Node::list();
  for (size_t i = 0; i < part.edges.size(); ++i) {
    Node edge = Node::map();
    edge.set("from", Node::of(static_cast<int64_t>(part.edges[i].from)));
    edge.set("to", Node::of(static_cast<int64_t>(part.edges[i].to)));
    edge.set("line", line_node(layout.edges[i]));
    edges.items.push_back(std::move(edge));
  }
  answer.set("edges", std::move(edges));
  Node columns = Node::list();
  for (const catalog::ColumnEdge& edge : part.column_edges) {
    Node node = Node::map();
    node.set("from", Node::of(static_cast<int64_t>(edge.nodes.from)));
    node.set("from_column", Node::of(edge.from));
    node.set("to", Node::of(static_cast<int64_t>(edge.nodes.to)));
    node.set("to_column", Node::of(edge.to));
    columns.items.push_back(std::move(node));
  }
  answer.set("column_edges", std::move(columns));
  return answer;
}

}  // namespace

std::shared_ptr<const ColumnLineage> Site::columns_of(const CatalogSnapshotPtr& seen) {
  const std::lock_guard lock(columns_mutex_);
  if (columns_for_ == seen) return columns_;
  columns_ = std::make_shared<const ColumnLineage>(column_lineage(*seen->project, seen->relations, world_.files));
  columns_for_ = seen;
  return columns_;
}

Response Site::column_graph(const CatalogSnapshot& seen, const ColumnLineage& columns, const ColumnPlace& from) {
  catalog::Lineage part;
  const auto node_of = [&](project::ResourceId id) {
    const std::string& unique_id = seen.project->at(id).unique_id;
    if (const std::optional<uint32_t> known = part.find(unique_id)) return *known;
    part.nodes.push_back(seen.lineage.nodes[*seen.lineage.find(unique_id)]);
    return static_cast<uint32_t>(part.nodes.size() - 1);
  };
  const std::vector<ColumnPlace> places = columns.trace(from);
  for (const ColumnPlace& place : places) part.nodes[node_of(place.resource)].columns.push_back(place.column);
  for (const ColumnPlace& place : places) {
    const auto sources = columns.made_of.find(place);
    if (sources == columns.made_of.end()) continue;
    for (const ColumnPlace& source : sources->second) {
      if (std::ranges::find(places, source) == places.end()) continue;
      const catalog::LineageEdge edge{node_of(source.resource), node_of(place.resource)};
      part.column_edges.push_back({edge, source.column, place.column});
      const bool known = std::ranges::any_of(
          part.edges, [&](const auto& other) { return other.from == edge.from && other.to == edge.to; });
      if (!known) part.edges.push_back(edge);
    }
  }
  return json_response(graph_node(part, [](Node&, const catalog::LineageNode&) {}));
}

Response Site::lineage(Request& request) {
  const CatalogSnapshotPtr seen = catalog_.see(project(), request.gone);
  const std::string_view focus = request.parameter("node");
  const std::string_view column = request.parameter("column");
  const std::optional<uint32_t> place = seen->lineage.find(focus);
  if (!focus.empty() && !place) return not_found(fmt::format("there is no resource '{}'", focus));
  const project::ResourceId resource = seen->project->find(focus);
  if (!column.empty() && resource != project::no_resource)
    return column_graph(*seen, *columns_of(seen), {resource, lower(column)});
  const LastRunsPtr runs = history_.last();
  const uint32_t up = steps_of(request.parameter("up"), UINT32_MAX);
  const uint32_t down = steps_of(request.parameter("down"), UINT32_MAX);
  const auto status = [&](Node& node, const catalog::LineageNode& of) {
    const project::ResourceId id = seen->project->find(of.id);
    if (id == project::no_resource) return;
    const project::Resource& found = seen->project->at(id);
    if (const LastRun* run = last_run(*runs, found)) node.set("status", Node::of(run->status));
    node.set("tests", counts_node(count_tests(*seen, *runs, id)));
    if (found.type == project::ResourceType::model) node.set("materialized", Node::of(found.config.materialized()));
  };
  return json_response(graph_node(place ? catalog::around(seen->lineage, *place, up, down) : seen->lineage, status));
}

}  // namespace rynd::server

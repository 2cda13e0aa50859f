// Lineage: filters and cuts the project's graph.
#include "lineage.h"

#include <algorithm>

namespace rynd::catalog {

std::string type_name(const project::Resource& resource) {
  return resource.unique_id.substr(0, resource.unique_id.find('.'));
}

namespace {

bool carries_data(const project::Resource& resource) {
  using enum project::ResourceType;
  switch (resource.type) {
    case test:
    case unit_test:
    case operation:
    case analysis:
      return false;
    default:
      return true;
  }
}

}  // namespace

std::optional<uint32_t> Lineage::find(std::string_view id) const {
  const auto found = std::ranges::find(nodes, id, &LineageNode::id);
  if (found == nodes.end()) return std::nullopt;
  return static_cast<uint32_t>(found - nodes.begin());
}

Lineage lineage_of(const project::Project& project) {
  Lineage lineage;
  std::vector<uint32_t> place(project.resources.size(), UINT32_MAX);
  for (project::ResourceId id = 0; id < project.resources.size(); ++id) {
    const project::Resource& resource = project.at(id);
    if (!carries_data(resource)) continue;
    place[id] = static_cast<uint32_t>(lineage.nodes.size());
    const std::string name = resource.source ? resource.source->source_name + "." + resource.name : resource.name;
    lineage.nodes.push_back({.id = resource.unique_id, .type = type_name(resource), .name = name});
  }
  for (project::ResourceId id = 0; id < project.resources.size(); ++id) {
    if (place[id] == UINT32_MAX) continue;
    for (const project::Graph::Id parent : project.graph.parents(id)) {
      if (place[parent] != UINT32_MAX) lineage.edges.push_back({place[parent], place[id]});
    }
  }
  return lineage;
}

Lineage around(const Lineage& lineage, uint32_t node, uint32_t up, uint32_t down) {
  std::vector<std::vector<uint32_t>> parents(lineage.nodes.size());
  std::vector<std::vector<uint32_t>> children(lineage.nodes.size());
  for (const LineageEdge& edge : lineage.edges) {
    parents[edge.to].push_back(edge.from);
    children[edge.from].push_back(edge.to);
  }
  std::vector<bool> kept(lineage.nodes.size(), false);
  kept[node] = true;
  const auto walk = [&](const std::vector<std::vector<uint32_t>>& next, uint32_t steps) {
    std::vector<bool> seen(lineage.nodes.size(), false);
    std::vector<uint32_t> front{node};
    for (uint32_t step = 0; step < steps && !front.empty(); ++step) {
      std::vector<uint32_t> reached;
      for (const uint32_t from : front) {
        for (const uint32_t to : next[from]) {
          if (seen[to]) continue;
          seen[to] = kept[to] = true;
          reached.push_back(to);
        }
      }
      front = std::move(reached);
    }
  };
  walk(parents, up);
  walk(children, down);
  Lineage part;
  std::vector<uint32_t> place(lineage.nodes.size(), UINT32_MAX);
  for (uint32_t v = 0; v < lineage.nodes.size(); ++v) {
    if (!kept[v]) continue;
    place[v] = static_cast<uint32_t>(part.nodes.size());
    part.nodes.push_back(lineage.nodes[v]);
  }
  for (const LineageEdge& edge : lineage.edges) {
    if (kept[edge.from] && kept[edge.to]) part.edges.push_back({place[edge.from], place[edge.to]});
  }
  for (ColumnEdge edge : lineage.column_edges) {
    if (!kept[edge.nodes.from] || !kept[edge.nodes.to]) continue;
    edge.nodes = {place[edge.nodes.from], place[edge.nodes.to]};
    part.column_edges.push_back(std::move(edge));
  }
  return part;
}

Layout place(const Lineage& lineage, const BoxMeasures& measures) {
  std::vector<Size> sizes;
  for (const LineageNode& node : lineage.nodes) {
    sizes.push_back({measures.width, measures.head + measures.column * static_cast<double>(node.columns.size())});
  }
  std::vector<LayoutEdge> edges;
  for (const LineageEdge& edge : lineage.edges) edges.push_back({edge.from, edge.to});
  return lay_out(sizes, edges);
}

}  // namespace rynd::catalog

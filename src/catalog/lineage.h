// Lineage: the part of a project's graph that carries data, whole or around one resource, with places to draw it at.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "layout.h"
#include "project/project.h"

namespace rynd::catalog {

struct LineageNode {
  std::string id;    // unique_id; "page.<package>.<name>" for a page
  std::string type;  // "source", "seed", "model", "snapshot", "exposure", "page", ...
  std::string name;
  std::vector<std::string> columns;  // drawn inside its box; empty: only the box
};
struct LineageEdge {
  uint32_t from;  // places in the nodes
  uint32_t to;
};
// That a column is made of another one.
struct ColumnEdge {
  LineageEdge nodes;
  std::string from;
  std::string to;
};
struct Lineage {
  std::vector<LineageNode> nodes;
  std::vector<LineageEdge> edges;
  std::vector<ColumnEdge> column_edges;

  std::optional<uint32_t> find(std::string_view id) const;
};

// Sources, seeds, models, snapshots and what uses them; tests, hooks and analyses carry no data and are left out.
Lineage lineage_of(const project::Project& project);
// "model", "source", ... as dbt's unique ids begin.
std::string type_name(const project::Resource& resource);

// What lies within `up` steps before and `down` steps after a node, and the node. Order is kept.
Lineage around(const Lineage& lineage, uint32_t node, uint32_t up, uint32_t down);

// Boxes of the size the page draws: see lineage.cpp for the measures, which are sent along with the places.
struct BoxMeasures {
  double width = 208;
  double head = 40;    // height of a box without columns
  double column = 22;  // added for each column
};
Layout place(const Lineage& lineage, const BoxMeasures& measures = {});

}  // namespace rynd::catalog

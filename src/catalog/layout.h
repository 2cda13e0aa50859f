// Layout: places for the boxes and lines of a layered graph, left to right (Sugiyama's method). Pure and deterministic.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace rynd::catalog {

struct Size {
  double width = 0;
  double height = 0;
};
struct Point {
  double x = 0;
  double y = 0;
};
struct LayoutEdge {
  uint32_t from;
  uint32_t to;
};
struct LayoutOptions {
  double layer_gap = 72;      // between the columns of boxes
  double node_gap = 18;       // between boxes one above the other
  double component_gap = 48;  // between parts of the graph that nothing connects
  int sweeps = 12;            // over the layers, to have fewer crossings; each is linear in nodes and edges
};

struct Layout {
  std::vector<Point> nodes;               // the top left corner of each box
  std::vector<std::vector<Point>> edges;  // from the right of `from` to the left of `to`, bends between
  double width = 0;
  double height = 0;
};

// Edges that close a circle are drawn, but do not decide where a box stands. Places are in the unit of the sizes.
Layout lay_out(std::span<const Size> nodes, std::span<const LayoutEdge> edges, const LayoutOptions& options = {});

}  // namespace rynd::catalog

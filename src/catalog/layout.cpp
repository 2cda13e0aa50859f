// Layout: layers by longest path, order by barycenters, places by isotonic regression, one connected part after
// another.
#include "layout.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace rynd::catalog {

namespace {

// A box, or a bend of a line that passes its layer.
struct Vertex {
  uint32_t layer = 0;
  double height = 0;
  double y = 0;  // of the middle
  bool bend = false;
  std::vector<uint32_t> left;   // neighbours in the layer before
  std::vector<uint32_t> right;  // and in the one after
};

// Non-decreasing values nearest to `wanted` by weighted squares (pool adjacent violators).
std::vector<double> isotonic(std::span<const double> wanted, std::span<const double> weights) {
  struct Pool {
    double value;
    double weight;
    size_t count;
  };
  std::vector<Pool> pools;
  for (size_t i = 0; i < wanted.size(); ++i) {
    pools.push_back({wanted[i], weights[i], 1});
    while (pools.size() > 1 && pools[pools.size() - 2].value > pools.back().value) {
      const Pool last = pools.back();
      pools.pop_back();
      Pool& into = pools.back();
      into.value = (into.value * into.weight + last.value * last.weight) / (into.weight + last.weight);
      into.weight += last.weight;
      into.count += last.count;
    }
  }
  std::vector<double> values;
  for (const Pool& pool : pools) values.insert(values.end(), pool.count, pool.value);
  return values;
}

// One connected part.
class LayeredPart {
 public:
  LayeredPart(const LayoutOptions& options, std::span<const Size> sizes, std::span<const LayoutEdge> edges,
              std::vector<uint32_t> members, std::vector<uint32_t> edge_ids)
      : options_(options), sizes_(sizes), edges_(edges), members_(std::move(members)), edge_ids_(std::move(edge_ids)) {}

  // Writes places from `top` down; returns how much room it took.
  Size place(double top, Layout& layout) {
    number();
    assign_layers();
    add_bends();
    order_layers();
    place_vertices();
    return write(top, layout);
  }

 private:
  void number() {
    local_.assign(sizes_.size(), 0);
    for (uint32_t i = 0; i < members_.size(); ++i) local_[members_[i]] = i;
    out_.resize(members_.size());
    in_degree_.assign(members_.size(), 0);
    for (const uint32_t id : edge_ids_) {
      out_[local_[edges_[id].from]].push_back(local_[edges_[id].to]);
      ++in_degree_[local_[edges_[id].to]];
    }
  }

  // Longest path from the roots; what stands in a circle is entered where it is met first.
  void assign_layers() {
    std::vector<uint32_t> waiting = in_degree_;
    layer_.assign(members_.size(), 0);
    std::vector<bool> done(members_.size(), false);
    std::vector<uint32_t> ready;
    for (uint32_t v = 0; v < waiting.size(); ++v) {
      if (waiting[v] == 0) ready.push_back(v);
    }
    uint32_t next_forced = 0;
    for (size_t count = 0; count < members_.size(); ++count) {
      while (ready.empty()) {
        if (!done[next_forced]) ready.push_back(next_forced);
        ++next_forced;
      }
      const uint32_t v = ready.back();
      ready.pop_back();
      done[v] = true;
      for (const uint32_t to : out_[v]) {
        if (done[to]) continue;
        layer_[to] = std::max(layer_[to], layer_[v] + 1);
        if (--waiting[to] == 0) ready.push_back(to);
      }
    }
    // A root stands just before the first that needs it, not at the far left.
    for (uint32_t v = 0; v < members_.size(); ++v) {
      if (in_degree_[v] != 0 || out_[v].empty()) continue;
      uint32_t nearest = UINT32_MAX;
      for (const uint32_t to : out_[v]) nearest = std::min(nearest, layer_[to]);
      layer_[v] = nearest > 0 ? nearest - 1 : 0;
    }
  }

  void add_bends() {
    for (uint32_t v = 0; v < members_.size(); ++v) {
      vertices_.push_back({.layer = layer_[v], .height = sizes_[members_[v]].height});
    }
    for (const uint32_t id : edge_ids_) {
      std::vector<uint32_t>& path = paths_.emplace_back();
      uint32_t from = local_[edges_[id].from];
      const uint32_t to = local_[edges_[id].to];
      if (vertices_[from].layer >= vertices_[to].layer) continue;  // closes a circle
      for (uint32_t layer = vertices_[from].layer + 1; layer < vertices_[to].layer; ++layer) {
        const auto bend = static_cast<uint32_t>(vertices_.size());
        vertices_.push_back({.layer = layer, .height = 4, .bend = true});
        connect(from, bend);
        path.push_back(bend);
        from = bend;
      }
      connect(from, to);
    }
    uint32_t layers = 0;
    for (const Vertex& vertex : vertices_) layers = std::max(layers, vertex.layer + 1);
    order_.resize(layers);
  }

  void connect(uint32_t from, uint32_t to) {
    vertices_[from].right.push_back(to);
    vertices_[to].left.push_back(from);
  }

  // First order: depth first from the left, so that what belongs together starts together.
  void first_order() {
    std::vector<bool> seen(vertices_.size(), false);
    std::vector<uint32_t> stack;
    for (uint32_t root = 0; root < vertices_.size(); ++root) {
      stack.push_back(root);
      while (!stack.empty()) {
        const uint32_t v = stack.back();
        stack.pop_back();
        if (seen[v]) continue;
        seen[v] = true;
        order_[vertices_[v].layer].push_back(v);
        const Vertex& vertex = vertices_[v];
        stack.insert(stack.end(), vertex.left.rbegin(), vertex.left.rend());
        stack.insert(stack.end(), vertex.right.rbegin(), vertex.right.rend());
      }
    }
    rank_.assign(vertices_.size(), 0);
    for (const auto& layer : order_) {
      for (uint32_t i = 0; i < layer.size(); ++i) rank_[layer[i]] = i;
    }
  }

  void order_layers() {
    first_order();
    auto best = order_;
    size_t fewest = crossings();
    for (int sweep = 0; sweep < options_.sweeps && fewest > 0; ++sweep) {
      const bool right = sweep % 2 == 0;
      for (size_t i = 1; i < order_.size(); ++i) sort_layer(right ? i : order_.size() - 1 - i, right);
      const size_t now = crossings();
      if (now >= fewest) continue;
      fewest = now;
      best = order_;
    }
    order_ = std::move(best);
  }

  void sort_layer(size_t layer, bool by_left) {
    std::vector<std::pair<double, uint32_t>> keyed;
    for (const uint32_t v : order_[layer]) {
      const std::vector<uint32_t>& beside = by_left ? vertices_[v].left : vertices_[v].right;
      double sum = 0;
      for (const uint32_t other : beside) sum += rank_[other];
      keyed.emplace_back(beside.empty() ? rank_[v] : sum / static_cast<double>(beside.size()), v);
    }
    std::ranges::stable_sort(keyed, {}, &std::pair<double, uint32_t>::first);
    for (uint32_t i = 0; i < keyed.size(); ++i) {
      order_[layer][i] = keyed[i].second;
      rank_[keyed[i].second] = i;
    }
  }

  // Inversions among the edges between neighbouring layers, counted with a tree of sums.
  size_t crossings() const {
    size_t count = 0;
    for (size_t layer = 0; layer + 1 < order_.size(); ++layer) {
      std::vector<uint32_t> ends;
      for (const uint32_t v : order_[layer]) {
        const size_t begin = ends.size();
        for (const uint32_t to : vertices_[v].right) ends.push_back(rank_[to]);
        std::sort(ends.begin() + static_cast<long>(begin), ends.end());
      }
      std::vector<uint32_t> sums(order_[layer + 1].size() + 1, 0);
      for (size_t i = ends.size(); i-- > 0;) {
        for (size_t at = ends[i]; at > 0; at -= at & (~at + 1)) count += sums[at];
        for (size_t at = ends[i] + 1; at < sums.size(); at += at & (~at + 1)) ++sums[at];
      }
    }
    return count;
  }

  // Each layer in turn is drawn to its neighbours' middles, as near as order and gaps allow. Bends weigh more, so that
  // long lines are straight.
  void place_vertices() {
    for (const auto& layer : order_) {
      double y = 0;
      for (const uint32_t v : layer) {
        vertices_[v].y = y + vertices_[v].height / 2;
        y += vertices_[v].height + options_.node_gap;
      }
    }
    constexpr int rounds = 10;
    for (int round = 0; round < rounds; ++round) {
      const bool right = round % 2 == 0;
      for (size_t i = 0; i < order_.size(); ++i) settle(right ? i : order_.size() - 1 - i, right, round + 2 >= rounds);
    }
  }

  void settle(size_t layer, bool by_left, bool by_both) {
    const std::vector<uint32_t>& row = order_[layer];
    std::vector<double> wanted;
    std::vector<double> weights;
    std::vector<double> offsets;
    double offset = 0;
    for (size_t i = 0; i < row.size(); ++i) {
      const Vertex& vertex = vertices_[row[i]];
      if (i > 0) offset += vertices_[row[i - 1]].height / 2 + options_.node_gap + vertex.height / 2;
      double sum = 0;
      double weight = 0;
      const auto pull = [&](const std::vector<uint32_t>& beside) {
        for (const uint32_t other : beside) {
          const double strength = vertex.bend && vertices_[other].bend   ? 8
                                  : vertex.bend || vertices_[other].bend ? 2
                                                                         : 1;
          sum += vertices_[other].y * strength;
          weight += strength;
        }
      };
      if (by_left || by_both) pull(vertex.left);
      if (!by_left || by_both) pull(vertex.right);
      wanted.push_back((weight > 0 ? sum / weight : vertex.y) - offset);
      weights.push_back(weight > 0 ? weight : 0.1);
      offsets.push_back(offset);
    }
    const std::vector<double> placed = isotonic(wanted, weights);
    for (size_t i = 0; i < row.size(); ++i) vertices_[row[i]].y = placed[i] + offsets[i];
  }

  Size write(double top, Layout& layout) {
    double highest = INFINITY;
    double lowest = -INFINITY;
    for (const Vertex& vertex : vertices_) {
      highest = std::min(highest, vertex.y - vertex.height / 2);
      lowest = std::max(lowest, vertex.y + vertex.height / 2);
    }
    std::vector<double> widths(order_.size(), 0);
    for (uint32_t v = 0; v < members_.size(); ++v) {
      widths[layer_[v]] = std::max(widths[layer_[v]], sizes_[members_[v]].width);
    }
    std::vector<double> lefts(order_.size() + 1, 0);
    for (size_t i = 0; i < order_.size(); ++i) lefts[i + 1] = lefts[i] + widths[i] + options_.layer_gap;
    const double shift = top - highest;
    for (uint32_t v = 0; v < members_.size(); ++v) {
      layout.nodes[members_[v]] = {lefts[layer_[v]], vertices_[v].y - vertices_[v].height / 2 + shift};
    }
    for (size_t i = 0; i < edge_ids_.size(); ++i) {
      const LayoutEdge& edge = edges_[edge_ids_[i]];
      const uint32_t from = local_[edge.from];
      const uint32_t to = local_[edge.to];
      std::vector<Point>& line = layout.edges[edge_ids_[i]];
      line.push_back({lefts[layer_[from]] + sizes_[edge.from].width, vertices_[from].y + shift});
      for (const uint32_t bend : paths_[i]) {
        const double y = vertices_[bend].y + shift;
        line.push_back({lefts[vertices_[bend].layer], y});
        line.push_back({lefts[vertices_[bend].layer] + widths[vertices_[bend].layer], y});
      }
      line.push_back({lefts[layer_[to]], vertices_[to].y + shift});
    }
    return {lefts.back() - options_.layer_gap, lowest - highest};
  }

  const LayoutOptions& options_;
  std::span<const Size> sizes_;
  std::span<const LayoutEdge> edges_;
  std::vector<uint32_t> members_;  // of the whole graph
  std::vector<uint32_t> edge_ids_;
  std::vector<uint32_t> local_;  // whole graph to member
  std::vector<std::vector<uint32_t>> out_;
  std::vector<uint32_t> in_degree_;
  std::vector<uint32_t> layer_;               // by member
  std::vector<Vertex> vertices_;              // the members, then the bends
  std::vector<std::vector<uint32_t>> paths_;  // the bends of each edge
  std::vector<std::vector<uint32_t>> order_;  // by layer, from the top
  std::vector<uint32_t> rank_;                // place in its layer
};

// The part each node is in: the smallest node that it is connected with.
std::vector<uint32_t> connected_parts(size_t count, std::span<const LayoutEdge> edges) {
  std::vector<uint32_t> parent(count);
  std::iota(parent.begin(), parent.end(), 0u);
  const auto root = [&](uint32_t v) {
    while (parent[v] != v) v = parent[v] = parent[parent[v]];
    return v;
  };
  for (const LayoutEdge& edge : edges) {
    const auto [low, high] = std::minmax({root(edge.from), root(edge.to)});
    parent[high] = low;
  }
  for (uint32_t v = 0; v < count; ++v) parent[v] = root(v);
  return parent;
}

// Boxes without lines, below all else, in rows about as wide as the rest.
void place_alone(std::span<const uint32_t> alone, std::span<const Size> sizes, const LayoutOptions& options,
                 Layout& layout) {
  const double limit = std::max(layout.width, 1200.0);
  double x = 0;
  double row = 0;
  double top = layout.height > 0 ? layout.height + options.component_gap : 0;
  for (const uint32_t v : alone) {
    if (x > 0 && x + sizes[v].width > limit) {
      x = 0;
      top += row + options.node_gap;
      row = 0;
    }
    layout.nodes[v] = {x, top};
    x += sizes[v].width + options.node_gap;
    row = std::max(row, sizes[v].height);
    layout.width = std::max(layout.width, x - options.node_gap);
  }
  if (!alone.empty()) layout.height = top + row;
}

}  // namespace

Layout lay_out(std::span<const Size> nodes, std::span<const LayoutEdge> edges, const LayoutOptions& options) {
  Layout layout{.nodes = std::vector<Point>(nodes.size()), .edges = std::vector<std::vector<Point>>(edges.size())};
  const std::vector<uint32_t> part = connected_parts(nodes.size(), edges);
  std::vector<std::vector<uint32_t>> members(nodes.size());
  std::vector<std::vector<uint32_t>> edge_ids(nodes.size());
  for (uint32_t v = 0; v < nodes.size(); ++v) members[part[v]].push_back(v);
  for (uint32_t id = 0; id < edges.size(); ++id) {
    if (edges[id].from != edges[id].to) edge_ids[part[edges[id].from]].push_back(id);
  }
  std::vector<uint32_t> parts;
  std::vector<uint32_t> alone;
  for (uint32_t v = 0; v < nodes.size(); ++v) {
    if (members[v].size() > 1)
      parts.push_back(v);
    else if (members[v].size() == 1)
      alone.push_back(v);
  }
  std::ranges::stable_sort(parts, std::greater(), [&](uint32_t v) { return members[v].size(); });
  for (const uint32_t v : parts) {
    const double top = layout.height > 0 ? layout.height + options.component_gap : 0;
    LayeredPart layered(options, nodes, edges, std::move(members[v]), std::move(edge_ids[v]));
    const Size size = layered.place(top, layout);
    layout.height = top + size.height;
    layout.width = std::max(layout.width, size.width);
  }
  place_alone(alone, nodes, options, layout);
  return layout;
}

}  // namespace rynd::catalog

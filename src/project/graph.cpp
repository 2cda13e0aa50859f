// Graph: edges to flat arrays, topological order, reach and cycles.
#include "project/graph.h"

#include <algorithm>
#include <functional>
#include <queue>

namespace rynd::project {

namespace {

// Counting sort of edges by one end, keeping their order; repeats are dropped.
void flatten(uint32_t size, std::span<const Graph::Edge> edges, bool by_parent, std::vector<uint32_t>& starts,
             std::vector<Graph::Id>& out) {
  std::vector<uint32_t> next(size + 1, 0);
  for (const auto& edge : edges) ++next[(by_parent ? edge.parent : edge.child) + 1];
  for (uint32_t i = 0; i < size; ++i) next[i + 1] += next[i];
  std::vector<uint32_t> begins = next;
  out.resize(edges.size());
  for (const auto& edge : edges)
    out[next[by_parent ? edge.parent : edge.child]++] = by_parent ? edge.child : edge.parent;

  std::vector<uint32_t> seen(size, UINT32_MAX);
  starts.assign(size + 1, 0);
  uint32_t write = 0;
  for (uint32_t id = 0; id < size; ++id) {
    starts[id] = write;
    for (uint32_t i = begins[id]; i < begins[id + 1]; ++i) {
      if (seen[out[i]] == id) continue;
      seen[out[i]] = id;
      out[write++] = out[i];
    }
  }
  starts[size] = write;
  out.resize(write);
}

}  // namespace

Graph::Graph(uint32_t size, std::span<const Edge> edges) : size_(size) {
  flatten(size, edges, true, child_starts_, children_);
  flatten(size, edges, false, parent_starts_, parents_);
  sort();
}

void Graph::sort() {
  std::vector<uint32_t> waiting(size_);
  std::priority_queue<Id, std::vector<Id>, std::greater<>> ready;
  for (Id id = 0; id < size_; ++id) {
    waiting[id] = static_cast<uint32_t>(parents(id).size());
    if (waiting[id] == 0) ready.push(id);
  }
  order_.reserve(size_);
  while (!ready.empty()) {
    Id id = ready.top();
    ready.pop();
    order_.push_back(id);
    for (Id child : children(id)) {
      if (--waiting[child] == 0) ready.push(child);
    }
  }
}

std::vector<Graph::Id> Graph::find_cycle() const {
  if (order_.size() == size_) return {};
  std::vector<bool> left(size_, true);
  for (Id id : order_) left[id] = false;

  // Some nodes left only hang on a cycle; walking up from any of them must come round.
  Id start = static_cast<Id>(std::find(left.begin(), left.end(), true) - left.begin());
  std::vector<bool> walked(size_, false);
  while (!walked[start]) {
    walked[start] = true;
    for (Id parent : parents(start)) {
      if (left[parent]) {
        start = parent;
        break;
      }
    }
  }

  // `start` is on a cycle: breadth first finds the shortest through it.
  std::vector<Id> came_from(size_, UINT32_MAX);
  std::queue<Id> queue;
  queue.push(start);
  std::vector<Id> cycle;
  while (cycle.empty() && !queue.empty()) {
    Id id = queue.front();
    queue.pop();
    for (Id child : children(id)) {
      if (child == start) {
        for (Id at = id; at != start; at = came_from[at]) cycle.push_back(at);
        cycle.push_back(start);
        break;
      }
      if (!left[child] || came_from[child] != UINT32_MAX) continue;
      came_from[child] = id;
      queue.push(child);
    }
  }
  std::reverse(cycle.begin(), cycle.end());
  std::rotate(cycle.begin(), std::min_element(cycle.begin(), cycle.end()), cycle.end());
  return cycle;
}

std::vector<bool> Graph::reach(std::span<const Id> from, std::optional<uint32_t> most_steps, bool down) const {
  std::vector<bool> reached(size_, false);
  std::vector<bool> queued(size_, false);
  std::vector<Id> layer(from.begin(), from.end());
  for (Id id : layer) queued[id] = true;
  for (uint32_t step = 0; !layer.empty() && (!most_steps || step < *most_steps); ++step) {
    std::vector<Id> next;
    for (Id id : layer) {
      for (Id to : down ? children(id) : parents(id)) {
        reached[to] = true;
        if (!queued[to]) {
          queued[to] = true;
          next.push_back(to);
        }
      }
    }
    layer = std::move(next);
  }
  return reached;
}

std::vector<bool> Graph::ancestors(std::span<const Id> from, std::optional<uint32_t> most_steps) const {
  return reach(from, most_steps, false);
}

std::vector<bool> Graph::descendants(std::span<const Id> from, std::optional<uint32_t> most_steps) const {
  return reach(from, most_steps, true);
}

}  // namespace rynd::project

// Graph: who depends on whom, by dense ids, edges in flat arrays; immutable once built.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <utility>
#include <vector>

namespace rynd::project {

class Graph {
 public:
  using Id = uint32_t;
  struct Edge {
    Id parent;
    Id child;
  };

  Graph() = default;
  // Edges may repeat; a repeated one counts once. Parents and children keep the order of `edges`.
  Graph(uint32_t size, std::span<const Edge> edges);

  uint32_t size() const { return size_; }
  std::span<const Id> parents(Id id) const { return slice(parent_starts_, parents_, id); }
  std::span<const Id> children(Id id) const { return slice(child_starts_, children_, id); }

  // Parents before children; among those ready at once, the smaller id first. Shorter than size() where there is a
  // cycle: its members and what hangs on them are missing.
  std::span<const Id> order() const { return order_; }
  // One shortest cycle, first == its smallest id, each followed by a child of it and the last by the first again;
  // empty where there is none.
  std::vector<Id> find_cycle() const;

  // All ids reached from `from` within `most_steps` edges (none: any number), `from` not included unless reached.
  std::vector<bool> ancestors(std::span<const Id> from, std::optional<uint32_t> most_steps = {}) const;
  std::vector<bool> descendants(std::span<const Id> from, std::optional<uint32_t> most_steps = {}) const;

 private:
  static std::span<const Id> slice(const std::vector<uint32_t>& starts, const std::vector<Id>& ids, Id id) {
    return {ids.data() + starts[id], ids.data() + starts[id + 1]};
  }
  std::vector<bool> reach(std::span<const Id> from, std::optional<uint32_t> most_steps, bool down) const;
  void sort();

  uint32_t size_ = 0;
  std::vector<uint32_t> parent_starts_{0};
  std::vector<Id> parents_;
  std::vector<uint32_t> child_starts_{0};
  std::vector<Id> children_;
  std::vector<Id> order_;
};

}  // namespace rynd::project

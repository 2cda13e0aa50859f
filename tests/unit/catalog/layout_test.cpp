// Layout: boxes do not overlap, lines go right, and ten thousand boxes are placed in well under a second.
#include "layout.h"

#include <gtest/gtest.h>

#include <chrono>
#include <random>

namespace rynd::catalog {
namespace {

constexpr Size box{200, 40};

Layout placed(size_t count, const std::vector<LayoutEdge>& edges) {
  return lay_out(std::vector<Size>(count, box), edges);
}

void expect_sound(const Layout& layout, size_t count, const std::vector<LayoutEdge>& edges) {
  for (size_t a = 0; a < count; ++a) {
    EXPECT_GE(layout.nodes[a].x, 0);
    EXPECT_GE(layout.nodes[a].y, -0.01);
    EXPECT_LE(layout.nodes[a].x + box.width, layout.width + 0.01);
    EXPECT_LE(layout.nodes[a].y + box.height, layout.height + 0.01);
    for (size_t b = 0; b < a; ++b) {
      const bool apart = layout.nodes[a].x + box.width <= layout.nodes[b].x ||
                         layout.nodes[b].x + box.width <= layout.nodes[a].x ||
                         layout.nodes[a].y + box.height <= layout.nodes[b].y + 0.01 ||
                         layout.nodes[b].y + box.height <= layout.nodes[a].y + 0.01;
      EXPECT_TRUE(apart) << a << " and " << b;
    }
  }
  for (size_t i = 0; i < edges.size(); ++i) {
    const std::vector<Point>& line = layout.edges[i];
    ASSERT_GE(line.size(), 2u);
    EXPECT_DOUBLE_EQ(line.front().x, layout.nodes[edges[i].from].x + box.width);
    EXPECT_DOUBLE_EQ(line.back().x, layout.nodes[edges[i].to].x);
    for (size_t p = 1; p < line.size(); ++p) EXPECT_GE(line[p].x, line[p - 1].x);
  }
}

TEST(Layout, AChainIsStraight) {
  const std::vector<LayoutEdge> edges{{0, 1}, {1, 2}, {2, 3}};
  const Layout layout = placed(4, edges);
  expect_sound(layout, 4, edges);
  for (const Point& node : layout.nodes) EXPECT_NEAR(node.y, layout.nodes[0].y, 0.01);
}

TEST(Layout, AParentStandsInTheMiddleOfItsChildren) {
  const std::vector<LayoutEdge> edges{{0, 1}, {0, 2}, {0, 3}};
  const Layout layout = placed(4, edges);
  expect_sound(layout, 4, edges);
  EXPECT_NEAR(layout.nodes[0].y, layout.nodes[2].y, 0.01);
}

TEST(Layout, ALongLinePassesBoxesInsteadOfCrossingThem) {
  const std::vector<LayoutEdge> edges{{0, 1}, {1, 2}, {0, 2}};
  const Layout layout = placed(3, edges);
  expect_sound(layout, 3, edges);
  const double bend = layout.edges[2][1].y;
  EXPECT_TRUE(bend < layout.nodes[1].y || bend > layout.nodes[1].y + box.height) << bend;
}

TEST(Layout, CrossingsThatCanBeAvoidedAre) {
  // Two parents with two children each, named so that the given order crosses everything.
  const std::vector<LayoutEdge> edges{{0, 3}, {0, 5}, {1, 2}, {1, 4}, {6, 0}, {6, 1}};
  const Layout layout = placed(7, edges);
  expect_sound(layout, 7, edges);
  const auto y = [&](int node) { return layout.nodes[static_cast<size_t>(node)].y; };
  EXPECT_EQ(y(0) < y(1), std::max(y(3), y(5)) < std::min(y(2), y(4)));
}

TEST(Layout, CirclesAndLoneBoxesEnd) {
  const std::vector<LayoutEdge> edges{{0, 1}, {1, 2}, {2, 0}, {3, 3}};
  const Layout layout = placed(5, edges);
  EXPECT_EQ(layout.nodes.size(), 5u);
  EXPECT_TRUE(placed(0, {}).nodes.empty());
}

std::vector<LayoutEdge> random_edges(uint32_t count, unsigned seed) {
  std::mt19937 random(seed);
  std::vector<LayoutEdge> edges;
  for (uint32_t v = 1; v < count; ++v) {
    const uint32_t near = std::min<uint32_t>(v, 60);
    for (unsigned i = 0; i < 1 + random() % 2; ++i)
      edges.push_back({v - 1 - static_cast<uint32_t>(random() % near), v});
  }
  return edges;
}

TEST(Layout, AnyGraphIsSound) {
  for (unsigned seed = 1; seed <= 20; ++seed) {
    const uint32_t count = 5 + seed * 4;
    const std::vector<LayoutEdge> edges = random_edges(count, seed);
    expect_sound(placed(count, edges), count, edges);
  }
}

TEST(Layout, TenThousandBoxesTakeWellUnderTwoSeconds) {
  const std::vector<LayoutEdge> edges = random_edges(10'000, 7);
  const auto start = std::chrono::steady_clock::now();
  const Layout layout = placed(10'000, edges);
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  RecordProperty("seconds", std::to_string(seconds));
  std::printf("10,000 boxes, %zu lines: %.0f ms\n", edges.size(), seconds * 1000);
  EXPECT_LT(seconds, 2.0);
  EXPECT_GT(layout.width, 0);
}

}  // namespace
}  // namespace rynd::catalog

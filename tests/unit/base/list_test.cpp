// List: what a vector promises, in one pointer.
#include "base/list.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "base/boxed.h"

namespace rynd {
namespace {

std::vector<std::string> all(const List<std::string>& list) { return {list.begin(), list.end()}; }

TEST(List, IsOnePointerAndEmptyAtFirst) {
  static_assert(sizeof(List<std::string>) == sizeof(void*));
  List<std::string> list;
  EXPECT_TRUE(list.empty());
  EXPECT_EQ(list.begin(), list.end());
}

TEST(List, AnElementOfItselfCanBeAddedWhileItGrows) {
  List<std::string> list{"a text that does not fit into the string itself"};
  for (int i = 0; i < 40; ++i) list.push_back(list.front());
  EXPECT_EQ(list.size(), 41u);
  EXPECT_EQ(list.back(), list.front());
}

TEST(List, CopiesStandAloneAndMovedOnesAreEmpty) {
  List<std::string> first{"a", "b"};
  List<std::string> copy = first;
  copy.push_back("c");
  EXPECT_EQ(all(first), (std::vector<std::string>{"a", "b"}));
  List<std::string> moved = std::move(copy);
  EXPECT_EQ(moved.size(), 3u);
  EXPECT_TRUE(copy.empty());  // NOLINT: that is what is asked
  first = first;              // NOLINT
  EXPECT_EQ(first.size(), 2u);
}

TEST(List, InsertsAndErasesInPlace) {
  List<std::string> list{"b", "d"};
  list.insert(list.begin(), "a");
  list.insert(list.begin() + 2, "c");
  EXPECT_EQ(all(list), (std::vector<std::string>{"a", "b", "c", "d"}));
  list.erase(list.begin() + 1);
  EXPECT_EQ(erase_if(list, [](const std::string& text) { return text == "d"; }), 1u);
  EXPECT_EQ(all(list), (std::vector<std::string>{"a", "c"}));
}

TEST(List, DestroysWhatItHolds) {
  auto held = std::make_shared<int>(1);
  {
    List<std::shared_ptr<int>> list;
    for (int i = 0; i < 5; ++i) list.push_back(held);
    list.pop_back();
    list.erase(list.begin());
    EXPECT_EQ(held.use_count(), 4);
  }
  EXPECT_EQ(held.use_count(), 1);
}

TEST(Boxed, IsCopiedByValue) {
  Boxed<std::string> box;
  EXPECT_FALSE(box);
  box.emplace() = "a";
  Boxed<std::string> copy = box;
  *copy = "b";
  EXPECT_EQ(*box, "a");
  box = copy;
  EXPECT_EQ(*box, "b");
  box.reset();
  EXPECT_FALSE(box.has_value());
}

}  // namespace
}  // namespace rynd

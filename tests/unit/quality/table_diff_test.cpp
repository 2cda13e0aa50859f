// Table diff: which rows belong together, and the drawing.
#include "table_diff.h"

#include <gtest/gtest.h>

namespace rynd::quality {
namespace {

using engine::Value;

std::string drawn(const std::vector<std::string>& columns, const Rows& expected, const Rows& actual) {
  return render_diff(diff_rows(expected, actual), columns, expected, actual);
}

TEST(TableDiff, EqualInAnyOrder) {
  const Rows a = {{Value(1), Value("x")}, {Value(2), Value()}, {Value(2), Value()}};
  const Rows b = {{Value(2), Value()}, {Value(1), Value("x")}, {Value(2), Value()}};
  EXPECT_FALSE(has_difference(diff_rows(a, b)));
  EXPECT_FALSE(has_difference(diff_rows({}, {})));
}

TEST(TableDiff, DuplicatesCount) {
  const Rows once = {{Value(1)}}, twice = {{Value(1)}, {Value(1)}};
  EXPECT_TRUE(has_difference(diff_rows(once, twice)));
  EXPECT_TRUE(has_difference(diff_rows(twice, once)));
}

TEST(TableDiff, NullIsNotItsText) { EXPECT_TRUE(has_difference(diff_rows({{Value("NULL")}}, {{Value()}}))); }

TEST(TableDiff, DrawsChangedCells) {
  const Rows expected = {{Value("cool@example.com"), Value(true)}, {Value("cool@unknown.com"), Value(false)}};
  const Rows actual = {{Value("cool@example.com"), Value(false)}, {Value("cool@unknown.com"), Value(false)}};
  EXPECT_EQ(drawn({"email", "is_valid_email_address"}, expected, actual),
            "@@,email           ,is_valid_email_address\n"
            "→ ,cool@example.com,True→False\n"
            "  ,cool@unknown.com,False\n");
}

TEST(TableDiff, DrawsMissingAndUnexpectedRows) {
  EXPECT_EQ(drawn({"n"}, {{Value(1)}, {Value(2)}}, {{Value(2)}, {Value(3)}}),
            "@@ ,n\n"
            "---,1\n"
            "   ,2\n"
            "+++,3\n");
}

TEST(TableDiff, LeavesOutWhatIsFarFromADifference) {
  Rows expected, actual;
  for (int i = 0; i < 9; ++i) {
    expected.push_back({Value(i), Value("a")});
    actual.push_back({Value(i), Value(i == 4 ? "b" : "a")});
  }
  EXPECT_EQ(drawn({"i", "v"}, expected, actual),
            "@@ ,i  ,v\n"
            "...,...,...\n"
            "   ,3  ,a\n"
            "→  ,4  ,a→b\n"
            "   ,5  ,a\n"
            "...,...,...\n");
}

TEST(TableDiff, PairsRowsThatShareMost) {
  const Rows expected = {{Value(1), Value("a"), Value("x")}, {Value(2), Value("b"), Value("y")}};
  const Rows actual = {{Value(2), Value("b"), Value("z")}, {Value(1), Value("a"), Value("w")}};
  const auto diff = diff_rows(expected, actual);
  ASSERT_EQ(diff.size(), 2u);
  EXPECT_EQ(diff[0].kind, DiffKind::changed);
  EXPECT_EQ(*diff[0].actual, 1u);
  EXPECT_EQ(*diff[1].actual, 0u);
}

TEST(TableDiff, IsRowsToo) {
  const Rows expected = {{Value(1), Value("a")}, {Value(9), Value()}}, actual = {{Value(1), Value("b")}};
  const auto diff = diff_rows(expected, actual);
  EXPECT_EQ(diff_json(diff, {"i", "v"}, expected, actual, 20),
            R"([{"diff": "changed", "expected": {"i": 1, "v": "a"}, "actual": {"i": 1, "v": "b"}}, )"
            R"({"diff": "missing", "expected": {"i": 9, "v": null}}])");
  EXPECT_EQ(diff_json(diff, {"i", "v"}, expected, actual, 1).find("missing"), std::string::npos);
}

}  // namespace
}  // namespace rynd::quality

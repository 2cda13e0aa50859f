// Table diff: how the rows a unit test gave differ from those it expected, row by row and cell by cell.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/value.h"

namespace rynd::quality {

using Rows = std::vector<std::vector<engine::Value>>;

enum class DiffKind : uint8_t { same, changed, missing, unexpected };

struct DiffRow {
  DiffKind kind = DiffKind::same;
  std::optional<size_t> expected;  // its row, where it has one
  std::optional<size_t> actual;
};

// Order does not count, duplicates do. Rows that are not equal are paired with the one they share most cells with.
std::vector<DiffRow> diff_rows(const Rows& expected, const Rows& actual);
bool has_difference(const std::vector<DiffRow>& diff);

// As dbt prints it: a header "@@ ,a,b", then "→" with "expected→actual" in the cells that differ, "---" for rows that
// are missing, "+++" for unexpected ones, one equal row around them, and "..." where rows are left out.
std::string render_diff(const std::vector<DiffRow>& diff, const std::vector<std::string>& columns, const Rows& expected,
                        const Rows& actual);

// [{"diff": "changed", "expected": {...}, "actual": {...}}, ...] without the equal rows; at most `most`.
std::string diff_json(const std::vector<DiffRow>& diff, const std::vector<std::string>& columns, const Rows& expected,
                      const Rows& actual, size_t most);

}  // namespace rynd::quality

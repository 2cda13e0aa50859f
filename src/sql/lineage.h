// Lineage: which columns of which tables a query's columns come from, read off the plan the engine bound.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostic.h"

namespace rynd::sql {

// OpenLineage's kinds. The first three say that values flow into the column, the others that rows or order depend on
// it.
enum class LineageKind : uint8_t {
  identity,
  transformation,
  aggregation,
  window,
  join,
  filter,
  group_by,
  sort,
  unknown
};
// "identity", "group_by", ...
std::string_view name_of(LineageKind kind);

struct LineageSource {
  std::string database, schema;  // "" for a table function
  std::string relation;          // a table, or the name of a table function ("read_parquet")
  std::string column;            // the whole column, where only a field of a struct is read; "rowid" for row ids
  bool function = false;

  auto operator<=>(const LineageSource&) const = default;
};

inline constexpr int whole_result = -1;

struct LineageEdge {
  LineageSource from;     // empty where kind is unknown
  int to = whole_result;  // index of the result's column, or all of them
  LineageKind kind = LineageKind::identity;
  std::string reason = {};  // of unknown: what could not be seen through
};

struct Lineage {
  std::vector<LineageEdge> edges;      // by `to`, then source; each once, of the values' kinds only the strongest
  std::vector<LineageSource> sources;  // every table that is read, with an empty column; sorted
};

// `plan` is what DuckDB's json_serialize_plan(sql, optimize := false) gives; views are expanded to tables there. Views
// and CTEs cost nothing; a column without edges is a constant or counts rows. A plan that cannot be serialized gives
// one unknown edge to the whole result. Fails where the plan holds an error of the SQL itself.
Result<Lineage> lineage(std::string_view plan);

}  // namespace rynd::sql

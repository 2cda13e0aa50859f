// Fixture: the rows of a unit test's input or expectation, as a SELECT that gives them with the right types.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostic.h"
#include "base/node.h"
#include "engine/relation.h"

namespace rynd::quality {

// `rows` and `format` of one `given` entry or of `expect`, read.
struct Fixture {
  std::vector<std::string> columns;  // of the first row, in its order: what an expectation compares
  std::vector<std::vector<std::pair<std::string, Node>>> rows;
  std::optional<std::string> sql;  // format sql: the rows are what this gives
};

// `entry` is the mapping with `rows` and `format` (dict, csv or sql; dict where it is not given). Errors lie in
// `source`.
Result<Fixture> read_fixture(const Node& entry, const SourcePtr& source);

// One row a SELECT, each column of `types` cast to its type; columns a row does not name are NULL. With no types the
// values are taken as they are. `called` names the input in the error about a column that is not in `types`; an error
// without a span is about the whole test.
Result<std::string> fixture_sql(const Fixture& fixture, std::span<const engine::Column> types, std::string_view called,
                                const SourcePtr& source);

}  // namespace rynd::quality

// PageColumns: the columns that components name, against those that a query really has.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/engine.h"
#include "page/page.h"

namespace rynd::server {

struct ColumnProblem {
  uint32_t component;  // that shows it: of a part, the component it stands in
  Diagnostic diagnostic;
};

// Of components that draw `query`: columns they name and the rows do not have (RYND0715).
std::vector<ColumnProblem> missing_columns(const Page& page, const Query& query, const engine::Table& table);

}  // namespace rynd::server

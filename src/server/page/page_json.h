// PageJson: a page and its inputs as the browser gets them.
#pragma once

#include <string>

#include "base/node.h"
#include "page/inputs.h"
#include "page/page.h"

namespace rynd::server {

// Text, components, queries, and what is wrong, each problem with the component or query it belongs to. No rows.
Node page_node(const Page& page);
// {name: {choices | first, last, presets; values, labels | start, end; error}}
Node inputs_node(const Page& page, Inputs& inputs);
// Of components that draw `query`: columns they name and the rows do not have (RYND0715), by component id.
Node column_problems(const Page& page, const Query& query, const engine::Table& table);

}  // namespace rynd::server

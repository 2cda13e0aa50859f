// SqlTemplate: splits a query's SQL at ${...}, with an eye for strings, quoted names and comments.
#pragma once

#include <cstdint>
#include <vector>

#include "base/diagnostic.h"
#include "page/page.h"

namespace rynd::server {

// The parts of the SQL at [begin, end) of a page's file. A ${...} in a comment is text; one in a quoted name, or one
// that names nothing, is an error (RYND0713) added to `errors`.
std::vector<QueryPart> split_sql(const SourcePtr& source, uint32_t begin, uint32_t end, Diagnostics& errors);

}  // namespace rynd::server

// PageCheck: what can be found wrong in a page without running a query.
#pragma once

#include "page/page.h"

namespace rynd::server {

// Checks names, attributes, nesting, and the queries' references and cycles; adds to the page's diagnostics and fills
// Query::queries, Query::inputs and Query::usable.
void check_page(Page& page);

}  // namespace rynd::server

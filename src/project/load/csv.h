// CSV: small fixtures to rows, as Python's csv.DictReader reads them.
#pragma once

#include <string_view>

#include "base/node.h"

namespace rynd::project {

// A list of mappings by the header's names; values stay texts, empty ones are null.
Node csv_rows(std::string_view text);

}  // namespace rynd::project

// JSON: reads a text into nodes that keep their place, and writes nodes.
#pragma once

#include <string>
#include <string_view>

#include "base/diagnostic.h"
#include "base/node.h"

namespace rynd::json {

// RFC 8259; numbers without a fraction that fit are integers. Fails with RYND0120 at the first error.
Result<Document> read(SourcePtr source);

// `indent` spaces a level; 0: one line. Non-ASCII text is kept as UTF-8.
std::string write(const Node& node, int indent = 0);

// The text as a JSON string, with its quotes.
std::string quote(std::string_view text);

}  // namespace rynd::json

// YAML: reads a text into nodes that keep their place. YAML 1.1 scalars, as PyYAML's safe loader reads them, for that
// is what dbt's users write against: yes/no/on/off are booleans, 0o17 is text, 017 is octal, 1_000 an integer, 12:30:45
// an integer; anchors, aliases and merge keys are resolved. Dates stay strings.
#pragma once

#include <string>

#include "base/diagnostic.h"
#include "base/node.h"

namespace rynd::yaml {

// All errors that can be found, at their places; a duplicate key is one (RYND0111), with the first as a related place.
Checked<Document> read(SourcePtr source);

// Block style, keys in the node's order, quoted where reading it back would give something else. Ends in a newline.
std::string write(const Node& node);

}  // namespace rynd::yaml

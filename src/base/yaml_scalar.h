// Scalars: what a plain YAML 1.1 scalar means, by the rules of PyYAML's resolver (yaml.org/type, PyYAML 6).
#pragma once

#include <string_view>

#include "base/node.h"

namespace rynd::yaml {

// Sets kind and value of `node` from a plain scalar's text; what is no null, boolean or number is a string.
void resolve_plain(Node& node, std::string_view text);

// Whether the text, written plain, would be read back as this very string.
bool stays_string(std::string_view text);

// For an explicit !!int, !!float or !!bool on any scalar: false where the text is none.
bool resolve_as(Node& node, std::string_view type, std::string_view text);

}  // namespace rynd::yaml

// NamedTuple: Python's collections.namedtuple, as some methods give it.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "object.h"

namespace rynd::jinja {

// A tuple whose items are attributes too; equal to a plain tuple of the same items.
Value named_tuple(std::string type_name, std::vector<std::pair<std::string, Value>> fields);

}  // namespace rynd::jinja

// Placeholders: {partition}, {incremental.start_value} and {resources.parent.field} in the texts of a source's file.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostic.h"

namespace rynd::ingest {

struct Placeholder {
  std::string name;           // what stands between the braces
  size_t begin = 0, end = 0;  // bytes of the text, braces included
};

// Those of a text; "{{" and "}}" are braces. A brace that nothing closes stands for itself.
std::vector<Placeholder> placeholders(std::string_view text);

// The text with each placeholder's value put in; nullopt from `value` leaves it as it stands.
std::string fill(std::string_view text, const std::function<std::optional<std::string>(std::string_view)>& value);

}  // namespace rynd::ingest

// Selector: JSONPath as far as dlt's data_selector uses it: names, [n], ['name'], [*], $.
#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/diagnostic.h"

namespace rynd::ingest {

struct Selector {
  struct Every {};
  using Step = std::variant<std::string, size_t, Every>;
  std::vector<Step> steps;  // none: the whole answer

  // Fails with RYND0203 on what is no path of this kind.
  static Result<Selector> parse(std::string_view text);
};

}  // namespace rynd::ingest

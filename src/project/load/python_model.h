// Python model: what must be known of a model in Python without running it: that it defines one function
// `model(dbt, session)`, and what its dbt.ref(), dbt.source() and dbt.config() calls say.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "base/diagnostic.h"
#include "base/node.h"

namespace rynd::project {

enum class PythonFunction : uint8_t { ref, source, config, config_get, config_meta_get };

struct PythonCall {
  PythonFunction function = PythonFunction::ref;
  std::vector<Node> positional;
  std::vector<std::pair<std::string, Node>> named;
  Span span;  // from "dbt" to the closing bracket
};

// The calls of [begin, end) of a file, in the order of the text, wherever in it they stand. Their arguments are
// literals; tuples and sets come as lists. Fails with RYND1039 and RYND1040, all mistakes at once. A text without a
// statement has no calls and no function, as in dbt.
Checked<std::vector<PythonCall>> read_python_model(const SourcePtr& source, uint32_t begin, uint32_t end);

}  // namespace rynd::project

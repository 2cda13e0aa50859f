// Test names: how dbt names a generic test and makes its unique id, to the letter.
#pragma once

#include <string>
#include <string_view>

#include "base/node.h"

namespace rynd::project {

struct TestName {
  std::string full;       // of the unique id and fqn
  std::string shortened;  // of the file and alias: at most 63 characters
};

// `kind` is "unique", "source_unique", "dbt_utils_equal_rowcount"; `args` the test's arguments (model is passed over).
TestName test_name(std::string_view kind, std::string_view target, const Node& args);

// The last ten hex digits in a generic test's unique id. `test_namespace` is "" where there is none.
std::string test_hash(std::string_view name, std::string_view test, std::string_view test_namespace,
                      const Node& kwargs);

}  // namespace rynd::project

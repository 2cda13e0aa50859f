// Static calls: "ref('orders')", "source('raw', 'x')" and "metric('m')" as they stand in YAML values.
#pragma once

#include <optional>
#include <string_view>
#include <variant>

#include "project/resource.h"

namespace rynd::project {

struct MetricName {
  std::string name;
};
using StaticCall = std::variant<Ref, SourceRef, MetricName>;

// Nothing where the text is no such call with literal arguments. Spans are empty.
std::optional<StaticCall> read_static_call(std::string_view text);

}  // namespace rynd::project

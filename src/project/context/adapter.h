// Adapter: the template's `adapter` object, and what its methods give while parsing.
#pragma once

#include <memory>
#include <optional>
#include <string_view>

#include "project/context.h"

namespace rynd::project {

// dispatch and type are answered from the context; everything else by its adapter_attribute().
jinja::Value make_adapter(std::weak_ptr<BaseContext> context);
// What dbt's adapters answer while parsing, where no warehouse is open.
std::optional<jinja::Value> parse_time_adapter(std::string_view name, const Project& project);

}  // namespace rynd::project

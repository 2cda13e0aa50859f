// Test arguments: what a generic test's macro is called with, templates among them rendered.
#pragma once

#include <memory>

#include "project/context.h"

namespace rynd::project {

inline constexpr std::string_view test_arguments_name = "_dbt_generic_test_kwargs";

// A dict of `kwargs`, every text rendered natively in the context; "ref('x')" means "{{ ref('x') }}", and a column's
// name is taken as it is. Fails at the first that cannot be rendered.
Result<jinja::Value> render_test_arguments(const Node& kwargs, const std::shared_ptr<NodeContext>& context);

}  // namespace rynd::project

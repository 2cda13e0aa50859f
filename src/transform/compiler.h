// Compiler: renders a node with what it needs from the warehouse, and its ephemeral parents with it.
#pragma once

#include <memory>
#include <vector>

#include "context/run_context.h"
#include "inject.h"

namespace rynd::transform {

// An ephemeral model on its own, rendered once a run.
struct Ephemeral {
  Rendered body;
  std::vector<project::ResourceId> parents;  // ephemeral ones
};

// Renders `text` in the context, then its ephemeral parents. The context keeps what it was told.
Checked<Compiled> compile_template(const std::shared_ptr<RunContext>& context, const jinja::Template& text);

// As compile_template for a resource; the SQL also goes to target/compiled.
Checked<Compiled> compile_resource(const std::shared_ptr<RunContext>& context, const project::Resource& resource);

}  // namespace rynd::transform

// Failure: a Python exception as a diagnostic in the model's file.
#pragma once

#include "base/diagnostic.h"
#include "base/node.h"
#include "project/resource.h"

namespace rynd::transform {

// `failed` is what the worker tells: type, message, frames, missing, packages, python. `path` is the model's file as
// Python knows it.
Diagnostic python_failure(const Node& failed, const project::Resource& resource, const std::string& path);

}  // namespace rynd::transform

// Explain: an error of the warehouse in generated SQL, or of a built-in macro, becomes one in the user's file, in the
// user's words.
#pragma once

#include <span>

#include "engine/engine.h"
#include "parts.h"
#include "transform.h"

namespace rynd::transform {

// `texts` are what the sent SQL may contain: the compiled code, or a variant of it. The connection is asked for the
// columns of the node's parents; it must be in no failed transaction.
Diagnostic explain_error(const Runtime::Parts& parts, Diagnostic error, std::span<const Compiled* const> texts,
                         const project::Resource* resource, engine::Connection& connection);

}  // namespace rynd::transform

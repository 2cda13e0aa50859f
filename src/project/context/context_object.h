// ContextObject: the template's `context`, the names it knows as a dict that templates read and add to.
#pragma once

#include <memory>

#include "project/context.h"

namespace rynd::project {

// Every name of the context as an item; update() and setdefault() give names of their own, which macros called after
// that see as well.
jinja::Value make_context_object(std::weak_ptr<NodeContext> context);

}  // namespace rynd::project

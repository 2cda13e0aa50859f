// Resolver: the functions ref, source and metric of a template, which packages also ask for the project's
// configuration.
#pragma once

#include <memory>
#include <string>

#include "project/context.h"

namespace rynd::project {

// Calls `call`; beside that it has dbt's attributes `config` (the root project with profile, arguments and packages),
// `model`, `current_project` and `Relation`.
jinja::Value make_resolver(std::string name, jinja::Outcome<jinja::Value> (*call)(const jinja::Arguments&),
                           std::weak_ptr<NodeContext> context);

}  // namespace rynd::project

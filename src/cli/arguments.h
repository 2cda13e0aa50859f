// Arguments: a command line as data: what templates see as `flags`, and run_results.json keeps as `args`.
#pragma once

#include "base/diagnostic.h"
#include "base/node.h"
#include "command.h"

namespace rynd::cli {

// dbt's name of a command in `flags.WHICH`: "list", "generate", "freshness", "run", ...
std::string which(const Command& command);

// Every flag of dbt that the command takes, by its name in upper case, with the value given or dbt's fallback, null
// without either. Fails where --vars, --args and their like are no YAML mapping.
Checked<Node> template_flags(const Invocation& invocation);

// What "{error: all}" of --vars, --args, --warn-error-options says; an empty mapping where it is not given.
Checked<Node> mapping_flag(const Invocation& invocation, std::string_view flag);

}  // namespace rynd::cli

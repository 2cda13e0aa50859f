// clone: the relations of another environment, taken over into this one.
#include "building.h"
#include "commands/all.h"

namespace rynd::cli {
namespace {

int run_it(const Invocation& invocation, Session& session) {
  using project::ResourceType;
  return build_nodes(
      invocation, session,
      {.types = {ResourceType::model, ResourceType::seed, ResourceType::snapshot}, .hooks = false, .clones = true});
}

}  // namespace

Command clone_command() {
  return {.name = "clone",
          .group = CommandGroup::transform,
          .summary = "take over the relations of the environment in --state",
          .flag_groups = selects | selects_types | builds | refreshes,
          .details =
              "Where the warehouse cannot clone a table (DuckDB cannot), a node becomes a view on the other "
              "environment's relation. What is there already stays, unless with --full-refresh.",
          .examples = "rynd clone --state prod/target\nrynd clone --state prod/target --select +orders --full-refresh",
          .run = run_it};
}

}  // namespace rynd::cli

// snapshot: how rows looked over time.
#include "building.h"
#include "commands/all.h"

namespace rynd::cli {
namespace {

int run_it(const Invocation& invocation, Session& session) {
  using project::ResourceType;
  return build_nodes(invocation, session, {.types = {ResourceType::snapshot}});
}

}  // namespace

Command snapshot_command() {
  return {.name = "snapshot",
          .group = CommandGroup::transform,
          .summary = "record how the rows of a table change over time",
          .flag_groups = selects | builds | empties,
          .examples = "rynd snapshot",
          .run = run_it};
}

}  // namespace rynd::cli

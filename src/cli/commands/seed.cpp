// seed: CSV files to tables.
#include "building.h"
#include "commands/all.h"

namespace rynd::cli {
namespace {

int run_it(const Invocation& invocation, Session& session) {
  using project::ResourceType;
  return build_nodes(invocation, session, {.types = {ResourceType::seed}});
}

}  // namespace

Command seed_command() {
  return {.name = "seed",
          .group = CommandGroup::transform,
          .summary = "load the CSV files of seeds/ into tables",
          .flag_groups = selects | builds | refreshes | empties | shows_rows,
          .examples = "rynd seed\nrynd seed --select raw_orders --full-refresh",
          .run = run_it};
}

}  // namespace rynd::cli

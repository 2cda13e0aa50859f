// build: seeds, models, snapshots and tests in one pass along the graph.
#include "building.h"
#include "commands/all.h"

namespace rynd::cli {
namespace {

int run_it(const Invocation& invocation, Session& session) {
  using project::ResourceType;
  return build_nodes(
      invocation, session,
      {.types = {ResourceType::model, ResourceType::seed, ResourceType::snapshot, ResourceType::test,
                 ResourceType::unit_test, ResourceType::function, ResourceType::exposure, ResourceType::saved_query},
       .tests_guard_children = true,
       .loads = stale_sources()});
}

}  // namespace

Command build_command() {
  return {.name = "build",
          .group = CommandGroup::transform,
          .summary = "seeds, functions, models, snapshots and tests, in one pass along the graph",
          .flag_groups = selects | selects_types | builds | refreshes | empties | cuts_time | stores | shows_rows,
          .details =
              "A node's tests run right after it; where one fails, what reads the node is skipped, so that bad"
              " rows go no further. With 'build: {ingest_stale_sources: true}' in rynd.yml, sources of ingest/*.yml "
              "that have something new are loaded first.",
          .examples =
              "rynd build\nrynd build --select +mart_orders\nrynd build --dry-run\nrynd build --fail-fast --threads 4",
          .run = run_it};
}

}  // namespace rynd::cli

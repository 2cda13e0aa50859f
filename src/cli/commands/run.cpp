// run: builds models.
#include "building.h"
#include "commands/all.h"

namespace rynd::cli {
namespace {

int run_it(const Invocation& invocation, Session& session) {
  using project::ResourceType;
  return build_nodes(invocation, session, {.types = {ResourceType::model}, .loads = stale_sources()});
}

}  // namespace

Command run_command() {
  return {.name = "run",
          .group = CommandGroup::transform,
          .summary = "build the selected models (views, tables, incremental ones), parents first",
          .flag_groups = selects | builds | refreshes | empties | cuts_time,
          .examples =
              "rynd run\nrynd run --select stg_orders+ --exclude tag:slow\nrynd run --full-refresh --select "
              "my_incremental_model",
          .run = run_it};
}

}  // namespace rynd::cli

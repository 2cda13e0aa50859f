// source freshness: how old the newest rows of sources are.
#include "building.h"
#include "commands/all.h"

namespace rynd::cli {
namespace {

constexpr Flag own_flags[] = {
    {"output", FlagKind::value, "file for the results instead of target/sources.json; 'json' prints them", "o", "PATH"},
};

int run_freshness(const Invocation& invocation, Session& session) {
  return build_nodes(invocation, session, {.types = {project::ResourceType::source}, .freshness = true});
}

}  // namespace

Command source_freshness_command() {
  return {.name = "source freshness",
          .group = CommandGroup::transform,
          .summary = "check how old the newest rows of sources are",
          .flag_groups = selects | builds,
          .flags = own_flags,
          .details =
              "Checks the sources that have a 'freshness' rule. Too old for 'error_after' makes the command fail; the "
              "results are written to target/sources.json.",
          .examples = "rynd source freshness\nrynd source freshness --select source:shop",
          .run = run_freshness,
          .alias = "source snapshot-freshness"};
}

}  // namespace rynd::cli

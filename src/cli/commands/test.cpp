// test: data tests and unit tests.
#include "building.h"
#include "commands/all.h"

namespace rynd::cli {
namespace {

int run_it(const Invocation& invocation, Session& session) {
  using project::ResourceType;
  return build_nodes(invocation, session, {.types = {ResourceType::test, ResourceType::unit_test}});
}

}  // namespace

Command test_command() {
  return {.name = "test",
          .group = CommandGroup::transform,
          .summary = "run data tests and unit tests of the selected nodes",
          .flag_groups = selects | selects_types | builds | stores,
          .details =
              "A failing test of severity error makes the command fail (exit code 1); one of severity warn doe"
              "s not. --store-failures keeps the failing rows in a table.",
          .examples =
              "rynd test\nrynd test --select stg_orders\nrynd test --select test_type:unit\nrynd test --store-failures",
          .run = run_it};
}

}  // namespace rynd::cli

// check: everything that judges what is selected, in one run: tests, unit tests, freshness.
#include <array>

#include "base/text.h"
#include "building.h"
#include "commands/all.h"

namespace rynd::cli {
namespace {

constexpr Flag own_flags[] = {
    {"suite", FlagKind::value, "", {}, "FILE"},
    {"contract", FlagKind::value, "", {}, "FILE"},
};

int run_check(const Invocation& invocation, Session& session) {
  for (const std::string_view format : {"suite", "contract"}) {
    if (!invocation.given(format)) continue;
    session.console.report({.code = Code::unsupported,
                            .message = "'rynd check --" + std::string(format) + "' is not part of this version",
                            .notes = {"supported: data tests (generic and singular), unit tests, source freshness"},
                            .help = "write the checks as dbt tests"});
    return exit_unable;
  }
  Invocation selected = invocation;
  if (!invocation.arguments.empty()) selected.add("select", invocation.arguments);
  using project::ResourceType;
  return build_nodes(selected, session,
                     {.types = {ResourceType::test, ResourceType::unit_test, ResourceType::source}, .freshness = true});
}

}  // namespace

Command check_command() {
  return {.name = "check",
          .group = CommandGroup::quality,
          .summary = "run every check on what is selected: data tests, unit tests, freshness",
          .arguments = "[SELECTOR...]",
          .most_arguments = -1,
          .flag_groups = reads_project | follows_dbt | selects | selects_types | builds | stores,
          .flags = own_flags,
          .details = "All results of one run are one table: rynd.check_results in the warehouse.",
          .examples = "rynd check\nrynd check stg_orders source:shop+\nrynd query \"from rynd.check_results\"",
          .run = run_check};
}

}  // namespace rynd::cli

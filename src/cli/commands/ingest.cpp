// ingest: loads what the sources of ingest/*.yml have that the warehouse does not.
#include "building.h"
#include "commands/all.h"

namespace rynd::cli {
namespace {

constexpr Flag own_flags[] = {
    {"full-refresh", FlagKind::toggle, "load everything again, replacing what is there", "f", {}, {}, {}, true},
    {"partition",
     FlagKind::value,
     "only these partitions: 2024-05, or 2024-01..2024-05",
     {},
     "VALUE|FROM..TO",
     {},
     "partitions"},
    {"limit", FlagKind::number, "at most this many rows a table, for a first look", {}, "N"},
    {"dry-run", FlagKind::toggle, "print what would be loaded and why, and do nothing"},
};

int run_ingest(const Invocation& invocation, Session& session) {
  const auto loads = [&](const project::Project&, const project::Selection&) -> Checked<ingest::Selection> {
    ingest::Selection wanted;
    wanted.names = invocation.arguments;
    if (invocation.given("partition")) wanted.partitions = invocation.text("partition");
    wanted.full_refresh = invocation.toggle("full-refresh");
    wanted.limit = invocation.number("limit");
    return wanted;
  };
  return build_nodes(invocation, session, {.hooks = false, .selects = false, .loads = loads});
}

}  // namespace

Command ingest_command() {
  return {
      .name = "ingest",
      .group = CommandGroup::ingest,
      .summary = "load the sources of ingest/*.yml into raw tables",
      .arguments = "[SELECTOR...]",
      .most_arguments = -1,
      .flag_groups = reads_project | follows_dbt,
      .flags = own_flags,
      .details =
          "SELECTOR is a source or SOURCE.TABLE, '*' and '?' allowed; without one, all. Rows, schema change and state "
          "are one transaction a partition: a load that is stopped loses and doubles nothing.",
      .examples = "rynd ingest\nrynd ingest trips --partition 2024-05\nrynd ingest --dry-run",
      .run = run_ingest};
}

}  // namespace rynd::cli

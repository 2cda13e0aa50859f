// show: the first rows of what a node or a piece of SQL would give.
#include "artifacts.h"
#include "base/json.h"
#include "commands/all.h"
#include "compiling.h"
#include "table.h"

namespace rynd::cli {
namespace {

constexpr Flag own_flags[] = {
    {"inline", FlagKind::value, "SQL with templates to show, instead of a node", {}, "SQL"},
    {"inline-direct", FlagKind::value, "SQL without templates to show", {}, "SQL"},
    {"limit", FlagKind::number, "rows to show; -1: all", {}, "N"},
};
constexpr int usual_limit = 5;

// {"node": "orders", "show": [{...}]}
std::string as_json(const std::string& name, const engine::Table& table) {
  std::string rows = print_table(table, TableFormat::json);
  rows.pop_back();
  return "{" + (name.empty() ? "" : "\"node\": " + json::quote(name) + ", ") + "\"show\": " + rows + "}\n";
}

int run_show(const Invocation& invocation, Session& session) {
  CompileRun run(invocation, session);
  if (run.exit_code()) return *run.exit_code();
  Console& console = session.console;
  bool failed = false;
  for (const CompiledNode& node : run.compile()) {
    failed = failed || !node.compiled;
    if (!node.compiled) continue;
    const Checked<engine::Table> table = run.runtime().show(
        *node.compiled, node.id, invocation.number("limit").value_or(usual_limit), run.connection(), session.stop);
    if (!table) {
      console.report(table.error());
      failed = true;
    } else if (console.json) {
      console.out(as_json(node.id ? run.project().at(*node.id).name : "", *table));
    } else {
      console.say(node.id ? "Previewing node '" + run.project().at(*node.id).name + "':" : "Previewing inline node:");
      console.out(print_table(*table, TableFormat::text));
    }
  }
  run.write_artifacts();
  return session.stop.stop_requested() ? exit_interrupted : failed ? exit_failed : exit_done;
}

}  // namespace

Command show_command() {
  return {.name = "show",
          .group = CommandGroup::transform,
          .summary = "print the first rows of what a node would give, without building it",
          .flag_groups = selects | refreshes,
          .flags = own_flags,
          .examples = "rynd show --select orders\nrynd show --inline \"select * from {{ ref('orders') }}\" --limit 20",
          .run = run_show};
}

}  // namespace rynd::cli

// compile: the SQL of nodes, templates rendered, without running it.
#include "base/json.h"
#include "commands/all.h"
#include "compiling.h"

namespace rynd::cli {
namespace {

constexpr Flag own_flags[] = {
    {"inline", FlagKind::value, "SQL with templates to compile, instead of nodes", {}, "SQL"},
    {"inline-direct", FlagKind::value, "", {}, "SQL"},
    {"inject-ephemeral-ctes", FlagKind::toggle, ""},
};

void print(const std::string& name, const std::string& sql, Console& console) {
  if (console.json) {
    console.out("{" + (name.empty() ? "" : "\"node\": " + json::quote(name) + ", ") +
                "\"compiled\": " + json::quote(sql) + "}\n");
    return;
  }
  console.say(name.empty() ? "Compiled inline node is:" : "Compiled node '" + name + "' is:");
  console.out(sql + "\n");
}

int run_compile(const Invocation& invocation, Session& session) {
  CompileRun run(invocation, session);
  if (run.exit_code()) return *run.exit_code();
  const std::vector<CompiledNode> nodes = run.compile();
  const bool shown = invocation.given("select") || invocation.given("inline") || invocation.given("inline-direct");
  bool failed = false;
  for (const CompiledNode& node : nodes) {
    failed = failed || !node.compiled;
    const bool is_test = node.id && run.project().at(*node.id).type == project::ResourceType::test;
    if (node.compiled && shown && !is_test)
      print(node.id ? run.project().at(*node.id).name : "", node.compiled->sql, session.console);
  }
  if (invocation.text("static-analysis") == "strict" && !run.analyze()) failed = true;
  run.write_artifacts();
  return session.stop.stop_requested() ? exit_interrupted : failed ? exit_failed : exit_done;
}

}  // namespace

Command compile_command() {
  return {.name = "compile",
          .group = CommandGroup::transform,
          .summary = "write the SQL of nodes to target/compiled, without running it",
          .flag_groups = selects | refreshes | empties,
          .flags = own_flags,
          .details = "With --select or --inline the SQL is printed too. Templates that ask the warehouse do so.\n"
                     "With --static-analysis strict, columns that no table has are errors.",
          .examples = "rynd compile\nrynd compile --select orders\nrynd compile --inline \"{{ ref('orders') }}\"",
          .run = run_compile};
}

}  // namespace rynd::cli

// run-operation: a macro, called once, or a piece of SQL, run once.
#include <fmt/format.h>

#include "arguments.h"
#include "artifacts.h"
#include "base/text.h"
#include "commands/all.h"
#include "forward.h"
#include "opening.h"
#include "transform/transform.h"

namespace rynd::cli {
namespace {

using transform::NodeResult;
using transform::Status;

constexpr Flag own_flags[] = {
    {"args", FlagKind::value, "the macro's arguments, as a YAML mapping", {}, "YAML"},
    {"sql", FlagKind::value, "SQL with templates to run, instead of a macro", {}, "SQL"},
};

// The macro, or SQL, of one call, and where it runs.
struct Operation {
  const Invocation& invocation;
  Session& session;
  const project::Project& project;
  transform::Runtime& runtime;
  engine::Connection& connection;
};

std::string objection(const Invocation& invocation) {
  const bool macro = !invocation.arguments.empty();
  const bool sql = invocation.given("sql");
  if (!macro && !sql) return "Either a macro name or --sql must be passed to run-operation";
  if (macro && sql) return "Cannot specify both a macro name and --sql for run-operation";
  if (sql && invocation.given("args")) return "--args cannot be used with --sql; pass arguments directly in the SQL";
  return "";
}

const project::Macro* find_macro(const project::Project& project, const std::string& name) {
  const size_t dot = name.find('.');
  const auto id = dot == std::string::npos ? project.macro_index.find_anywhere(project.root().name, name)
                                           : project.macro_index.find_in(name.substr(0, dot), name.substr(dot + 1));
  return id ? &project.macros[*id] : nullptr;
}

Checked<void> run_sql(const Operation& operation, NodeResult& result) {
  const SourcePtr text = make_source("--sql", operation.invocation.text("sql"));
  const auto say = [&](Level level, const std::string& line, const std::string& status) {
    std::string prefix = "1 of 1 " + line + " ";
    const int width = operation.invocation.number("printer-width").value_or(80);
    if (static_cast<int>(prefix.size()) < width) prefix.resize(static_cast<size_t>(width), '.');
    operation.session.console.relay({"Note", "Z050", level, fmt::format("{} [{}]", prefix, status)});
  };
  Checked<transform::Compiled> compiled =
      operation.runtime.compile_inline(text, operation.connection, operation.session.stop);
  if (!compiled) return fail_all(std::move(compiled.error()));
  say(Level::debug, "START executing inline_query", "RUN");
  if (Result<int64_t> done = operation.connection.execute(compiled->sql); !done) {
    say(Level::error, "ERROR executing inline_query", "ERROR");
    return fail_all({std::move(done.error())});
  }
  result.adapter_response.set("_message", Node::of("OK"));
  say(Level::info, "OK executed inline_query", "OK");
  return {};
}

int carry_out(const Operation& operation, const Node& arguments) {
  NodeResult result;
  result.thread_id = "MainThread";
  World& world = operation.session.world;
  const bool sql = operation.invocation.given("sql");
  if (sql) {
    result.unique_id = "sql_operation." + operation.project.root().name + ".inline_query";
  } else if (const project::Macro* macro = find_macro(operation.project, operation.invocation.arguments[0])) {
    result.unique_id = macro->unique_id;
  }
  const Instant started = world.clock.now();
  result.timing.push_back({"compile", started, started});
  const Checked<void> done =
      sql ? run_sql(operation, result)
          : operation.runtime.run_operation(operation.invocation.arguments[0], arguments, operation.connection,
                                            {operation.session.stop, "MainThread"});
  const Instant ended = world.clock.now();
  result.timing.push_back({"execute", started, ended});
  result.execution_time = std::chrono::duration<double>(ended - started).count();
  result.status = done ? Status::success : Status::error;
  result.failures = done ? 0 : 1;
  Console& console = operation.session.console;
  if (!done) {
    result.message = done.error().front().message;
    if (console.events)
      console.events->fire({"RunningOperationCaughtError", "Q001", Level::error,
                            "Encountered an error while running operation: " + result.message});
    console.report(done.error());
    if (result.unique_id.empty()) return exit_unable;
  }
  run::RunReport report;
  report.started_at = started;
  report.finished_at = ended;
  report.results.push_back(std::move(result));
  if (!write_run_artifacts(operation.invocation, operation.session, operation.project, report)) return exit_unable;
  return done ? exit_done : exit_failed;
}

int run_operation(const Invocation& invocation, Session& session) {
  Console& console = session.console;
  if (const std::string wrong = objection(invocation); !wrong.empty()) {
    console.report({.code = Code::usage, .message = wrong, .notes = {"Usage: " + usage_of(*invocation.command)}});
    return exit_unable;
  }
  if (const std::optional<int> code = forward_to_server(invocation, session)) return *code;
  const Checked<Node> arguments = mapping_flag(invocation, "args");
  if (!arguments) {
    console.report(arguments.error());
    return exit_unable;
  }
  const auto output = template_output(invocation, console);
  const auto project = open_project(invocation, session, output.get());
  if (!project) return exit_unable;
  Warehouse warehouse(*project, session);
  const std::unique_ptr<engine::Connection> connection = connect(warehouse, session);
  if (!connection) return exit_unable;
  transform::RuntimeOptions options;
  options.output = output.get();
  transform::Runtime runtime(*project, *warehouse, session.world, options);
  if (const Result<void> looked = runtime.look(*connection); !looked) {
    console.report(looked.error());
    return exit_unable;
  }
  const std::stop_callback interrupt(session.stop, [&] { connection->interrupt(); });
  return carry_out({invocation, session, *project, runtime, *connection}, *arguments);
}

}  // namespace

Command run_operation_command() {
  return {.name = "run-operation",
          .group = CommandGroup::transform,
          .summary = "call a macro, or run a piece of SQL",
          .arguments = "[MACRO]",
          .least_arguments = 0,
          .most_arguments = 1,
          .flag_groups = no_group,
          .flags = own_flags,
          .examples =
              "rynd run-operation drop_old_schemas --args '{prefix: tmp_}'\n"
              "rynd run-operation --sql \"drop table if exists {{ target.schema }}.old\"",
          .run = run_operation};
}

}  // namespace rynd::cli

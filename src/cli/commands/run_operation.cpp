// run-operation: a macro, called once.
#include "base/yaml.h"
#include "commands/all.h"
#include "forward.h"
#include "opening.h"
#include "transform/transform.h"

namespace rynd::cli {
namespace {

constexpr Flag own_flags[] = {
    {"args", FlagKind::value, "the macro's arguments, as a YAML mapping", {}, "YAML"},
};

Checked<Node> arguments_of(const Invocation& invocation) {
  if (!invocation.given("args")) return Node::map();
  Checked<Document> document = yaml::read(make_source("--args", invocation.text("args")));
  if (!document) return fail_all(std::move(document.error()));
  if (document->root.is_null()) return Node::map();
  if (document->root.is_mapping()) return std::move(document->root);
  return fail_all({{.code = Code::usage,
                    .message = "--args must be a YAML mapping",
                    .span = document->span(document->root),
                    .help = "for example: --args '{schema: main}'"}});
}

int run_operation(const Invocation& invocation, Session& session) {
  if (const std::optional<int> code = forward_to_server(invocation, session)) return *code;
  Console& console = session.console;
  const Checked<Node> arguments = arguments_of(invocation);
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
  const Checked<void> done =
      runtime.run_operation(invocation.arguments[0], *arguments, *connection, {session.stop, "MainThread"});
  if (done) return exit_done;
  console.report(done.error());
  return session.stop.stop_requested() ? exit_interrupted : exit_failed;
}

}  // namespace

Command run_operation_command() {
  return {.name = "run-operation",
          .group = CommandGroup::transform,
          .summary = "call a macro",
          .arguments = "MACRO",
          .least_arguments = 1,
          .most_arguments = 1,
          .flag_groups = reads_project,
          .flags = own_flags,
          .examples = "rynd run-operation drop_old_schemas --args '{prefix: tmp_}'",
          .run = run_operation};
}

}  // namespace rynd::cli

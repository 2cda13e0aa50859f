// help: the overview, a command's manual page, or what a diagnostic's code means.
#include "base/text.h"
#include "commands/all.h"

namespace rynd::cli {
namespace {

int run_help(const Invocation& invocation, Session& session) {
  if (invocation.arguments.empty()) {
    session.console.out(help_overview());
    return exit_done;
  }
  const Result<std::string> text = help_topic(join(invocation.arguments, " "));
  if (!text) {
    session.console.report(text.error());
    return exit_unable;
  }
  session.console.out(*text);
  return exit_done;
}

}  // namespace

Command help_command() {
  return {.name = "help",
          .group = CommandGroup::start,
          .summary = "this overview, a command's manual page, or what a code means",
          .arguments = "[COMMAND | RYNDnnnn]",
          .most_arguments = 3,
          .flag_groups = no_group,
          .examples = "rynd help build\nrynd help runs list\nrynd help RYND0110",
          .run = run_help};
}

}  // namespace rynd::cli

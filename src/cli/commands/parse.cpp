// parse: reads the whole project, says what is wrong with it, and writes the manifest.
#include "artifacts.h"
#include "commands/all.h"
#include "opening.h"
#include "report.h"

namespace rynd::cli {
namespace {

int run_parse(const Invocation& invocation, Session& session) {
  const auto output = template_output(invocation, session.console);
  const auto project = open_project(invocation, session, output.get());
  if (!project) return exit_unable;
  if (!write_manifest(invocation, session, *project, {})) return exit_unable;
  session.console.say(found_line(*project));
  return exit_done;
}

}  // namespace

Command parse_command() {
  return {.name = "parse",
          .group = CommandGroup::transform,
          .summary = "read the project, report every mistake, write target/manifest.json",
          .details = "Never opens the warehouse.",
          .examples = "rynd parse\nrynd parse --output json",
          .run = run_parse};
}

}  // namespace rynd::cli

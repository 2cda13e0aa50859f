// debug: is everything there that a project needs: files, profile, warehouse.
#include <fmt/format.h>

#include "commands/all.h"
#include "opening.h"
#include "version.h"

namespace rynd::cli {
namespace {

constexpr Flag own_flags[] = {
    {"config-dir", FlagKind::toggle, ""},
    {"connection", FlagKind::toggle, ""},
};

void tell(Console& console, std::string_view what, std::string_view found) {
  console.out(fmt::format("  {:<14} {}\n", std::string(what) + ":", found));
}

// What may be printed of a profile: never its credentials.
void tell_profile(Console& console, const project::Profile& profile) {
  tell(console, "profile",
       profile.from_file ? profile.name + " (" + profile.file + ")"
                         : "none found; the embedded DuckDB at ./warehouse.duckdb");
  tell(console, "target", profile.target_name);
  tell(console, "type", profile.type);
  tell(console, "path", profile.path);
  tell(console, "schema", profile.schema);
  tell(console, "threads", std::to_string(profile.threads));
}

int run_debug(const Invocation& invocation, Session& session) {
  Console& console = session.console;
  console.out(version_text());
  console.out("Configuration\n");
  const Checked<project::Opened> opened = open_settings(invocation, session);
  if (!opened) {
    console.out("1 check failed: the project's configuration is not valid\n");
    return exit_failed;
  }
  tell(console, "project", opened->settings.name);
  tell_profile(console, opened->profile);
  console.out("Connection\n");
  Warehouse warehouse(opened->profile, invocation.text("project-dir", "."), session);
  const std::unique_ptr<engine::Connection> connection = connect(warehouse, session);
  const bool answers = connection && connection->execute("select 1").has_value();
  tell(console, "test", answers ? fmt::format("OK (DuckDB {})", warehouse->version()) : "ERROR");
  console.out(answers ? "All checks passed!\n" : "1 check failed: the warehouse cannot be reached\n");
  return answers ? exit_done : exit_failed;
}

}  // namespace

Command debug_command() {
  return {.name = "debug",
          .group = CommandGroup::transform,
          .summary = "check the configuration and the connection to the warehouse",
          .flags = own_flags,
          .examples = "rynd debug\nrynd debug --target prod",
          .run = run_debug};
}

}  // namespace rynd::cli

// debug: is everything there that a project needs: files, profile, warehouse.
#include <fmt/format.h>

#include "base/json.h"
#include "commands/all.h"
#include "opening.h"
#include "version.h"

namespace rynd::cli {
namespace {

constexpr Flag own_flags[] = {
    {"config-dir", FlagKind::toggle, "say where profiles.yml is, and no more"},
    {"connection", FlagKind::toggle, "check the connection alone"},
};

// Lines as they are found, or one JSON object at the end.
class Found {
 public:
  explicit Found(Console& console) : console_(console) {}

  void heading(std::string_view text) {
    if (!console_.json) console_.out(fmt::format("{}\n", text));
  }
  void add(const std::string& what, Node found) {
    if (!console_.json)
      return console_.out(
          fmt::format("  {:<14} {}\n", what + ":", found.is_string() ? found.text : json::write(found)));
    all_.set(what, std::move(found));
  }
  // The exit code; `failed` says which check did, "" where all passed.
  int finish(const std::string& failed) {
    if (console_.json) {
      all_.set("status", Node::of(std::string(failed.empty() ? "pass" : "fail")));
      console_.out(json::write(all_) + "\n");
    } else {
      console_.out(failed.empty() ? "All checks passed!\n" : "1 check failed: " + failed + "\n");
    }
    return failed.empty() ? exit_done : exit_failed;
  }

 private:
  Console& console_;
  Node all_ = Node::map();
};

// What may be printed of a profile: never its credentials.
void tell_profile(Found& found, const project::Profile& profile) {
  found.add("profile", Node::of(profile.from_file ? profile.name + " (" + profile.file + ")"
                                                  : "none found; the embedded DuckDB at ./warehouse.duckdb"));
  found.add("target", Node::of(profile.target_name));
  found.add("type", Node::of(profile.type));
  found.add("path", Node::of(profile.path));
  found.add("schema", Node::of(profile.schema));
  found.add("threads", Node::of(static_cast<int64_t>(profile.threads)));
}

int tell_folder(const project::Profile& profile, Console& console) {
  if (!profile.from_file) {
    console.out("there is no profiles.yml: the embedded DuckDB at ./warehouse.duckdb is used\n");
    return exit_done;
  }
  const std::filesystem::path folder = std::filesystem::absolute(profile.file).parent_path();
  console.out("To view your profiles.yml file, run:\n\nxdg-open " + folder.lexically_normal().string() + "\n");
  return exit_done;
}

int run_debug(const Invocation& invocation, Session& session) {
  Console& console = session.console;
  Found found(console);
  if (!console.json && !invocation.toggle("config-dir")) console.out(version_text());
  const Checked<project::Opened> opened = open_settings(invocation, session);
  if (!opened) return found.finish("the project's configuration is not valid");
  if (invocation.toggle("config-dir")) return tell_folder(opened->profile, console);
  if (!invocation.toggle("connection")) {
    found.heading("Configuration");
    found.add("project", Node::of(opened->settings.name));
    tell_profile(found, opened->profile);
  }
  found.heading("Connection");
  Warehouse warehouse(opened->profile, invocation.text("project-dir", "."), session);
  const std::unique_ptr<engine::Connection> connection = connect(warehouse, session);
  const bool answers = connection && connection->execute("select 1").has_value();
  found.add("connection", Node::of(answers ? fmt::format("OK (DuckDB {})", warehouse->version()) : "ERROR"));
  return found.finish(answers ? "" : "the warehouse cannot be reached");
}

}  // namespace

Command debug_command() {
  return {.name = "debug",
          .group = CommandGroup::transform,
          .summary = "check the configuration and the connection to the warehouse",
          .flags = own_flags,
          .examples = "rynd debug\nrynd debug --target prod\nrynd debug --output json",
          .run = run_debug};
}

}  // namespace rynd::cli

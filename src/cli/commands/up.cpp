// up: the server: pages, catalog and API on the project's warehouse, until Ctrl-C.
#include <fmt/format.h>

#include "cli.h"
#include "commands/all.h"
#include "forward.h"
#include "opening.h"
#include "server/server.h"

namespace rynd::cli {
namespace {

constexpr Flag own_flags[] = {
    {"port", FlagKind::number, "port to listen on; 0: any free one", "p", "N"},
    {"host", FlagKind::value, "address to listen on; any but a loopback address needs the token", {}, "ADDRESS"},
};
constexpr int usual_port = 7411;

// A command of another process, printing to it as it goes.
class RemoteConsole final : public Console {
 public:
  explicit RemoteConsole(const server::CommandOutput& output) : output_(output) {}
  void out(std::string_view text) override { output_.out(text); }
  void err(std::string_view text) override { output_.err(text); }

 private:
  const server::CommandOutput& output_;
};

int run_up(const Invocation& invocation, Session& session) {
  Console& console = session.console;
  const std::filesystem::path dir = invocation.text("project-dir", ".");
  if (const std::optional<std::string> url = running_server(dir, session.world)) {
    console.report({.code = Code::exists_already,
                    .message = "a server of this project runs already, at " + *url,
                    .help = "open it, or stop it with Ctrl-C where it was started"});
    return exit_unable;
  }
  const auto output = template_output(invocation, console);
  const auto project = open_project(invocation, session, output.get());
  if (!project) return exit_unable;
  Warehouse warehouse(*project, session);
  if (!warehouse) return exit_unable;
  server::Options options;
  options.port = invocation.number("port").value_or(usual_port);
  options.host = invocation.text("host", options.host);
  options.reload = [&]() -> Checked<server::ProjectPtr> {
    Checked<project::LoadOptions> load = load_options(invocation, session, output.get());
    if (!load) return fail_all(std::move(load.error()));
    Checked<project::Project> loaded = project::load(*load, session.world);
    if (!loaded) return fail_all(std::move(loaded.error()));
    return std::make_shared<const project::Project>(std::move(*loaded));
  };
  options.command = [&](const std::vector<std::string>& words, const server::CommandOutput& sink,
                        std::stop_token stop) {
    RemoteConsole remote(sink);
    Session within{session.world, remote, stop, &*warehouse};
    return run(words, within);
  };
  options.ready = [&](const std::string& url) {
    console.out(console.json ? fmt::format("{{\"url\": \"{}\"}}\n", url)
                             : fmt::format("rynd serves {} at {}\n", project->root().name, url));
    console.say("Ctrl-C stops it");
  };
  const Result<void> served = server::serve(project, *warehouse, options, session.world, session.stop);
  if (served) return exit_done;
  console.report(served.error());
  return exit_unable;
}

}  // namespace

Command up_command() {
  return {.name = "up",
          .group = CommandGroup::run,
          .summary = "serve the pages, the catalog and the API of this project",
          .flag_groups = reads_project,
          .flags = own_flags,
          .details = "While it runs it holds the warehouse; commands of other terminals go through it, and say so.",
          .examples = "rynd up\nrynd up --port 8080",
          .run = run_up};
}

}  // namespace rynd::cli

// Program: words to exit code: parse, set the console up, run the command.
#include <fmt/format.h>
#include <pthread.h>
#include <unistd.h>

#include <csignal>
#include <exception>
#include <thread>

#include "cli.h"
#include "command.h"
#include "version.h"

namespace rynd::cli {
namespace {

int carry_out(const Invocation& invocation, Session& session) {
  Console& console = session.console;
  if (session.world.process.environment("NO_COLOR").value_or("").empty() == false) console.color = false;
  console.color = invocation.toggle("use-colors", console.color);
  console.quiet = invocation.toggle("quiet");
  console.json = invocation.text("output") == "json";
  if (invocation.toggle("help")) {
    console.out(help_for(*invocation.command));
    return exit_done;
  }
  return invocation.command->run(invocation, session);
}

// Waits for signals on a thread of its own, where any code may run: the first asks for a stop, the second ends the
// process at once. Nothing is half built then either: what was not committed is rolled back at the next opening.
class Signals {
 public:
  explicit Signals(std::stop_source& stop) {
    sigemptyset(&set_);
    for (int signal : {SIGINT, SIGTERM, SIGHUP, SIGUSR2}) sigaddset(&set_, signal);
    pthread_sigmask(SIG_BLOCK, &set_, nullptr);
    thread_ = std::thread([this, &stop] { wait(stop); });
  }
  ~Signals() {
    pthread_kill(thread_.native_handle(), SIGUSR2);
    thread_.join();
  }
  Signals(const Signals&) = delete;
  Signals& operator=(const Signals&) = delete;

 private:
  void wait(std::stop_source& stop) {
    for (int signal = 0; sigwait(&set_, &signal) == 0 && signal != SIGUSR2;) {
      if (!stop.request_stop()) ::_exit(exit_interrupted);
    }
  }

  sigset_t set_{};
  std::thread thread_;
};

// Asked for so often, by people and by tools, that it gets no thread, no parsing and no table.
bool asks_version(const std::vector<std::string>& words) {
  return words.size() == 1 &&
         (words[0] == "--version" || words[0] == "-v" || words[0] == "-V" || words[0] == "version");
}

}  // namespace

int run(const std::vector<std::string>& words, Session& session) {
  Console& console = session.console;
  if (asks_version(words)) {
    console.out(version_text());
    return exit_done;
  }
  if (words.empty() || (words.size() == 1 && (words[0] == "--help" || words[0] == "-h"))) {
    console.out(help_overview());
    return exit_done;
  }
  try {
    Checked<Invocation> invocation = parse(words, session.world.process);
    if (!invocation) {
      console.report(std::move(invocation.error()));
      return exit_unable;
    }
    return carry_out(*invocation, session);
  } catch (const std::exception& error) {
    console.report({.code = Code::internal,
                    .message = fmt::format("rynd did not expect this: {}", error.what()),
                    .help = "please report it, with the command line and the project's part that brought it about"});
    return exit_unable;
  }
}

int program(int count, char** words) {
  const std::vector<std::string> arguments(words + std::min(count, 1), words + count);
  TerminalConsole console;
  if (asks_version(arguments)) {
    console.out(version_text());
    return exit_done;
  }
  ::signal(SIGPIPE, SIG_IGN);
  std::stop_source stop;
  Signals signals(stop);
  RealClock clock;
  RealFiles files;
  RealProcess process;
  RealRandom random;
  RealHttp http;
  World world{clock, files, process, random, http};
  Session session{world, console, stop.get_token()};
  return run(arguments, session);
}

}  // namespace rynd::cli

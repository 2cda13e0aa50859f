// Program: words to exit code: parse, set the console up, run the command.
#include <fmt/format.h>
#include <pthread.h>
#include <unistd.h>

#include <csignal>
#include <exception>
#include <memory>
#include <thread>

#include "arguments.h"
#include "base/json.h"
#include "base/shifted_clock.h"
#include "base/text.h"
#include "cli.h"
#include "command.h"
#include "moments.h"
#include "surroundings.h"
#include "version.h"

namespace rynd::cli {
namespace {

// The console's events go to the log while a command runs.
class EventsHeard {
 public:
  EventsHeard(Console& console, EventLog& events) : console_(console) { console.events = &events; }
  ~EventsHeard() { console_.events = nullptr; }
  EventsHeard(const EventsHeard&) = delete;
  EventsHeard& operator=(const EventsHeard&) = delete;

 private:
  Console& console_;
};

// By lower-case name, every value as its text, as dbt tells them.
Node as_texts(const Node& flags) {
  Node texts = Node::map();
  for (const Entry& entry : flags.entries)
    texts.set(
        lower(entry.key),
        Node::of(entry.value.is_scalar() && entry.value.is_string() ? entry.value.text : json::write(entry.value)));
  return texts;
}

// Tells the log how it went, at whatever point the command ends.
int run_heard(const Invocation& invocation, Session& session, EventLog& events) {
  if (invocation.command->group != CommandGroup::transform) return invocation.command->run(invocation, session);
  events.fire({"MainReportVersion", "A001", Level::info, "Running with rynd=" + version_number(), [] {
                 Node data = Node::map();
                 data.set("log_version", Node::of(3));
                 data.set("version", Node::of("=" + version_number()));
                 return data;
               }});
  events.fire(
      {"MainReportArgs", "A002", Level::debug, "running dbt with arguments " + join(invocation.words, " "), [&] {
         Node data = Node::map();
         const Checked<Node> flags = template_flags(invocation);
         data.set("args", flags ? as_texts(*flags) : Node::map());
         return data;
       }});
  const auto started = session.world.clock.steady();
  const int code = invocation.command->run(invocation, session);
  const double elapsed = std::chrono::duration<double>(session.world.clock.steady() - started).count();
  const std::string now = iso8601(session.world.clock.now());
  const std::string command = "dbt " + std::string(invocation.command->name);
  events.fire({"CommandCompleted", "Q039", Level::debug,
               fmt::format("Command `{}` {} at {} after {:.2f} seconds", command,
                           code == exit_done ? "succeeded" : "failed", now.substr(11, 15), elapsed),
               [&] {
                 Node data = Node::map();
                 data.set("command", Node::of(command));
                 data.set("completed_at", Node::of(now));
                 data.set("elapsed", Node::of_real(elapsed));
                 data.set("success", Node::of(code == exit_done));
                 return data;
               }});
  return code;
}

int carry_out(const Invocation& invocation, Session& session) {
  Console& console = session.console;
  session.invocation_id = session.world.random.uuid();
  EventLog events(event_log_options(invocation, session.world, session.invocation_id), console, session.world);
  const EventsHeard heard(console, events);
  if (session.world.process.environment("NO_COLOR").value_or("").empty() == false) console.color = false;
  if (invocation.given("use-colors")) console.color = invocation.toggle("use-colors");
  console.least = events.console_level();
  console.quiet = console.least > Level::info;
  console.json = invocation.text("output") == "json";
  if (invocation.toggle("version")) {
    console.out(version_text());
    return exit_done;
  }
  if (invocation.toggle("help")) {
    console.out(help_for(*invocation.command));
    return exit_done;
  }
  const int code = run_heard(invocation, session, events);
  // What failed because it was stopped did not fail by itself.
  return code != exit_done && session.stop.stop_requested() ? exit_interrupted : code;
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

// RYND_NOW: the time that a command takes for now when it starts; null where it is not set.
Result<std::unique_ptr<Clock>> shifted_clock(Clock& clock, Process& process) {
  const std::optional<std::string> text = process.environment("RYND_NOW");
  if (!text || text->empty()) return nullptr;
  const std::optional<Instant> now = parse_moment(*text);
  if (now) return std::make_unique<ShiftedClock>(clock, *now);
  return fail({.code = Code::usage,
               .message = "RYND_NOW is '" + *text + "', which is no time",
               .help = "for example RYND_NOW=2024-05-01T10:00:00, in UTC"});
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
    std::optional<Dotenv> dotenv = dotenv_here(session.world);
    DotenvProcess process(session.world.process, dotenv ? std::move(dotenv->values) : decltype(dotenv->values){});
    const Secrets secrets(process);
    DiscreetFiles discreet_files(session.world.files, secrets);
    DiscreetConsole discreet_console(session.console, secrets);
    Files& files = secrets.empty() ? session.world.files : discreet_files;
    Console& console = secrets.empty() ? session.console : discreet_console;
    const Result<std::unique_ptr<Clock>> shifted = shifted_clock(session.world.clock, process);
    if (!shifted) {
      console.report(shifted.error());
      return exit_unable;
    }
    World world{*shifted ? **shifted : session.world.clock, files, process, session.world.random, session.world.http};
    Session within{world, console, session.stop, session.warehouse};
    Checked<Invocation> invocation = parse(words, process);
    if (invocation) {
      if (Checked<void> added = add_surroundings(*invocation, world); !added)
        invocation = fail_all(std::move(added.error()));
    }
    if (!invocation) {
      console.report(std::move(invocation.error()));
      return exit_unable;
    }
    if (dotenv && !invocation->toggle("quiet")) console.report(std::move(dotenv->warnings));
    return carry_out(*invocation, within);
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

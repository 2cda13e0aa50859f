// Console: printing to stdout and stderr, whole lines at a time.
#include "console.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <cerrno>
#include <ctime>

#include "base/render.h"
#include "base/text.h"
#include "project/error_kind.h"
#include "project/warnings.h"

namespace rynd::cli {
namespace {

// A closed pipe ends the output quietly, as `rynd ls | head` expects.
void write_all(int file, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(file, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return;
    text.remove_prefix(static_cast<size_t>(written));
  }
}

}  // namespace

void Console::report(Diagnostics diagnostics) {
  sort_by_place(diagnostics);
  if (events) {
    for (const Diagnostic& diagnostic : diagnostics) {
      const std::string text = render_text(diagnostic, {.color = false, .width = 100});
      std::string trimmed(trim(text));
      if (diagnostic.severity == Severity::error) {
        trimmed = std::string(project::error_kind(diagnostic.code)) + "\n" + trimmed;
        events->fire({"MainEncounteredError", "Z002", Level::error, "Encountered an error:\n" + trimmed, [&] {
                        Node data = Node::map();
                        data.set("exc", Node::of(trimmed));
                        return data;
                      }});
        continue;
      }
      const project::EventName event = project::warning_event(diagnostic.code);
      events->fire({event.name, event.code, Level::warn, "[WARNING]: " + trimmed});
    }
  }
  if (!events || !events->speaks()) print(std::move(diagnostics));
}

void Console::print(Diagnostics diagnostics) {
  std::erase_if(diagnostics, [&](const Diagnostic& diagnostic) {
    return least == Level::none || (diagnostic.severity != Severity::error && least > Level::warn);
  });
  if (diagnostics.empty()) return;
  sort_by_place(diagnostics);
  if (!json) {
    err(render_text(diagnostics, {.color = color, .width = width()}));
    return;
  }
  for (const Diagnostic& diagnostic : diagnostics) err(render_json(diagnostic) + "\n");
}

void Console::say(const Event& event) {
  if (events) events->fire(event);
  if (!quiet && (!events || !events->speaks())) err(event.message + "\n");
}

void Console::relay(const Event& event) {
  if (events) return events->fire(event, true);
  if (!quiet && event.level >= least) out(event.message + "\n");
}

void Console::answer(const Event& event, std::string_view text) {
  if (events && events->speaks())
    events->fire(event);
  else
    out(text);
}

std::string local_time(Instant instant) {
  const std::time_t seconds = std::chrono::system_clock::to_time_t(std::chrono::floor<std::chrono::seconds>(instant));
  std::tm parts{};
  ::localtime_r(&seconds, &parts);
  std::string text(8, ' ');
  std::strftime(text.data(), text.size() + 1, "%H:%M:%S", &parts);
  return text;
}

TerminalConsole::TerminalConsole() : live_(::isatty(STDERR_FILENO) == 1) { color = ::isatty(STDOUT_FILENO) == 1; }

void TerminalConsole::out(std::string_view text) { write_all(STDOUT_FILENO, text); }
void TerminalConsole::err(std::string_view text) { write_all(STDERR_FILENO, text); }

int TerminalConsole::width() const {
  winsize size{};
  if (::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 20) return size.ws_col;
  return 100;
}

}  // namespace rynd::cli

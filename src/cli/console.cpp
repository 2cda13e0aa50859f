// Console: printing to stdout and stderr, whole lines at a time.
#include "console.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <cerrno>

#include "base/render.h"

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
  if (!json) {
    err(render_text(diagnostics, {.color = color, .width = width()}));
    return;
  }
  for (const Diagnostic& diagnostic : diagnostics) err(render_json(diagnostic) + "\n");
}

void Console::say(std::string_view line) {
  if (!quiet) err(std::string(line) + "\n");
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

// Console: where a command prints. A terminal, a pipe, a test's strings, or a client of a running server.
#pragma once

#include <string>
#include <string_view>

#include "base/diagnostic.h"
#include "base/secrets.h"
#include "event.h"
#include "event_log.h"

namespace rynd::cli {

class Console {
 public:
  virtual ~Console() = default;
  // Answers: what somebody may pipe on. Written whole; safe to call from several threads.
  virtual void out(std::string_view text) = 0;
  // Everything said about the work: diagnostics, progress.
  virtual void err(std::string_view text) = 0;
  // True where lines may be rewritten in place: stderr is a terminal.
  virtual bool live() const { return false; }
  virtual int width() const { return 80; }

  // Diagnostics for people, or as one JSON object a line where `json` is set, sorted by place; each an event too.
  void report(Diagnostics diagnostics);
  void report(const Diagnostic& diagnostic) { report(Diagnostics{diagnostic}); }
  // The same without events: what was told as one already, in other words.
  void print(Diagnostics diagnostics);
  // A line about the work, on stderr; nothing where `quiet`.
  void say(const Event& event);
  void say(std::string_view line) { say({.name = "Note", .code = "Z050", .message = std::string(line)}); }
  // What a template says: on stdout with its time, as dbt prints it.
  void relay(const Event& event);
  // An answer, on stdout even where `quiet`: `text` for people, else the event.
  void answer(const Event& event, std::string_view text);

  bool color = false;
  bool quiet = false;          // no lines about the work
  bool json = false;           // --output json
  Level least = Level::info;   // of what is told; warnings and errors only
  EventLog* events = nullptr;  // null: none
};

// "11:32:00", in the time zone of whoever reads it: what progress lines begin with.
std::string local_time(Instant instant);

// stdout and stderr. `color` starts as: stdout is a terminal.
class TerminalConsole final : public Console {
 public:
  TerminalConsole();
  void out(std::string_view text) override;
  void err(std::string_view text) override;
  bool live() const override { return live_; }
  int width() const override;

 private:
  bool live_ = false;
};

// Another console that secrets do not come to.
class DiscreetConsole final : public Console {
 public:
  DiscreetConsole(Console& console, const Secrets& secrets) : console_(console), secrets_(secrets) {
    color = console.color;
  }
  void out(std::string_view text) override { console_.out(secrets_.hidden(text)); }
  void err(std::string_view text) override { console_.err(secrets_.hidden(text)); }
  bool live() const override { return console_.live(); }
  int width() const override { return console_.width(); }

 private:
  Console& console_;
  const Secrets& secrets_;
};

// Keeps what was printed.
class StringConsole final : public Console {
 public:
  void out(std::string_view text) override { output += text; }
  void err(std::string_view text) override { errors += text; }

  std::string output;
  std::string errors;
};

}  // namespace rynd::cli

// Console: where a command prints. A terminal, a pipe, a test's strings, or a client of a running server.
#pragma once

#include <string>
#include <string_view>

#include "base/diagnostic.h"

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

  // Diagnostics for people, or as one JSON object a line where `json` is set. Sorted by place.
  void report(Diagnostics diagnostics);
  void report(const Diagnostic& diagnostic) { report(Diagnostics{diagnostic}); }
  // A line about the work; nothing where `quiet`.
  void say(std::string_view line);

  bool color = false;
  bool quiet = false;
  bool json = false;  // --output json
};

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

// Keeps what was printed.
class StringConsole final : public Console {
 public:
  void out(std::string_view text) override { output += text; }
  void err(std::string_view text) override { errors += text; }

  std::string output;
  std::string errors;
};

}  // namespace rynd::cli

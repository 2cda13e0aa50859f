// Command: what a command is called, takes and does; its file in commands/ is its manual page.
#pragma once

#include <filesystem>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/diagnostic.h"
#include "base/world.h"
#include "console.h"
#include "exit.h"
#include "flag.h"

namespace rynd::engine {
class Database;
}

namespace rynd::cli {

class Invocation;

// What a command works with besides its options.
struct Session {
  World& world;
  Console& console;
  // Asked for by Ctrl-C, or by a client of the server that went away.
  std::stop_token stop = {};
  // The warehouse where this process holds it already (inside a server); else a command opens its own.
  engine::Database* warehouse = nullptr;
};

// In the order of the overview that `rynd` prints.
enum class CommandGroup : unsigned char { start, transform, ingest, quality, run, look };

// Which groups of shared flags a command takes.
enum FlagGroups : unsigned char { no_group = 0, reads_project = 1, selects = 2, builds = 4 };

struct Command {
  std::string_view name;  // "run", "source freshness"
  CommandGroup group;
  std::string_view summary;         // one line, no full stop
  std::string_view arguments = {};  // as shown in the usage: "SQL", "[SELECTOR...]"
  int least_arguments = 0;
  int most_arguments = 0;  // -1: any number
  unsigned flag_groups = no_group;
  std::span<const Flag> flags = {};  // its own; they win over shared ones of the same name
  std::string_view details = {};     // what the manual says beyond the summary
  std::string_view examples;         // command lines, one a line
  int (*run)(const Invocation& invocation, Session& session);
  std::string_view alias = {};
};

// All commands, in the order of the overview.
std::span<const Command> commands();
// By name or alias; "source freshness" for two words. nullptr where there is none.
const Command* find_command(std::string_view name);
// The flags a command accepts, its own first; a shared flag that it redefines is left out.
std::vector<const Flag*> flags_of(const Command& command);

// A parsed command line.
class Invocation {
 public:
  const Command* command = nullptr;
  std::vector<std::string> arguments;  // what is neither an option nor the command
  std::vector<std::string> words;      // the command line as given, without the program's name

  bool given(std::string_view flag) const;
  // The value of a flag on the command line or in its environment variable; `fallback` where neither gives it.
  std::string text(std::string_view flag, std::string_view fallback = "") const;
  bool toggle(std::string_view flag, bool fallback = false) const;
  std::optional<int> number(std::string_view flag) const;
  std::vector<std::string> list(std::string_view flag) const;

  void set(std::string_view flag, std::vector<std::string> values);
  void add(std::string_view flag, std::vector<std::string> values);
  const std::vector<std::pair<std::string, std::vector<std::string>>>& values() const { return values_; }

 private:
  std::vector<std::pair<std::string, std::vector<std::string>>> values_;
};

// Reads a command line. Every mistake in it at once, RYND0001, each underlined in it.
Checked<Invocation> parse(const std::vector<std::string>& words, Process& environment);

// The overview, the manual page of a command, the flags of a group of commands ("runs"), a diagnostic's kind.
std::string help_overview();
std::string help_for(const Command& command);
std::string usage_of(const Command& command);
// `rynd help TOPIC`: a command, a group of commands, or RYNDnnnn; fails with RYND0001 and suggestions.
Result<std::string> help_topic(std::string_view topic);

}  // namespace rynd::cli

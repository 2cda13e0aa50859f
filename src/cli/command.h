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

struct Retry;  // retry.h

// What a command works with besides its options.
struct Session {
  World& world;
  Console& console;
  // Asked for by Ctrl-C, or by a client of the server that went away.
  std::stop_token stop = {};
  // The warehouse where this process holds it already (inside a server); else a command opens its own.
  engine::Database* warehouse = nullptr;
  std::string invocation_id = {};
  // What `retry` does again; null: the command line says what is done.
  const Retry* retry = nullptr;
};

// In the order of the overview that `rynd` prints.
enum class CommandGroup : unsigned char { start, transform, ingest, quality, run, look };

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
// The flags a command accepts, its own first; a shared flag that it redefines is left out. Commands of dbt take what
// all of dbt's take.
std::vector<const Flag*> flags_of(const Command& command);
// One of them by name; nullptr where it has none such.
const Flag* find_flag(const Command& command, std::string_view name);

// Who gave a flag its value.
enum class Origin : unsigned char { command_line, environment, project };

// A parsed command line.
class Invocation {
 public:
  struct Value {
    std::string_view flag;
    std::vector<std::string> words;
    Origin origin;
  };

  const Command* command = nullptr;
  std::vector<std::string> arguments;  // what is neither an option nor the command
  std::vector<std::string> words;      // the command line as given, without the program's name

  // Whether somebody gave it: the command line, its environment variable, or `flags:` of dbt_project.yml.
  bool given(std::string_view flag) const { return find(flag) != nullptr; }
  bool given_here(std::string_view flag) const;  // on the command line
  // The value given; else the flag's own fallback; else `fallback`.
  std::string text(std::string_view flag, std::string_view fallback = "") const;
  bool toggle(std::string_view flag, bool fallback = false) const;
  std::optional<int> number(std::string_view flag) const;
  std::vector<std::string> list(std::string_view flag) const;

  // `flag` is a name of the command's flags: it is kept as it is.
  void set(std::string_view flag, std::vector<std::string> words, Origin origin = Origin::command_line);
  void add(std::string_view flag, std::vector<std::string> words);

 private:
  const Value* find(std::string_view flag) const;
  std::vector<Value> values_;
};

// Reads a command line. Every mistake in it at once, RYND0001, each underlined in it.
Checked<Invocation> parse(const std::vector<std::string>& words, Process& environment);

// What is wrong with a flag's value, as the end of a sentence; "" where nothing is.
std::string objection(const Flag& flag, std::string_view value);

// The overview, the manual page of a command, the flags of a group of commands ("runs"), a diagnostic's kind.
std::string help_overview();
std::string help_for(const Command& command);
std::string usage_of(const Command& command);
// `rynd help TOPIC`: a command, a group of commands, or RYNDnnnn; fails with RYND0001 and suggestions.
Result<std::string> help_topic(std::string_view topic);

}  // namespace rynd::cli

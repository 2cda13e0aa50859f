// Flag: one option of the command line as data: parsing, help, completion and environment variables come from it.
#pragma once

#include <span>
#include <string_view>
#include <vector>

namespace rynd::cli {

enum class FlagKind : unsigned char {
  toggle,  // --x, --no-x
  value,   // --x VALUE, --x=VALUE; the last one counts
  number,  // a value that is an integer
  time,    // a value that is a day or a moment: 2024-05-01, 2024-05-01T10:00:00
  list,    // --x A B C, up to the next option; repeated ones add up
};

struct Flag {
  std::string_view name;  // long name without dashes
  FlagKind kind = FlagKind::toggle;
  std::string_view help;           // one line; "" keeps it out of the help (accepted because dbt accepts it)
  std::string_view letters = {};   // short names, each one letter
  std::string_view value = {};     // what stands for the value in help: "PATH"
  std::string_view choices = {};   // "text json": the only values allowed; "": any
  std::string_view aliases = {};   // other long names, separated by a space
  bool environment = false;        // DBT_<NAME> and DBT_ENGINE_<NAME> set it too
  std::string_view fallback = {};  // its value where nobody says; a list: its words
  // An older environment variable that still sets it; one with "_NO_" in its name means the opposite.
  std::string_view former = {};
  bool ours = false;  // dbt has no such flag: it is no part of `args` and of the template's `flags`
};

// Which groups of shared flags a command takes, as bits.
enum FlagGroups : unsigned {
  no_group = 0,
  reads_project = 1,  // where the project is, its profile, its vars
  selects = 2,        // --select, --exclude, --selector
  selects_types = 4,  // --resource-type
  builds = 8,         // --dry-run
  refreshes = 16,     // --full-refresh
  empties = 32,       // --empty
  cuts_time = 64,     // --event-time-start, --event-time-end, --sample
  stores = 128,       // --store-failures
  shows_rows = 256,   // --show
  follows_dbt = 512,  // what every command of dbt takes
};

// The shared flags of some groups, and those that every command has; the first of a name wins.
std::vector<const Flag*> shared_flags(unsigned groups);
// Those that every command has.
std::span<const Flag> everywhere_flags();

}  // namespace rynd::cli

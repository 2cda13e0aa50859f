// Flag: one option of the command line as data: parsing, help, completion and environment variables come from it.
#pragma once

#include <span>
#include <string_view>

namespace rynd::cli {

enum class FlagKind : unsigned char {
  toggle,  // --x, --no-x
  value,   // --x VALUE, --x=VALUE; the last one counts
  number,  // a value that is an integer
  list,    // --x A B C, up to the next option; repeated ones add up
};

struct Flag {
  std::string_view name;  // long name without dashes
  FlagKind kind = FlagKind::toggle;
  std::string_view help;          // one line; "" keeps it out of the help (accepted because dbt accepts it)
  std::string_view letters = {};  // short names, each one letter
  std::string_view value = {};    // what stands for the value in help: "PATH"
  std::string_view choices = {};  // "text json": the only values allowed; "": any
  std::string_view aliases = {};  // other long names, separated by a space
  bool environment = false;       // DBT_<NAME> and DBT_ENGINE_<NAME> set it too
};

// Groups that commands name in their spec.
std::span<const Flag> everywhere_flags();  // every command has them
std::span<const Flag> project_flags();     // commands that read a project
std::span<const Flag> selection_flags();   // commands that select nodes
std::span<const Flag> build_flags();       // commands that build or test nodes

}  // namespace rynd::cli

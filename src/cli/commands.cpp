// Commands: the one table of all commands, and how their flags come together.
#include <algorithm>
#include <array>

#include "command.h"
#include "commands/all.h"

namespace rynd::cli {
std::span<const Command> commands() {
  static const std::array table = {init_command(),
                                   help_command(),
                                   build_command(),
                                   run_command(),
                                   test_command(),
                                   seed_command(),
                                   snapshot_command(),
                                   compile_command(),
                                   show_command(),
                                   ls_command(),
                                   parse_command(),
                                   source_freshness_command(),
                                   docs_generate_command(),
                                   docs_serve_command(),
                                   deps_command(),
                                   run_operation_command(),
                                   retry_command(),
                                   clone_command(),
                                   debug_command(),
                                   clean_command(),
                                   ingest_command(),
                                   ingest_status_command(),
                                   ingest_inspect_command(),
                                   ingest_quarantine_list_command(),
                                   ingest_quarantine_show_command(),
                                   ingest_quarantine_replay_command(),
                                   ingest_quarantine_drop_command(),
                                   ingest_reset_command(),
                                   check_command(),
                                   up_command(),
                                   runs_list_command(),
                                   runs_show_command(),
                                   runs_logs_command(),
                                   query_command(),
                                   lineage_command(),
                                   pages_validate_command(),
                                   doctor_command()};
  return table;
}

const Command* find_command(std::string_view name) {
  const auto found = std::ranges::find_if(commands(), [&](const Command& command) {
    return command.name == name || (!name.empty() && command.alias == name);
  });
  return found == commands().end() ? nullptr : &*found;
}

std::vector<const Flag*> flags_of(const Command& command) {
  std::vector<const Flag*> flags;
  for (const Flag& flag : command.flags) flags.push_back(&flag);
  const unsigned of_group = command.group == CommandGroup::transform ? reads_project | follows_dbt : 0U;
  for (const Flag* shared : shared_flags(command.flag_groups | of_group))
    if (std::ranges::none_of(flags, [&](const Flag* known) { return known->name == shared->name; }))
      flags.push_back(shared);
  return flags;
}

const Flag* find_flag(const Command& command, std::string_view name) {
  const std::vector<const Flag*> flags = flags_of(command);
  const auto found = std::ranges::find(flags, name, &Flag::name);
  return found == flags.end() ? nullptr : *found;
}

}  // namespace rynd::cli

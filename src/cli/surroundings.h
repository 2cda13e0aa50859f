// Surroundings: what the folder a command is called in adds to its words: .env, the project above it, the project's
// flags.
#pragma once

#include <optional>

#include "base/dotenv.h"
#include "command.h"

namespace rynd::cli {

// The nearest folder, from the current one upwards, that holds a file of that name; "." for the current one.
std::optional<std::filesystem::path> find_above(Files& files, std::string_view name);

// The nearest .env from the current folder upwards; nothing where there is none.
std::optional<Dotenv> dotenv_here(World& world);

// Sets what nobody gave: the folder of the nearest project above, and `flags:` of its dbt_project.yml (or `config:` of
// profiles.yml, as long as dbt knows it). Fails where both are there, or a flag's value is none it can have.
Checked<void> add_surroundings(Invocation& invocation, World& world);

}  // namespace rynd::cli

// Forward: a command that needs the warehouse while a server of this project holds it is done by that server.
#pragma once

#include <optional>

#include "command.h"

namespace rynd::cli {

// The exit code where a running server did the command (and its output was printed as it came); nothing where no server
// holds this project's warehouse, or this is the server itself. Says on stderr that it goes through the server.
std::optional<int> forward_to_server(const Invocation& invocation, Session& session);

// The URL of the server that holds this project's warehouse; nothing where none runs.
std::optional<std::string> running_server(const std::filesystem::path& project_dir, World& world);

}  // namespace rynd::cli

// Event: something said about the work, with dbt's name, code and data for the programs that follow a command.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "base/node.h"

namespace rynd::cli {

enum class Level : unsigned char { debug, info, warn, error, none };

std::string_view name_of(Level level);
Level level_of(std::string_view name);

struct Event {
  std::string_view name;  // "LogModelResult"
  std::string_view code;  // "Q012"
  Level level = Level::info;
  std::string message = {};
  std::function<Node()> data = {};  // made only where somebody reads it; empty: {"msg": message}
  std::string thread = "MainThread";
};

}  // namespace rynd::cli

// All: the spec of each command, one function a file of this folder; commands.cpp puts them in one table.
#pragma once

#include "command.h"

namespace rynd::cli {

Command help_command();

}  // namespace rynd::cli

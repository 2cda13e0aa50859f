// Exit: the exit codes, in one place (the promise of `rynd help`).
#pragma once

#include "base/diagnostic.h"

namespace rynd::cli {

enum Exit : int {
  exit_done = 0,
  exit_failed = 1,   // the work failed: a model, a test, a check
  exit_unable = 2,   // the command could not be carried out: usage, broken project, no warehouse
  exit_waiting = 3,  // a person must decide first
  exit_interrupted = 130,
};

// Of loads that cannot be planned: exit_failed where it is only that --partition names what is no partition, which is
// bad input and not a wrong command line; else exit_unable.
Exit exit_of_plan(const Diagnostics& problems);

}  // namespace rynd::cli

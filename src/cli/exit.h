// Exit: the exit codes, in one place (the promise of `rynd help`).
#pragma once

namespace rynd::cli {

enum Exit : int {
  exit_done = 0,
  exit_failed = 1,   // the work failed: a model, a test, a check
  exit_unable = 2,   // the command could not be carried out: usage, broken project, no warehouse
  exit_waiting = 3,  // a person must decide first
  exit_interrupted = 130,
};

}  // namespace rynd::cli

// Exit: what a planned load's mistakes mean for the exit code.
#include "exit.h"

#include <algorithm>

namespace rynd::cli {

Exit exit_of_plan(const Diagnostics& problems) {
  // One in a source's file has a place there; one of the command line has none.
  const bool only_values = std::ranges::all_of(
      problems, [](const Diagnostic& problem) { return problem.code == Code::ingest_partition && !problem.span; });
  return only_values ? exit_failed : exit_unable;
}

}  // namespace rynd::cli

// Log reader: what a run log says, whatever happened to its writer.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "base/diagnostic.h"
#include "base/node.h"

namespace rynd::run {

struct LogContents {
  std::vector<Node> records;
  bool torn = false;                 // the last line was not whole: its writer died
  std::optional<Diagnostic> damage;  // RYND0510: a line in the middle does not fit its checksum; reading stopped there
};

// Fails with RYND0511 where the version line is another's, or where the text is no run log.
Result<LogContents> read_log(SourcePtr log);

}  // namespace rynd::run

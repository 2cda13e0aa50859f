// Moments: times on the command line and in artifacts.
#pragma once

#include <optional>
#include <string>

#include "base/clock.h"
#include "base/diagnostic.h"
#include "command.h"
#include "transform/transform.h"

namespace rynd::cli {

// "2024-05-01", "2024-05-01 10:00:00", "2024-05-01T10:00:00.5+00:00"; taken for UTC.
std::optional<Instant> parse_moment(const std::string& text);

// What --sample asks for: "3 days" up to now, or {start: TIME, end: TIME}; nothing where it is not given.
Result<std::optional<transform::TimeWindow>> sample_window(const Invocation& invocation, Clock& clock);

}  // namespace rynd::cli

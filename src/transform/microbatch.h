// Microbatch: an incremental model built window by window, each window a transaction of its own.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "parts.h"
#include "transform.h"

namespace rynd::transform {

struct Batch {
  std::string id;  // "20240501" for a day, "20240501T10" for an hour, "202405", "2024"
  Instant start;   // UTC, included
  Instant end;     // UTC, not included
};

// An incremental model with the strategy microbatch.
bool is_microbatch(const project::Resource& resource);

// The windows to be built now, the oldest first. Everything since `begin` where the table is not there yet or is built
// anew; else the window that `now` lies in and `lookback` ones before it. --event-time-start and -end, and a sample,
// say otherwise. Fails for a missing or wrong begin, batch_size or event_time.
Checked<std::vector<Batch>> batches_of(const project::Resource& resource, const Node& flags, Instant now,
                                       bool from_begin, const std::optional<TimeWindow>& sample = {});
// Windows of an earlier run.
Checked<std::vector<Batch>> batches_again(const project::Resource& resource, const std::vector<TimeWindow>& windows);

// "2024-05-01 00:00:00+00:00": a moment as SQL has it.
std::string sql_text(Instant instant);

// All windows in turn; those that fail leave the table as it was. Only the first one's failure stops the others.
NodeResult execute_batches(Runtime::Parts& parts, project::ResourceId id, engine::Connection& connection,
                           const ExecuteOptions& options);

}  // namespace rynd::transform

// Partition: the parts of a resource that are loaded and known one by one, by time or by name.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/diagnostic.h"
#include "ingest/source.h"

namespace rynd::ingest {

// "2011-06" and the like as the first day of its period; nullopt where it is none of that unit.
std::optional<std::chrono::sys_days> partition_day(std::string_view text, PartitionBy by);

// All partitions of a resource in order. Time partitions without a `to` end with the last that is over at `now`.
std::vector<std::string> partition_names(const Partitioning& partitioning, Instant now);

// What "VALUE" or "FROM..TO" names among them; RYND0207 where a side is no partition of this kind, or lies outside.
Result<std::vector<std::string>> partition_range(const Partitioning& partitioning, std::string_view wanted, Instant now,
                                                 const std::string& resource);

// The value of {partition}, {partition.year}, ... for a partition; nullopt for a name that is none of these.
std::optional<std::string> partition_value(std::string_view placeholder, PartitionBy by, std::string_view partition);

}  // namespace rynd::ingest

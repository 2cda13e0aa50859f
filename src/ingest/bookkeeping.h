// Bookkeeping: what the warehouse keeps of loads, in the source's schema, written in the transaction of the rows.
#pragma once

#include <string>
#include <vector>

#include "base/clock.h"
#include "base/diagnostic.h"
#include "engine/engine.h"
#include "ingest/ingest.h"

namespace rynd::ingest {

// "1763728000.123456": seconds since 1970, as dlt's; greater than `last`, which may be "".
std::string make_load_id(Clock& clock, const std::string& last);

// The schema and its four tables, where they are not there yet.
Result<void> make_bookkeeping(const std::string& schema, engine::Connection& connection);

Result<State> read_state(const Sources& sources, engine::Connection& connection);

// What one committed (or failed) partition leaves behind.
struct Record {
  const Source& source;
  const Resource& resource;
  PartitionState partition;
  Instant now;
};
Result<void> write_partition(const Record& record, engine::Connection& connection);
Result<void> write_load(const Record& record, const std::string& schema_hash, engine::Connection& connection);
Result<void> write_cursor(const Record& record, const Node& cursor, engine::Connection& connection);
// Forgets all about a resource but its quarantined rows.
Result<void> forget(const Source& source, const Resource& resource, engine::Connection& connection);

// "raw"."_dlt_loads" and the like.
std::string bookkeeping_table(const Source& source, std::string_view table);

}  // namespace rynd::ingest

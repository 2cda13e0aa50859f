// Ingest: sources to raw tables. read -> state -> plan -> prepare -> load, each load in one transaction a partition.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "base/diagnostic.h"
#include "base/world.h"
#include "engine/engine.h"
#include "ingest/source.h"

namespace rynd::ingest {

// All of `<project>/ingest/*.yml` and `*.yaml`, all mistakes at once; a project without the folder has no sources.
// Reads environment variables that the files name, and nothing else of the world.
Checked<Sources> read(const std::filesystem::path& project, World& world);

enum class PartitionStatus : uint8_t { loaded, missing, failed };
std::string_view to_text(PartitionStatus status);

// What the warehouse knows of one partition, file, or (with an empty name) whole resource.
struct PartitionState {
  std::string partition;
  PartitionStatus status = PartitionStatus::loaded;
  int64_t rows = 0, quarantined = 0;
  std::string fingerprint;  // size and time of its file when it was loaded
  std::string load_id;
  std::string message;
  std::string updated_at;  // ISO 8601, UTC
};

struct ResourceState {
  std::map<std::string, PartitionState> partitions;
  Node cursor;  // {"incremental": {...}, "parent_load_id": ...}; null before the first load
};

struct State {
  std::map<std::string, ResourceState> resources;  // by "source.resource"
};

// What was loaded so far; a warehouse that never saw a load has an empty state. Writes nothing.
Result<State> state(const Sources& sources, engine::Connection& connection);

struct Selection {
  // "source", "source.resource" or, where no source has that name, "resource"; with * and ?, and "source:" before it
  // where one likes. Empty: all.
  std::vector<std::string> names;
  std::optional<std::string> partitions;  // "2011-06" or "2011-03..2011-07"
  bool full_refresh = false;
  bool quarantined = false;      // only parts of which rows are in quarantine, again
  std::optional<int64_t> limit;  // rows a resource, for a first look; nothing of the state moves on
};

struct PartitionTask {
  std::string partition;  // "": the resource is loaded whole
  std::string reason;     // "new", "was missing", "failed before", "its file changed", "asked for", "full refresh"
};

// The work on one table; loads of different tables may run side by side, each on its own connection.
struct Load {
  size_t source = 0, resource = 0;  // indexes in Sources
  std::vector<PartitionTask> partitions;
  std::vector<size_t> after;  // loads (indexes in the plan) that must have ended before, whatever their outcome
  bool full_refresh = false;
  std::optional<int64_t> limit;
};

// Which loads the selection asks for; unknown names and partitions are told all at once, with the nearest ones. A
// resource with nothing to do has a load without partitions.
Checked<std::vector<Load>> plan(const Sources& sources, const State& state, const Selection& selection,
                                const std::filesystem::path& project, World& world);

// Makes the schemas and the bookkeeping tables. Once, before loads run side by side.
Result<void> prepare(const Sources& sources, engine::Connection& connection);

struct LoadProgress {
  std::string partition;
  size_t partitions_done = 0, partitions = 0;
  int64_t rows = 0;
  int64_t requests = 0;
};

struct PartitionReport {
  std::string partition;
  PartitionStatus status = PartitionStatus::loaded;
  int64_t rows = 0, quarantined = 0;
};

struct LoadReport {
  std::string source, resource, schema, load_id;  // load_id: of the last commit; "" where nothing was committed
  int64_t rows = 0, quarantined = 0, requests = 0;
  std::vector<PartitionReport> partitions;
  std::vector<std::string> schema_changes;  // "added column 'x' (BIGINT)", "widened 'y' from BIGINT to DOUBLE"
  Diagnostics problems;  // errors make the load failed; warnings (a missing file with on_missing: warn) do not
  bool stopped = false;

  bool ok() const { return !stopped && !has_errors(problems); }
};

// Loads one resource, partition by partition. What was committed stays when a later partition fails. Nothing of a
// partition that fails or is stopped stays but its status.
LoadReport load(const Sources& sources, const Load& load, const std::filesystem::path& project,
                engine::Connection& connection, World& world, std::stop_token stop = {},
                const std::function<void(const LoadProgress&)>& progress = {});

struct StatusRow {
  std::string source, resource, partition, status;  // status also "pending": in the plan, never tried
  int64_t rows = 0, quarantined = 0;
  std::string updated_at, message;
};

// Every partition of the selected resources, or those that the selection names, also those never tried.
Checked<std::vector<StatusRow>> status(const Sources& sources, const State& state, const Selection& selection,
                                       const std::filesystem::path& project, World& world);

// Drops the tables of a source (or of "source.resource") and forgets all about them; in one transaction.
Result<void> reset(const Sources& sources, std::string_view name, engine::Connection& connection);

struct QuarantineRow {
  std::string load_id, source, resource, partition, file, reason, row;
  std::optional<int64_t> line;
};
// Newest loads first; `limit` at most. RYND0206 where the selection names what is not there.
Checked<std::vector<QuarantineRow>> quarantine(const Sources& sources, const Selection& selection,
                                               engine::Connection& connection, size_t limit);
// Forgets the quarantined rows of what is selected, with their counts, in one transaction; how many there were.
Checked<int64_t> drop_quarantine(const Sources& sources, const Selection& selection, engine::Connection& connection);

// What is behind a URL or in a file: the YAML that would load it, with the columns that were found.
Result<std::string> inspect(std::string_view url_or_file, engine::Connection& connection, World& world,
                            std::stop_token stop = {});

}  // namespace rynd::ingest

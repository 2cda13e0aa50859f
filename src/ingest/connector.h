// Connector: reads what a part of a resource is and puts it on the stage. It never decides that data is safe: the
// loader's commit does.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>

#include "base/world.h"
#include "ingest/ingest.h"
#include "parts.h"
#include "stage.h"

namespace rynd::ingest {

// All that a connector needs to know; what it points to outlives it.
struct Job {
  const Source& source;
  const Resource& resource;
  const Part& part;
  const std::filesystem::path& project;
  engine::Connection& connection;
  World& world;
  std::stop_token stop;
  std::optional<std::string> start;  // of the cursor; nullopt: from the beginning
  std::string parent_load_id;        // the parent's rows after this load; "": all
  std::optional<int64_t> limit;      // rows
  std::function<void(int64_t rows, int64_t requests)> progress;
};

struct Outcome {
  std::string missing;  // why there is nothing to load: "'data/2011-06.csv.gz' is not there"; "": it was read
  int64_t requests = 0;
  std::string parent_load_id;  // the newest load of the parent whose rows were asked for
};

Result<Outcome> read_files(const Job& job, Stage& stage);
Result<Outcome> read_rest(const Job& job, Stage& stage);

}  // namespace rynd::ingest

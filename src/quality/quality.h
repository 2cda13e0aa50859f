// Quality: does a table deserve trust? Runs data tests, unit tests and source freshness, and keeps what they found as
// rows.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "base/diagnostic.h"
#include "base/node.h"
#include "base/world.h"
#include "engine/engine.h"
#include "project/project.h"
#include "transform/transform.h"

namespace rynd::quality {

struct CheckOptions {
  size_t sample_rows = 20;  // failing rows kept of each check
};

// What became of one source's freshness. `result.status` is pass, warn, error (too old) or runtime_error (not known).
struct FreshnessResult {
  transform::NodeResult result;
  Node entry = Node::map();  // its entry in target/sources.json (v3), as dbt writes it
};

// The checks of one command. Safe to use from several threads, each with its own Connection and node; project, runtime
// and world must outlive it.
class Checks {
 public:
  Checks(const project::Project& project, transform::Runtime& runtime, World& world, CheckOptions options = {});
  ~Checks();
  Checks(const Checks&) = delete;
  Checks& operator=(const Checks&) = delete;

  // A data test or a unit test: pass, warn, fail or error. What it found is remembered for record().
  transform::NodeResult run(project::ResourceId id, engine::Connection& connection,
                            const transform::ExecuteOptions& options = {});

  // A source table with a `freshness` rule.
  FreshnessResult freshness(project::ResourceId id, engine::Connection& connection,
                            const transform::ExecuteOptions& options = {});

  // Adds a row for each check that was run to rynd.check_results (docs/formats/check-results.md), in one transaction;
  // makes the table where it is not there. Only in a project with a rynd.yml that does not say `quality: {record:
  // false}`.
  Result<void> record(std::string_view run_id, engine::Connection& connection);

  struct Parts;

 private:
  std::unique_ptr<Parts> parts_;
};

// {"metadata", "results", "elapsed_time"} of target/sources.json around the entries; `metadata` is the caller's.
Node sources_json(Node metadata, std::span<const FreshnessResult> results, double elapsed_time);

}  // namespace rynd::quality

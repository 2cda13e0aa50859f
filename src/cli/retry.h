// Retry: what of an earlier run is done again.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "base/clock.h"
#include "project/select.h"
#include "transform/transform.h"

namespace rynd::cli {

struct Retry {
  std::set<std::string> unique_ids;
  // Microbatch models of which some windows were built: those that were not.
  std::map<std::string, std::vector<transform::TimeWindow>> batches;
  Instant began;  // the earlier run
};

// The nodes of the project that are done again, in the graph's order; selections are not asked again.
project::Selection selection_of(const Retry& retry, const project::Project& project);

// What microbatch models are to do.
void take_batches(const Retry& retry, const project::Project& project, transform::RuntimeOptions& options);

}  // namespace rynd::cli

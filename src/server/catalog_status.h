// CatalogStatus: how a resource stands: its last run, and its tests' last words.
#pragma once

#include <cstdint>
#include <string>

#include "base/node.h"
#include "catalog_view.h"
#include "history.h"

namespace rynd::server {

struct TestCounts {
  int64_t pass = 0;
  int64_t warn = 0;
  int64_t fail = 0;
  int64_t unknown = 0;  // never ran
};

// nullptr: it never ran.
const LastRun* last_run(const LastRuns& runs, const std::string& id);
const LastRun* last_run(const LastRuns& runs, const project::Resource& resource);
TestCounts count_tests(const CatalogSnapshot& seen, const LastRuns& runs, project::ResourceId id);
// {pass, warn, fail, unknown}
Node counts_node(const TestCounts& counts);

}  // namespace rynd::server

// CatalogStatus: the run logs' words, counted for one resource.
#include "catalog_status.h"

#include <fmt/format.h>

namespace rynd::server {

const LastRun* last_run(const LastRuns& runs, const std::string& id) {
  const auto found = runs.nodes.find(id);
  return found == runs.nodes.end() ? nullptr : &found->second;
}

// A source's table is loaded by the run's task of its source.
const LastRun* last_run(const LastRuns& runs, const project::Resource& resource) {
  if (const LastRun* run = last_run(runs, resource.unique_id)) return run;
  if (!resource.source || !resource.source->ingested) return nullptr;
  return last_run(runs, fmt::format("ingest.{}.{}", resource.package, resource.source->source_name));
}

TestCounts count_tests(const CatalogSnapshot& seen, const LastRuns& runs, project::ResourceId id) {
  TestCounts counts;
  for (const project::ResourceId test : seen.tests[id]) {
    const LastRun* run = last_run(runs, seen.project->at(test).unique_id);
    if (run == nullptr || run->status == "skipped")
      ++counts.unknown;
    else if (run->status == "pass" || run->status == "success")
      ++counts.pass;
    else if (run->status == "warn")
      ++counts.warn;
    else
      ++counts.fail;
  }
  return counts;
}

Node counts_node(const TestCounts& counts) {
  Node node = Node::map();
  node.set("pass", Node::of(counts.pass));
  node.set("warn", Node::of(counts.warn));
  node.set("fail", Node::of(counts.fail));
  node.set("unknown", Node::of(counts.unknown));
  return node;
}

}  // namespace rynd::server

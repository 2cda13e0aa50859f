// Retry: ids to nodes.
#include "retry.h"

namespace rynd::cli {

project::Selection selection_of(const Retry& retry, const project::Project& project) {
  project::Selection selection;
  selection.contains.assign(project.resources.size(), false);
  for (const project::ResourceId id : project.graph.order()) {
    if (!retry.unique_ids.contains(project.at(id).unique_id)) continue;
    selection.contains[id] = true;
    selection.nodes.push_back(id);
  }
  return selection;
}

void take_batches(const Retry& retry, const project::Project& project, transform::RuntimeOptions& options) {
  options.batches_now = retry.began;
  for (const auto& [unique_id, windows] : retry.batches) {
    const project::ResourceId id = project.find(unique_id);
    if (id != project::no_resource) options.batches.emplace(id, windows);
  }
}

}  // namespace rynd::cli

// State: artifacts of another run: what selections compare with, and what is deferred to.
#pragma once

#include <optional>
#include <utility>
#include <vector>

#include "base/node.h"
#include "command.h"
#include "engine/relation.h"
#include "project/project.h"
#include "project/select.h"

namespace rynd::cli {

// The artifacts of --state and of this project's target folder; each may be absent, and broken ones of --state are
// mistakes. Keep it while `inputs()` is used.
class StateFiles {
 public:
  StateFiles(const Invocation& invocation, Session& session, const project::Project& project, Diagnostics& mistakes);
  project::StateInputs inputs() const;

 private:
  std::optional<Document> manifest_, run_results_, sources_, current_sources_;
};

// A JSON artifact; nothing where it is not there, or cannot be read, which is noted in `mistakes`.
std::optional<Document> read_artifact(Files& files, const std::filesystem::path& path, Diagnostics& mistakes);

// Where the nodes of the manifest in --defer-state (else --state) are: those that the project has too, but for
// ephemeral ones. Fails where neither is given or there is no manifest.
Checked<std::vector<std::pair<project::ResourceId, engine::Relation>>> deferred_relations(
    const Invocation& invocation, Session& session, const project::Project& project);

}  // namespace rynd::cli

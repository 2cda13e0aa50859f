// Building: what run, test, build, seed, snapshot, ingest and source freshness have in common, from project to report.
#pragma once

#include <functional>
#include <vector>

#include "command.h"
#include "ingest/ingest.h"
#include "project/project.h"
#include "run/runner.h"

namespace rynd::cli {

// What of the selection a command works on, and how.
struct BuildKind {
  std::vector<project::ResourceType> types;
  bool tests_guard_children = false;
  bool freshness = false;
  bool hooks = true;
  bool clones = false;  // nodes become clones of their relations in --state, in no order
  bool selects = true;  // false: nothing is selected, only what `loads` asks for is done
  // Which loads of ingest/*.yml come before the rest; null: none.
  std::function<Checked<ingest::Selection>(const project::Project&, const project::Selection&)> loads = {};
};

// For BuildKind::loads: sources of ingest/*.yml above the selected nodes that have something new, where rynd.yml says
// that builds load them (`build: {ingest_stale_sources: true}`).
std::function<Checked<ingest::Selection>(const project::Project&, const project::Selection&)> stale_sources();

// load project -> select -> plan -> execute -> write artifacts -> exit code.
int build_nodes(const Invocation& invocation, Session& session, const BuildKind& kind);

}  // namespace rynd::cli

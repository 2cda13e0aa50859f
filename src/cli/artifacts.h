// Artifacts: when commands write dbt's files into target/.
#pragma once

#include <span>

#include "command.h"
#include "project/project.h"
#include "project/select.h"
#include "run/observer.h"

namespace rynd::cli {

// manifest.json, with the compiled code of `results`. Nothing where --no-write-json says so. False, and reported, where
// it cannot be written.
bool write_manifest(const Invocation& invocation, Session& session, const project::Project& project,
                    std::span<const transform::NodeResult> results);
// manifest.json and run_results.json.
bool write_run_artifacts(const Invocation& invocation, Session& session, const project::Project& project,
                         const run::RunReport& report);

// The folder of artifacts.
std::filesystem::path target_folder(const project::Project& project);

}  // namespace rynd::cli

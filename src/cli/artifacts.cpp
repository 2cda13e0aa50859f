// Artifacts: writing manifest.json and run_results.json.
#include "artifacts.h"

#include "base/json.h"
#include "catalog/artifacts.h"
#include "opening.h"

namespace rynd::cli {
namespace {

bool write_file(Session& session, const std::filesystem::path& path, const Node& node) {
  const Result<void> written = session.world.files.write(path, json::write(node));
  if (!written) session.console.report(written.error());
  return written.has_value();
}

}  // namespace

std::filesystem::path target_folder(const project::Project& project) {
  return project.dir / project.root().settings.target_path;
}

bool write_manifest(const Invocation& invocation, Session& session, const project::Project& project,
                    std::span<const transform::NodeResult> results) {
  if (!flag(invocation, project, "write-json", true)) return true;
  const catalog::Making making{session.world.clock.now(), project.invocation_args};
  return write_file(session, target_folder(project) / "manifest.json", catalog::manifest(project, results, making));
}

bool write_run_artifacts(const Invocation& invocation, Session& session, const project::Project& project,
                         const run::RunReport& report) {
  if (!flag(invocation, project, "write-json", true)) return true;
  const catalog::Making making{session.world.clock.now(), project.invocation_args};
  const Node results = catalog::run_results(project, report.results, report.seconds(), making);
  return write_manifest(invocation, session, project, report.results) &&
         write_file(session, target_folder(project) / "run_results.json", results);
}

}  // namespace rynd::cli

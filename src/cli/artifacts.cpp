// Artifacts: writing manifest.json and run_results.json.
#include "artifacts.h"

#include "base/json.h"
#include "catalog/artifacts.h"
#include "opening.h"

namespace rynd::cli {
namespace {

// `type` is dbt's class of the artifact.
bool write_file(Session& session, const std::filesystem::path& path, const Node& node, std::string_view type) {
  const Result<void> written = session.world.files.write(path, json::write(node));
  if (!written) session.console.report(written.error());
  const std::string whole = std::filesystem::absolute(path).lexically_normal().string();
  if (written && session.console.events) {
    session.console.events->fire(
        {"ArtifactWritten", "P001", Level::debug, "Wrote artifact " + std::string(type) + " to " + whole, [&] {
           Node data = Node::map();
           data.set("artifact_path", Node::of(whole));
           data.set("artifact_type", Node::of(type));
           return data;
         }});
  }
  return written.has_value();
}

}  // namespace

std::filesystem::path target_folder(const project::Project& project) {
  return project.dir / project.root().settings.target_path;
}

bool write_manifest(const Invocation& invocation, Session& session, const project::Project& project,
                    std::span<const transform::NodeResult> results) {
  if (!invocation.toggle("write-json")) return true;
  const catalog::Making making{session.world.clock.now(), project.invocation_args};
  return write_file(session, target_folder(project) / "manifest.json", catalog::manifest(project, results, making),
                    "WritableManifest");
}

bool write_run_artifacts(const Invocation& invocation, Session& session, const project::Project& project,
                         const run::RunReport& report) {
  if (!invocation.toggle("write-json")) return true;
  const catalog::Making making{session.world.clock.now(), project.invocation_args};
  const Node results = catalog::run_results(project, report.results, report.seconds(), making);
  return write_manifest(invocation, session, project, report.results) &&
         write_file(session, target_folder(project) / "run_results.json", results, "RunExecutionResult");
}

}  // namespace rynd::cli

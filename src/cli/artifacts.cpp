// Artifacts: writing manifest.json and run_results.json.
#include "artifacts.h"

#include <fmt/format.h>

#include "base/json.h"
#include "catalog/artifacts.h"
#include "opening.h"

namespace rynd::cli {
namespace {

// `type` is dbt's class of the artifact.
bool report_written(Session& session, const std::filesystem::path& path, std::string_view type,
                    const Result<void>& written) {
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

// What manifest.json is a manifest of: written beside it, so that nothing is written again that would say the same.
std::string stamp_of(const project::Project& project, const FileInfo& manifest) {
  return fmt::format("rynd-manifest 1 {:016x} {} {} {}\n", project.fingerprint, manifest.size, manifest.modified_us,
                     manifest.changed_us);
}

bool is_of(Files& files, const std::filesystem::path& folder, const project::Project& project) {
  const auto manifest = files.info(folder / "manifest.json");
  if (!project.fingerprint || !manifest || manifest->changed_us == 0 || !files.info(folder / "manifest.rynd"))
    return false;
  const Result<std::string> stamp = files.read(folder / "manifest.rynd");
  return stamp && *stamp == stamp_of(project, *manifest);
}

void write_stamp(Files& files, const std::filesystem::path& folder, const project::Project& project) {
  const auto manifest = files.info(folder / "manifest.json");
  if (!project.fingerprint || !manifest) return;
  (void)files.write_pieces(folder / "manifest.rynd", [&](const TextSink& out) { out(stamp_of(project, *manifest)); });
}

}  // namespace

std::filesystem::path target_folder(const project::Project& project) {
  return project.dir / project.root().settings.target_path;
}

bool write_manifest(const Invocation& invocation, Session& session, const project::Project& project,
                    std::span<const transform::NodeResult> results) {
  if (!invocation.toggle("write-json")) return true;
  Files& files = session.world.files;
  const std::filesystem::path folder = target_folder(project);
  if (results.empty() && is_of(files, folder, project)) return true;
  const catalog::Making making{session.world.clock.now(), project.invocation_args};
  const std::filesystem::path path = folder / "manifest.json";
  const Result<void> written =
      files.write_pieces(path, [&](const TextSink& out) { catalog::write_manifest(project, results, making, out); });
  if (written && results.empty()) write_stamp(files, folder, project);
  return report_written(session, path, "WritableManifest", written);
}

bool write_run_artifacts(const Invocation& invocation, Session& session, const project::Project& project,
                         const run::RunReport& report) {
  if (!invocation.toggle("write-json")) return true;
  const catalog::Making making{session.world.clock.now(), project.invocation_args};
  const Node results = catalog::run_results(project, report.results, report.seconds(), making);
  const std::filesystem::path path = target_folder(project) / "run_results.json";
  return write_manifest(invocation, session, project, report.results) &&
         report_written(session, path, "RunExecutionResult", session.world.files.write(path, json::write(results)));
}

}  // namespace rynd::cli

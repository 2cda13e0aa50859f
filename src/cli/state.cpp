// State: reading artifacts.
#include "state.h"

#include "base/json.h"

namespace rynd::cli {
namespace {

using project::Project;

// As dbt: below the project's folder, unless it is there from here.
std::filesystem::path located(const std::string& folder, Files& files, const Project& project) {
  const std::filesystem::path path = folder;
  return path.is_relative() && !files.is_folder(path) ? project.dir / path : path;
}

const Node* root(const std::optional<Document>& document) { return document ? &document->root : nullptr; }

std::string text(const Node& node, std::string_view key) {
  const Node* value = node.find(key);
  return value && value->is_scalar() && !value->is_null() ? value->text : "";
}

bool is_built(const Node& node) {
  const std::string type = text(node, "resource_type");
  if (type != "model" && type != "seed" && type != "snapshot") return false;
  const Node* config = node.find("config");
  return !config || text(*config, "materialized") != "ephemeral";
}

}  // namespace

std::optional<Document> read_artifact(Files& files, const std::filesystem::path& path, Diagnostics& mistakes) {
  if (!files.exists(path)) return std::nullopt;
  Result<std::string> text = files.read(path);
  Result<Document> document = text ? json::read(make_source(path.lexically_normal().string(), std::move(*text)))
                                   : Result<Document>(fail(std::move(text.error())));
  if (document) return std::move(*document);
  mistakes.push_back(std::move(document.error()));
  return std::nullopt;
}

StateFiles::StateFiles(const Invocation& invocation, Session& session, const Project& project, Diagnostics& mistakes) {
  Files& files = session.world.files;
  if (invocation.given("state")) {
    const std::filesystem::path folder = located(invocation.text("state"), files, project);
    manifest_ = read_artifact(files, folder / "manifest.json", mistakes);
    run_results_ = read_artifact(files, folder / "run_results.json", mistakes);
    sources_ = read_artifact(files, folder / "sources.json", mistakes);
  }
  // Of this project, and written again by the next `source freshness`: a broken one is as good as none.
  Diagnostics ignored;
  current_sources_ = read_artifact(files, project.dir / project.root().settings.target_path / "sources.json", ignored);
}

project::StateInputs StateFiles::inputs() const {
  return {root(manifest_), root(run_results_), root(sources_), root(current_sources_)};
}

Checked<std::vector<std::pair<project::ResourceId, engine::Relation>>> deferred_relations(const Invocation& invocation,
                                                                                          Session& session,
                                                                                          const Project& project) {
  const std::string folder = invocation.text(invocation.given("defer-state") ? "defer-state" : "state");
  if (folder.empty()) {
    return fail_all({{.code = Code::state_missing,
                      .message = "--state or --defer-state are required for deferral, but neither was provided"}});
  }
  Files& files = session.world.files;
  Diagnostics mistakes;
  const std::optional<Document> manifest =
      read_artifact(files, located(folder, files, project) / "manifest.json", mistakes);
  if (!mistakes.empty()) return fail_all(std::move(mistakes));
  const Node* nodes = manifest ? manifest->root.find("nodes") : nullptr;
  if (!nodes) {
    return fail_all({{.code = Code::state_missing,
                      .message = "Could not find manifest in --state path: \"" + folder + "\"",
                      .help = "give the folder that holds the manifest.json of another run"}});
  }
  std::vector<std::pair<project::ResourceId, engine::Relation>> deferred;
  for (const Entry& entry : nodes->entries) {
    const project::ResourceId id = project.find(entry.key);
    if (id == project::no_resource || !is_built(entry.value)) continue;
    deferred.emplace_back(id, engine::Relation{.database = text(entry.value, "database"),
                                               .schema = text(entry.value, "schema"),
                                               .identifier = text(entry.value, "alias")});
  }
  return deferred;
}

}  // namespace rynd::cli

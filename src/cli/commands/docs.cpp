// docs generate: manifest.json, and catalog.json with what the warehouse says of the project's relations.
#include "artifacts.h"
#include "base/json.h"
#include "catalog/artifacts.h"
#include "commands/all.h"
#include "forward.h"
#include "opening.h"

namespace rynd::cli {
namespace {

constexpr Flag own_flags[] = {
    {"empty-catalog", FlagKind::toggle, "do not ask the warehouse"},
    {"compile", FlagKind::toggle, ""},
    {"static", FlagKind::toggle, ""},
};

int run_docs(const Invocation& invocation, Session& session) {
  if (const std::optional<int> code = forward_to_server(invocation, session)) return *code;
  Console& console = session.console;
  const auto output = template_output(invocation, console);
  const auto project = open_project(invocation, session, output.get());
  if (!project) return exit_unable;
  std::vector<engine::RelationDetail> details;
  if (!invocation.toggle("empty-catalog")) {
    Warehouse warehouse(*project, session);
    const std::unique_ptr<engine::Connection> connection = connect(warehouse, session);
    if (!connection) return exit_unable;
    Result<std::vector<engine::RelationDetail>> found = connection->details(relation_schemas(*project));
    if (!found) {
      console.report(found.error());
      return exit_unable;
    }
    details = std::move(*found);
  }
  const catalog::Making making{session.world.clock.now(), {}};
  const std::filesystem::path path = target_folder(*project) / "catalog.json";
  const Result<void> written =
      session.world.files.write(path, json::write(catalog::catalog_json(*project, details, making)));
  if (!written) {
    console.report(written.error());
    return exit_unable;
  }
  if (!write_manifest(invocation, session, *project, {})) return exit_unable;
  console.say("Catalog written to " + path.lexically_normal().string());
  return exit_done;
}

}  // namespace

Command docs_generate_command() {
  return {.name = "docs generate",
          .group = CommandGroup::transform,
          .summary = "write target/manifest.json and target/catalog.json",
          .flag_groups = selects,
          .flags = own_flags,
          .details = "For tools that read dbt's artifacts. rynd's own catalog is part of 'rynd up'.",
          .examples = "rynd docs generate",
          .run = run_docs};
}

}  // namespace rynd::cli

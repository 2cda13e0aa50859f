// docs generate: manifest.json, catalog.json with what the warehouse says of the project's relations, and a page that
// shows both. docs serve: that page in the browser.
#include <fmt/format.h>

#include <algorithm>

#include "artifacts.h"
#include "base/json.h"
#include "base/text.h"
#include "catalog/artifacts.h"
#include "commands/all.h"
#include "compiling.h"
#include "embedded_docs.h"
#include "forward.h"
#include "opening.h"
#include "server/folder.h"

namespace rynd::cli {
namespace {

using project::ResourceType;

constexpr Flag generate_flags[] = {
    {"compile", FlagKind::toggle, "compile the nodes first (the default)", {}, {}, {}, {}, false, "true"},
    {"empty-catalog", FlagKind::toggle, "do not ask the warehouse"},
    {"static", FlagKind::toggle, "write static_index.html too, one file that needs no others"},
};
constexpr Flag serve_flags[] = {
    {"host", FlagKind::value, "address to listen on", {}, "ADDRESS", {}, {}, true, "127.0.0.1"},
    {"port", FlagKind::number, "port to listen on; 0: any free one", {}, "N", {}, {}, false, "8080"},
    {"browser", FlagKind::toggle, "", {}, {}, {}, {}, false, "true"},
};

std::string page() { return std::string(embedded_docs().front().bytes); }

// JSON within a page: a "</script>" in it must not end the script.
std::string inlined(const std::string& json) { return replace_all(json, "</", "<\\/"); }

bool write(Session& session, const std::filesystem::path& path, const std::string& text) {
  const Result<void> written = session.world.files.write(path, text);
  if (!written) session.console.report(written.error());
  return written.has_value();
}

// The relations of the selected nodes and sources.
std::vector<engine::RelationDetail> selected_details(const project::Project& project,
                                                     const project::Selection& selection,
                                                     std::vector<engine::RelationDetail> details) {
  std::erase_if(details, [&](const engine::RelationDetail& detail) {
    return std::ranges::none_of(selection.nodes, [&](project::ResourceId id) {
      const project::Resource& resource = project.at(id);
      const std::string& name = resource.source ? resource.source->identifier : resource.alias;
      return iequals(resource.schema, detail.relation.schema) && iequals(name, detail.relation.identifier);
    });
  });
  return details;
}

bool copy_assets(Session& session, const project::Project& project) {
  for (const std::string& asset : project.root().settings.asset_paths) {
    for (const FileInfo& file : session.world.files.list(project.dir / asset)) {
      const Result<std::string> bytes = session.world.files.read(project.dir / asset / file.path);
      if (!bytes) {
        session.console.report(bytes.error());
        return false;
      }
      if (!write(session, target_folder(project) / asset / file.path, *bytes)) return false;
    }
  }
  return true;
}

bool write_pages(const Invocation& invocation, Session& session, const project::Project& project,
                 const std::string& catalog) {
  const std::filesystem::path folder = target_folder(project);
  if (!write(session, folder / "index.html", page())) return false;
  if (!invocation.toggle("static")) return true;
  const Result<std::string> manifest = session.world.files.read(folder / "manifest.json");
  if (!manifest) {
    session.console.report(manifest.error());
    return false;
  }
  std::string text = replace_all(page(), "\"MANIFEST.JSON INLINE DATA\"", inlined(*manifest));
  text = replace_all(text, "\"CATALOG.JSON INLINE DATA\"", inlined(catalog));
  return write(session, folder / "static_index.html", text);
}

// Asks the warehouse, and writes the catalog and the page. The manifest is the one that compiling wrote: as in dbt,
// --no-compile leaves the one that is there.
int write_docs(const Invocation& invocation, Session& session, const project::Project& project,
               engine::Connection* connection) {
  std::vector<engine::RelationDetail> details;
  if (connection) {
    session.console.say({"BuildingCatalog", "E044", Level::info, "Building catalog"});
    Result<std::vector<engine::RelationDetail>> found = connection->details(relation_schemas(project));
    if (!found) {
      session.console.report(found.error());
      return exit_unable;
    }
    const std::optional<project::Selection> selection =
        select_nodes(invocation, session, project,
                     {ResourceType::model, ResourceType::seed, ResourceType::snapshot, ResourceType::source});
    if (!selection) return exit_unable;
    details = selected_details(project, *selection, std::move(*found));
  }
  const catalog::Making making{session.world.clock.now(), {}};
  const std::string catalog = json::write(catalog::catalog_json(project, details, making));
  const std::filesystem::path path = target_folder(project) / "catalog.json";
  if (!write(session, path, catalog) || !write_pages(invocation, session, project, catalog) ||
      !copy_assets(session, project))
    return exit_unable;
  const std::string whole = std::filesystem::absolute(path).lexically_normal().string();
  session.console.say({"CatalogWritten", "E041", Level::info, "Catalog written to " + whole, [&] {
                         Node data = Node::map();
                         data.set("path", Node::of(whole));
                         return data;
                       }});
  return exit_done;
}

int generate_compiled(const Invocation& invocation, Session& session) {
  CompileRun run(invocation, session);
  if (run.exit_code()) return *run.exit_code();
  const std::vector<CompiledNode> nodes = run.compile();
  run.write_artifacts();
  if (session.stop.stop_requested()) return exit_interrupted;
  if (std::ranges::any_of(nodes, [](const CompiledNode& node) { return !node.compiled; })) {
    session.console.say({"CannotGenerateDocs", "E038", Level::info, "compile failed, cannot generate docs"});
    return exit_failed;
  }
  engine::Connection* connection = invocation.toggle("empty-catalog") ? nullptr : &run.connection();
  return write_docs(invocation, session, run.project(), connection);
}

int run_generate(const Invocation& invocation, Session& session) {
  if (invocation.toggle("compile")) return generate_compiled(invocation, session);
  if (const std::optional<int> code = forward_to_server(invocation, session)) return *code;
  const auto output = template_output(invocation, session.console);
  const auto project = open_project(invocation, session, output.get());
  if (!project) return exit_unable;
  if (invocation.toggle("empty-catalog")) return write_docs(invocation, session, *project, nullptr);
  Warehouse warehouse(*project, session);
  const std::unique_ptr<engine::Connection> connection = connect(warehouse, session);
  return connection ? write_docs(invocation, session, *project, connection.get()) : exit_unable;
}

int run_serve(const Invocation& invocation, Session& session) {
  const Checked<project::Opened> opened = open_settings(invocation, session);
  if (!opened) return exit_unable;
  const std::filesystem::path folder = std::filesystem::path(invocation.text("project-dir", ".")) /
                                       invocation.text("target-path", opened->settings.target_path);
  if (!session.world.files.exists(folder / "catalog.json")) {
    session.console.report({.code = Code::file_not_found,
                            .message = "there is no catalog.json in '" + folder.lexically_normal().string() + "'",
                            .help = "run 'rynd docs generate' first"});
    return exit_unable;
  }
  if (!write(session, folder / "index.html", page())) return exit_unable;
  const std::string host = invocation.text("host");
  const auto ready = [&](int port) {
    session.console.out(fmt::format("Serving docs at {}\nTo access from your browser, navigate to: http://{}:{}\n",
                                    port, host == "127.0.0.1" ? "localhost" : host, port));
    session.console.say("Press Ctrl+C to exit.");
  };
  const Result<void> served =
      server::serve_folder(folder, host, invocation.number("port").value_or(8080), ready, session.world, session.stop);
  if (served) return exit_done;
  session.console.report(served.error());
  return exit_unable;
}

}  // namespace

Command docs_generate_command() {
  return {.name = "docs generate",
          .group = CommandGroup::transform,
          .summary = "write target/manifest.json, target/catalog.json and a page that shows them",
          .flag_groups = selects,
          .flags = generate_flags,
          .details =
              "The page is target/index.html, which 'rynd docs serve' shows; --static makes one file of all three. "
              "rynd's own catalog is part of 'rynd up'.",
          .examples = "rynd docs generate\nrynd docs generate --static",
          .run = run_generate};
}

Command docs_serve_command() {
  return {.name = "docs serve",
          .group = CommandGroup::transform,
          .summary = "show the page that 'docs generate' made in the browser",
          .flags = serve_flags,
          .details = "Serves the target folder, read-only, until Ctrl-C.",
          .examples = "rynd docs serve\nrynd docs serve --port 8081",
          .run = run_serve};
}

}  // namespace rynd::cli

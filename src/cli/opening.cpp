// Opening: options to project, selection and warehouse.
#include "opening.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/json.h"
#include "base/suggest.h"
#include "base/text.h"
#include "base/yaml.h"
#include "project/context.h"
#include "run/warehouse.h"
#include "transform/transform.h"

namespace rynd::cli {
namespace {

using project::Project;
using project::ResourceType;

class ConsoleOutput final : public project::TemplateOutput {
 public:
  ConsoleOutput(Console& console, bool debug, bool print) : console_(console), debug_(debug), print_(print) {}
  void log(std::string_view text, bool info) override {
    if (info || debug_) console_.say(text);
  }
  void print(std::string_view text) override {
    if (print_) console_.out(std::string(text) + "\n");
  }
  void warn(std::string_view text) override { console_.say("[WARNING]: " + std::string(text)); }

 private:
  Console& console_;
  bool debug_;
  bool print_;
};

Checked<Node> vars_of(const Invocation& invocation) {
  if (!invocation.given("vars")) return Node::map();
  Checked<Document> vars = yaml::read(make_source("--vars", invocation.text("vars")));
  if (!vars) return fail_all(std::move(vars.error()));
  if (vars->root.is_null()) return Node::map();
  if (!vars->root.is_mapping()) {
    return fail_all({{.code = Code::usage,
                      .message = "--vars must be a YAML mapping",
                      .span = vars->span(vars->root),
                      .help = "for example: --vars 'start_date: 2024-01-01'"}});
  }
  return std::move(vars->root);
}

Node value_of(const Flag& flag, const std::vector<std::string>& values) {
  if (flag.kind == FlagKind::toggle) return Node::of(values.back() == "true");
  if (flag.kind == FlagKind::number) return Node::of(static_cast<int64_t>(std::stoll(values.back())));
  if (flag.kind == FlagKind::value) return Node::of(values.back());
  Node list = Node::list();
  for (const std::string& value : values) list.items.push_back(Node::of(value));
  return list;
}

// dbt's name of a command in `flags.WHICH`.
std::string which(const Command& command) {
  if (command.name == "ls") return "list";
  if (command.name == "docs generate") return "generate";
  if (command.name == "source freshness") return "freshness";
  return std::string(command.name);
}

std::vector<ResourceType> types_named(const std::vector<std::string>& names, Diagnostics& mistakes) {
  std::vector<ResourceType> types;
  for (const std::string& list : names) {
    for (const std::string& name : split(list, ' ')) {
      if (name.empty() || name == "all" || name == "default") continue;
      if (const auto type = project::resource_type_of(name)) {
        types.push_back(*type);
        continue;
      }
      std::vector<std::string> known;
      for (int type = 0; type < project::resource_type_count; ++type)
        known.emplace_back(name_of(static_cast<ResourceType>(type)));
      mistakes.push_back({.code = Code::usage,
                          .message = fmt::format("Invalid value for '--resource-type': '{}'", name),
                          .notes = {"types: " + join(known, ", ")},
                          .help = did_you_mean(name, known)});
    }
  }
  return types;
}

// Artifacts of --state, kept while the selection looks at them.
struct StateFiles {
  std::optional<Document> manifest, run_results, sources, current_sources;

  static std::optional<Document> read(Files& files, const std::filesystem::path& path, Diagnostics& mistakes) {
    if (!files.exists(path)) return std::nullopt;
    Result<std::string> text = files.read(path);
    Result<Document> document = text ? json::read(make_source(path.lexically_normal().string(), std::move(*text)))
                                     : Result<Document>(fail(std::move(text.error())));
    if (document) return std::move(*document);
    mistakes.push_back(std::move(document.error()));
    return std::nullopt;
  }
  static const Node* root(const std::optional<Document>& document) { return document ? &document->root : nullptr; }
};

StateFiles state_files(const Invocation& invocation, Session& session, const Project& project, Diagnostics& mistakes) {
  StateFiles state;
  Files& files = session.world.files;
  if (invocation.given("state")) {
    std::filesystem::path folder = invocation.text("state");
    if (folder.is_relative() && !files.is_folder(folder)) folder = project.dir / folder;
    state.manifest = StateFiles::read(files, folder / "manifest.json", mistakes);
    state.run_results = StateFiles::read(files, folder / "run_results.json", mistakes);
    state.sources = StateFiles::read(files, folder / "sources.json", mistakes);
  }
  // Of this project, and written again by the next `source freshness`: a broken one is as good as none.
  Diagnostics ignored;
  state.current_sources =
      StateFiles::read(files, project.dir / project.root().settings.target_path / "sources.json", ignored);
  return state;
}

const Node* project_flag(const Project& project, std::string_view name) {
  return project.root().settings.flags.find(replace_all(name, "-", "_"));
}

}  // namespace

std::unique_ptr<project::TemplateOutput> template_output(const Invocation& invocation, Console& console) {
  return std::make_unique<ConsoleOutput>(console, invocation.toggle("debug"), invocation.toggle("print", true));
}

Checked<project::LoadOptions> load_options(const Invocation& invocation, Session& session,
                                           project::TemplateOutput* output) {
  Checked<Node> vars = vars_of(invocation);
  if (!vars) return fail_all(std::move(vars.error()));
  project::LoadOptions options;
  options.project_dir = invocation.text("project-dir", ".");
  if (invocation.given("profiles-dir")) options.profiles_dir = invocation.text("profiles-dir");
  options.profile = invocation.text("profile");
  options.target = invocation.text("target");
  options.threads = invocation.number("threads");
  if (invocation.toggle("single-threaded")) options.threads = 1;
  options.vars = std::move(*vars);
  options.builtins = transform::builtin_macros();
  options.column_class = transform::column_class();
  options.output = output;
  options.invocation_id = session.world.random.uuid();
  for (const Flag* flag : flags_of(*invocation.command)) {
    if (!invocation.given(flag->name)) continue;
    const std::string name = replace_all(flag->name, "-", "_");
    Node value = value_of(*flag, invocation.list(flag->name));
    options.flags.set(upper(name), value);
    options.invocation_args.set(name, std::move(value));
  }
  options.flags.set("WHICH", Node::of(which(*invocation.command)));
  options.invocation_args.set("which", Node::of(which(*invocation.command)));
  options.invocation_args.set("invocation_command", Node::of("dbt " + join(invocation.words, " ")));
  return options;
}

std::shared_ptr<const Project> open_project(const Invocation& invocation, Session& session,
                                            project::TemplateOutput* output) {
  Console& console = session.console;
  Checked<project::LoadOptions> options = load_options(invocation, session, output);
  if (!options) {
    console.report(std::move(options.error()));
    return nullptr;
  }
  Checked<Project> loaded = project::load(*options, session.world);
  if (!loaded) {
    console.report(std::move(loaded.error()));
    return nullptr;
  }
  auto project = std::make_shared<Project>(std::move(*loaded));
  if (invocation.given("target-path")) project->packages.front().settings.target_path = invocation.text("target-path");
  const bool warnings_are_errors = flag(invocation, *project, "warn-error");
  Diagnostics warnings = project->warnings;
  if (warnings_are_errors)
    for (Diagnostic& warning : warnings) warning.severity = Severity::error;
  if (!console.quiet || warnings_are_errors) console.report(warnings);
  if (warnings_are_errors && !warnings.empty()) return nullptr;
  return project;
}

Checked<project::Opened> open_settings(const Invocation& invocation, Session& session) {
  Checked<project::LoadOptions> options = load_options(invocation, session, nullptr);
  if (!options) {
    session.console.report(options.error());
    return fail_all(std::move(options.error()));
  }
  Checked<project::Opened> opened = project::open(*options, session.world);
  if (!opened) session.console.report(opened.error());
  return opened;
}

bool flag(const Invocation& invocation, const Project& project, std::string_view name, bool fallback) {
  if (invocation.given(name)) return invocation.toggle(name);
  const Node* value = project_flag(project, name);
  return value && value->kind == Node::Kind::boolean ? value->boolean : fallback;
}

std::string flag_text(const Invocation& invocation, const Project& project, std::string_view name,
                      std::string_view fallback) {
  if (invocation.given(name)) return invocation.text(name);
  const Node* value = project_flag(project, name);
  return value && value->is_scalar() && !value->is_null() ? value->text : std::string(fallback);
}

std::optional<project::Selection> select_nodes(const Invocation& invocation, Session& session, const Project& project,
                                               std::vector<ResourceType> types) {
  Diagnostics mistakes;
  project::SelectionRequest request;
  request.select = invocation.list("select");
  request.exclude = invocation.list("exclude");
  request.selector = invocation.text("selector");
  request.exclude_resource_types = types_named(invocation.list("exclude-resource-type"), mistakes);
  request.resource_types = types_named(invocation.list("resource-type"), mistakes);
  if (request.resource_types.empty()) request.resource_types = std::move(types);
  const std::string indirect = flag_text(invocation, project, "indirect-selection", "eager");
  request.indirect = project::indirect_selection_of(indirect).value_or(project::IndirectSelection::eager);
  const StateFiles state = state_files(invocation, session, project, mistakes);
  request.state = {StateFiles::root(state.manifest), StateFiles::root(state.run_results),
                   StateFiles::root(state.sources), StateFiles::root(state.current_sources)};
  if (!mistakes.empty()) {
    session.console.report(mistakes);
    return std::nullopt;
  }
  Checked<project::Selection> selection = project::select(project, request);
  if (!selection) {
    session.console.report(std::move(selection.error()));
    return std::nullopt;
  }
  if (!session.console.quiet) session.console.report(selection->warnings);
  return std::move(*selection);
}

Warehouse::Warehouse(const project::Profile& profile, const std::filesystem::path& project_dir, Session& session)
    : database_(session.warehouse) {
  if (!database_) keep(run::open_warehouse(profile, project_dir), session);
}

Warehouse::Warehouse(const engine::Target& target, Session& session) { keep(engine::open(target), session); }

void Warehouse::keep(Result<std::unique_ptr<engine::Database>> opened, Session& session) {
  if (!opened) {
    session.console.report(opened.error());
    return;
  }
  own_ = std::move(*opened);
  database_ = own_.get();
}

std::vector<engine::SchemaName> relation_schemas(const project::Project& project) {
  std::vector<engine::SchemaName> schemas;
  for (const project::Resource& resource : project.resources) {
    if (!resource.is_relation() || resource.is_ephemeral()) continue;
    const bool known = std::ranges::any_of(schemas, [&](const engine::SchemaName& schema) {
      return schema.database == resource.database && schema.schema == resource.schema;
    });
    if (!known) schemas.push_back({resource.database, resource.schema});
  }
  return schemas;
}

std::unique_ptr<engine::Connection> connect(Warehouse& warehouse, Session& session) {
  if (!warehouse) return nullptr;
  Result<std::unique_ptr<engine::Connection>> connection = warehouse->connect();
  if (connection) return std::move(*connection);
  session.console.report(connection.error());
  return nullptr;
}

}  // namespace rynd::cli

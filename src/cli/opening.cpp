// Opening: options to project, selection and warehouse.
#include "opening.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "arguments.h"
#include "base/suggest.h"
#include "base/text.h"
#include "build_id.h"
#include "project/context.h"
#include "project/error_kind.h"
#include "project/warnings.h"
#include "run/warehouse.h"
#include "state.h"
#include "transform/transform.h"
#include "version.h"

namespace rynd::cli {
namespace {

using project::Project;
using project::ResourceType;

class ConsoleOutput final : public project::TemplateOutput {
 public:
  ConsoleOutput(Console& console, bool print) : console_(console), print_(print) {}
  void log(std::string_view text, bool info) override {
    console_.relay(info ? Event{"JinjaLogInfo", "I062", Level::info, std::string(text)}
                        : Event{"JinjaLogDebug", "I063", Level::debug, std::string(text)});
  }
  void print(std::string_view text) override {
    if (print_) console_.answer({"PrintEvent", "Z052", Level::info, std::string(text)}, std::string(text) + "\n");
  }
  void warn(std::string_view text) override {
    console_.relay({"JinjaLogWarning", "I061", Level::warn, "[WARNING]: " + std::string(text)});
  }

 private:
  Console& console_;
  bool print_;
};

// `usual` is what "default" stands for, `rarely` what "all" adds to it.
std::vector<ResourceType> types_named(const std::vector<std::string>& names, const std::vector<ResourceType>& usual,
                                      const std::vector<ResourceType>& rarely, Diagnostics& mistakes) {
  std::vector<ResourceType> types;
  for (const std::string& list : names) {
    for (const std::string& word : split(list, ' ')) {
      const std::string name = lower(word);
      if (name == "all" || name == "default") types.insert(types.end(), usual.begin(), usual.end());
      if (name == "all") types.insert(types.end(), rarely.begin(), rarely.end());
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

void tell_adapter(Console& console, const std::string& type) {
  if (!console.events) return;
  console.events->fire(
      {"AdapterRegistered", "E034", Level::info, "Registered adapter: " + type + "=" + engine_version(), [&] {
         Node data = Node::map();
         data.set("adapter_name", Node::of(type));
         data.set("adapter_version", Node::of("=" + engine_version()));
         return data;
       }});
}

}  // namespace

std::unique_ptr<project::TemplateOutput> template_output(const Invocation& invocation, Console& console) {
  return std::make_unique<ConsoleOutput>(console, invocation.toggle("print"));
}

Checked<project::LoadOptions> load_options(const Invocation& invocation, Session& session,
                                           project::TemplateOutput* output) {
  Checked<Node> flags = template_flags(invocation);
  if (!flags) return fail_all(std::move(flags.error()));
  project::LoadOptions options;
  options.project_dir = invocation.text("project-dir", ".");
  if (invocation.given("profiles-dir")) options.profiles_dir = invocation.text("profiles-dir");
  options.profile = invocation.text("profile");
  options.target = invocation.text("target");
  options.threads = invocation.number("threads");
  if (invocation.toggle("single-threaded")) options.threads = 1;
  if (const Node* vars = flags->find("VARS")) options.vars = *vars;
  options.builtins = transform::builtin_macros();
  options.column_class = transform::column_class();
  options.output = output;
  options.stop = session.stop;
  options.invocation_id = session.invocation_id;
  options.flags = std::move(*flags);
  options.target_path = invocation.text("target-path");
  options.partial_parse_file = invocation.text("partial-parse-file-path");
  options.program = build_id();
  // As of another time nobody can say whether a file was changed too shortly ago for its times to be trusted.
  options.keeps_parse = !options.program.empty() && !session.world.process.environment("RYND_NOW");
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
    const std::string_view kind = project::error_kind(loaded.error().front().code);
    console.report(std::move(loaded.error()));
    if (!session.stop.stop_requested() && (!console.events || !console.events->speaks()))
      console.say(fmt::format("{}: the project could not be read, and nothing was done", kind));
    return nullptr;
  }
  tell_adapter(console, loaded->profile.type);
  auto project = std::make_shared<Project>(std::move(*loaded));
  const Diagnostics warnings = project::judge_warnings(project->flags, project->warnings);
  console.report(warnings);
  return has_errors(warnings) ? nullptr : project;
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

std::optional<project::Selection> select_nodes(const Invocation& invocation, Session& session, const Project& project,
                                               std::vector<ResourceType> types,
                                               const std::vector<ResourceType>& rarely) {
  Diagnostics mistakes;
  project::SelectionRequest request;
  request.select = invocation.given("models") ? invocation.list("models") : invocation.list("select");
  if (invocation.given("models") && (invocation.given("select") || invocation.given("resource-types"))) {
    mistakes.push_back({.code = Code::usage,
                        .message = std::string("\"models\" and \"") +
                                   (invocation.given("select") ? "select" : "resource_type") +
                                   "\" are mutually exclusive arguments"});
  }
  request.exclude = invocation.list("exclude");
  request.selector = invocation.text("selector");
  request.exclude_resource_types = types_named(invocation.list("exclude-resource-types"), types, rarely, mistakes);
  request.resource_types = types_named(invocation.list("resource-types"), types, rarely, mistakes);
  if (request.resource_types.empty()) request.resource_types = std::move(types);
  const std::string indirect = invocation.text("indirect-selection");
  request.indirect = project::indirect_selection_of(indirect).value_or(project::IndirectSelection::eager);
  const StateFiles state(invocation, session, project, mistakes);
  request.state = state.inputs();
  if (!mistakes.empty()) {
    session.console.report(mistakes);
    return std::nullopt;
  }
  Checked<project::Selection> selection = project::select(project, request);
  if (!selection) {
    session.console.report(std::move(selection.error()));
    return std::nullopt;
  }
  const Diagnostics warnings = project::judge_warnings(project.flags, selection->warnings);
  session.console.report(warnings);
  if (has_errors(warnings)) return std::nullopt;
  return std::move(*selection);
}

bool told(Session& session, const Project& project, Diagnostic warning) {
  const Diagnostics judged = project::judge_warnings(project.flags, {std::move(warning)});
  session.console.report(judged);
  return !has_errors(judged);
}

Warehouse::Warehouse(const project::Profile& profile, const std::filesystem::path& project_dir, Session& session)
    : database_(session.warehouse) {
  if (!database_) keep(run::open_warehouse(profile, project_dir, session.world, session.stop), session);
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

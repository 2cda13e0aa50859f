// Opening: dbt_project.yml, rynd.yml, vars.yml, the profile and the installed packages.
#include "load/opening.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/hash.h"
#include "base/json.h"
#include "base/suggest.h"
#include "base/text.h"
#include "base/yaml.h"
#include "load/partial/answers.h"
#include "profile_read.h"
#include "settings_read.h"

namespace rynd::project {

namespace {

const std::string metadata_prefix = "DBT_ENV_CUSTOM_ENV_";

std::optional<Document> read_yaml(Build& build, const std::filesystem::path& path, const std::string& printed) {
  auto text = build.world.files.read(path);
  if (!text) {
    build.problems.add(std::move(text.error()));
    return {};
  }
  auto document = yaml::read(make_source(printed, std::move(*text)));
  if (!document) {
    build.problems.add(std::move(document.error()));
    return {};
  }
  if (document->root.is_null()) document->root = Node::map();
  if (!document->root.is_mapping()) {
    build.problems.error(Code::project_value_wrong,
                         printed + " must be a mapping of keys, not " + std::string(kind_name(document->root)),
                         document->span(document->root));
    return {};
  }
  return std::move(*document);
}

// The flags as dbt keeps them: nulls are left out, and some that are false.
Node invocation_args(const Node& flags) {
  constexpr std::array<std::string_view, 8> only_where_true{
      "debug",           "full_refresh",     "fail_fast",      "warn_error",
      "single_threaded", "log_cache_events", "store_failures", "use_experimental_parser"};
  Node args = Node::map();
  for (const auto& entry : flags.entries) {
    std::string name = lower(entry.key);
    const bool is_false = entry.value.kind == Node::Kind::boolean && !entry.value.boolean;
    if (entry.value.is_null() || (is_false && std::ranges::find(only_where_true, name) != only_where_true.end()))
      continue;
    args.set(std::move(name), entry.value);
  }
  return args;
}

// flags.NAME where nobody says otherwise, and dbt's behaviour flags as of 1.12.
void set_flags(Project& project, const Settings& settings, const Node& given) {
  Node flags = Node::map();
  for (auto [name, value] : std::initializer_list<std::pair<const char*, bool>>{
           {"FULL_REFRESH", false},
           {"STORE_FAILURES", false},
           {"FAIL_FAST", false},
           {"WARN_ERROR", false},
           {"DEBUG", false},
           {"QUIET", false},
           {"PRINT", true},
           {"USE_COLORS", true},
           {"PARTIAL_PARSE", true},
           {"WRITE_JSON", true},
           {"VERSION_CHECK", true},
           {"CACHE_SELECTED_ONLY", false},
           {"POPULATE_CACHE", true},
           {"EMPTY", false},
           {"INTROSPECT", true},
           {"DEFER", false},
           {"FAVOR_STATE", false},
           {"STATIC_PARSER", true},
           {"STRICT_MODE", false},
           {"SEND_ANONYMOUS_USAGE_STATS", false},
           {"USE_EXPERIMENTAL_PARSER", false},
           {"LOG_CACHE_EVENTS", false},
           {"REQUIRE_BATCHED_EXECUTION_FOR_CUSTOM_MICROBATCH_STRATEGY", true},
           {"REQUIRE_EXPLICIT_PACKAGE_OVERRIDES_FOR_BUILTIN_MATERIALIZATIONS", true},
           {"REQUIRE_RESOURCE_NAMES_WITHOUT_SPACES", true},
           {"SOURCE_FRESHNESS_RUN_PROJECT_HOOKS", true},
           {"SKIP_NODES_IF_ON_RUN_START_FAILS", true},
           {"STATE_MODIFIED_COMPARE_MORE_UNRENDERED_VALUES", true},
           {"STATE_MODIFIED_COMPARE_VARS", false},
           {"REQUIRE_YAML_CONFIGURATION_FOR_MF_TIME_SPINES", true},
           {"REQUIRE_NESTED_CUMULATIVE_TYPE_PARAMS", true},
           {"VALIDATE_MACRO_ARGS", true},
           {"REQUIRE_ALL_WARNINGS_HANDLED_BY_WARN_ERROR", true},
           {"REQUIRE_GENERIC_TEST_ARGUMENTS_PROPERTY", true},
           {"REQUIRE_UNIQUE_PROJECT_RESOURCE_NAMES", false},
           {"REQUIRE_REF_SEARCHES_NODE_PACKAGE_BEFORE_ROOT", false},
           {"REQUIRE_VALID_SCHEMA_FROM_GENERATE_SCHEMA_NAME", false},
           {"ALLOW_JINJA_FILE_EXTENSIONS", false},
           {"REQUIRE_SQL_HEADER_IN_TEST_CONFIGS", false},
           {"SUPPORT_CUSTOM_REF_KWARGS", false},
           {"REQUIRE_CORRECTED_ANALYSIS_FQNS", false},
           {"REQUIRE_SOURCE_AND_SEMANTIC_MODEL_NAMES_WITHOUT_SPACES", false},
           {"ENABLE_GROUPED_WARN_ERROR_PARSER_LOGS", false},
           {"USE_CATALOGS_V2", false},
           {"LATEST_VERSION_POINTER_ENABLED_BY_DEFAULT", false}}) {
    flags.set(name, Node::of(value));
  }
  flags.set("WHICH", Node::of(std::string("parse")));
  flags.set("INDIRECT_SELECTION", Node::of(std::string("eager")));
  flags.set("LOG_FORMAT", Node::of(std::string("default")));
  flags.set("TARGET_PATH", Node());
  for (const auto& entry : settings.flags.entries) flags.set(upper(replace_all(entry.key, "-", "_")), entry.value);
  for (const auto& entry : given.entries) flags.set(upper(replace_all(entry.key, "-", "_")), entry.value);
  project.invocation_args = invocation_args(flags);
  project.flags = std::move(flags);
}

// The `vars` of vars.yml; they may not be in dbt_project.yml as well.
Node read_vars_file(Build& build, const std::filesystem::path& folder, const std::string& prefix) {
  if (!build.world.files.exists(folder / "vars.yml")) return Node::map();
  auto document = read_yaml(build, folder / "vars.yml", prefix + "vars.yml");
  if (!document) return Node::map();
  build.opening = combine(build.opening, fast_hash(document->source->text()));
  Fields fields(document->source, document->root, "vars.yml", build.problems,
                {Code::project_key_unknown, Code::project_value_wrong});
  const Node* vars = fields.mapping("vars");
  fields.finish();
  return vars ? *vars : Node::map();
}

void take_vars(Build& build, Settings& settings, Node vars) {
  if (vars.entries.empty()) return;
  if (!settings.vars.entries.empty()) {
    build.problems.error(Code::project_value_wrong, "variables cannot be defined in both vars.yml and dbt_project.yml",
                         {settings.source, settings.vars.begin, settings.vars.end});
  }
  settings.vars = std::move(vars);
}

// What var() answers while dbt_project.yml and profiles.yml are rendered: --vars, then vars.yml.
Node vars_before_project(const Node& of_command, const Node& of_file) {
  Node vars = of_file;
  for (const auto& entry : of_command.entries) vars.set(entry.key, entry.value);
  return vars;
}

void check_version(Build& build, const Settings& settings) {
  const Node* version_check = settings.flags.find("version_check");
  if (version_check && version_check->kind == Node::Kind::boolean && !version_check->boolean) return;
  auto refused = version_refusal(settings.require_dbt_version);
  if (!refused) return;
  const Node& wanted = settings.require_dbt_version;
  auto& problem = build.problems.error(
      Code::dbt_version_wrong,
      fmt::format("package '{}' asks for dbt {}; rynd behaves as dbt 1.12", settings.name, *refused),
      {settings.source, wanted.begin, wanted.end});
  problem.help = "change 'require-dbt-version', or set 'version_check: false' under 'flags:'";
}

// dbt_project.yml with its templates rendered.
std::optional<Settings> read_project_file(Build& build, const Document& document,
                                          const std::shared_ptr<BaseContext>& context) {
  auto rendered = render_yaml(document.root, document.source, context, rendered_later);
  if (!rendered) {
    build.problems.add(std::move(rendered.error()));
    return {};
  }
  build.opening = combine(build.opening, fast_hash(json::write(*rendered)));
  return read_settings(document.source, *rendered, build.problems);
}

std::string profile_name(Build& build, const Document& document, const std::shared_ptr<BaseContext>& context) {
  if (!build.options.profile.empty()) return build.options.profile;
  const Node* given = document.root.find("profile");
  if (!given || given->is_null()) return {};
  auto rendered = render_yaml(*given, document.source, context);
  if (!rendered) {
    build.problems.add(std::move(rendered.error()));
    return {};
  }
  return rendered->text;
}

}  // namespace

bool open_root(Build& build) {
  const auto& dir = build.options.project_dir;
  Project& project = build.project;
  project.dir = dir;
  project.invocation_id = build.options.invocation_id.empty() ? build.world.random.uuid() : build.options.invocation_id;
  project.started_at = build.world.clock.now();
  bool has_dbt = build.world.files.exists(dir / "dbt_project.yml");
  bool has_rynd = build.world.files.exists(dir / "rynd.yml");
  if (!has_dbt && !has_rynd) {
    auto& problem = build.problems.error(
        Code::project_not_found, fmt::format("there is no dbt_project.yml and no rynd.yml in '{}'", dir.string()));
    problem.help = "run this in a project's folder, or give --project-dir; 'rynd init' makes a project";
    return false;
  }
  for (const auto& [name, value] : build.world.process.environment_of(metadata_prefix))
    project.metadata_envs.set(name.substr(metadata_prefix.size()), Node::of(value));
  Node vars_file = read_vars_file(build, dir, "");
  project.vars = vars_before_project(build.options.vars, vars_file);
  set_flags(project, {}, build.options.flags);
  Globals early(project, build.world, build.options.output);
  auto context = std::make_shared<BaseContext>(early, "");
  context->secrets_allowed = true;

  if (has_rynd) {
    if (auto document = read_yaml(build, dir / "rynd.yml", "rynd.yml")) {
      project.rynd = read_rynd_settings(document->source, document->root, build.problems);
    }
  }
  std::optional<Document> document;
  if (has_dbt && !(document = read_yaml(build, dir / "dbt_project.yml", "dbt_project.yml"))) return false;
  const Node* rynd_profile = project.rynd.all.find("profile");
  std::string wanted = document       ? profile_name(build, *document, context)
                       : rynd_profile ? rynd_profile->text
                                      : build.options.profile;
  project.profile = read_profile(build.options, wanted, context, build.world, build.problems);

  context->secrets_allowed = false;
  Settings settings;
  if (document) {
    const size_t before = build.problems.errors();
    auto read = read_project_file(build, *document, context);
    // Folders and names may be wrong then: what would be found in them is not worth telling.
    if (!read || build.problems.errors() > before) return false;
    settings = std::move(*read);
  } else {
    const Node* name = project.rynd.all.find("name");
    std::string folder = std::filesystem::absolute(dir).lexically_normal().filename().string();
    settings.name = name && name->is_scalar() ? name->text : replace_all(replace_all(folder, "-", "_"), " ", "_");
    if (const Node* vars = project.rynd.all.find("vars"); vars && vars->is_mapping()) settings.vars = *vars;
  }
  project.vars = build.options.vars;
  take_vars(build, settings, std::move(vars_file));
  check_version(build, settings);
  set_flags(project, settings, build.options.flags);
  if (!build.options.target_path.empty()) settings.target_path = build.options.target_path;
  project.packages.push_back({settings.name, dir, "", std::move(settings)});
  return true;
}

namespace {

// How many packages packages.yml or dependencies.yml names, and its place.
std::pair<size_t, Span> named_packages(Build& build) {
  for (const char* name : {"packages.yml", "dependencies.yml"}) {
    auto path = build.options.project_dir / name;
    if (!build.world.files.exists(path)) continue;
    auto document = read_yaml(build, path, name);
    if (!document) return {0, {}};
    const Node* list = document->root.find("packages");
    if (list && list->is_sequence()) return {list->items.size(), document->span(*list)};
  }
  return {0, {}};
}

void open_package(Build& build, const std::string& folder, const std::string& install_path) {
  auto root = build.options.project_dir / install_path / folder;
  std::string prefix = install_path + "/" + folder + "/";
  auto document = read_yaml(build, root / "dbt_project.yml", prefix + "dbt_project.yml");
  if (!document) return;
  Node vars_file = read_vars_file(build, root, prefix);
  build.project.vars = vars_before_project(build.options.vars, vars_file);
  Globals early(build.project, build.world, build.options.output);
  auto settings = read_project_file(build, *document, std::make_shared<BaseContext>(early, ""));
  build.project.vars = build.options.vars;
  if (!settings) return;
  take_vars(build, *settings, std::move(vars_file));
  check_version(build, *settings);
  if (const Package* same = build.project.package(settings->name)) {
    build.problems.error(Code::resource_duplicate, fmt::format("two packages are named '{}'", same->name),
                         {document->source, 0, 0});
    return;
  }
  build.project.packages.push_back({settings->name, root, prefix, std::move(*settings)});
}

}  // namespace

bool open_packages(Build& build) {
  const size_t errors_before = build.problems.errors();
  std::string install_path = build.project.root().settings.packages_install_path;
  std::vector<std::string> folders;
  for (const auto& info : build.world.files.list(build.options.project_dir / install_path)) {
    std::string path = info.path.string();
    auto slash = path.find('/');
    if (slash == std::string::npos || path.substr(slash + 1) != "dbt_project.yml" || path.starts_with("__")) continue;
    folders.push_back(path.substr(0, slash));
  }
  // Packages are referred to by address: all are read before anything points to one.
  build.project.packages.reserve(folders.size() + 1);
  for (const auto& folder : folders) open_package(build, folder, install_path);
  auto [named, place] = named_packages(build);
  if (named > folders.size()) {
    auto& problem =
        build.problems.error(Code::package_missing,
                             fmt::format("{} named, and {} installed in '{}'",
                                         named == 1 ? "1 package is" : fmt::format("{} packages are", named),
                                         folders.empty()       ? "none is"
                                         : folders.size() == 1 ? "1 is"
                                                               : fmt::format("{} are", folders.size()),
                                         install_path),
                             place);
    problem.help = "run 'rynd deps'";
  }
  return build.problems.errors() == errors_before;
}

void read_selectors(Build& build) {
  auto path = build.options.project_dir / "selectors.yml";
  if (!build.world.files.exists(path)) return;
  auto document = read_yaml(build, path, "selectors.yml");
  if (!document) return;
  build.project.selectors_source = document->source;
  Fields fields(document->source, document->root, "selectors.yml", build.problems);
  if (const Node* selectors = fields.sequence("selectors")) {
    for (const auto& item : selectors->items) {
      Fields one(document->source, item, "a selector", build.problems);
      std::string name = one.required_text("name");
      if (!one.any("definition"))
        build.problems.error(Code::properties_wrong, "selector '" + name + "' has no 'definition'", one.span());
      one.ignore({"description", "default"});
      one.finish();
      if (!name.empty()) build.project.selectors.set(name, item);
    }
  }
  fields.ignore({"version"});
  fields.finish();
}

}  // namespace rynd::project

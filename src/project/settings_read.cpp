// Settings, read: every key of dbt_project.yml and rynd.yml.
#include "settings_read.h"

#include <algorithm>
#include <array>
#include <cctype>

#include "base/text.h"

namespace rynd::project {

namespace {

constexpr FieldCodes codes = {Code::project_key_unknown, Code::project_value_wrong};

// Names a package may not have: they mean something else in templates.
constexpr std::array<std::string_view, 40> reserved_names = {"_sql_results",
                                                             "adapter",
                                                             "api",
                                                             "column",
                                                             "config",
                                                             "context",
                                                             "database",
                                                             "env",
                                                             "env_var",
                                                             "exceptions",
                                                             "execute",
                                                             "flags",
                                                             "fromjson",
                                                             "fromyaml",
                                                             "graph",
                                                             "invocation_id",
                                                             "load_agate_table",
                                                             "load_result",
                                                             "log",
                                                             "model",
                                                             "modules",
                                                             "post_hooks",
                                                             "pre_hooks",
                                                             "ref",
                                                             "render",
                                                             "return",
                                                             "run_started_at",
                                                             "schema",
                                                             "source",
                                                             "sql",
                                                             "sql_now",
                                                             "store_result",
                                                             "store_raw_result",
                                                             "target",
                                                             "this",
                                                             "tojson",
                                                             "toyaml",
                                                             "try_or_compiler_error",
                                                             "var",
                                                             "write"};

bool is_identifier(std::string_view name) {
  if (name.empty() || std::isdigit(static_cast<unsigned char>(name[0]))) return false;
  return std::all_of(name.begin(), name.end(),
                     [](unsigned char c) { return c >= 0x80 || std::isalnum(c) || c == '_'; });
}

void check_name(const Settings& settings, Fields& fields, const Node& root, Problems& problems) {
  const Node* node = root.find("name");
  if (!node || settings.name.empty()) return;
  if (!is_identifier(settings.name)) {
    auto& problem = problems.error(Code::project_value_wrong, "'" + settings.name + "' is not a name for a project",
                                   fields.span(*node));
    problem.label = "letters, digits and '_' only, no digit first";
  } else if (std::find(reserved_names.begin(), reserved_names.end(), settings.name) != reserved_names.end()) {
    problems.error(Code::project_value_wrong,
                   "'" + settings.name + "' cannot be a project's name: it means something else in templates",
                   fields.span(*node));
  }
}

void read_paths(Settings& settings, Fields& fields) {
  auto read = [&](std::string_view key, std::vector<std::string>& into) {
    if (auto given = fields.texts(key)) into = *given;
  };
  read("model-paths", settings.model_paths);
  read("seed-paths", settings.seed_paths);
  read("snapshot-paths", settings.snapshot_paths);
  read("test-paths", settings.test_paths);
  read("analysis-paths", settings.analysis_paths);
  read("macro-paths", settings.macro_paths);
  read("function-paths", settings.function_paths);
  read("docs-paths", settings.docs_paths);
  read("asset-paths", settings.asset_paths);
  read("source-paths", settings.model_paths);  // dbt's names before 1.0
  read("data-paths", settings.seed_paths);
  if (auto path = fields.text("target-path")) settings.target_path = *path;
  if (auto path = fields.text("log-path")) settings.log_path = *path;
  if (auto path = fields.text("packages-install-path")) settings.packages_install_path = *path;
  settings.clean_targets = {settings.target_path};
  read("clean-targets", settings.clean_targets);
}

std::vector<RunHook> read_hooks(Fields& fields, std::string_view key) {
  std::vector<RunHook> hooks;
  const Node* value = fields.any(key);
  if (!value) return hooks;
  if (value->is_scalar()) hooks.push_back({value->text, fields.span(*value)});
  for (const auto& item : value->items) {
    if (item.is_scalar() && !item.is_null()) hooks.push_back({item.text, fields.span(item)});
  }
  return hooks;
}

void read_dispatch(Settings& settings, Fields& fields, const SourcePtr& source, Problems& problems) {
  const Node* rules = fields.sequence("dispatch");
  if (!rules) return;
  for (const auto& item : rules->items) {
    Fields rule(source, item, "a rule of 'dispatch'", problems, codes);
    DispatchRule read{rule.required_text("macro_namespace"), {}};
    if (auto order = rule.texts("search_order")) {
      read.search_order = *order;
    } else {
      problems.error(Code::project_value_wrong, "a rule of 'dispatch' needs 'search_order', a list of packages",
                     rule.span());
    }
    rule.finish();
    settings.dispatch.push_back(std::move(read));
  }
}

void read_sections(Settings& settings, Fields& fields, const Node& root, Problems& problems) {
  for (std::string_view key : {"models", "seeds", "snapshots", "analyses", "sources", "data_tests", "unit_tests",
                               "metrics", "semantic-models", "saved-queries", "exposures", "functions"}) {
    if (const Node* section = fields.mapping(key)) settings.sections.set(replace_all(key, "-", "_"), *section);
  }
  for (std::string_view key : {"semantic_models", "saved_queries"}) {
    if (const Node* section = fields.mapping(key)) settings.sections.set(std::string(key), *section);
  }
  if (const Node* tests = fields.mapping("tests")) {
    if (root.find("data_tests")) {
      problems
          .error(Code::project_value_wrong, "dbt_project.yml has both 'tests' and 'data_tests'",
                 fields.key_span("tests"))
          .help = "keep 'data_tests'";
    }
    settings.sections.set("data_tests", *tests);
  }
}

}  // namespace

bool rendered_later(const std::vector<std::string>& path) {
  const std::string& first = path.front();
  if (first == "on-run-start" || first == "on-run-end" || first == "query-comment" || first == "vars") return true;
  if (first != "models" && first != "seeds" && first != "snapshots" && first != "semantic_models") return false;
  return std::any_of(path.begin() + 1, path.end(), [](const std::string& key) {
    std::string_view name = key;
    if (name.starts_with('+')) name.remove_prefix(1);
    return name == "pre-hook" || name == "post-hook" || name == "pre_hook" || name == "post_hook";
  });
}

Settings read_settings(const SourcePtr& source, const Node& root, Problems& problems) {
  Settings settings;
  settings.source = source;
  Fields fields(source, root, "dbt_project.yml", problems, codes);
  settings.name = fields.required_text("name");
  check_name(settings, fields, root, problems);
  settings.version = fields.text("version").value_or("");
  settings.profile = fields.text("profile").value_or("");
  if (const Node* wanted = fields.any("require-dbt-version")) settings.require_dbt_version = *wanted;
  read_paths(settings, fields);
  if (const Node* quoting = fields.mapping("quoting")) settings.quoting = *quoting;
  settings.on_run_start = read_hooks(fields, "on-run-start");
  settings.on_run_end = read_hooks(fields, "on-run-end");
  read_dispatch(settings, fields, source, problems);
  if (const Node* vars = fields.mapping("vars")) settings.vars = *vars;
  if (const Node* comment = root.find("query-comment")) settings.query_comment = *comment;
  if (const Node* flags = fields.mapping("flags")) settings.flags = *flags;
  settings.restrict_access = fields.flag("restrict-access").value_or(false);
  read_sections(settings, fields, root, problems);
  fields.ignore(
      {"config-version", "query-comment", "dbt-cloud", "packages", "osi-paths", "project-root", "require-dbt-version"});
  fields.finish();
  return settings;
}

RyndSettings read_rynd_settings(const SourcePtr& source, const Node& root, Problems& problems) {
  RyndSettings settings;
  settings.source = source;
  settings.all = root.is_mapping() ? root : Node::map();
  Fields fields(source, settings.all, "rynd.yml", problems, codes);
  fields.text("name");
  if (const Node* folders = fields.mapping("folders")) {
    Fields paths(source, *folders, "'folders'", problems, codes);
    settings.ingest_path = paths.text("ingest").value_or(settings.ingest_path);
    settings.pages_path = paths.text("pages").value_or(settings.pages_path);
    paths.finish();
  }
  if (const Node* publish = fields.any("publish")) {
    settings.publish = publish->text;
    if (settings.publish != "at_once" && settings.publish != "after_tests") {
      problems.error(Code::project_value_wrong, "'publish' is 'at_once' or 'after_tests', not '" + publish->text + "'",
                     fields.span(*publish));
    }
  }
  if (const Node* build = fields.mapping("build")) {
    Fields options(source, *build, "'build'", problems, codes);
    settings.ingest_stale_before_build = options.flag("ingest_stale_sources").value_or(false);
    options.finish();
  }
  fields.ignore({"version", "schedules", "sensors", "notifications", "agents", "server", "quality", "vars", "profile"});
  fields.finish();
  return settings;
}

}  // namespace rynd::project

// Finishing nodes: configuration from all its layers, then where each node's relation will stand.
#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "external_source.h"
#include "load/build.h"
#include "load/partial/partial.h"

namespace rynd::project {

namespace {

// The layers in dbt's order: own package's dbt_project.yml, properties, config() calls, and for a package's node the
// root's dbt_project.yml again.
void layer(const Project& project, Draft& draft) {
  Resource& resource = draft.resource;
  Config config(resource.type);
  apply_project_config(config, draft.package->settings, resource.fqn, resource.type);
  if (resource.type == ResourceType::model && resource.language == "python")
    config.merge("materialized", Node::of(std::string("table")));
  if (draft.patch_config) config.merge(*draft.patch_config);
  config.merge(draft.inline_config);
  config.merge(draft.captured.config_calls);
  if (draft.package != &project.root()) {
    apply_project_config(config, project.root().settings, resource.fqn, resource.type);
  }
  resource.config = std::move(config);
}

// What was written, the last layer winning whole: state:modified compares it.
Node unrendered(const Project& project, const Draft& draft) {
  Node result = Node::map();
  auto add = [&](const Node& values) {
    for (const auto& entry : values.entries) {
      std::string key = entry.key == "pre_hook" ? "pre-hook" : entry.key == "post_hook" ? "post-hook" : entry.key;
      result.set(key, entry.value);
    }
  };
  auto add_sections = [&](const Settings& settings) {
    const Resource& resource = draft.resource;
    const Node* level = settings.sections.find(section_of(resource.type));
    for (size_t i = 0; level && level->is_mapping(); ++i) {
      for (const auto& entry : level->entries) {
        if (entry.key.starts_with('+')) {
          result.set(entry.key.substr(1), entry.value);
        } else if (!entry.value.is_mapping()) {
          result.set(entry.key, entry.value);
        }
      }
      if (i == resource.fqn.size()) return;
      level = level->find(resource.fqn[i]);
    }
  };
  add_sections(draft.package->settings);
  if (draft.patch_config) add(*draft.patch_config);
  add(draft.inline_config);
  add(draft.captured.config_calls);
  if (draft.package != &project.root()) add_sections(project.root().settings);
  return result;
}

// store_failures_as decides; store_failures alone means a table.
void settle_stored_failures(Config& config) {
  std::string as = config.text("store_failures_as");
  const Node* stored = config.find("store_failures");
  if (!as.empty()) {
    config.merge("store_failures", Node::of(as != "ephemeral"));
  } else if (stored && stored->kind == Node::Kind::boolean) {
    config.merge("store_failures_as", Node::of(std::string(stored->boolean ? "table" : "ephemeral")));
  }
}

void copy_to_node(Resource& resource) {
  for (auto& tag : resource.config.texts("tags")) {
    if (std::find(resource.tags.begin(), resource.tags.end(), tag) == resource.tags.end()) resource.tags.push_back(tag);
  }
  if (const Node* meta = resource.config.find("meta"); meta && !meta->entries.empty()) resource.meta = *meta;
  resource.group = resource.config.text("group");
  if (const Node* docs = resource.config.find("docs")) {
    const Node* show = docs->find("show");
    const Node* color = docs->find("node_color");
    resource.docs.show = !show || show->kind != Node::Kind::boolean || show->boolean;
    if (color && color->is_string()) resource.docs.node_color = color->text;
  }
  if (const Node* contract = resource.config.find("contract")) {
    const Node* enforced = contract->find("enforced");
    const Node* alias_types = contract->find("alias_types");
    resource.contract.enforced = enforced && enforced->boolean;
    resource.contract.alias_types = !alias_types || alias_types->boolean;
  }
  if (resource.type == ResourceType::model) {
    if (!resource.model) resource.model.emplace();
    resource.model->access = resource.config.text("access");
  }
}

void check_config(Build& build, const Draft& draft) {
  const Resource& resource = draft.resource;
  const Config& config = resource.config;
  std::string what = std::string(name_of(resource.type)) + " '" + resource.name + "'";
  auto wrong = [&](std::string message) -> Diagnostic& {
    return build.problems.error(Code::config_wrong, std::move(message), resource.name_span);
  };
  const Node* enabled = config.find("enabled");
  if (enabled && enabled->kind != Node::Kind::boolean) {
    wrong(fmt::format("'enabled' of {} must be true or false, not '{}'", what, enabled->text)).help =
        "write it without quotes; a template in YAML ends with '| as_bool'";
  }
  if (resource.type == ResourceType::test) {
    std::string severity = lower(config.text("severity"));
    if (severity != "warn" && severity != "error") {
      wrong(fmt::format("'severity' of {} is 'warn' or 'error', not '{}'", what, config.text("severity")));
    }
  }
  if (resource.function && config.text("type") != "scalar" && config.text("type") != "aggregate") {
    wrong(fmt::format("'type' of {} is 'scalar' or 'aggregate', not '{}'", what, config.text("type")));
  }
  const std::string volatility = resource.function ? config.text("volatility") : "";
  if (!volatility.empty() && volatility != "deterministic" && volatility != "stable" &&
      volatility != "non-deterministic") {
    wrong(fmt::format("'volatility' of {} is 'deterministic', 'stable' or 'non-deterministic', not '{}'", what,
                      volatility));
  }
  if (resource.contract.enforced && resource.language == "python") {
    wrong(fmt::format("{} is written in Python, and a contract is for models in SQL", what)).help =
        "give the model no contract, or one to a model in SQL that selects from it";
  }
  std::string on_change = config.text("on_schema_change");
  if (resource.contract.enforced && config.materialized() == "incremental" && on_change != "append_new_columns" &&
      on_change != "fail") {
    wrong(fmt::format(
        "{} is incremental with a contract: 'on_schema_change' must be 'append_new_columns' or 'fail', not '{}'", what,
        on_change));
  }
  if (resource.model) {
    const std::string& access = resource.model->access;
    if (access != "private" && access != "protected" && access != "public") {
      wrong(fmt::format("'access' of {} is private, protected or public, not '{}'", what, access));
    }
  }
}

void read_source_config(Resource& resource) {
  SourceDetails& source = *resource.source;
  source.loaded_at_field = resource.config.text("loaded_at_field");
  source.loaded_at_query = resource.config.text("loaded_at_query");
  const Node* given = resource.config.find("freshness");
  if (!given || given->is_null()) return;
  auto threshold = [&](std::string_view key) {
    FreshnessThreshold result;
    const Node* one = given->find(key);
    if (!one) return result;
    if (const Node* count = one->find("count"); count && count->kind == Node::Kind::integer)
      result.count = count->integer;
    if (const Node* period = one->find("period"); period && period->is_string()) result.period = period->text;
    return result;
  };
  const Node* filter = given->find("filter");
  Freshness freshness{threshold("warn_after"), threshold("error_after"),
                      filter && !filter->is_null() ? filter->text : ""};
  if (freshness.warn_after.count || freshness.error_after.count) source.freshness = std::move(freshness);
}

// generate_schema_name and its two companions: called where a project has its own, else what dbt's own say.
class RelationNamer {
 public:
  explicit RelationNamer(Build& build) : build_(build) {}

  void name(Resource& resource) {
    set(resource, "generate_database_name", "database", resource.database);
    set(resource, "generate_schema_name", "schema", resource.schema);
    set(resource, "generate_alias_name", "alias", resource.alias);
    if (resource.type == ResourceType::snapshot) {
      if (auto schema = resource.config.text("target_schema"); !schema.empty()) resource.schema = schema;
      if (auto database = resource.config.text("target_database"); !database.empty()) resource.database = database;
    }
    const bool built = resource.is_relation() || resource.function;
    if (built && !resource.source && !resource.is_ephemeral()) {
      resource.relation_name = relation_name(resource, build_.project.root().settings.quoting).render();
    }
    if (resource.type == ResourceType::test && resource.config.flag("store_failures", false)) {
      resource.relation_name = relation_name(resource, build_.project.root().settings.quoting).render();
    }
  }

 private:
  // The built-in macros answer what standard() does; calling them for every test would cost more than all else.
  bool is_standard(MacroId id, std::string_view name, const std::string& package) {
    auto built_in = [&](MacroId macro) {
      const std::string& owner = build_.project.macros[macro].package;
      return owner == "dbt" || owner == "dbt_duckdb";
    };
    if (!built_in(id)) return false;
    auto implementation = build_.project.macro_index.dispatch(package, name, "dbt");
    return !implementation || built_in(*implementation);
  }

  std::string standard(const Resource& resource, std::string_view component, const std::string& custom) const {
    if (component == "database") return custom.empty() ? build_.project.profile.database : std::string(trim(custom));
    if (component == "schema") {
      const std::string& target = build_.project.profile.schema;
      return custom.empty() ? target : target + "_" + std::string(trim(custom));
    }
    if (!custom.empty()) return std::string(trim(custom));
    bool versioned = resource.model && !resource.model->version.empty();
    return versioned ? resource.name + "_v" + replace_all(resource.model->version, ".", "_") : resource.name;
  }

  void set(Resource& resource, std::string_view macro_name, std::string_view component, std::string& into) {
    auto id = build_.project.macro_index.generator(resource.package, macro_name);
    std::string custom = resource.config.text(component);
    if (!id || is_standard(*id, macro_name, resource.package)) {
      into = standard(resource, component, custom);
      return;
    }
    auto context = std::make_shared<NodeContext>(*build_.globals, &resource, resource.package);
    const Node* given = resource.config.find(component);
    jinja::Value argument = given && !given->is_null() ? jinja::from_node(*given) : jinja::Value();
    auto answer =
        jinja::call_macro(context->macro(*id), {argument, jinja::from_node(manifest_entry(build_.project, resource))});
    if (!answer) {
      Diagnostic problem = answer.error();
      problem.related.push_back({resource.name_span, "called for this " + std::string(name_of(resource.type))});
      build_.add_rendering_problem(std::move(problem));
      return;
    }
    into = answer->is_none() ? std::string() : std::string(trim(answer->str()));
  }

  Build& build_;
};

// Hooks may ref() too.
void capture_hooks(Build& build, Draft& draft) {
  Resource& resource = draft.resource;
  for (std::string_view key : {"pre-hook", "post-hook"}) {
    const Node* hooks = resource.config.find(key);
    if (!hooks || hooks->items.empty()) continue;
    auto context = std::make_shared<NodeContext>(*build.globals, &resource, resource.package);
    context->captured = std::move(draft.captured);
    for (const auto& hook : hooks->items) {
      const Node* sql = hook.find("sql");
      if (!sql || sql->text.find('{') == std::string::npos) continue;
      auto compiled =
          jinja::Environment().compile(make_source(resource.unique_id + " (" + std::string(key) + ")", sql->text));
      if (!compiled) {
        build.problems.add(std::move(compiled.error()));
        continue;
      }
      auto rendered = jinja::render(*compiled, context, build.first_rendering());
      if (!rendered) build.add_rendering_problem(std::move(rendered.error()));
    }
    draft.captured = std::move(context->captured);
  }
}

// A test belongs to the group of what it stands on.
void inherit_from_target(Build& build, Draft& draft) {
  draft.resource.group = draft.resource.config.text("group");
  if (draft.test_target.empty()) return;
  auto found = build.drafts_by_name.find(draft.test_target);
  if (found == build.drafts_by_name.end()) return;
  for (const Draft* target : found->second) {
    const bool is_version =
        draft.test_version.empty() || (target->resource.model && target->resource.model->version == draft.test_version);
    if (is_version && !target->resource.group.empty() && target->resource.package == draft.resource.package) {
      draft.resource.group = target->resource.group;
    }
  }
}

void finish(Build& build, RelationNamer& namer, Draft& draft) {
  Resource& resource = draft.resource;
  layer(build.project, draft);
  resource.unrendered_config = unrendered(build.project, draft);
  if (resource.type == ResourceType::test) settle_stored_failures(resource.config);
  copy_to_node(resource);
  check_config(build, draft);
  if (resource.config.enabled()) describe(build, draft);
  if (resource.source) {
    read_source_config(resource);
    if (auto location = external_location(resource))
      resource.source->location = std::move(*location);
    else
      build.problems.add(std::move(location.error()));
    resource.relation_name = relation_name(resource, Node()).render();
    return;
  }
  bool named = resource.type == ResourceType::model || resource.type == ResourceType::seed ||
               resource.type == ResourceType::snapshot || resource.type == ResourceType::test ||
               resource.type == ResourceType::analysis || resource.type == ResourceType::operation ||
               resource.type == ResourceType::function;
  if (named) namer.name(resource);
  bool has_hooks = resource.type == ResourceType::model || resource.type == ResourceType::seed ||
                   resource.type == ResourceType::snapshot || resource.type == ResourceType::function;
  if (has_hooks) capture_hooks(build, draft);
}

}  // namespace

void finish_nodes(Build& build) {
  RelationNamer namer(build);
  for (auto& draft : build.drafts) {
    if (draft.finished) continue;
    Turn turn(build, draft.contribution);
    finish(build, namer, draft);
  }
  for (auto& draft : build.drafts) {
    if (draft.resource.type == ResourceType::test) inherit_from_target(build, draft);
  }
}

}  // namespace rynd::project

// Properties, applied: what YAML says of models, seeds, snapshots, analyses, singular tests and macros goes to their
// drafts.
#include <algorithm>

#include "base/suggest.h"
#include "load/build.h"
#include "load/columns.h"
#include "load/functions.h"
#include "load/versions.h"

namespace rynd::project {

namespace {

std::string described(const PropertiesFile& file) { return file.package->name + "://" + file.original_file_path; }

// Properties that stand beside `config:` and belong into it.
Node config_of(Build& build, const PropertiesFile& file, const Node& entry) {
  Node config = Node::map();
  if (const Node* given = entry.find("config"); given && given->is_mapping()) config = *given;
  for (std::string_view key : {"meta", "docs", "group", "contract", "access", "latest_version_pointer"}) {
    const Entry* given = entry.find_entry(key);
    if (!given || given->value.is_null()) continue;
    if (config.find(key)) {
      build.problems
          .error(Code::properties_wrong, "'" + std::string(key) + "' is given twice: here and under 'config'",
                 {file.document.source, given->key_begin, given->key_end})
          .help = "keep the one under 'config'";
      continue;
    }
    config.set(std::string(key), given->value);
  }
  return config;
}

Draft* find_draft(Build& build, const std::string& name, ResourceType type, const std::string& package) {
  auto found = build.drafts_by_name.find(name);
  if (found == build.drafts_by_name.end()) return nullptr;
  Draft* other = nullptr;
  for (Draft* draft : found->second) {
    if (draft->resource.type != type) continue;
    if (draft->resource.package == package) return draft;
    other = draft;
  }
  return other;
}

void warn_unused(Build& build, const PropertiesFile& file, const Node& entry, ResourceType type,
                 const std::string& name) {
  const Node* place = entry.find("name");
  std::vector<std::string> names;
  for (const auto& draft : build.drafts) {
    if (draft.resource.type == type) names.push_back(draft.resource.name);
  }
  auto& problem = build.problems.warning(Code::properties_unused,
                                         "there is no " + std::string(name_of(type)) + " '" + name + "' to describe",
                                         file.document.span(*place));
  problem.label = did_you_mean(name, names);
}

void read_model_keys(Draft& draft, Fields& fields) {
  Resource& resource = draft.resource;
  if (resource.type != ResourceType::model) return;
  if (!resource.model) resource.model.emplace();
  if (const Node* constraints = fields.sequence("constraints")) resource.model->constraints = *constraints;
  resource.model->deprecation_date = fields.text("deprecation_date").value_or("");
  if (const Node* spine = fields.mapping("time_spine")) resource.model->time_spine = *spine;
}

// A draft gets its description; twice is an error.
bool describe(Build& build, Draft& draft, const PropertiesFile& file, const Node& entry) {
  Resource& resource = draft.resource;
  if (!resource.patch_path.empty()) {
    auto& problem = build.problems.error(
        Code::properties_duplicate, std::string(name_of(resource.type)) + " '" + resource.name + "' is described twice",
        file.document.span(*entry.find("name")));
    problem.related.push_back({resource.patch_span, "also described here"});
    problem.help = "keep one of the two";
    return false;
  }
  resource.patch_path = described(file);
  resource.patch_span = file.document.span(*entry.find("name"));
  return true;
}

void apply_entry(Build& build, const PropertiesFile& file, const Node& entry, ResourceType type,
                 const std::string& section) {
  const Node* name_node = entry.find("name");
  if (!name_node || !name_node->is_scalar()) return;
  const std::string& name = name_node->text;
  std::string what = std::string(name_of(type)) + " '" + name + "'";
  auto columns = entries_of(entry, "columns");
  if (type == ResourceType::model && entry.find("versions") && !entry.find("versions")->items.empty()) {
    apply_versions(build, file, entry, config_of(build, file, entry));
    return;
  }
  TestRequest request;
  request.file = &file;
  request.target_name = name;
  request.yaml_key = section;
  if (const Node* quote = entry.find("quote_columns")) request.quote_columns = quote->boolean;
  bool testable = type == ResourceType::model || type == ResourceType::seed || type == ResourceType::snapshot;
  if (testable) request_tests(build, entry, columns, request);

  Draft* draft = find_draft(build, name, type, file.package->name);
  if (!draft) {
    warn_unused(build, file, entry, type, name);
    return;
  }
  if (!describe(build, *draft, file, entry)) return;
  Fields fields(file.document.source, entry, what, build.problems);
  draft->resource.description = fields.text("description").value_or("");
  draft->resource.columns = read_columns(build, file, columns, what);
  draft->merged_patch_config = config_of(build, file, entry);
  draft->patch_config = &draft->merged_patch_config;
  read_model_keys(*draft, fields);
  if (type == ResourceType::function) read_function_keys(build, file, *draft, fields);
  fields.sequence("columns");
  fields.mapping("config");
  fields.ignore({"name",
                 "meta",
                 "docs",
                 "group",
                 "contract",
                 "access",
                 "tests",
                 "data_tests",
                 "quote_columns",
                 "versions",
                 "latest_version",
                 "latest_version_pointer",
                 "relation",
                 "semantic_model",
                 "metrics",
                 "derived_semantics",
                 "agg_time_dimension",
                 "primary_entity",
                 "tags",
                 "freshness"});
  fields.finish();
}

void apply_macro(Build& build, const PropertiesFile& file, const Node& entry) {
  Fields fields(file.document.source, entry, "a macro", build.problems);
  std::string name = fields.required_text("name");
  auto& macros = build.project.macros;
  auto found = std::find_if(macros.begin(), macros.end(), [&](const Macro& macro) {
    return macro.name == name && macro.package == file.package->name;
  });
  if (found == macros.end()) {
    std::vector<std::string> names;
    for (const auto& macro : macros) {
      if (macro.package == file.package->name) names.push_back(macro.name);
    }
    auto& problem =
        build.problems.warning(Code::properties_unused, "there is no macro '" + name + "' to describe", fields.span());
    problem.label = did_you_mean(name, names);
    return;
  }
  found->description = fields.text("description").value_or("");
  found->patch_path = described(file);
  if (const Node* meta = fields.mapping("meta")) found->meta = *meta;
  if (const Node* config = fields.mapping("config")) found->config = *config;
  if (const Node* docs = fields.mapping("docs")) {
    if (const Node* show = docs->find("show")) found->docs.show = show->boolean;
  }
  for (const Node* argument : entries_of(entry, "arguments")) {
    Fields one(file.document.source, *argument, "an argument of macro '" + name + "'", build.problems);
    std::string argument_name = one.required_text("name");
    auto known = std::find_if(found->arguments.begin(), found->arguments.end(),
                              [&](const MacroArgument& a) { return a.name == argument_name; });
    if (known == found->arguments.end())
      known = found->arguments.insert(found->arguments.end(), {argument_name, {}, {}});
    known->type = one.text("type").value_or(known->type);
    known->description = one.text("description").value_or("");
  }
}

// A snapshot that is only YAML: `relation: ref('orders')`.
void add_yaml_snapshot(Build& build, const PropertiesFile& file, const Node& entry) {
  const Node* relation = entry.find("relation");
  const Node* name = entry.find("name");
  if (!relation || !relation->is_string() || !name) return;
  Draft& draft = build.add_draft(ResourceType::snapshot, *file.package);
  Resource& resource = draft.resource;
  resource.name = resource.alias = name->text;
  resource.unique_id = "snapshot." + resource.package + "." + resource.name;
  resource.path = resource.name + ".sql";
  resource.original_file_path = file.original_file_path;
  resource.fqn = fqn_of(resource.package, file.relative_path, resource.name);
  resource.raw_code = "select * from {{ " + relation->text + " }}";
  resource.span = file.document.span(entry);
  resource.name_span = file.document.span(*name);
  resource.compiled = compile(
      build, make_source(file.document.source->name() + " (snapshot '" + resource.name + "')", resource.raw_code));
  capture(build, draft);
  for (auto& ref : draft.captured.refs) ref.span = file.document.span(*relation);
  for (auto& source : draft.captured.sources) source.span = file.document.span(*relation);
  build.drafts_by_name[resource.name].push_back(&draft);
}

void for_each_entry(const PropertiesFile& file, std::string_view section, auto&& body) {
  const Node* entries = file.document.root.find(section);
  if (!entries) return;
  for (const auto& entry : entries->items) {
    if (entry.is_mapping() && entry.find("name")) body(entry);
  }
}

}  // namespace

void apply_properties(Build& build) {
  for (const auto& file : build.properties) {
    for_each_entry(file, "snapshots", [&](const Node& entry) { add_yaml_snapshot(build, file, entry); });
  }
  for (const auto& file : build.properties) {
    for (auto [section, type] : {std::pair("models", ResourceType::model),
                                 {"seeds", ResourceType::seed},
                                 {"snapshots", ResourceType::snapshot},
                                 {"data_tests", ResourceType::test},
                                 {"analyses", ResourceType::analysis},
                                 {"functions", ResourceType::function}}) {
      for_each_entry(file, section, [&](const Node& entry) { apply_entry(build, file, entry, type, section); });
    }
    for_each_entry(file, "macros", [&](const Node& entry) { apply_macro(build, file, entry); });
  }
}

}  // namespace rynd::project

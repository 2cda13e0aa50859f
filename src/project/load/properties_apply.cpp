// Properties, applied: what YAML says of models, seeds, snapshots, analyses, singular tests and macros goes to their
// drafts.
#include <algorithm>

#include "base/suggest.h"
#include "load/build.h"
#include "load/columns.h"
#include "load/deprecations.h"
#include "load/functions.h"
#include "load/partial/partial.h"
#include "load/versions.h"

namespace rynd::project {

namespace {

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

Macro* find_macro(Project& project, const MacroPatch& patch) {
  auto found = std::find_if(project.macros.begin(), project.macros.end(), [&](const Macro& macro) {
    return macro.name == patch.name && macro.package == patch.package;
  });
  return found == project.macros.end() ? nullptr : &*found;
}

void read_model_keys(Draft& draft, Fields& fields) {
  Resource& resource = draft.resource;
  if (resource.type != ResourceType::model) return;
  if (!resource.model) resource.model.emplace();
  if (const Node* constraints = fields.sequence("constraints")) resource.model->constraints = *constraints;
  resource.model->deprecation_date = deprecation_moment(fields.text("deprecation_date").value_or(""));
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
  resource.patch_path = file.patch_path();
  resource.patch_span = file.document.span(*entry.find("name"));
  return true;
}

void apply_entry(Build& build, PropertiesFile& file, const Node& entry, ResourceType type, const std::string& section) {
  const Node* name_node = entry.find("name");
  if (!name_node || !name_node->is_scalar()) return;
  const std::string& name = name_node->text;
  auto columns = entries_of(entry, "columns");
  bool fresh = file.contribution->fresh;
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
  if (testable && fresh) request_tests(build, entry, columns, request);

  Draft* draft = find_draft(build, name, type, file.package->name);
  if (!draft && fresh) file.contribution->unused.push_back({false, type, name, file.document.span(*name_node)});
  if (!draft || draft->finished) return;
  // From here on it is about the node: it is made again without the file, and the file without it.
  Turn turn(build, draft->contribution);
  if (!describe(build, *draft, file, entry)) return;
  std::string what = std::string(name_of(type)) + " '" + name + "'";
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

// Nothing where there is no such macro, which is noted.
void read_macro_entry(Build& build, PropertiesFile& file, const Node& entry) {
  Fields fields(file.document.source, entry, "a macro", build.problems);
  MacroPatch patch;
  patch.name = fields.required_text("name");
  patch.package = file.package->name;
  build.globals->asked(Question::macro, patch.name);
  if (!find_macro(build.project, patch)) {
    file.contribution->unused.push_back({true, ResourceType::model, patch.name, fields.span()});
    return;
  }
  patch.description = fields.text("description").value_or("");
  patch.patch_path = file.patch_path();
  if (const Node* meta = fields.mapping("meta")) patch.meta = *meta;
  if (const Node* config = fields.mapping("config")) patch.config = *config;
  if (const Node* docs = fields.mapping("docs")) {
    if (const Node* show = docs->find("show")) patch.show = show->boolean;
  }
  for (const Node* argument : entries_of(entry, "arguments")) {
    Fields one(file.document.source, *argument, "an argument of macro '" + patch.name + "'", build.problems);
    MacroArgument& described_argument = patch.arguments.emplace_back();
    described_argument.name = one.required_text("name");
    described_argument.type = one.text("type").value_or("");
    described_argument.description = one.text("description").value_or("");
  }
  describe(build, patch, find_macro(build.project, patch)->span);
  file.contribution->macro_patches.push_back(std::move(patch));
}

void apply_macro_patch(Project& project, const MacroPatch& patch) {
  Macro* macro = find_macro(project, patch);
  if (!macro) return;
  macro->description = patch.description;
  macro->patch_path = patch.patch_path;
  macro->meta = patch.meta;
  macro->config = patch.config;
  macro->docs.show = patch.show;
  for (const auto& argument : patch.arguments) {
    auto known = std::find_if(macro->arguments.begin(), macro->arguments.end(),
                              [&](const MacroArgument& a) { return a.name == argument.name; });
    if (known == macro->arguments.end())
      known = macro->arguments.insert(macro->arguments.end(), {argument.name, {}, {}});
    if (!argument.type.empty()) known->type = argument.type;
    known->description = argument.description;
  }
}

// A snapshot that is only YAML: `relation: ref('orders')`.
void add_yaml_snapshot(Build& build, PropertiesFile& file, const Node& entry) {
  const Node* relation = entry.find("relation");
  const Node* name = entry.find("name");
  if (!relation || !relation->is_string() || !name) return;
  Draft& draft = build.add_draft(ResourceType::snapshot, *file.package, file.contribution);
  Resource& resource = draft.resource;
  draft.file_name = resource.name = resource.alias = name->text;
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
  build.remember(draft);
}

void for_each_entry(PropertiesFile& file, std::string_view section, auto&& body) {
  const Node* entries = file.document.root.find(section);
  if (!entries) return;
  for (const auto& entry : entries->items) {
    if (entry.is_mapping() && entry.find("name")) body(entry);
  }
}

void apply_file(Build& build, PropertiesFile& file) {
  for (auto [section, type] : {std::pair("models", ResourceType::model),
                               {"seeds", ResourceType::seed},
                               {"snapshots", ResourceType::snapshot},
                               {"data_tests", ResourceType::test},
                               {"analyses", ResourceType::analysis},
                               {"functions", ResourceType::function}}) {
    for_each_entry(file, section, [&](const Node& entry) { apply_entry(build, file, entry, type, section); });
  }
  if (!file.contribution->fresh) return;
  for_each_entry(file, "macros", [&](const Node& entry) { read_macro_entry(build, file, entry); });
}

}  // namespace

void apply_properties(Build& build) {
  Partial& partial = *build.partial;
  for (Contribution* one : partial.properties_files) {
    if (!one->fresh) {
      partial.take_drafts(*one);
    } else if (one->properties) {
      Turn turn(build, one);
      for_each_entry(*one->properties, "snapshots",
                     [&](const Node& entry) { add_yaml_snapshot(build, *one->properties, entry); });
    }
  }
  for (Contribution* one : partial.properties_files) {
    if (one->properties) {
      Turn turn(build, one);
      apply_file(build, *one->properties);
    }
    for (const auto& patch : one->macro_patches) apply_macro_patch(build.project, patch);
  }
}

void read_described(Build& build) {
  for (Contribution* one : build.partial->properties_files) {
    if (!one->fresh) {
      build.partial->take_drafts(*one);
    } else if (one->properties) {
      Turn turn(build, one);
      read_sources(build, *one->properties);
      read_unit_tests(build, *one->properties);
      read_other_yaml(build, *one->properties);
      make_generic_tests(build, *one->properties);
    }
  }
}

// Entries that describe nothing, with what is near.
void report_unused(Build& build) {
  for (const auto& one : build.partial->contributions) {
    for (const auto& entry : one.unused) {
      std::string kind(entry.is_macro ? "macro" : name_of(entry.type));
      auto& problem = build.problems.warning(Code::properties_unused,
                                             "there is no " + kind + " '" + entry.name + "' to describe", entry.span);
      std::vector<std::string> names;
      for (const auto& macro : build.project.macros) {
        if (entry.is_macro && macro.package == one.file.package->name) names.push_back(macro.name);
      }
      for (const auto& draft : build.drafts) {
        if (!entry.is_macro && draft.resource.type == entry.type) names.push_back(draft.resource.name);
      }
      problem.label = did_you_mean(entry.name, names);
    }
  }
}

}  // namespace rynd::project

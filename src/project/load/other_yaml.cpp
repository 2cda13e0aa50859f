// Other YAML resources: exposures, groups, metrics, semantic models and saved queries.
#include <algorithm>

#include "load/build.h"
#include "load/columns.h"
#include "load/static_call.h"

namespace rynd::project {

namespace {

Draft& add(Build& build, const PropertiesFile& file, const Node& entry, ResourceType type) {
  Draft& draft = build.add_draft(type, *file.package, file.contribution);
  Resource& resource = draft.resource;
  const Node* name = entry.find("name");
  resource.name = name->text;
  resource.unique_id = std::string(name_of(type)) + "." + resource.package + "." + resource.name;
  resource.path = file.relative_path;
  resource.original_file_path = file.original_file_path;
  resource.fqn = fqn_of(resource.package, file.relative_path, resource.name);
  if (const Node* description = entry.find("description"); description && description->is_scalar()) {
    resource.description = description->text;
  }
  resource.span = file.document.span(entry);
  resource.name_span = file.document.span(*name);
  resource.properties = entry;
  if (const Node* config = entry.find("config"); config && config->is_mapping()) draft.inline_config = *config;
  for (std::string_view key : {"meta", "tags"}) {
    const Node* given = entry.find(key);
    if (given && !given->is_null() && type != ResourceType::group) draft.inline_config.set(std::string(key), *given);
  }
  return draft;
}

void add_dependency(Build& build, const PropertiesFile& file, Draft& draft, const Node& value) {
  auto call = value.is_string() ? read_static_call(value.text) : std::nullopt;
  Span span = file.document.span(value);
  if (!call) {
    build.problems.error(Code::properties_wrong,
                         "this must be ref('...'), source('...', '...') or metric('...'), not '" + value.text + "'",
                         span);
    return;
  }
  if (auto* ref = std::get_if<Ref>(&*call)) {
    ref->span = span;
    draft.captured.refs.push_back(*ref);
  } else if (auto* source = std::get_if<SourceRef>(&*call)) {
    source->span = span;
    draft.captured.sources.push_back(*source);
  } else if (auto* metric = std::get_if<MetricName>(&*call)) {
    draft.captured.metrics.push_back({metric->name, {}, {}, span});
  }
}

void add_exposure(Build& build, const PropertiesFile& file, const Node& entry) {
  Draft& draft = add(build, file, entry, ResourceType::exposure);
  Fields fields(file.document.source, entry, "exposure '" + draft.resource.name + "'", build.problems);
  fields.required_text("type");
  if (!fields.mapping("owner")) {
    build.problems.error(Code::properties_wrong, "exposure '" + draft.resource.name + "' has no 'owner'", fields.span())
        .help = "owner: {name: ..., email: ...}";
  }
  if (const Node* depends_on = fields.sequence("depends_on")) {
    for (const auto& value : depends_on->items) add_dependency(build, file, draft, value);
  }
  fields.ignore({"name", "description", "label", "maturity", "url", "meta", "tags", "config", "enabled"});
  fields.finish();
}

// "m", {name: m} or a list of them.
void add_metric_names(const PropertiesFile& file, Draft& draft, const Node* given) {
  if (!given || given->is_null()) return;
  if (given->is_sequence()) {
    for (const auto& item : given->items) add_metric_names(file, draft, &item);
    return;
  }
  const Node* name = given->is_mapping() ? given->find("name") : given;
  if (name) draft.captured.metrics.push_back({name->text, {}, {}, file.document.span(*name)});
}

void add_metric(Build& build, const PropertiesFile& file, const Node& entry) {
  Draft& draft = add(build, file, entry, ResourceType::metric);
  const Node* parameters = entry.find("type_params");
  if (!parameters) return;
  for (std::string_view key : {"metrics", "numerator", "denominator"})
    add_metric_names(file, draft, parameters->find(key));
  const Node* measure = parameters->find("measure");
  if (measure && measure->is_mapping()) measure = measure->find("name");
  if (measure) draft.measures.push_back(measure->text);
}

void add_semantic_model(Build& build, const PropertiesFile& file, const Node& entry) {
  Draft& draft = add(build, file, entry, ResourceType::semantic_model);
  if (const Node* model = entry.find("model")) {
    add_dependency(build, file, draft, *model);
  } else {
    build.problems
        .error(Code::properties_wrong, "semantic model '" + draft.resource.name + "' has no 'model'",
               draft.resource.name_span)
        .help = "model: ref('...')";
  }
}

void add_saved_query(Build& build, const PropertiesFile& file, const Node& entry) {
  Draft& draft = add(build, file, entry, ResourceType::saved_query);
  if (const Node* parameters = entry.find("query_params")) add_metric_names(file, draft, parameters->find("metrics"));
}

void add_group(Build& build, const PropertiesFile& file, const Node& entry) {
  Draft& draft = add(build, file, entry, ResourceType::group);
  if (!entry.find("owner")) {
    build.problems
        .error(Code::properties_wrong, "group '" + draft.resource.name + "' has no 'owner'", draft.resource.name_span)
        .help = "owner:\n  name: ...";
  }
}

}  // namespace

void read_other_yaml(Build& build, PropertiesFile& file) {
  using Adder = void (*)(Build&, const PropertiesFile&, const Node&);
  constexpr std::pair<std::string_view, Adder> kinds[] = {{"exposures", add_exposure},
                                                          {"groups", add_group},
                                                          {"metrics", add_metric},
                                                          {"semantic_models", add_semantic_model},
                                                          {"saved_queries", add_saved_query}};
  for (auto [section, adder] : kinds) {
    const Node* entries = file.document.root.find(section);
    if (!entries) continue;
    for (const auto& entry : entries->items) {
      if (entry.is_mapping() && entry.find("name")) adder(build, file, entry);
    }
  }
}

}  // namespace rynd::project

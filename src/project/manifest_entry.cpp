// Manifest entry: a resource as dbt's manifest (v12) has it.
#include <initializer_list>

#include "project/context.h"
#include "semantic_entry.h"

namespace rynd::project {

namespace {

Node text_or_null(const std::string& text) { return text.empty() ? Node() : Node::of(text); }

Node texts(const std::vector<std::string>& list) {
  Node result = Node::list();
  for (const auto& text : list) result.items.push_back(Node::of(text));
  return result;
}

Node docs_of(const DocsOptions& docs) {
  Node result = Node::map();
  result.set("show", Node::of(docs.show));
  result.set("node_color", text_or_null(docs.node_color));
  return result;
}

// A version is a number where it looks like one, as YAML has it.
Node version_or_null(const std::string& version) {
  if (version.empty()) return Node();
  bool digits = version.find_first_not_of("0123456789") == std::string::npos;
  return digits && version.size() < 10 ? Node::of(static_cast<int64_t>(std::stoll(version))) : Node::of(version);
}

Node ref_list(const std::vector<Ref>& refs) {
  Node result = Node::list();
  for (const auto& ref : refs) {
    Node one = Node::map();
    one.set("name", Node::of(ref.name));
    one.set("package", text_or_null(ref.package));
    one.set("version", version_or_null(ref.version));
    result.items.push_back(std::move(one));
  }
  return result;
}

Node source_list(const std::vector<SourceRef>& sources) {
  Node result = Node::list();
  for (const auto& source : sources) result.items.push_back(texts({source.source, source.table}));
  return result;
}

// Constraints with every key that dbt gives them; a model's have columns too.
Node constraints_of(const Node& given, bool of_model) {
  Node result = Node::list();
  for (const auto& constraint : given.items) {
    Node one = Node::map();
    auto take = [&](const char* key, Node fallback) {
      const Node* value = constraint.find(key);
      one.set(key, value ? *value : std::move(fallback));
    };
    take("type", Node());
    take("name", Node());
    take("expression", Node());
    take("warn_unenforced", Node::of(true));
    take("warn_unsupported", Node::of(true));
    take("to", Node());
    take("to_columns", Node::list());
    if (of_model) take("columns", Node::list());
    result.items.push_back(std::move(one));
  }
  return result;
}

Node column_entry(const Column& column) {
  Node entry = Node::map();
  entry.set("name", Node::of(column.name));
  entry.set("description", Node::of(column.description));
  entry.set("meta", column.meta);
  entry.set("data_type", text_or_null(column.data_type));
  entry.set("constraints", constraints_of(column.constraints, false));
  entry.set("quote", column.quote ? Node::of(*column.quote) : Node());
  Node config = Node::map();
  config.set("meta", column.meta);
  config.set("tags", texts(column.tags));
  entry.set("config", std::move(config));
  entry.set("tags", texts(column.tags));
  entry.set("granularity", text_or_null(column.granularity));
  entry.set("dimension", column.dimension);
  entry.set("entity", column.entity);
  entry.set("doc_blocks", texts(column.doc_blocks));
  return entry;
}

Node function_list(const std::vector<Ref>& functions) {
  Node result = Node::list();
  for (const auto& one : functions) {
    result.items.push_back(one.package.empty() ? texts({one.name}) : texts({one.package, one.name}));
  }
  return result;
}

// Mappings with every key that dbt gives them.
Node with_keys(const Node& given, std::initializer_list<const char*> keys) {
  Node result = Node::map();
  for (const char* key : keys) {
    const Node* value = given.find(key);
    result.set(key, value ? *value : Node());
  }
  return result;
}

Node arguments_of(const Node& given) {
  Node result = Node::list();
  for (const auto& argument : given.items) {
    result.items.push_back(with_keys(argument, {"name", "data_type", "description", "default_value"}));
  }
  return result;
}

void set_function(Node& entry, const FunctionDetails& function) {
  Node returns = with_keys(function.returns, {"data_type", "description"});
  if (function.returns.is_null()) returns.set("data_type", Node::of("INVALID_TYPE"));  // dbt's word for it
  entry.set("returns", std::move(returns));
  entry.set("arguments", arguments_of(function.arguments));
  Node overloads = Node::list();
  for (const auto& overload : function.overloads) {
    Node one = Node::map();
    one.set("defined_in", Node::of(overload.defined_in));
    one.set("arguments", arguments_of(overload.arguments));
    one.set("returns", overload.returns.is_null() ? Node() : with_keys(overload.returns, {"data_type", "description"}));
    one.set("description", text_or_null(overload.description));
    one.set("raw_body", Node::of(overload.raw_body));
    one.set("compiled_body", Node());
    overloads.items.push_back(std::move(one));
  }
  entry.set("overloads", std::move(overloads));
}

Node columns_of(const Resource& resource) {
  Node columns = Node::map();
  for (const auto& column : resource.columns) columns.set(column.name, column_entry(column));
  return columns;
}

Node dependencies(const Project& project, const Resource& resource, bool with_nodes) {
  Node result = Node::map();
  Node macros = Node::list();
  for (MacroId id : resource.depends_on_macros) macros.items.push_back(Node::of(project.macros[id].unique_id));
  result.set("macros", std::move(macros));
  if (!with_nodes) return result;
  Node nodes = Node::list();
  for (ResourceId id : resource.depends_on) {
    // While a project is being read the ids are not there yet.
    if (id < project.resources.size()) nodes.items.push_back(Node::of(project.resources[id].unique_id));
  }
  result.set("nodes", std::move(nodes));
  return result;
}

void set_names(Node& entry, const Resource& resource) {
  entry.set("name", Node::of(resource.name));
  entry.set("resource_type", Node::of(std::string(name_of(resource.type))));
  entry.set("package_name", Node::of(resource.package));
  entry.set("path", Node::of(resource.path));
  entry.set("original_file_path", Node::of(resource.original_file_path));
  entry.set("unique_id", Node::of(resource.unique_id));
  entry.set("fqn", texts(resource.fqn));
}

void set_model(Node& entry, const ModelDetails& model) {
  entry.set("access", Node::of(model.access));
  entry.set("constraints", constraints_of(model.constraints, true));
  entry.set("version", version_or_null(model.version));
  entry.set("latest_version", version_or_null(model.latest_version));
  entry.set("deprecation_date", text_or_null(model.deprecation_date));
  entry.set("primary_key", texts(model.primary_key));
  entry.set("time_spine", model.time_spine);
}

void set_test(Node& entry, const Project& project, const Resource& resource) {
  const TestDetails& test = *resource.test;
  entry.set("column_name", text_or_null(test.column_name));
  entry.set("file_key_name", Node::of(test.file_key_name));
  bool attached = test.attached != no_resource && test.attached < project.resources.size();
  entry.set("attached_node", attached ? Node::of(project.resources[test.attached].unique_id) : Node());
  Node metadata = Node::map();
  metadata.set("name", Node::of(test.name));
  metadata.set("kwargs", test.kwargs);
  metadata.set("namespace", text_or_null(test.test_namespace));
  entry.set("test_metadata", std::move(metadata));
}

Node threshold(const FreshnessThreshold& given) {
  Node result = Node::map();
  result.set("count", given.count ? Node::of(*given.count) : Node());
  result.set("period", text_or_null(given.period));
  return result;
}

Node quoting_of(const Node& given) {
  Node result = Node::map();
  for (const char* key : {"database", "schema", "identifier", "column"}) {
    const Node* value = given.find(key);
    result.set(key, value ? *value : Node());
  }
  return result;
}

Node source_entry(const Resource& resource) {
  const SourceDetails& source = *resource.source;
  Node entry = Node::map();
  entry.set("database", text_or_null(resource.database));
  entry.set("schema", Node::of(resource.schema));
  set_names(entry, resource);
  entry.set("source_name", Node::of(source.source_name));
  entry.set("source_description", Node::of(source.source_description));
  entry.set("loader", Node::of(source.loader));
  entry.set("identifier", Node::of(source.identifier));
  entry.set("quoting", quoting_of(source.quoting));
  entry.set("loaded_at_field", text_or_null(source.loaded_at_field));
  entry.set("loaded_at_query", text_or_null(source.loaded_at_query));
  Node freshness;
  if (source.freshness) {
    freshness = Node::map();
    freshness.set("warn_after", threshold(source.freshness->warn_after));
    freshness.set("error_after", threshold(source.freshness->error_after));
    freshness.set("filter", text_or_null(source.freshness->filter));
  } else if (const Node* given = resource.config.find("freshness")) {
    freshness = *given;  // thresholds without counts, unless somebody said null
  }
  entry.set("freshness", std::move(freshness));
  entry.set("external", source.external);
  entry.set("description", Node::of(resource.description));
  entry.set("columns", columns_of(resource));
  entry.set("meta", resource.meta);
  entry.set("source_meta", source.source_meta);
  entry.set("tags", texts(resource.tags));
  entry.set("config", resource.config.all());
  entry.set("patch_path", Node());
  entry.set("unrendered_config", resource.unrendered_config);
  entry.set("relation_name", text_or_null(resource.relation_name));
  entry.set("doc_blocks", texts(resource.doc_blocks));
  return entry;
}

Node unit_test_entry(const Project& project, const Resource& resource) {
  const UnitTestDetails& test = *resource.unit_test;
  Node entry = Node::map();
  entry.set("model", Node::of(test.model));
  entry.set("given", test.given);
  entry.set("expect", test.expect);
  set_names(entry, resource);
  entry.set("description", Node::of(resource.description));
  Node overrides;
  if (!test.overrides.entries.empty()) {
    overrides = Node::map();
    for (const char* key : {"macros", "vars", "env_vars"}) {
      const Node* given = test.overrides.find(key);
      overrides.set(key, given ? *given : Node::map());
    }
  }
  entry.set("overrides", std::move(overrides));
  entry.set("depends_on", dependencies(project, resource, true));
  entry.set("config", resource.config.all());
  entry.set("checksum", Node::of(test.fixture_checksum));
  bool tested = test.tested != no_resource && test.tested < project.resources.size();
  entry.set("schema", tested ? Node::of(project.resources[test.tested].schema) : Node());
  entry.set("versions", test.versions);
  entry.set("version", version_or_null(test.version));
  return entry;
}

// Exposures, metrics, groups, ...: what was written, and what the graph adds.
Node yaml_entry(const Project& project, const Resource& resource) {
  const bool is_semantic_model = resource.type == ResourceType::semantic_model;
  const bool is_saved_query = resource.type == ResourceType::saved_query;
  Node entry = Node::map();
  set_names(entry, resource);
  entry.set("description", Node::of(resource.description));
  set_written_fields(entry, project, resource);
  if (resource.type == ResourceType::group) {
    std::erase_if(entry.entries, [](const Entry& one) { return one.key == "fqn"; });
    entry.set("config", resource.config.all());
    return entry;
  }
  entry.set("config", resource.config.all());
  entry.set("unrendered_config", resource.unrendered_config);
  entry.set("depends_on", dependencies(project, resource, true));
  entry.set("refs", ref_list(resource.refs));
  const bool is_exposure = resource.type == ResourceType::exposure || resource.type == ResourceType::page;
  if (!is_exposure) entry.set("group", text_or_null(resource.group));
  if (!is_semantic_model) entry.set("tags", texts(resource.tags));
  if (is_semantic_model || is_saved_query) return entry;
  entry.set("meta", resource.meta);
  entry.set("sources", source_list(resource.sources));
  // A metric's own metrics stand in its parameters.
  Node metrics = Node::list();
  if (is_exposure)
    for (const auto& metric : resource.metrics) metrics.items.push_back(texts({metric.name}));
  entry.set("metrics", std::move(metrics));
  return entry;
}

Node node_entry(const Project& project, const Resource& resource) {
  Node entry = Node::map();
  entry.set("database", text_or_null(resource.database));
  entry.set("schema", Node::of(resource.schema));
  set_names(entry, resource);
  entry.set("alias", Node::of(resource.alias));
  Node checksum = Node::map();
  checksum.set("name", Node::of(resource.checksum.name));
  checksum.set("checksum", Node::of(resource.checksum.checksum));
  entry.set("checksum", std::move(checksum));
  entry.set("config", resource.config.all());
  entry.set("tags", texts(resource.tags));
  entry.set("description", Node::of(resource.description));
  entry.set("columns", columns_of(resource));
  entry.set("meta", resource.meta);
  entry.set("group", text_or_null(resource.group));
  entry.set("docs", docs_of(resource.docs));
  entry.set("patch_path", text_or_null(resource.patch_path));
  entry.set("build_path", Node());
  entry.set("unrendered_config", resource.unrendered_config);
  entry.set("relation_name", text_or_null(resource.relation_name));
  entry.set("raw_code", Node::of(resource.raw_code));
  entry.set("doc_blocks", texts(resource.doc_blocks));
  if (resource.type == ResourceType::seed) {
    const Package* package = project.package(resource.package);
    entry.set("root_path", package ? Node::of(package->root.string()) : Node());
    entry.set("depends_on", dependencies(project, resource, false));
    return entry;
  }
  entry.set("language", Node::of(resource.language));
  entry.set("refs", ref_list(resource.refs));
  entry.set("sources", source_list(resource.sources));
  entry.set("metrics", Node::list());
  entry.set("functions", function_list(resource.functions));
  entry.set("depends_on", dependencies(project, resource, true));
  entry.set("compiled_path", Node());
  Node contract = Node::map();
  contract.set("enforced", Node::of(resource.contract.enforced));
  contract.set("alias_types", Node::of(resource.contract.alias_types));
  contract.set("checksum", text_or_null(resource.contract.checksum));
  entry.set("contract", std::move(contract));
  if (resource.model) set_model(entry, *resource.model);
  if (resource.test) set_test(entry, project, resource);
  if (resource.function) set_function(entry, *resource.function);
  if (resource.operation) entry.set("index", Node::of(static_cast<int64_t>(resource.operation->index)));
  return entry;
}

}  // namespace

Node manifest_entry(const Project& project, const Resource& resource) {
  if (resource.source) return source_entry(resource);
  if (resource.unit_test) return unit_test_entry(project, resource);
  switch (resource.type) {
    case ResourceType::exposure:
    case ResourceType::metric:
    case ResourceType::semantic_model:
    case ResourceType::saved_query:
    case ResourceType::group:
    case ResourceType::page:
      return yaml_entry(project, resource);
    default:
      return node_entry(project, resource);
  }
}

}  // namespace rynd::project

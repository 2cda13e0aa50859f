// Manifest entry: a resource as dbt's manifest (v12) has it.
#include <initializer_list>

#include "entry_out.h"
#include "project/context.h"
#include "semantic_entry.h"

namespace rynd::project {

namespace {

void write_docs(EntryOut& out, const DocsOptions& docs) {
  out.open("docs");
  out.flag("show", docs.show);
  out.text_or_null("node_color", docs.node_color);
  out.close();
}

// A version is a number where it looks like one, as YAML has it.
void write_version(EntryOut& out, std::string_view key, const std::string& version) {
  bool digits = !version.empty() && version.find_first_not_of("0123456789") == std::string::npos;
  if (digits && version.size() < 10) return out.number(key, std::stoll(version));
  out.text_or_null(key, version);
}

void write_refs(EntryOut& out, const std::vector<Ref>& refs) {
  out.open_list("refs");
  for (const auto& ref : refs) {
    out.open({});
    out.text("name", ref.name);
    out.text_or_null("package", ref.package);
    write_version(out, "version", ref.version);
    out.close();
  }
  out.close();
}

void write_sources(EntryOut& out, const std::vector<SourceRef>& sources) {
  out.open_list("sources");
  for (const auto& source : sources) {
    out.open_list({});
    out.text({}, source.source);
    out.text({}, source.table);
    out.close();
  }
  out.close();
}

// Constraints with every key that dbt gives them; a model's have columns too.
void write_constraints(EntryOut& out, const Node& given, bool of_model) {
  static const Node null, yes = Node::of(true), list = Node::list();
  out.open_list("constraints");
  for (const auto& constraint : given.items) {
    out.open({});
    auto take = [&](std::string_view key, const Node& fallback) {
      const Node* value = constraint.find(key);
      out.add(key, value ? *value : fallback);
    };
    take("type", null);
    take("name", null);
    take("expression", null);
    take("warn_unenforced", yes);
    take("warn_unsupported", yes);
    take("to", null);
    take("to_columns", list);
    if (of_model) take("columns", list);
    out.close();
  }
  out.close();
}

void write_column(EntryOut& out, const Column& column) {
  out.open(column.name);
  out.text("name", column.name);
  out.text("description", column.description);
  out.add("meta", column.meta);
  out.text_or_null("data_type", column.data_type);
  write_constraints(out, column.constraints, false);
  if (column.quote) {
    out.flag("quote", *column.quote);
  } else {
    out.null("quote");
  }
  out.open("config");
  out.add("meta", column.meta);
  out.texts("tags", column.tags);
  out.close();
  out.texts("tags", column.tags);
  out.text_or_null("granularity", column.granularity);
  out.add("dimension", column.dimension);
  out.add("entity", column.entity);
  out.texts("doc_blocks", column.doc_blocks);
  out.close();
}

void write_columns(EntryOut& out, const Resource& resource) {
  out.open("columns");
  for (const auto& column : resource.columns) write_column(out, column);
  out.close();
}

void write_dependencies(EntryOut& out, const Project& project, const Resource& resource, bool with_nodes) {
  out.open("depends_on");
  out.open_list("macros");
  for (MacroId id : resource.depends_on_macros) out.text({}, project.macros[id].unique_id);
  out.close();
  if (with_nodes) {
    out.open_list("nodes");
    for (ResourceId id : resource.depends_on) {
      // While a project is being read the ids are not there yet.
      if (id < project.resources.size()) out.text({}, project.resources[id].unique_id);
    }
    out.close();
  }
  out.close();
}

void write_names(EntryOut& out, const Resource& resource) {
  out.text("name", resource.name);
  out.text("resource_type", name_of(resource.type));
  out.text("package_name", resource.package);
  out.text("path", resource.path);
  out.text("original_file_path", resource.original_file_path);
  out.text("unique_id", resource.unique_id);
  out.texts("fqn", resource.fqn);
}

void write_config(EntryOut& out, const Config& config) {
  out.open("config");
  config.each([&](std::string_view key, const Node& value) { out.add(key, value); });
  out.close();
}

void write_model(EntryOut& out, const ModelDetails& model) {
  out.text("access", model.access);
  write_constraints(out, model.constraints, true);
  write_version(out, "version", model.version);
  write_version(out, "latest_version", model.latest_version);
  out.text_or_null("deprecation_date", model.deprecation_date);
  out.texts("primary_key", model.primary_key);
  out.add("time_spine", model.time_spine);
}

// The id of a resource, or null where it is none (or not yet).
void write_id(EntryOut& out, std::string_view key, const Project& project, ResourceId id) {
  if (id < project.resources.size()) return out.text(key, project.resources[id].unique_id);
  out.null(key);
}

void write_test(EntryOut& out, const Project& project, const TestDetails& test) {
  out.text_or_null("column_name", test.column_name);
  out.text("file_key_name", test.file_key_name);
  write_id(out, "attached_node", project, test.attached);
  out.open("test_metadata");
  out.text("name", test.name);
  out.add("kwargs", test.kwargs);
  out.text_or_null("namespace", test.test_namespace);
  out.close();
}

void write_threshold(EntryOut& out, std::string_view key, const FreshnessThreshold& given) {
  out.open(key);
  if (given.count) {
    out.number("count", *given.count);
  } else {
    out.null("count");
  }
  out.text_or_null("period", given.period);
  out.close();
}

void write_freshness(EntryOut& out, const Resource& resource) {
  if (const auto& freshness = resource.source->freshness) {
    out.open("freshness");
    write_threshold(out, "warn_after", freshness->warn_after);
    write_threshold(out, "error_after", freshness->error_after);
    out.text_or_null("filter", freshness->filter);
    return out.close();
  }
  // Thresholds without counts, unless somebody said null.
  const Node* given = resource.config.find("freshness");
  out.add("freshness", given ? *given : Node());
}

// Each key of a mapping, or what stands for one that is not there.
void write_keys(EntryOut& out, std::string_view key, const Node& given, std::initializer_list<std::string_view> wanted,
                const Node& fallback) {
  out.open(key);
  for (std::string_view one : wanted) {
    const Node* value = given.find(one);
    out.add(one, value ? *value : fallback);
  }
  out.close();
}

void write_functions(EntryOut& out, const std::vector<Ref>& functions) {
  out.open_list("functions");
  for (const auto& one : functions)
    out.texts({}, one.package.empty() ? std::vector{one.name} : std::vector{one.package, one.name});
  out.close();
}

void write_arguments(EntryOut& out, const Node& given) {
  out.open_list("arguments");
  for (const auto& argument : given.items)
    write_keys(out, {}, argument, {"name", "data_type", "description", "default_value"}, Node());
  out.close();
}

void write_returns(EntryOut& out, const Node& returns) {
  write_keys(out, "returns", returns, {"data_type", "description"}, Node());
}

void write_overload(EntryOut& out, const FunctionOverload& overload) {
  out.open({});
  out.text("defined_in", overload.defined_in);
  write_arguments(out, overload.arguments);
  overload.returns.is_null() ? out.null("returns") : write_returns(out, overload.returns);
  out.text_or_null("description", overload.description);
  out.text("raw_body", overload.raw_body);
  out.null("compiled_body");
  out.close();
}

void write_function(EntryOut& out, const FunctionDetails& function) {
  Node unknown = Node::map();
  unknown.set("data_type", Node::of("INVALID_TYPE"));  // dbt's word for it
  write_returns(out, function.returns.is_null() ? unknown : function.returns);
  write_arguments(out, function.arguments);
  out.open_list("overloads");
  for (const auto& overload : function.overloads) write_overload(out, overload);
  out.close();
}

void write_source(EntryOut& out, const Resource& resource) {
  const SourceDetails& source = *resource.source;
  out.text_or_null("database", resource.database);
  out.text("schema", resource.schema);
  write_names(out, resource);
  out.text("source_name", source.source_name);
  out.text("source_description", source.source_description);
  out.text("loader", source.loader);
  out.text("identifier", source.identifier);
  write_keys(out, "quoting", source.quoting, {"database", "schema", "identifier", "column"}, Node());
  out.text_or_null("loaded_at_field", source.loaded_at_field);
  out.text_or_null("loaded_at_query", source.loaded_at_query);
  write_freshness(out, resource);
  out.add("external", source.external);
  out.text("description", resource.description);
  write_columns(out, resource);
  out.add("meta", resource.meta);
  out.add("source_meta", source.source_meta);
  out.texts("tags", resource.tags);
  write_config(out, resource.config);
  out.null("patch_path");
  out.add("unrendered_config", resource.unrendered_config);
  out.text_or_null("relation_name", resource.relation_name);
  out.texts("doc_blocks", resource.doc_blocks);
}

void write_unit_test(EntryOut& out, const Project& project, const Resource& resource) {
  const UnitTestDetails& test = *resource.unit_test;
  out.text("model", test.model);
  out.add("given", test.given);
  out.add("expect", test.expect);
  write_names(out, resource);
  out.text("description", resource.description);
  if (test.overrides.entries.empty()) {
    out.null("overrides");
  } else {
    write_keys(out, "overrides", test.overrides, {"macros", "vars", "env_vars"}, Node::map());
  }
  write_dependencies(out, project, resource, true);
  write_config(out, resource.config);
  out.text("checksum", test.fixture_checksum);
  if (test.tested < project.resources.size()) {
    out.text("schema", project.resources[test.tested].schema);
  } else {
    out.null("schema");
  }
  out.add("versions", test.versions);
  write_version(out, "version", test.version);
}

void write_compiled(EntryOut& out, const CompiledCode& compiled) {
  out.flag("compiled", true);
  out.text("compiled_code", compiled.code);
  out.flag("extra_ctes_injected", true);
}

void write_code(EntryOut& out, const Project& project, const Resource& resource, const CompiledCode* compiled) {
  out.text("language", resource.language);
  write_refs(out, resource.refs);
  write_sources(out, resource.sources);
  out.texts("metrics", {});
  write_functions(out, resource.functions);
  write_dependencies(out, project, resource, true);
  out.text_or_null("compiled_path", compiled ? compiled->path : std::string_view());
  out.open("contract");
  out.flag("enforced", resource.contract.enforced);
  out.flag("alias_types", resource.contract.alias_types);
  out.text_or_null("checksum", resource.contract.checksum);
  out.close();
  if (resource.model) write_model(out, *resource.model);
  if (resource.test) write_test(out, project, *resource.test);
  if (resource.function) write_function(out, *resource.function);
  if (resource.operation) out.number("index", resource.operation->index);
  if (compiled) write_compiled(out, *compiled);
}

void write_node(EntryOut& out, const Project& project, const Resource& resource, const CompiledCode* compiled) {
  out.text_or_null("database", resource.database);
  out.text("schema", resource.schema);
  write_names(out, resource);
  out.text("alias", resource.alias);
  out.open("checksum");
  out.text("name", resource.checksum.name);
  out.text("checksum", resource.checksum.checksum);
  out.close();
  write_config(out, resource.config);
  out.texts("tags", resource.tags);
  out.text("description", resource.description);
  write_columns(out, resource);
  out.add("meta", resource.meta);
  out.text_or_null("group", resource.group);
  write_docs(out, resource.docs);
  out.text_or_null("patch_path", resource.patch_path);
  out.null("build_path");
  out.add("unrendered_config", resource.unrendered_config);
  out.text_or_null("relation_name", resource.relation_name);
  out.text("raw_code", resource.raw_code);
  out.texts("doc_blocks", resource.doc_blocks);
  if (resource.type != ResourceType::seed) return write_code(out, project, resource, compiled);
  const Package* package = project.package(resource.package);
  out.text_or_null("root_path", package ? package->root.string() : "");
  write_dependencies(out, project, resource, false);
}

// Exposures, metrics, groups, ...: what was written, and what the graph adds.
Node yaml_entry(const Project& project, const Resource& resource) {
  const bool is_semantic_model = resource.type == ResourceType::semantic_model;
  const bool is_saved_query = resource.type == ResourceType::saved_query;
  Node entry;
  NodeOut names(entry);
  write_names(names, resource);
  entry.set("description", Node::of(resource.description));
  set_written_fields(entry, project, resource);
  if (resource.type == ResourceType::group) {
    erase_if(entry.entries, [](const Entry& one) { return one.key == "fqn"; });
    entry.set("config", resource.config.all());
    return entry;
  }
  entry.set("config", resource.config.all());
  entry.set("unrendered_config", resource.unrendered_config);
  Node graph;
  NodeOut out(graph);
  write_dependencies(out, project, resource, true);
  write_refs(out, resource.refs);
  const bool is_exposure = resource.type == ResourceType::exposure || resource.type == ResourceType::page;
  if (!is_exposure) out.text_or_null("group", resource.group);
  if (!is_semantic_model) out.texts("tags", resource.tags);
  if (!is_semantic_model && !is_saved_query) {
    out.add("meta", resource.meta);
    write_sources(out, resource.sources);
    // A metric's own metrics stand in its parameters.
    out.open_list("metrics");
    for (const auto& metric : resource.metrics)
      if (is_exposure) out.texts({}, {metric.name});
    out.close();
  }
  for (auto& one : graph.entries) entry.set(std::move(one.key), std::move(one.value));
  return entry;
}

void write_entry(EntryOut& out, const Project& project, const Resource& resource, const CompiledCode* compiled) {
  if (resource.source) return write_source(out, resource);
  if (resource.unit_test) return write_unit_test(out, project, resource);
  switch (resource.type) {
    case ResourceType::exposure:
    case ResourceType::metric:
    case ResourceType::semantic_model:
    case ResourceType::saved_query:
    case ResourceType::group:
    case ResourceType::page:
      for (const auto& one : yaml_entry(project, resource).entries) out.add(one.key, one.value);
      return;
    default:
      return write_node(out, project, resource, compiled);
  }
}

}  // namespace

Node manifest_entry(const Project& project, const Resource& resource) {
  Node entry;
  NodeOut out(entry);
  write_entry(out, project, resource, nullptr);
  return entry;
}

void write_manifest_entry(const Project& project, const Resource& resource, const CompiledCode* compiled,
                          std::string& json) {
  JsonOut out(json);
  write_entry(out, project, resource, compiled);
  out.finish();
}

}  // namespace rynd::project

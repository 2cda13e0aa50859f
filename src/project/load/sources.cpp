// Sources: tables that others make, from `sources:` in properties files, with what a table inherits from its source.
#include <algorithm>

#include "load/build.h"
#include "load/columns.h"

namespace rynd::project {

namespace {

// freshness as one level says it: absent, null, or thresholds.
struct Threshold {
  bool is_null = false;
  Node count, period;
  bool complete() const { return !count.is_null() && !period.is_null(); }
};
struct FreshnessLevel {
  bool is_null = false;
  Threshold warn_after, error_after;
  Node filter;
};

Threshold read_threshold(const Node* given) {
  Threshold threshold;
  if (!given) return threshold;
  threshold.is_null = given->is_null();
  if (const Node* count = given->find("count")) threshold.count = *count;
  if (const Node* period = given->find("period")) threshold.period = *period;
  return threshold;
}

FreshnessLevel read_level(const Node* given) {
  FreshnessLevel level;
  if (!given) return level;
  level.is_null = given->is_null();
  level.warn_after = read_threshold(given->find("warn_after"));
  level.error_after = read_threshold(given->find("error_after"));
  if (const Node* filter = given->find("filter")) level.filter = *filter;
  return level;
}

Threshold merged(const Threshold& base, const Threshold& update) {
  if (update.is_null) return update;
  return update.complete() ? update : base;
}

// A later null clears all; a later level replaces what it gives.
FreshnessLevel merged(const FreshnessLevel& base, const FreshnessLevel& update) {
  if (base.is_null || update.is_null) {
    bool says_something = update.warn_after.complete() || update.error_after.complete();
    if (base.is_null && says_something) return update;
    FreshnessLevel none;
    none.is_null = true;
    return none;
  }
  FreshnessLevel result;
  result.warn_after = merged(base.warn_after, update.warn_after);
  result.error_after = merged(base.error_after, update.error_after);
  result.filter = update.filter.is_null() ? base.filter : update.filter;
  return result;
}

Node to_node(const Threshold& threshold) {
  if (threshold.is_null) return Node();
  Node node = Node::map();
  node.set("count", threshold.count);
  node.set("period", threshold.period);
  return node;
}

const Node* config_value(const Node& owner, std::string_view key) {
  const Node* config = owner.find("config");
  return config ? config->find(key) : nullptr;
}

// Freshness goes into the configuration unless nobody says anything of it.
void set_freshness(Node& config, const Node& source, const Node& table) {
  FreshnessLevel level = read_level(source.find("freshness"));
  for (const Node* given :
       {config_value(source, "freshness"), table.find("freshness"), config_value(table, "freshness")}) {
    level = merged(level, read_level(given));
  }
  erase_if(config.entries, [](const Entry& entry) { return entry.key == "freshness"; });
  if (level.is_null) {
    config.set("freshness", Node());
  } else if (level.warn_after.complete() || level.error_after.complete()) {
    Node freshness = Node::map();
    freshness.set("warn_after", to_node(level.warn_after));
    freshness.set("error_after", to_node(level.error_after));
    freshness.set("filter", level.filter);
    config.set("freshness", std::move(freshness));
  }
}

// The innermost level that has the key decides, even with null.
void set_innermost(Node& config, const Node& source, const Node& table, std::string_view key) {
  for (const Node* given : {config_value(table, key), table.find(key), config_value(source, key), source.find(key)}) {
    if (!given) continue;
    config.set(std::string(key), *given);
    return;
  }
}

Node configuration(const Node& source, const Node& table) {
  Node config = Node::map();
  for (const Node* owner : {&source, &table}) {
    const Node* given = owner->find("config");
    if (!given) continue;
    for (const auto& entry : given->entries) config.set(entry.key, entry.value);
  }
  set_freshness(config, source, table);
  set_innermost(config, source, table, "loaded_at_field");
  set_innermost(config, source, table, "loaded_at_query");
  Node meta = Node::map();
  for (const Node* given :
       {source.find("meta"), config_value(source, "meta"), table.find("meta"), config_value(table, "meta")}) {
    if (!given) continue;
    for (const auto& entry : given->entries) meta.set(entry.key, entry.value);
  }
  config.set("meta", std::move(meta));
  std::vector<std::string> tags = tags_of(source);
  for (auto& tag : tags_of(table)) tags.push_back(std::move(tag));
  std::sort(tags.begin(), tags.end());
  tags.erase(std::unique(tags.begin(), tags.end()), tags.end());
  Node list = Node::list();
  for (auto& tag : tags) list.items.push_back(Node::of(std::move(tag)));
  config.set("tags", std::move(list));
  return config;
}

void check_freshness(Build& build, const PropertiesFile& file, const Node& owner) {
  for (const Node* freshness : {owner.find("freshness"), config_value(owner, "freshness")}) {
    if (!freshness || !freshness->is_mapping()) continue;
    Fields fields(file.document.source, *freshness, "'freshness'", build.problems);
    for (std::string_view key : {"warn_after", "error_after"}) {
      const Node* threshold = fields.mapping(key);
      if (!threshold) continue;
      Fields one(file.document.source, *threshold, "'" + std::string(key) + "'", build.problems);
      one.integer("count");
      auto period = one.text("period");
      if (period && *period != "minute" && *period != "hour" && *period != "day") {
        build.problems.error(Code::properties_wrong, "a freshness period is minute, hour or day, not '" + *period + "'",
                             one.span(*threshold->find("period")));
      }
      one.finish();
    }
    fields.text("filter");
    fields.ignore({"build_after"});
    fields.finish();
  }
}

struct SourceEntry {
  PropertiesFile& file;
  const Node& node;
  std::string name, description, loader, database, schema;
  Node quoting = Node::map();
};

void add_table(Build& build, const SourceEntry& source, const Node& table) {
  PropertiesFile& file = source.file;
  Fields fields(file.document.source, table, "a table of source '" + source.name + "'", build.problems);
  std::string name = fields.required_text("name");
  if (name.empty()) return;
  Draft& draft = build.add_draft(ResourceType::source, *file.package, file.contribution);
  Resource& resource = draft.resource;
  resource.name = name;
  resource.unique_id = "source." + resource.package + "." + source.name + "." + name;
  resource.path = resource.original_file_path = file.original_file_path;
  resource.fqn = fqn_of(resource.package, file.relative_path, source.name);
  resource.fqn.push_back(name);
  resource.description = fields.text("description").value_or("");
  if (!source.database.empty()) resource.database = source.database;
  resource.schema = source.schema.empty() ? source.name : source.schema;
  auto columns = entries_of(table, "columns");
  std::string what = "source '" + source.name + "." + name + "'";
  resource.columns = read_columns(build, file, columns, what);
  resource.span = fields.span();
  resource.name_span = file.document.span(*table.find("name"));

  SourceDetails& details = resource.source.emplace();
  details.source_name = source.name;
  details.source_description = source.description;
  details.loader = source.loader;
  details.identifier = fields.text("identifier").value_or(name);
  details.quoting = source.quoting;
  if (const Node* quoting = fields.mapping("quoting")) {
    for (const auto& entry : quoting->entries) details.quoting.set(entry.key, entry.value);
  }
  if (const Node* external = fields.any("external")) details.external = *external;
  for (const Node* given : {source.node.find("meta"), config_value(source.node, "meta")}) {
    if (!given) continue;
    for (const auto& entry : given->entries) details.source_meta.set(entry.key, entry.value);
  }
  draft.inline_config = configuration(source.node, table);
  check_freshness(build, file, table);

  TestRequest request;
  request.file = &file;
  request.target_name = name;
  request.source_name = source.name;
  request.yaml_key = "sources";
  request.tags = source.node.find("tags") ? tags_of(source.node) : std::vector<std::string>();
  for (auto& tag : tags_of(table)) request.tags.push_back(std::move(tag));
  const Node* quote_column = details.quoting.find("column");
  request.quote_columns = quote_column && quote_column->boolean;
  request_tests(build, table, columns, request);
  fields.sequence("columns");
  fields.mapping("config");
  fields.ignore({"tests", "data_tests", "meta", "tags", "freshness", "loaded_at_field", "loaded_at_query", "loader"});
  fields.finish();
}

void read_source(Build& build, PropertiesFile& file, const Node& entry) {
  Fields fields(file.document.source, entry, "a source", build.problems);
  SourceEntry source{file,
                     entry,
                     fields.required_text("name"),
                     fields.text("description").value_or(""),
                     fields.text("loader").value_or(""),
                     fields.text("database").value_or(""),
                     fields.text("schema").value_or("")};
  if (const Node* quoting = fields.mapping("quoting")) source.quoting = *quoting;
  check_freshness(build, file, entry);
  const Node* tables = fields.sequence("tables");
  fields.mapping("config");
  fields.ignore({"meta", "tags", "freshness", "loaded_at_field", "loaded_at_query", "overrides"});
  fields.finish();
  if (!tables) return;
  for (const auto& table : tables->items) {
    if (table.is_mapping()) {
      add_table(build, source, table);
    } else {
      build.problems
          .error(Code::properties_wrong,
                 "a table of source '" + source.name + "' must be a mapping with a name, not " +
                     std::string(kind_name(table)),
                 file.document.span(table))
          .help = "- name: " + table.text;
    }
  }
}

}  // namespace

void read_sources(Build& build, PropertiesFile& file) {
  const Node* sources = file.document.root.find("sources");
  if (!sources) return;
  for (const auto& entry : sources->items) {
    if (entry.is_mapping()) read_source(build, file, entry);
  }
}

}  // namespace rynd::project

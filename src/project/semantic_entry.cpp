// Semantic entry: see the header.
#include "semantic_entry.h"

#include <algorithm>
#include <charconv>
#include <initializer_list>
#include <string_view>

#include "base/json.h"
#include "base/text.h"

namespace rynd::project {

namespace {

struct Field {
  std::string_view key;
  Node fallback = {};
};

Node given_or(const Node& given, std::string_view key, Node fallback) {
  const Node* value = given.is_mapping() ? given.find(key) : nullptr;
  return value && !value->is_null() ? *value : std::move(fallback);
}

Node pick(const Node& given, std::initializer_list<Field> fields) {
  Node result = Node::map();
  for (const Field& field : fields) result.set(std::string(field.key), given_or(given, field.key, field.fallback));
  return result;
}

// An expression may be written as a number.
Node text_or_null(const Node& given, std::string_view key) {
  const Node* value = given.find(key);
  if (!value || value->is_null()) return {};
  return value->is_string() ? *value : Node::of(value->text);
}

Node each(const Node& given, std::string_view key, Node (*entry)(const Node&)) {
  Node result = Node::list();
  if (const Node* list = given.find(key); list && list->is_sequence()) {
    for (const Node& item : list->items) result.items.push_back(entry(item));
  }
  return result;
}

// A text or a list of them: conditions that all must hold.
Node filter(const Node& given, std::string_view key) {
  const Node* written = given.find(key);
  if (!written || written->is_null()) return {};
  Node conditions = Node::list();
  auto add = [&](const Node& text) {
    Node condition = Node::map();
    condition.set("where_sql_template", text);
    conditions.items.push_back(std::move(condition));
  };
  if (written->is_sequence())
    for (const Node& text : written->items) add(text);
  else
    add(*written);
  Node result = Node::map();
  result.set("where_filters", std::move(conditions));
  return result;
}

// "7 days": {count: 7, granularity: day}.
Node window(const Node& given, std::string_view key) {
  const Node* written = given.find(key);
  if (!written || written->is_null()) return {};
  if (!written->is_string()) return *written;
  const std::string_view text = trim(written->text);
  const size_t space = text.find(' ');
  int64_t count = 0;
  std::from_chars(text.data(), text.data() + std::min(space, text.size()), count);
  std::string unit = space == std::string_view::npos ? "" : lower(trim(text.substr(space)));
  for (std::string_view known : {"second", "minute", "hour", "day", "week", "month", "quarter", "year"}) {
    if (unit == std::string(known) + "s") unit = known;
  }
  Node result = Node::map();
  result.set("count", Node::of(count));
  result.set("granularity", Node::of(unit));
  return result;
}

Node named(const Node& given) {
  if (given.is_mapping()) return given;
  Node result = Node::map();
  result.set("name", given);
  return result;
}

Node input_measure(const Node& written) {
  const Node given = named(written);
  Node result = pick(given, {{"name"}});
  result.set("filter", filter(given, "filter"));
  for (auto& entry : pick(given, {{"alias"}, {"join_to_timespine", Node::of(false)}, {"fill_nulls_with"}}).entries)
    result.entries.push_back(std::move(entry));
  return result;
}

Node input_metric(const Node& written) {
  const Node given = named(written);
  Node result = pick(given, {{"name"}});
  result.set("filter", filter(given, "filter"));
  result.set("alias", given_or(given, "alias", {}));
  result.set("offset_window", window(given, "offset_window"));
  result.set("offset_to_grain", given_or(given, "offset_to_grain", {}));
  return result;
}

Node optional(const Node& given, std::string_view key, Node (*entry)(const Node&)) {
  const Node* value = given.find(key);
  return value && !value->is_null() ? entry(*value) : Node();
}

Node conversion(const Node& given) {
  Node result = pick(given, {{"entity"}});
  result.set("base_measure", optional(given, "base_measure", input_measure));
  result.set("conversion_measure", optional(given, "conversion_measure", input_measure));
  result.set("base_metric", optional(given, "base_metric", input_metric));
  result.set("conversion_metric", optional(given, "conversion_metric", input_metric));
  result.set("calculation", given_or(given, "calculation", Node::of("conversion_rate")));
  result.set("window", window(given, "window"));
  result.set("constant_properties", given_or(given, "constant_properties", {}));
  return result;
}

// Window and grain once stood beside the parameters, not in them.
Node cumulative(const Node& parameters) {
  const Node* written = parameters.find("cumulative_type_params");
  const Node given = written && written->is_mapping() ? *written : Node::map();
  auto either = [&](std::string_view key) -> const Node& { return given.find(key) ? given : parameters; };
  Node result = Node::map();
  result.set("window", window(either("window"), "window"));
  result.set("grain_to_date", given_or(either("grain_to_date"), "grain_to_date", {}));
  result.set("period_agg", given_or(given, "period_agg", Node::of("first")));
  result.set("metric", optional(given, "metric", input_metric));
  return result;
}

void add_measure(Node& measures, Node measure) {
  const std::string text = json::write(measure);
  const bool known = std::ranges::any_of(measures.items, [&](const Node& other) { return json::write(other) == text; });
  if (!known) measures.items.push_back(std::move(measure));
}

// The measures that a metric rests on, its own or those of the metrics it is made of.
void add_input_measures(Node& measures, const Project& project, const Resource& metric, int depth = 0) {
  const Node* parameters = metric.properties.find("type_params");
  if (!parameters || depth > 50) return;
  if (const Node* measure = parameters->find("measure")) add_measure(measures, input_measure(*measure));
  if (const Node* given = parameters->find("conversion_type_params")) {
    for (std::string_view key : {"base_measure", "conversion_measure"})
      if (const Node* measure = given->find(key)) add_measure(measures, input_measure(*measure));
  }
  for (ResourceId id : metric.depends_on) {
    if (id < project.resources.size() && project.at(id).type == ResourceType::metric)
      add_input_measures(measures, project, project.at(id), depth + 1);
  }
}

void set_metric(Node& entry, const Project& project, const Resource& resource) {
  const Node& given = resource.properties;
  const Node* written = given.find("type_params");
  const Node parameters = written && written->is_mapping() ? *written : Node::map();
  const std::string type = given.find("type") ? given.find("type")->text : "";
  Node measures = Node::list();
  add_input_measures(measures, project, resource);
  Node result = Node::map();
  result.set("measure", optional(parameters, "measure", input_measure));
  result.set("input_measures", std::move(measures));
  result.set("numerator", optional(parameters, "numerator", input_metric));
  result.set("denominator", optional(parameters, "denominator", input_metric));
  result.set("expr", text_or_null(parameters, "expr"));
  result.set("window", window(parameters, "window"));
  result.set("grain_to_date", given_or(parameters, "grain_to_date", {}));
  result.set("metrics", each(parameters, "metrics", input_metric));
  result.set("conversion_type_params", optional(parameters, "conversion_type_params", conversion));
  result.set("cumulative_type_params", lower(type) == "cumulative" ? cumulative(parameters) : Node());
  for (auto& one :
       pick(
           parameters,
           {{"metric_aggregation_params"}, {"fill_nulls_with"}, {"join_to_timespine", Node::of(false)}, {"is_private"}})
           .entries)
    result.entries.push_back(std::move(one));
  entry.set("label", given_or(given, "label", {}));
  entry.set("type", given_or(given, "type", {}));
  entry.set("type_params", std::move(result));
  entry.set("filter", filter(given, "filter"));
  entry.set("metadata", Node());
  entry.set("time_granularity", given_or(given, "time_granularity", {}));
}

// The part of an entity, measure or dimension that all have: its config, of which only meta is known.
Node config_of(const Node& given) {
  Node config = Node::map();
  const Node* written = given.find("config");
  config.set("meta", written && written->is_mapping() ? given_or(*written, "meta", Node::map()) : Node::map());
  return config;
}

Node entity(const Node& given) {
  Node result = pick(given, {{"name"}, {"type"}, {"description"}, {"label"}, {"role"}});
  result.set("expr", text_or_null(given, "expr"));
  result.set("config", config_of(given));
  return result;
}

Node measure(const Node& given) {
  Node result = pick(given, {{"name"}, {"agg"}, {"description"}, {"label"}, {"create_metric", Node::of(false)}});
  result.set("expr", text_or_null(given, "expr"));
  const Node* parameters = given.find("agg_params");
  result.set("agg_params", parameters && parameters->is_mapping()
                               ? pick(*parameters, {{"percentile"},
                                                    {"use_discrete_percentile", Node::of(false)},
                                                    {"use_approximate_percentile", Node::of(false)}})
                               : Node());
  const Node* dimension = given.find("non_additive_dimension");
  result.set("non_additive_dimension",
             dimension && dimension->is_mapping()
                 ? pick(*dimension, {{"name"}, {"window_choice", Node::of("min")}, {"window_groupings", Node::list()}})
                 : Node());
  result.set("agg_time_dimension", given_or(given, "agg_time_dimension", {}));
  result.set("config", config_of(given));
  return result;
}

Node dimension(const Node& given) {
  Node result = pick(given, {{"name"}, {"type"}, {"description"}, {"label"}, {"is_partition", Node::of(false)}});
  const Node* parameters = given.find("type_params");
  result.set("type_params", parameters && parameters->is_mapping()
                                ? pick(*parameters, {{"time_granularity"}, {"validity_params"}})
                                : Node());
  result.set("expr", text_or_null(given, "expr"));
  result.set("metadata", Node());
  result.set("config", config_of(given));
  result.set("datatype", given_or(given, "datatype", {}));
  return result;
}

void set_semantic_model(Node& entry, const Project& project, const Resource& resource) {
  const Node& given = resource.properties;
  entry.set("model", given_or(given, "model", {}));
  Node relation;
  for (ResourceId id : resource.depends_on) {
    if (id >= project.resources.size() || !project.at(id).is_relation()) continue;
    const Resource& model = project.at(id);
    relation = Node::map();
    relation.set("alias", Node::of(model.alias));
    relation.set("schema_name", Node::of(model.schema));
    relation.set("database", Node::of(model.database));
    relation.set("relation_name", Node::of(model.relation_name));
    break;
  }
  entry.set("node_relation", std::move(relation));
  entry.set("description", resource.description.empty() ? Node() : Node::of(resource.description));
  entry.set("label", given_or(given, "label", {}));
  entry.set("defaults", given_or(given, "defaults", {}));
  entry.set("entities", each(given, "entities", entity));
  entry.set("measures", each(given, "measures", measure));
  entry.set("dimensions", each(given, "dimensions", dimension));
  entry.set("metadata", Node());
  entry.set("primary_entity", given_or(given, "primary_entity", {}));
}

void set_saved_query(Node& entry, const Project& project, const Resource& resource) {
  const Node& given = resource.properties;
  const Node* written = given.find("query_params");
  const Node parameters = written && written->is_mapping() ? *written : Node::map();
  Node query = pick(parameters, {{"metrics", Node::list()}, {"group_by", Node::list()}});
  query.set("where", filter(parameters, "where"));
  query.set("order_by", given_or(parameters, "order_by", Node::list()));
  query.set("limit", given_or(parameters, "limit", {}));
  entry.set("query_params", std::move(query));
  Node exports = Node::list();
  if (const Node* list = given.find("exports"); list && list->is_sequence()) {
    for (const Node& item : list->items) {
      const Node config = given_or(item, "config", Node::map());
      const Node name = given_or(item, "name", {});
      const Node schema = given_or(resource.config.all(), "schema", Node::of(project.profile.schema));
      Node filled = Node::map();
      filled.set("export_as", given_or(config, "export_as", given_or(resource.config.all(), "export_as", {})));
      filled.set("schema_name", given_or(config, "schema", given_or(config, "schema_name", schema)));
      filled.set("alias", given_or(config, "alias", name));
      filled.set("database", given_or(config, "database", Node::of(project.profile.database)));
      Node one = Node::map();
      one.set("name", name);
      one.set("config", std::move(filled));
      one.set("unrendered_config", config);
      exports.items.push_back(std::move(one));
    }
  }
  entry.set("exports", std::move(exports));
  entry.set("description", resource.description.empty() ? Node() : Node::of(resource.description));
  entry.set("label", given_or(given, "label", {}));
  entry.set("metadata", Node());
}

// The email first, then what else there is.
Node owner_of(const Node& given) {
  const Node written = given_or(given, "owner", Node::map());
  Node owner = pick(written, {{"email"}, {"name"}});
  for (const auto& entry : written.entries) owner.set(entry.key, entry.value);
  return owner;
}

void set_exposure(Node& entry, const Resource& resource) {
  const Node& given = resource.properties;
  entry.set("type", given_or(given, "type", {}));
  entry.set("owner", owner_of(given));
  entry.set("label", given_or(given, "label", {}));
  entry.set("maturity", given_or(given, "maturity", {}));
  entry.set("url", given_or(given, "url", {}));
}

}  // namespace

void set_written_fields(Node& entry, const Project& project, const Resource& resource) {
  switch (resource.type) {
    case ResourceType::exposure:
      return set_exposure(entry, resource);
    case ResourceType::metric:
      return set_metric(entry, project, resource);
    case ResourceType::semantic_model:
      return set_semantic_model(entry, project, resource);
    case ResourceType::saved_query:
      return set_saved_query(entry, project, resource);
    case ResourceType::group:
      entry.set("owner", owner_of(resource.properties));
      return;
    default:
      for (const auto& property : resource.properties.entries) {
        if (property.key != "depends_on" && property.key != "config") entry.set(property.key, property.value);
      }
  }
}

}  // namespace rynd::project

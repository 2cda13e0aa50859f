// Config: dbt's defaults, how a value is merged into what is there, and typed reading.
#include "project/config.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/json.h"

namespace rynd::project {

namespace {

constexpr std::array<std::string_view, resource_type_count> type_names = {
    "model",    "seed",     "snapshot", "test",           "unit_test",   "source", "analysis", "operation",
    "function", "exposure", "metric",   "semantic_model", "saved_query", "group",  "page",
};

// What dbt-core 1.12 has where nobody says anything, in the order its manifest shows it.
constexpr std::string_view node_defaults =
    R"("enabled": true, "alias": null, "schema": null, "database": null, "tags": [],
  "meta": {}, "group": null, "static_analysis": null, "materialized": "view", "incremental_strategy": null, "batch_size": null,
  "lookback": 1, "begin": null, "persist_docs": {}, "post-hook": [], "pre-hook": [], "quoting": {}, "column_types": {},
  "full_refresh": null, "unique_key": null, "on_schema_change": "ignore", "on_configuration_change": "apply", "grants": {},
  "packages": [], "docs": {"show": true, "node_color": null}, "contract": {"enforced": false, "alias_types": true},
  "event_time": null, "concurrent_batches": null)";
constexpr std::string_view model_defaults =
    R"("access": "protected", "freshness": null, "on_error": null, "latest_version_pointer": {"enabled": null, "alias": null})";
constexpr std::string_view seed_defaults = R"("materialized": "seed", "delimiter": ",", "quote_columns": null)";
constexpr std::string_view snapshot_defaults = R"("materialized": "snapshot", "strategy": null, "target_schema": null,
  "target_database": null, "updated_at": null, "check_cols": null, "snapshot_meta_column_names": {"dbt_valid_to": null,
  "dbt_valid_from": null, "dbt_scd_id": null, "dbt_updated_at": null, "dbt_is_deleted": null}, "dbt_valid_to_current": null)";
constexpr std::string_view test_defaults =
    R"json("enabled": true, "alias": null, "schema": "dbt_test__audit", "database": null,
  "tags": [], "meta": {}, "group": null, "static_analysis": null, "materialized": "test", "severity": "ERROR",
  "store_failures": null, "store_failures_as": null, "sql_header": null, "where": null, "limit": null,
  "fail_calc": "count(*)", "warn_if": "!= 0", "error_if": "!= 0")json";
constexpr std::string_view function_defaults = R"("materialized": "function", "type": "scalar", "volatility": null,
  "runtime_version": null, "entry_point": null, "snowflake": {"quote_args": true})";
constexpr std::string_view source_defaults = R"("enabled": true, "event_time": null, "freshness": {"warn_after":
  {"count": null, "period": null}, "error_after": {"count": null, "period": null}, "filter": null},
  "loaded_at_field": null, "loaded_at_query": null, "meta": {}, "tags": [], "static_analysis": null)";

// The parts of a type's defaults, mappings without their braces; a later one replaces values where they stand.
std::vector<std::string_view> default_parts(ResourceType type) {
  switch (type) {
    case ResourceType::model:
      return {node_defaults, model_defaults};
    case ResourceType::seed:
      return {node_defaults, seed_defaults};
    case ResourceType::snapshot:
      return {node_defaults, snapshot_defaults};
    case ResourceType::analysis:
    case ResourceType::operation:
      return {node_defaults};
    case ResourceType::function:
      return {node_defaults, function_defaults};
    case ResourceType::test:
      return {test_defaults};
    case ResourceType::unit_test:
      return {R"("tags": [], "meta": {}, "enabled": true, "static_analysis": null)"};
    case ResourceType::source:
      return {source_defaults};
    case ResourceType::exposure:
    case ResourceType::page:
      return {R"("enabled": true, "tags": [], "meta": {})"};
    case ResourceType::metric:
    case ResourceType::semantic_model:
      return {R"("enabled": true, "group": null, "meta": {})"};
    case ResourceType::saved_query:
      return {R"("enabled": true, "group": null, "meta": {}, "export_as": null, "schema": null,
        "cache": {"enabled": false})"};
    case ResourceType::group:
      return {R"("meta": {})"};
  }
  return {};
}

Node defaults_of(ResourceType type) {
  Node result = Node::map();
  for (std::string_view part : default_parts(type)) {
    auto document = json::read(make_source("<defaults>", "{" + std::string(part) + "}"));
    if (!document) continue;
    for (auto& entry : document->root.entries) result.set(entry.key, std::move(entry.value));
  }
  return result;
}

const Node& defaults(ResourceType type) {
  static const std::array<Node, resource_type_count> all = [] {
    std::array<Node, resource_type_count> result;
    for (int i = 0; i < resource_type_count; ++i) result[i] = defaults_of(static_cast<ResourceType>(i));
    return result;
  }();
  return all[static_cast<size_t>(type)];
}

enum class Merge { clobber, append, update, grants };

Merge merge_of(ResourceType type, std::string_view key) {
  if (type == ResourceType::source && key == "tags") return Merge::clobber;  // as in dbt, where properties decide
  if (key == "tags" || key == "pre-hook" || key == "post-hook" || key == "packages") return Merge::append;
  if (key == "meta" || key == "quoting" || key == "column_types" || key == "docs" || key == "contract" ||
      key == "latest_version_pointer" || key == "snapshot_meta_column_names") {
    return Merge::update;
  }
  return key == "grants" ? Merge::grants : Merge::clobber;
}

std::string_view canonical(std::string_view key) {
  if (key == "pre_hook") return "pre-hook";
  if (key == "post_hook") return "post-hook";
  return key;
}

Node listed(const Node& value) {
  if (value.is_sequence()) return value;
  Node list = Node::list();
  if (!value.is_null()) list.items.push_back(value);
  return list;
}

// A hook as text, as JSON in a text (before_begin() makes that), or as a mapping.
Node hook_of(const Node& value) {
  Node given = value;
  if (value.is_string()) {
    given = Node::map();
    auto document = value.text.starts_with('{') ? json::read(make_source("<hook>", value.text))
                                                : Result<Document>(fail(Diagnostic{}));
    if (document && document->root.is_mapping()) {
      given = document->root;
    } else {
      given.set("sql", value);
    }
  }
  Node hook = Node::map();
  const Node* sql = given.find("sql");
  const Node* transaction = given.find("transaction");
  const Node* index = given.find("index");
  hook.set("sql", sql ? *sql : Node::of(std::string()));
  hook.set("transaction", transaction ? *transaction : Node::of(true));
  hook.set("index", index ? *index : Node());
  hook.begin = value.begin;
  hook.end = value.end;
  return hook;
}

void append(Node& target, std::string_view key, const Node& value) {
  bool hooks = key == "pre-hook" || key == "post-hook";
  Node added = listed(value);
  for (auto& item : added.items) target.items.push_back(hooks ? hook_of(item) : std::move(item));
}

// "+select: [role]" adds to what the privilege has; "select: [role]" replaces it.
void merge_grants(Node& target, const Node& value) {
  for (const auto& entry : value.entries) {
    if (entry.key.starts_with('+')) {
      std::string privilege = entry.key.substr(1);
      const Node* before = target.find(privilege);
      Node roles = before ? listed(*before) : Node::list();
      for (auto& role : listed(entry.value).items) roles.items.push_back(role);
      target.set(privilege, std::move(roles));
    } else {
      target.set(entry.key, listed(entry.value));
    }
  }
}

}  // namespace

std::string_view name_of(ResourceType type) { return type_names[static_cast<size_t>(type)]; }

std::optional<ResourceType> resource_type_of(std::string_view name) {
  auto found = std::find(type_names.begin(), type_names.end(), name);
  if (found == type_names.end()) return {};
  return static_cast<ResourceType>(found - type_names.begin());
}

const Node* Config::find(std::string_view key) const {
  key = canonical(key);
  if (const Node* value = values_.find(key)) return value;
  return defaults(type_).find(key);
}

Node Config::all() const {
  Node result = Node::map();
  each([&](std::string_view key, const Node& value) { result.add(std::string(key), value); });
  return result;
}

void Config::each(const std::function<void(std::string_view key, const Node& value)>& visit) const {
  const Node& standard = defaults(type_);
  for (const auto& entry : standard.entries) {
    const Node* value = values_.find(entry.key);
    visit(entry.key, value ? *value : entry.value);
  }
  for (const auto& entry : values_.entries) {
    if (!standard.find(entry.key)) visit(entry.key, entry.value);
  }
}

void Config::merge(std::string_view key, const Node& value) {
  key = canonical(key);
  Merge behaviour = merge_of(type_, key);
  const Node* standard = defaults(type_).find(key);
  if (value.is_null() && (behaviour != Merge::clobber || !standard)) {
    erase_if(values_.entries, [&](const Entry& entry) { return entry.key == key; });
    return;
  }
  if (behaviour == Merge::clobber || (behaviour == Merge::update && !value.is_mapping())) {
    values_.set(std::string(key), value);
    return;
  }
  const Node* before = find(key);
  Node merged = before ? *before : behaviour == Merge::append ? Node::list() : Node::map();
  switch (behaviour) {
    case Merge::append:
      append(merged, key, value);
      break;
    case Merge::update:
      for (const auto& entry : value.entries) merged.set(entry.key, entry.value);
      break;
    case Merge::grants:
      merge_grants(merged, value);
      break;
    case Merge::clobber:
      break;
  }
  values_.set(std::string(key), std::move(merged));
}

void Config::merge(const Node& mapping) {
  for (const auto& entry : mapping.entries) merge(entry.key, entry.value);
}

std::string Config::text(std::string_view key) const {
  const Node* value = find(key);
  return value && value->is_scalar() && !value->is_null() ? value->text : std::string();
}

bool Config::flag(std::string_view key, bool fallback) const {
  const Node* value = find(key);
  return value && value->kind == Node::Kind::boolean ? value->boolean : fallback;
}

std::vector<std::string> Config::texts(std::string_view key) const {
  std::vector<std::string> result;
  const Node* value = find(key);
  if (!value) return result;
  if (value->is_sequence()) {
    for (const auto& item : value->items) result.push_back(item.text);
  } else if (!value->is_null()) {
    result.push_back(value->text);
  }
  return result;
}

}  // namespace rynd::project

// Config: what a resource is configured with. Every key somebody set is kept, known to rynd or not; the rest is dbt's
// default for the kind of resource. Precedence and merging follow dbt-core 1.12.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/node.h"
#include "base/source.h"

namespace rynd::project {

enum class ResourceType : uint8_t {
  model,
  seed,
  snapshot,
  test,
  unit_test,
  source,
  analysis,
  operation,
  function,
  exposure,
  metric,
  semantic_model,
  saved_query,
  group,
  page,
};
inline constexpr int resource_type_count = 15;

// "model", "unit_test", "analysis", ...; as in dbt's unique ids, manifest and --resource-type.
std::string_view name_of(ResourceType type);
std::optional<ResourceType> resource_type_of(std::string_view name);

class Config {
 public:
  explicit Config(ResourceType type = ResourceType::model) : type_(type) {}
  // From the values() of another.
  Config(ResourceType type, Node values) : type_(type), values_(std::move(values)) {}

  // The value set, else the default of the type, else nullptr. "pre_hook" and "post_hook" mean the keys with a dash.
  const Node* find(std::string_view key) const;
  // Only what somebody set (hooks are normalised to [{sql, transaction, index}]).
  const Node& values() const { return values_; }
  // Defaults and values, in dbt's order of a manifest.
  Node all() const;
  void each(const std::function<void(std::string_view key, const Node& value)>& visit) const;

  // Merges a value as dbt does for its key: tags and hooks append; meta, quoting, column_types, docs, contract update;
  // grants extend per privilege where its key begins with '+'; everything else is replaced.
  void merge(std::string_view key, const Node& value);
  void merge(const Node& mapping);

  bool enabled() const { return flag("enabled", true); }
  std::string materialized() const { return text("materialized"); }
  // Absent or null: "".
  std::string text(std::string_view key) const;
  bool flag(std::string_view key, bool fallback) const;
  // A string or a list of strings, as a list.
  std::vector<std::string> texts(std::string_view key) const;

 private:
  ResourceType type_;
  Node values_ = Node::map();
};

}  // namespace rynd::project

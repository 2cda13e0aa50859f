// Relation: a table, view or CTE by name, as templates see it (dbt's api.Relation), and how such names are written.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/node.h"
#include "jinja/object.h"
#include "jinja/value.h"
#include "project/profile.h"
#include "project/resource.h"

namespace rynd::project {

// Which parts of a name are written, or quoted.
struct RelationParts {
  bool database = true;
  bool schema = true;
  bool identifier = true;
  bool operator==(const RelationParts&) const = default;
};

// Plain data; the template object Relation wraps one and never changes.
struct RelationName {
  std::string database;    // "" : none
  std::string schema;      // "" : none
  std::string identifier;  // "" : none
  std::string type;        // "table", "view", "cte", "external", ...; "" : not known
  RelationParts include;
  RelationParts quote;
  char quote_character = '"';
  // The rows wanted: --empty asks for 0.
  std::optional<int64_t> limit = {};
  // "event_time >= '...' and event_time < '...'" of a batch or sample; "" without.
  std::string filter = {};
  std::string external = {};          // a file or function that is read in its place: "'data/x.parquet'"
  std::string information_view = {};  // information_schema("tables")

  // "warehouse"."main"."orders"; a limit or filter makes a subquery; a CTE is only its identifier.
  std::string render() const;
};

// The quoting dbt applies: adapter default (all quoted), then the project's `quoting:`, then the resource's.
RelationParts quoting(const Node& project_quoting, const Node& resource_quoting = Node());

// The name of what a resource builds or reads. Sources ignore the project's quoting, as in dbt.
RelationName relation_name(const Resource& resource, const Node& project_quoting);

// The template object: attributes and methods of dbt's Relation.
class Relation final : public jinja::Object {
 public:
  explicit Relation(RelationName name) : name_(std::move(name)) {}
  const RelationName& name() const { return name_; }

  std::string_view type_name() const override { return "DuckDBRelation"; }
  jinja::Outcome<std::optional<jinja::Value>> attr(std::string_view name) override;
  jinja::Outcome<std::optional<jinja::Value>> item(const jinja::Value& key) override;
  // As dbt's relations are mappings: packages ask for that.
  bool is_mapping() const override { return true; }
  bool is_iterable() const override { return true; }
  jinja::Outcome<jinja::IteratorPtr> iterate() override;
  std::string repr() override;
  std::string str() override { return name_.render(); }
  bool equals(const jinja::Value& other) override;
  std::optional<uint64_t> hash() override;
  jinja::Outcome<std::optional<jinja::Value>> to_jsonable() override;

 private:
  RelationName name_;
};

jinja::Value make_relation(RelationName name);

// The class as templates have it: api.Relation.create(database=, schema=, identifier=, type=, ...), and the names of
// types (Relation.Table, ...). `default_quote` is what create() starts from.
jinja::Value relation_class(RelationParts default_quote);

}  // namespace rynd::project

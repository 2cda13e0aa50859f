// Relation: tables, views and columns as an engine's catalogue knows them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace rynd::engine {

enum class TypeKind : uint8_t {
  boolean,
  integer,
  real,
  decimal,
  text,
  blob,
  date,
  time,
  timestamp,
  timestamp_tz,
  interval,
  uuid,
  json,
  list,
  structure,
  map,
  other
};

struct Column {
  std::string name;
  std::string type;  // as the engine prints it: "DECIMAL(18,3)", "STRUCT(a INTEGER)[]"
  TypeKind kind = TypeKind::other;
  std::string comment = {};  // known only for columns of relations
};

enum class RelationType : uint8_t { table, view, temporary, other };
struct Relation {
  std::string database, schema, identifier;  // an empty database or schema is the connection's current one
  RelationType type = RelationType::table;
};
// A relation with all that the catalogue says of it.
struct RelationDetail {
  Relation relation;
  std::vector<Column> columns;
  std::string comment;
  std::optional<int64_t> row_estimate;
};
struct SchemaName {
  std::string database, schema;
};

}  // namespace rynd::engine

// Column: a column of a relation or query as templates see it: dbt's api.Column for DuckDB.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/relation.h"
#include "jinja/object.h"

namespace rynd::transform {

struct ColumnName {
  std::string name;
  std::string type;  // as the engine prints it
  std::optional<int64_t> char_size = {};
  std::optional<int64_t> precision = {};
  std::optional<int64_t> scale = {};

  bool is_string() const;
  bool is_integer() const;
  bool is_numeric() const;
  bool is_float() const;
  int64_t string_size() const { return char_size.value_or(256); }
  // How dbt writes the type in DDL: texts with their size.
  std::string data_type() const;
  bool is_struct() const;
  // Of a struct: its fields, in order; none of another type.
  std::vector<ColumnName> fields() const;
  // The column, or for a struct the fields below it down to what is none: "address.street".
  std::vector<ColumnName> flattened() const;
};

jinja::Value make_column(ColumnName column);
jinja::Value make_columns(const std::vector<engine::Column>& columns);
// The column behind such a value; null for another.
const ColumnName* column_of(const jinja::Value& value);
}  // namespace rynd::transform

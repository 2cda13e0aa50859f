// Types: DuckDB's logical types taken apart, named and sorted into kinds.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "duckdb/handles.h"
#include "engine/relation.h"

namespace rynd::engine::duck {

// A logical type taken apart once, so that reading a cell asks DuckDB nothing.
struct Type {
  duckdb_type id = DUCKDB_TYPE_INVALID;
  duckdb_type storage = DUCKDB_TYPE_INVALID;  // of decimals and enums
  uint8_t width = 0, scale = 0;               // of decimals
  uint64_t array_size = 0;                    // of fixed-size arrays
  std::string alias = {};                     // "JSON"
  std::vector<std::string> names = {};        // struct fields, union members, enum values
  std::vector<Type> children = {};
};

Type read_type(duckdb_logical_type logical);
// As DuckDB prints it: "MAP(VARCHAR, INTEGER[])".
std::string type_name(const Type& type);
TypeKind type_kind(const Type& type);
// The kind that a printed type name has; `other` for names DuckDB does not print.
TypeKind type_kind(std::string_view name);
// False for those whose cells C programs cannot read (BIGNUM, VARIANT, GEOMETRY).
bool readable(const Type& type);

}  // namespace rynd::engine::duck

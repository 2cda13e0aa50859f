// Types: reading and naming logical types.
#include "duckdb/types.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "sql/quote.h"

namespace rynd::engine::duck {
namespace {

struct Simple {
  duckdb_type id;
  TypeKind kind;
  std::string_view name;
};

constexpr Simple simple_types[] = {
    {DUCKDB_TYPE_BOOLEAN, TypeKind::boolean, "BOOLEAN"},
    {DUCKDB_TYPE_TINYINT, TypeKind::integer, "TINYINT"},
    {DUCKDB_TYPE_SMALLINT, TypeKind::integer, "SMALLINT"},
    {DUCKDB_TYPE_INTEGER, TypeKind::integer, "INTEGER"},
    {DUCKDB_TYPE_BIGINT, TypeKind::integer, "BIGINT"},
    {DUCKDB_TYPE_UTINYINT, TypeKind::integer, "UTINYINT"},
    {DUCKDB_TYPE_USMALLINT, TypeKind::integer, "USMALLINT"},
    {DUCKDB_TYPE_UINTEGER, TypeKind::integer, "UINTEGER"},
    {DUCKDB_TYPE_UBIGINT, TypeKind::integer, "UBIGINT"},
    {DUCKDB_TYPE_HUGEINT, TypeKind::integer, "HUGEINT"},
    {DUCKDB_TYPE_UHUGEINT, TypeKind::integer, "UHUGEINT"},
    {DUCKDB_TYPE_BIGNUM, TypeKind::integer, "BIGNUM"},
    {DUCKDB_TYPE_FLOAT, TypeKind::real, "FLOAT"},
    {DUCKDB_TYPE_DOUBLE, TypeKind::real, "DOUBLE"},
    {DUCKDB_TYPE_DECIMAL, TypeKind::decimal, "DECIMAL"},
    {DUCKDB_TYPE_VARCHAR, TypeKind::text, "VARCHAR"},
    {DUCKDB_TYPE_ENUM, TypeKind::text, "ENUM"},
    {DUCKDB_TYPE_BIT, TypeKind::text, "BIT"},
    {DUCKDB_TYPE_BLOB, TypeKind::blob, "BLOB"},
    {DUCKDB_TYPE_DATE, TypeKind::date, "DATE"},
    {DUCKDB_TYPE_TIME, TypeKind::time, "TIME"},
    {DUCKDB_TYPE_TIME_NS, TypeKind::time, "TIME_NS"},
    {DUCKDB_TYPE_TIME_TZ, TypeKind::time, "TIME WITH TIME ZONE"},
    {DUCKDB_TYPE_TIMESTAMP, TypeKind::timestamp, "TIMESTAMP"},
    {DUCKDB_TYPE_TIMESTAMP_S, TypeKind::timestamp, "TIMESTAMP_S"},
    {DUCKDB_TYPE_TIMESTAMP_MS, TypeKind::timestamp, "TIMESTAMP_MS"},
    {DUCKDB_TYPE_TIMESTAMP_NS, TypeKind::timestamp, "TIMESTAMP_NS"},
    {DUCKDB_TYPE_TIMESTAMP_TZ, TypeKind::timestamp_tz, "TIMESTAMP WITH TIME ZONE"},
    {DUCKDB_TYPE_INTERVAL, TypeKind::interval, "INTERVAL"},
    {DUCKDB_TYPE_UUID, TypeKind::uuid, "UUID"},
    {DUCKDB_TYPE_LIST, TypeKind::list, "LIST"},
    {DUCKDB_TYPE_ARRAY, TypeKind::list, "ARRAY"},
    {DUCKDB_TYPE_STRUCT, TypeKind::structure, "STRUCT"},
    {DUCKDB_TYPE_MAP, TypeKind::map, "MAP"},
    {DUCKDB_TYPE_UNION, TypeKind::other, "UNION"},
    {DUCKDB_TYPE_SQLNULL, TypeKind::other, "\"NULL\""},
    {DUCKDB_TYPE_GEOMETRY, TypeKind::other, "GEOMETRY"},
    {DUCKDB_TYPE_VARIANT, TypeKind::other, "VARIANT"},
    {DUCKDB_TYPE_STRING_LITERAL, TypeKind::text, "STRING_LITERAL"},
    {DUCKDB_TYPE_INTEGER_LITERAL, TypeKind::integer, "INTEGER_LITERAL"},
};

const Simple* find_simple(duckdb_type id) {
  const auto found = std::ranges::find(simple_types, id, &Simple::id);
  return found == std::end(simple_types) ? nullptr : found;
}

// Takes over a string that DuckDB allocated.
std::string take(char* text) {
  if (!text) return "";
  std::string out(text);
  duckdb_free(text);
  return out;
}

Type read_owned(duckdb_logical_type logical) {
  const TypeHandle owner(logical);
  return read_type(logical);
}

void read_enum(Type& type, duckdb_logical_type logical) {
  type.storage = duckdb_enum_internal_type(logical);
  const uint32_t count = duckdb_enum_dictionary_size(logical);
  for (uint32_t i = 0; i < count; ++i) type.names.push_back(take(duckdb_enum_dictionary_value(logical, i)));
}

void read_fields(Type& type, duckdb_logical_type logical) {
  const idx_t count = duckdb_struct_type_child_count(logical);
  for (idx_t i = 0; i < count; ++i) {
    type.names.push_back(take(duckdb_struct_type_child_name(logical, i)));
    type.children.push_back(read_owned(duckdb_struct_type_child_type(logical, i)));
  }
}

void read_members(Type& type, duckdb_logical_type logical) {
  const idx_t count = duckdb_union_type_member_count(logical);
  for (idx_t i = 0; i < count; ++i) {
    type.names.push_back(take(duckdb_union_type_member_name(logical, i)));
    type.children.push_back(read_owned(duckdb_union_type_member_type(logical, i)));
  }
}

std::string fields_name(const Type& type, std::string_view word) {
  std::string text = fmt::format("{}(", word);
  for (size_t i = 0; i < type.children.size(); ++i) {
    if (i != 0) text += ", ";
    if (!type.names[i].empty()) text += sql::identifier_if_needed(type.names[i]) + ' ';
    text += type_name(type.children[i]);
  }
  return text + ')';
}

std::string enum_name(const Type& type) {
  std::vector<std::string> values;
  for (const std::string& name : type.names) values.push_back(sql::literal(name));
  return fmt::format("ENUM({})", join(values, ", "));
}

}  // namespace

Type read_type(duckdb_logical_type logical) {
  Type type{.id = duckdb_get_type_id(logical), .alias = take(duckdb_logical_type_get_alias(logical))};
  switch (type.id) {
    case DUCKDB_TYPE_DECIMAL:
      type.storage = duckdb_decimal_internal_type(logical);
      type.width = duckdb_decimal_width(logical);
      type.scale = duckdb_decimal_scale(logical);
      break;
    case DUCKDB_TYPE_ENUM:
      read_enum(type, logical);
      break;
    case DUCKDB_TYPE_LIST:
      type.children.push_back(read_owned(duckdb_list_type_child_type(logical)));
      break;
    case DUCKDB_TYPE_ARRAY:
      type.children.push_back(read_owned(duckdb_array_type_child_type(logical)));
      type.array_size = duckdb_array_type_array_size(logical);
      break;
    case DUCKDB_TYPE_MAP:
      type.children.push_back(read_owned(duckdb_map_type_key_type(logical)));
      type.children.push_back(read_owned(duckdb_map_type_value_type(logical)));
      break;
    case DUCKDB_TYPE_STRUCT:
      read_fields(type, logical);
      break;
    case DUCKDB_TYPE_UNION:
      read_members(type, logical);
      break;
    default:
      break;
  }
  return type;
}

std::string type_name(const Type& type) {
  if (!type.alias.empty()) return type.alias;
  switch (type.id) {
    case DUCKDB_TYPE_DECIMAL:
      return fmt::format("DECIMAL({},{})", type.width, type.scale);
    case DUCKDB_TYPE_ENUM:
      return enum_name(type);
    case DUCKDB_TYPE_LIST:
      return type_name(type.children[0]) + "[]";
    case DUCKDB_TYPE_ARRAY:
      return fmt::format("{}[{}]", type_name(type.children[0]), type.array_size);
    case DUCKDB_TYPE_MAP:
      return fmt::format("MAP({}, {})", type_name(type.children[0]), type_name(type.children[1]));
    case DUCKDB_TYPE_STRUCT:
      return fields_name(type, "STRUCT");
    case DUCKDB_TYPE_UNION:
      return fields_name(type, "UNION");
    default:
      break;
  }
  const Simple* simple = find_simple(type.id);
  return simple ? std::string(simple->name) : "UNKNOWN";
}

TypeKind type_kind(const Type& type) {
  if (type.alias == "JSON") return TypeKind::json;
  const Simple* simple = find_simple(type.id);
  return simple ? simple->kind : TypeKind::other;
}

TypeKind type_kind(std::string_view name) {
  if (name == "JSON") return TypeKind::json;
  if (name.ends_with(']')) return TypeKind::list;
  const std::string_view word = name.substr(0, name.find('('));
  const auto found = std::ranges::find(simple_types, word, &Simple::name);
  return found == std::end(simple_types) ? TypeKind::other : found->kind;
}

bool readable(const Type& type) {
  switch (type.id) {
    case DUCKDB_TYPE_BIGNUM:
    case DUCKDB_TYPE_GEOMETRY:
    case DUCKDB_TYPE_VARIANT:
    case DUCKDB_TYPE_ANY:
    case DUCKDB_TYPE_INVALID:
      return false;
    default:
      return std::ranges::all_of(type.children, readable);
  }
}

}  // namespace rynd::engine::duck

// Catalog: what is in schemas, each answer in one query.
#include <fmt/format.h>

#include "base/text.h"
#include "duckdb/connection.h"
#include "duckdb/types.h"
#include "sql/quote.h"

namespace rynd::engine::duck {
namespace {

// Names are compared as DuckDB does, without case; an empty database is the current one.
std::string wanted(std::span<const SchemaName> schemas) {
  std::string list;
  for (const SchemaName& name : schemas) {
    const std::string database =
        name.database.empty() ? "lower(current_database())" : sql::literal(lower(name.database));
    const std::string schema = name.schema.empty() ? "lower(current_schema())" : sql::literal(lower(name.schema));
    list += fmt::format("{}({}, {})", list.empty() ? "" : ", ", database, schema);
  }
  return fmt::format("(lower(database_name), lower(schema_name)) in ({})", list);
}

// Both kinds of relation, with the columns that the two questions need.
std::string relations_sql(std::span<const SchemaName> schemas) {
  const std::string where = wanted(schemas);
  return fmt::format(
      "select database_name, schema_name, table_name, case when temporary then 'temporary' else 'table' end as kind, "
      "comment, estimated_size from duckdb_tables() where {0} union all "
      "select database_name, schema_name, view_name, 'view', comment, null from duckdb_views() where {0} and not "
      "internal",
      where);
}

std::string text_at(const std::vector<Value>& row, size_t column) {
  return row[column].is_null() ? "" : to_text(row[column]);
}

Relation relation_at(const std::vector<Value>& row) {
  const std::string kind = text_at(row, 3);
  const RelationType type = kind == "view"    ? RelationType::view
                            : kind == "table" ? RelationType::table
                                              : RelationType::temporary;
  return {text_at(row, 0), text_at(row, 1), text_at(row, 2), type};
}

bool same(const Relation& a, const Relation& b) {
  return a.identifier == b.identifier && a.schema == b.schema && a.database == b.database;
}

}  // namespace

Result<std::vector<Relation>> DuckConnection::relations(std::span<const SchemaName> schemas) {
  std::vector<Relation> out;
  if (schemas.empty()) return out;
  auto table = fetch(*this, relations_sql(schemas) + " order by 1, 2, 3");
  if (!table) return fail(std::move(table.error()));
  for (const auto& row : table->rows) out.push_back(relation_at(row));
  return out;
}

Result<std::vector<RelationDetail>> DuckConnection::details(std::span<const SchemaName> schemas) {
  std::vector<RelationDetail> out;
  if (schemas.empty()) return out;
  const std::string sql = fmt::format(
      "with r as ({}) select r.*, c.column_name, c.data_type, c.comment from r left join duckdb_columns() c "
      "using (database_name, schema_name, table_name) order by 1, 2, 3, c.column_index",
      relations_sql(schemas));
  auto table = fetch(*this, sql);
  if (!table) return fail(std::move(table.error()));
  for (const auto& row : table->rows) {
    Relation relation = relation_at(row);
    if (out.empty() || !same(out.back().relation, relation)) {
      out.push_back({.relation = std::move(relation), .columns = {}, .comment = text_at(row, 4), .row_estimate = {}});
      if (const auto* rows = row[5].get_if<int64_t>()) out.back().row_estimate = *rows;
    }
    if (row[6].is_null()) continue;
    const std::string type = text_at(row, 7);
    out.back().columns.push_back({text_at(row, 6), type, type_kind(type), text_at(row, 8)});
  }
  return out;
}

}  // namespace rynd::engine::duck

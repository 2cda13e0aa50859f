// Bookkeeping: what the warehouse keeps of loads, in the source's schema, written in the transaction of the rows.
#include "bookkeeping.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/hash.h"
#include "base/json.h"
#include "sql/quote.h"

namespace rynd::ingest {
namespace {

using engine::Value;

// Version of the layout of these tables; a newer rynd only ever adds columns.
constexpr int dlt_engine_version = 1;

std::string table_name(const std::string& schema, std::string_view table) { return sql::qualified("", schema, table); }

std::string time_literal(Instant now) { return "TIMESTAMPTZ '" + iso8601(now) + "'"; }

std::string pipeline(const Source& source, const Resource& resource) { return source.name + "." + resource.name; }

std::string text_at(const std::vector<Value>& row, size_t column) {
  return row[column].is_null() ? "" : engine::to_text(row[column]);
}

int64_t integer_at(const std::vector<Value>& row, size_t column) {
  auto value = row[column].get_if<int64_t>();
  return value ? *value : 0;
}

PartitionStatus status_of(const std::string& text) {
  return text == "missing"  ? PartitionStatus::missing
         : text == "failed" ? PartitionStatus::failed
                            : PartitionStatus::loaded;
}

Result<void> read_partitions(const std::string& schema, State& state, engine::Connection& connection) {
  auto rows = engine::fetch(
      connection,
      fmt::format(
          "SELECT source, resource, \"partition\", status, \"rows\", quarantined, fingerprint, load_id, message, "
          "strftime(timezone('UTC', updated_at), '%Y-%m-%dT%H:%M:%SZ') FROM {}",
          table_name(schema, "_rynd_partitions")));
  if (!rows) return fail(rows.error());
  for (const auto& row : rows->rows) {
    PartitionState partition{.partition = text_at(row, 2),
                             .status = status_of(text_at(row, 3)),
                             .rows = integer_at(row, 4),
                             .quarantined = integer_at(row, 5),
                             .fingerprint = text_at(row, 6),
                             .load_id = text_at(row, 7),
                             .message = text_at(row, 8),
                             .updated_at = text_at(row, 9)};
    state.resources[text_at(row, 0) + "." + text_at(row, 1)].partitions[partition.partition] = partition;
  }
  return {};
}

Result<void> read_cursors(const std::string& schema, State& state, engine::Connection& connection) {
  auto rows = engine::fetch(connection, "SELECT pipeline_name, state FROM " +
                                            table_name(schema, "_dlt_pipeline_state") + " ORDER BY version");
  if (!rows) return fail(rows.error());
  for (const auto& row : rows->rows) {
    auto document = json::read(make_source("_dlt_pipeline_state", text_at(row, 1)));
    // A state that is no JSON of ours (dlt keeps its own compressed) belongs to somebody else.
    if (document) state.resources[text_at(row, 0)].cursor = document->root;
  }
  return {};
}

}  // namespace

std::string make_load_id(Clock& clock, const std::string& last) {
  int64_t micros = clock.now().time_since_epoch().count();
  auto text = [](int64_t id) { return fmt::format("{}.{:06}", id / 1'000'000, id % 1'000'000); };
  while (text(micros) <= last) ++micros;
  return text(micros);
}

std::string bookkeeping_table(const Source& source, std::string_view table) { return table_name(source.schema, table); }

Result<void> make_bookkeeping(const std::string& schema, engine::Connection& connection) {
  std::string sql = fmt::format("CREATE SCHEMA IF NOT EXISTS {};\n", sql::identifier(schema));
  sql += fmt::format(
      "CREATE TABLE IF NOT EXISTS {} (load_id VARCHAR NOT NULL, schema_name VARCHAR, status BIGINT NOT NULL, "
      "inserted_at TIMESTAMPTZ NOT NULL, schema_version_hash VARCHAR);\n",
      table_name(schema, "_dlt_loads"));
  sql += fmt::format(
      "CREATE TABLE IF NOT EXISTS {} (version BIGINT NOT NULL, engine_version BIGINT NOT NULL, pipeline_name "
      "VARCHAR NOT NULL, state VARCHAR NOT NULL, created_at TIMESTAMPTZ NOT NULL, version_hash VARCHAR, "
      "_dlt_load_id VARCHAR NOT NULL, _dlt_id VARCHAR NOT NULL);\n",
      table_name(schema, "_dlt_pipeline_state"));
  sql += fmt::format(
      "CREATE TABLE IF NOT EXISTS {} (source VARCHAR NOT NULL, resource VARCHAR NOT NULL, \"partition\" VARCHAR "
      "NOT NULL, status VARCHAR NOT NULL, \"rows\" BIGINT, quarantined BIGINT, fingerprint VARCHAR, load_id "
      "VARCHAR, message VARCHAR, updated_at TIMESTAMPTZ NOT NULL);\n",
      table_name(schema, "_rynd_partitions"));
  sql += fmt::format(
      "CREATE TABLE IF NOT EXISTS {} (load_id VARCHAR NOT NULL, source VARCHAR NOT NULL, resource VARCHAR NOT "
      "NULL, \"partition\" VARCHAR, file VARCHAR, line BIGINT, reason VARCHAR NOT NULL, \"row\" VARCHAR, "
      "inserted_at TIMESTAMPTZ NOT NULL);\n",
      table_name(schema, "_rynd_quarantine"));
  auto made = connection.execute(sql);
  if (!made) return fail(made.error());
  return {};
}

Result<State> read_state(const Sources& sources, engine::Connection& connection) {
  State state;
  std::set<std::string> names;
  for (const auto& source : sources.all) names.insert(source.schema);
  std::vector<engine::SchemaName> schemas;
  for (const auto& name : names) schemas.push_back({"", name});
  auto relations = connection.relations(schemas);
  if (!relations) return fail(relations.error());
  for (const auto& relation : *relations) {
    Result<void> read;
    if (relation.identifier == "_rynd_partitions") read = read_partitions(relation.schema, state, connection);
    if (relation.identifier == "_dlt_pipeline_state") read = read_cursors(relation.schema, state, connection);
    if (!read) return fail(read.error());
  }
  return state;
}

Result<void> write_partition(const Record& record, engine::Connection& connection) {
  std::string table = bookkeeping_table(record.source, "_rynd_partitions");
  const PartitionState& p = record.partition;
  std::array<Value, 3> key{record.source.name, record.resource.name, p.partition};
  auto removed =
      connection.execute("DELETE FROM " + table + " WHERE source = $1 AND resource = $2 AND \"partition\" = $3", key);
  if (!removed) return fail(removed.error());
  std::array<Value, 9> values{record.source.name, record.resource.name, p.partition, to_text(p.status), p.rows,
                              p.quarantined,      p.fingerprint,        p.load_id,   p.message};
  auto added = connection.execute(
      fmt::format(
          "INSERT INTO {} (source, resource, \"partition\", status, \"rows\", quarantined, fingerprint, load_id, "
          "message, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, {})",
          table, time_literal(record.now)),
      values);
  if (!added) return fail(added.error());
  return {};
}

Result<void> write_load(const Record& record, const std::string& schema_hash, engine::Connection& connection) {
  std::array<Value, 3> values{record.partition.load_id, record.source.name, schema_hash};
  auto added = connection.execute(
      fmt::format(
          "INSERT INTO {} (load_id, schema_name, status, inserted_at, schema_version_hash) VALUES ($1, $2, 0, {}, $3)",
          bookkeeping_table(record.source, "_dlt_loads"), time_literal(record.now)),
      values);
  if (!added) return fail(added.error());
  return {};
}

Result<void> write_cursor(const Record& record, const Node& cursor, engine::Connection& connection) {
  std::string table = bookkeeping_table(record.source, "_dlt_pipeline_state");
  std::array<Value, 1> name{pipeline(record.source, record.resource)};
  auto last =
      engine::fetch(connection, "SELECT coalesce(max(version), 0) FROM " + table + " WHERE pipeline_name = $1", name);
  if (!last) return fail(last.error());
  int64_t version = integer_at(last->rows.front(), 0) + 1;
  auto removed = connection.execute("DELETE FROM " + table + " WHERE pipeline_name = $1", name);
  if (!removed) return fail(removed.error());
  std::string text = json::write(cursor);
  std::array<Value, 6> values{version,
                              name[0],
                              text,
                              sha256(text).substr(0, 32),
                              record.partition.load_id,
                              sha256(engine::to_text(name[0]) + record.partition.load_id).substr(0, 14)};
  auto added = connection.execute(
      fmt::format(
          "INSERT INTO {} (version, engine_version, pipeline_name, state, created_at, version_hash, _dlt_load_id, "
          "_dlt_id) VALUES ($1, {}, $2, $3, {}, $4, $5, $6)",
          table, dlt_engine_version, time_literal(record.now)),
      values);
  if (!added) return fail(added.error());
  return {};
}

Result<void> forget(const Source& source, const Resource& resource, engine::Connection& connection) {
  std::array<Value, 2> key{source.name, resource.name};
  auto partitions = connection.execute(
      "DELETE FROM " + bookkeeping_table(source, "_rynd_partitions") + " WHERE source = $1 AND resource = $2", key);
  if (!partitions) return fail(partitions.error());
  std::array<Value, 1> name{pipeline(source, resource)};
  auto cursor = connection.execute(
      "DELETE FROM " + bookkeeping_table(source, "_dlt_pipeline_state") + " WHERE pipeline_name = $1", name);
  if (!cursor) return fail(cursor.error());
  return {};
}

}  // namespace rynd::ingest

// Quarantine: the rows that loads kept aside, and forgetting them.
#include <fmt/format.h>

#include <array>
#include <set>

#include "bookkeeping.h"
#include "ingest/ingest.h"
#include "selected.h"
#include "sql/quote.h"

namespace rynd::ingest {
namespace {

std::string text_of(const engine::Value& value) { return value.is_null() ? std::string() : engine::to_text(value); }

// Schemas in which a load kept rows aside: bookkeeping tables are made by the first load.
Result<std::set<std::string>> schemas_with_quarantine(const Sources& sources, engine::Connection& connection) {
  std::set<std::string> known;
  for (const Source& source : sources.all) known.insert(source.schema);
  std::vector<engine::SchemaName> names;
  for (const std::string& schema : known) names.push_back({"", schema});
  auto relations = connection.relations(names);
  if (!relations) return fail(relations.error());
  std::set<std::string> found;
  for (const auto& relation : *relations)
    if (relation.identifier == "_rynd_quarantine") found.insert(relation.schema);
  return found;
}

std::string condition(const Source& source, const Resource& resource) {
  return fmt::format("source = {} AND resource = {}", sql::literal(source.name), sql::literal(resource.name));
}

// "schema" -> "(source = 'a' AND resource = 'b') OR ...", of what is selected and may have rows.
Checked<std::map<std::string, std::string>> wanted(const Sources& sources, const Selection& selection,
                                                   engine::Connection& connection) {
  Diagnostics problems;
  const std::vector<Selected> selected = select(sources, selection.names, problems);
  if (!problems.empty()) return fail_all(std::move(problems));
  auto schemas = schemas_with_quarantine(sources, connection);
  if (!schemas) return fail_all({schemas.error()});
  std::map<std::string, std::string> conditions;
  for (const Selected& one : selected) {
    const Source& source = sources.all[one.source];
    if (!schemas->contains(source.schema)) continue;
    std::string& text = conditions[source.schema];
    text += (text.empty() ? "(" : " OR (") + condition(source, source.resources[one.resource]) + ")";
  }
  return conditions;
}

}  // namespace

Checked<std::vector<QuarantineRow>> quarantine(const Sources& sources, const Selection& selection,
                                               engine::Connection& connection, size_t limit) {
  auto conditions = wanted(sources, selection, connection);
  if (!conditions) return fail_all(std::move(conditions.error()));
  std::vector<QuarantineRow> found;
  for (const auto& [schema, where] : *conditions) {
    auto rows = engine::fetch(
        connection, fmt::format("SELECT load_id, source, resource, \"partition\", file, reason, \"row\", line FROM {} "
                                "WHERE {} ORDER BY load_id DESC, file, line LIMIT {}",
                                sql::qualified("", schema, "_rynd_quarantine"), where, limit - found.size()));
    if (!rows) return fail_all({rows.error()});
    for (const auto& row : rows->rows) {
      const auto line = row[7].get_if<int64_t>();
      found.push_back({text_of(row[0]), text_of(row[1]), text_of(row[2]), text_of(row[3]), text_of(row[4]),
                       text_of(row[5]), text_of(row[6]), line ? std::optional(*line) : std::nullopt});
    }
  }
  return found;
}

Checked<int64_t> drop_quarantine(const Sources& sources, const Selection& selection, engine::Connection& connection) {
  auto conditions = wanted(sources, selection, connection);
  if (!conditions) return fail_all(std::move(conditions.error()));
  if (auto begun = connection.begin(); !begun) return fail_all({begun.error()});
  int64_t dropped = 0;
  for (const auto& [schema, where] : *conditions) {
    auto removed = connection.execute(
        fmt::format("DELETE FROM {} WHERE {}", sql::qualified("", schema, "_rynd_quarantine"), where));
    if (removed) dropped += *removed;
    if (removed)
      removed = connection.execute(
          fmt::format("UPDATE {} SET quarantined = 0 WHERE {}", sql::qualified("", schema, "_rynd_partitions"), where));
    if (removed) continue;
    (void)connection.rollback();
    return fail_all({removed.error()});
  }
  if (auto committed = connection.commit(); !committed) return fail_all({committed.error()});
  return dropped;
}

}  // namespace rynd::ingest

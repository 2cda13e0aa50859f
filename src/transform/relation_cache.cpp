// RelationCache: see the header.
#include "relation_cache.h"

#include "base/text.h"

namespace rynd::transform {

RelationCache::Key RelationCache::key(std::string_view database, std::string_view schema, std::string_view identifier) {
  return {{lower(database), lower(schema)}, lower(identifier)};
}

void RelationCache::take(const RelationCache& other) {
  const std::scoped_lock lock(mutex_, other.mutex_);
  relations_ = other.relations_;
  indexes_ = other.indexes_;
  keys_ = other.keys_;
  known_ = other.known_;
}

bool RelationCache::knows(std::string_view database, std::string_view schema) const {
  const std::lock_guard lock(mutex_);
  return known_.contains({lower(database), lower(schema)});
}

Result<void> RelationCache::read(engine::Connection& connection, const std::vector<engine::SchemaName>& schemas) {
  std::vector<engine::SchemaName> unknown;
  for (const auto& schema : schemas) {
    if (!knows(schema.database, schema.schema)) unknown.push_back(schema);
  }
  if (unknown.empty()) return {};
  auto found = connection.relations(unknown);
  if (!found) return std::unexpected(found.error());
  auto indexes =
      engine::fetch(connection, "select database_name, schema_name, table_name, index_name from duckdb_indexes()");
  if (!indexes) return std::unexpected(indexes.error());
  auto keys = engine::fetch(connection,
                            "select database_name, schema_name, table_name, replace(lower(constraint_type), ' ', '_') "
                            "from duckdb_constraints() "
                            "where constraint_type in ('PRIMARY KEY', 'UNIQUE', 'FOREIGN KEY')");
  if (!keys) return std::unexpected(keys.error());
  const std::lock_guard lock(mutex_);
  for (const auto& relation : *found) {
    const bool is_view = relation.type == engine::RelationType::view;
    relations_[key(relation.database, relation.schema, relation.identifier)] = {
        relation.database, relation.schema, relation.identifier, is_view ? "view" : "table"};
  }
  for (const auto& row : indexes->rows) {
    const std::pair<std::string, std::string> schema{lower(to_text(row[0])), lower(to_text(row[1]))};
    if (!known_.contains(schema))
      indexes_.emplace(key(to_text(row[0]), to_text(row[1]), to_text(row[2])), to_text(row[3]));
  }
  for (const auto& row : keys->rows) {
    const std::pair<std::string, std::string> schema{lower(to_text(row[0])), lower(to_text(row[1]))};
    if (!known_.contains(schema)) keys_[key(to_text(row[0]), to_text(row[1]), to_text(row[2]))].insert(to_text(row[3]));
  }
  for (const auto& schema : unknown) known_.emplace(lower(schema.database), lower(schema.schema));
  return {};
}

std::optional<CachedRelation> RelationCache::find(std::string_view database, std::string_view schema,
                                                  std::string_view identifier) const {
  const std::lock_guard lock(mutex_);
  const auto found = relations_.find(key(database, schema, identifier));
  if (found == relations_.end()) return {};
  return found->second;
}

std::vector<CachedRelation> RelationCache::in_schema(std::string_view database, std::string_view schema) const {
  const std::lock_guard lock(mutex_);
  std::vector<CachedRelation> result;
  const Key first = key(database, schema, "");
  for (auto at = relations_.lower_bound(first); at != relations_.end() && at->first.first == first.first; ++at)
    result.push_back(at->second);
  return result;
}

std::vector<std::string> RelationCache::indexes(const CachedRelation& relation) const {
  const std::lock_guard lock(mutex_);
  std::vector<std::string> names;
  const auto [first, last] = indexes_.equal_range(key(relation.database, relation.schema, relation.identifier));
  for (auto at = first; at != last; ++at) names.push_back(at->second);
  return names;
}

std::set<std::string> RelationCache::keys(std::string_view database, std::string_view schema,
                                          std::string_view identifier) const {
  const std::lock_guard lock(mutex_);
  const auto found = keys_.find(key(database, schema, identifier));
  return found == keys_.end() ? std::set<std::string>() : found->second;
}

RelationCache::Change RelationCache::put(CachedRelation relation) {
  const std::lock_guard lock(mutex_);
  const Key place = key(relation.database, relation.schema, relation.identifier);
  const auto found = relations_.find(place);
  Change change{place, found == relations_.end() ? std::nullopt : std::optional(found->second)};
  relations_[place] = std::move(relation);
  return change;
}

RelationCache::Change RelationCache::erase(const CachedRelation& relation) {
  const std::lock_guard lock(mutex_);
  const Key place = key(relation.database, relation.schema, relation.identifier);
  const auto found = relations_.find(place);
  Change change{place, found == relations_.end() ? std::nullopt : std::optional(found->second)};
  relations_.erase(place);
  return change;
}

void RelationCache::undo(const std::vector<Change>& changes) {
  const std::lock_guard lock(mutex_);
  for (auto at = changes.rbegin(); at != changes.rend(); ++at) {
    if (at->second)
      relations_[at->first] = *at->second;
    else
      relations_.erase(at->first);
  }
}

}  // namespace rynd::transform

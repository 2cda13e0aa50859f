// RelationCache: what is in the schemas of a run, read once and kept up with what the run does. Safe for several
// threads.
#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/diagnostic.h"
#include "engine/engine.h"

namespace rynd::transform {

struct CachedRelation {
  std::string database;
  std::string schema;
  std::string identifier;  // as the catalogue spells it
  std::string type;        // "table", "view"
};

class RelationCache {
 public:
  // Names are compared without case.
  using Key = std::pair<std::pair<std::string, std::string>, std::string>;
  static Key key(std::string_view database, std::string_view schema, std::string_view identifier);

  // Reads the schemas that are not known yet, in one query.
  Result<void> read(engine::Connection& connection, const std::vector<engine::SchemaName>& schemas);
  // All that another knows.
  void take(const RelationCache& other);
  bool knows(std::string_view database, std::string_view schema) const;
  // Without asking the warehouse: nothing, where there is no such relation or its schema was not read.
  std::optional<CachedRelation> find(std::string_view database, std::string_view schema,
                                     std::string_view identifier) const;
  std::vector<CachedRelation> in_schema(std::string_view database, std::string_view schema) const;
  std::vector<std::string> indexes(const CachedRelation& relation) const;
  // The key constraints a table had when its schema was read: "primary_key", "unique", "foreign_key".
  std::set<std::string> keys(std::string_view database, std::string_view schema, std::string_view identifier) const;

  // What a node did, so that it can be undone when its transaction is.
  using Change = std::pair<Key, std::optional<CachedRelation>>;
  Change put(CachedRelation relation);
  Change erase(const CachedRelation& relation);
  void undo(const std::vector<Change>& changes);

 private:
  mutable std::mutex mutex_;
  std::map<Key, CachedRelation> relations_;
  std::multimap<Key, std::string> indexes_;
  std::map<Key, std::set<std::string>> keys_;
  std::set<std::pair<std::string, std::string>> known_;
};

}  // namespace rynd::transform

// Column types: what columns a model's parent has, whether or not it has been built.
#pragma once

#include <map>
#include <mutex>
#include <vector>

#include "base/diagnostic.h"
#include "engine/engine.h"
#include "project/project.h"
#include "transform/transform.h"

namespace rynd::quality {

// Remembers what it found out, for all unit tests of a command; safe to use from several threads.
class ColumnTypes {
 public:
  ColumnTypes(const project::Project& project, transform::Runtime& runtime) : project_(project), runtime_(runtime) {}

  // From the relation in the warehouse; else from what the project says: a model's SQL bound over its parents' types, a
  // seed's file, a source's `data_type`s. Empty where nothing is known.
  std::vector<engine::Column> of(project::ResourceId id, engine::Connection& connection);

  // What the model would have if it were built from its parents now, without looking at the warehouse for itself.
  std::vector<engine::Column> of_definition(project::ResourceId id, engine::Connection& connection);

 private:
  std::vector<engine::Column> find(project::ResourceId id, engine::Connection& connection);
  std::vector<engine::Column> of_seed(const project::Resource& seed, engine::Connection& connection);

  const project::Project& project_;
  transform::Runtime& runtime_;
  std::mutex mutex_;
  std::map<project::ResourceId, std::vector<engine::Column>> known_;
};

// "cast(null as T) as c, ... limit 0": no rows of these columns.
std::string empty_select(const std::vector<engine::Column>& columns);

}  // namespace rynd::quality

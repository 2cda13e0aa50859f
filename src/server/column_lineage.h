// ColumnLineage: which columns a model's columns are made of, read off its compiled SQL.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/files.h"
#include "engine/engine.h"
#include "project/project.h"

namespace rynd::server {

struct ColumnPlace {
  project::ResourceId resource;
  std::string column;  // in lower case
  auto operator<=>(const ColumnPlace&) const = default;
};
// Both ways; a column without an entry is made of none, or nothing is known of its resource.
struct ColumnLineage {
  std::map<ColumnPlace, std::vector<ColumnPlace>> made_of;
  std::map<ColumnPlace, std::vector<ColumnPlace>> used_by;

  // The column, and all that it is made of or used by through any number of steps.
  std::vector<ColumnPlace> trace(const ColumnPlace& from) const;
};

// Binds what is in the project's target/compiled against empty tables in a database of its own, so that a view is a
// step of its own and no data is touched. What does not bind is left out. The keys of `relations` are of no matter.
ColumnLineage column_lineage(const project::Project& project,
                             const std::map<std::string, engine::RelationDetail>& relations, Files& files);

}  // namespace rynd::server

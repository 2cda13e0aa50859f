// ColumnLineage: a shadow of the warehouse, then one plan a model.
#include "column_lineage.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/text.h"
#include "sql/lineage.h"
#include "sql/quote.h"

namespace rynd::server {

namespace {

bool carries_values(sql::LineageKind kind) {
  using enum sql::LineageKind;
  return kind == identity || kind == transformation || kind == aggregation || kind == window;
}

class Binder {
 public:
  Binder(const project::Project& project, const std::map<std::string, engine::RelationDetail>& relations, Files& files)
      : project_(project), relations_(relations), files_(files) {}

  ColumnLineage bind() {
    if (!make_shadow()) return {};
    for (project::ResourceId id = 0; id < project_.resources.size(); ++id) {
      const project::Resource& resource = project_.at(id);
      if (!resource.relation_name.empty()) by_name_.emplace(key_of(resource), id);
    }
    for (project::ResourceId id = 0; id < project_.resources.size(); ++id) bind_resource(id);
    return std::move(found_);
  }

 private:
  static std::string key_of(std::string_view schema, std::string_view name) {
    return lower(schema) + "." + lower(name);
  }
  static std::string key_of(const project::Resource& resource) {
    return key_of(resource.schema, resource.source ? resource.source->identifier : resource.alias);
  }

  // A type that only the warehouse knows fails for its table alone.
  bool make_shadow() {
    Result<std::unique_ptr<engine::Database>> database = engine::open({});
    if (!database) return false;
    database_ = std::move(*database);
    Result<std::unique_ptr<engine::Connection>> connection = database_->connect();
    if (!connection) return false;
    connection_ = std::move(*connection);
    std::set<std::string> made;
    const auto once = [&](const std::string& statement) {
      if (made.insert(statement).second) (void)connection_->execute(statement);
    };
    for (const auto& [key, detail] : relations_) {
      const engine::Relation& relation = detail.relation;
      const std::string catalog = relation.database.empty() ? project_.profile.database : relation.database;
      once(fmt::format("ATTACH IF NOT EXISTS ':memory:' AS {}", sql::identifier(catalog)));
      once(
          fmt::format("CREATE SCHEMA IF NOT EXISTS {}.{}", sql::identifier(catalog), sql::identifier(relation.schema)));
      std::vector<std::string> columns;
      for (const engine::Column& column : detail.columns)
        columns.push_back(sql::identifier(column.name) + " " + column.type);
      if (columns.empty()) continue;
      (void)connection_->execute(fmt::format(
          "CREATE TABLE {} ({})", sql::qualified(catalog, relation.schema, relation.identifier), join(columns, ", ")));
    }
    return true;
  }

  void bind_resource(project::ResourceId id) {
    const project::Resource& resource = project_.at(id);
    if (resource.type != project::ResourceType::model && resource.type != project::ResourceType::snapshot) return;
    const std::filesystem::path compiled = project_.dir / project_.root().settings.target_path / "compiled" /
                                           resource.package / resource.original_file_path;
    const Result<std::string> sql = files_.read(compiled);
    if (!sql) return;
    const std::vector<engine::Value> parameter{engine::Value(*sql)};
    const Result<engine::Table> plan =
        engine::fetch(*connection_, "select json_serialize_plan($1::varchar, optimize := false)", parameter, 1);
    const Result<std::vector<engine::Column>> columns = connection_->describe(*sql);
    if (!plan || !columns || plan->rows.empty()) return;
    const Result<sql::Lineage> lineage = sql::lineage(engine::to_text(plan->rows[0][0]));
    if (!lineage) return;
    for (const sql::LineageEdge& edge : lineage->edges) {
      if (!carries_values(edge.kind) || edge.to < 0 || static_cast<size_t>(edge.to) >= columns->size()) continue;
      const auto from = by_name_.find(key_of(edge.from.schema, edge.from.relation));
      if (from == by_name_.end()) continue;
      const ColumnPlace source{from->second, lower(edge.from.column)};
      const ColumnPlace target{id, lower((*columns)[static_cast<size_t>(edge.to)].name)};
      found_.made_of[target].push_back(source);
      found_.used_by[source].push_back(target);
    }
  }

  const project::Project& project_;
  const std::map<std::string, engine::RelationDetail>& relations_;
  Files& files_;
  std::unique_ptr<engine::Database> database_;
  std::unique_ptr<engine::Connection> connection_;
  std::map<std::string, project::ResourceId> by_name_;
  ColumnLineage found_;
};

}  // namespace

std::vector<ColumnPlace> ColumnLineage::trace(const ColumnPlace& from) const {
  std::set<ColumnPlace> reached{from};
  for (const auto* next : {&made_of, &used_by}) {
    std::vector<ColumnPlace> front{from};
    std::set<ColumnPlace> seen{from};
    while (!front.empty()) {
      const ColumnPlace at = front.back();
      front.pop_back();
      const auto found = next->find(at);
      if (found == next->end()) continue;
      for (const ColumnPlace& to : found->second) {
        if (!seen.insert(to).second) continue;
        reached.insert(to);
        front.push_back(to);
      }
    }
  }
  return {reached.begin(), reached.end()};
}

ColumnLineage column_lineage(const project::Project& project,
                             const std::map<std::string, engine::RelationDetail>& relations, Files& files) {
  return Binder(project, relations, files).bind();
}

}  // namespace rynd::server

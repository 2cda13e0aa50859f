// Column types: asking the warehouse, then the project.
#include "column_types.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.h"
#include "sql/quote.h"

namespace rynd::quality {

namespace {

using engine::Column;

std::vector<Column> declared_columns(const project::Resource& resource) {
  std::vector<Column> columns;
  for (const project::Column& column : resource.columns) {
    if (column.data_type.empty()) return {};  // half a list would make the other half look like mistakes
    columns.push_back({.name = column.name, .type = column.data_type});
  }
  return columns;
}

void apply_column_types(const Node* types, std::vector<Column>& columns) {
  if (!types || !types->is_mapping()) return;
  for (Column& column : columns) {
    for (const Entry& entry : types->entries) {
      if (iequals(entry.key, column.name) && entry.value.is_string()) column.type = entry.value.text;
    }
  }
}

}  // namespace

std::string empty_select(const std::vector<Column>& columns) {
  std::vector<std::string> cells;
  for (const Column& column : columns) {
    cells.push_back(fmt::format("cast(null as {}) as {}", column.type, sql::identifier(column.name)));
  }
  return "select " + join(cells, ", ") + " limit 0";
}

std::vector<Column> ColumnTypes::of(project::ResourceId id, engine::Connection& connection) {
  {
    const std::lock_guard lock(mutex_);
    const auto found = known_.find(id);
    if (found != known_.end()) return found->second;
  }
  std::vector<Column> columns = find(id, connection);
  const std::lock_guard lock(mutex_);
  known_.emplace(id, columns);
  return columns;
}

std::vector<Column> ColumnTypes::find(project::ResourceId id, engine::Connection& connection) {
  const project::Resource& resource = project_.at(id);
  if (!resource.relation_name.empty()) {
    auto built = connection.describe("select * from " + resource.relation_name);
    if (built) return std::move(*built);
  }
  switch (resource.type) {
    case project::ResourceType::seed:
      return of_seed(resource, connection);
    case project::ResourceType::model:
      return of_definition(id, connection);
    default:
      return declared_columns(resource);
  }
}

std::vector<Column> ColumnTypes::of_definition(project::ResourceId id, engine::Connection& connection) {
  const project::Resource& model = project_.at(id);
  transform::UnitOverrides empty;
  empty.macros.set("is_incremental", Node::of(false));
  for (const project::ResourceId parent : model.depends_on) {
    if (!project_.at(parent).is_relation()) continue;
    const std::vector<Column> columns = of(parent, connection);
    if (!columns.empty()) empty.inputs.emplace_back(parent, empty_select(columns));
  }
  auto compiled = runtime_.compile_unit(id, empty, connection);
  if (!compiled) return declared_columns(model);
  auto columns = connection.describe(compiled->sql);
  return columns ? std::move(*columns) : declared_columns(model);
}

std::vector<Column> ColumnTypes::of_seed(const project::Resource& seed, engine::Connection& connection) {
  const project::Package* package = project_.package(seed.package);
  if (!package) return {};
  const std::string path = (package->root / seed.original_file_path).string();
  const std::string delimiter = seed.config.text("delimiter");
  auto columns =
      connection.describe(fmt::format("select * from read_csv({}, header = true, delim = {})", sql::literal(path),
                                      sql::literal(delimiter.empty() ? "," : delimiter)));
  if (!columns) return {};
  apply_column_types(seed.config.find("column_types"), *columns);
  return std::move(*columns);
}

}  // namespace rynd::quality

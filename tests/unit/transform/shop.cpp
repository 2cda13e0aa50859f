// Shop: see the header.
#include "shop.h"

#include <gtest/gtest.h>

#include <fstream>

#include "base/render.h"

namespace rynd::transform::test {

Shop::Shop(const FilesOf& files) {
  folder = std::filesystem::temp_directory_path() / ("rynd-transform-" + random_.uuid());
  write("dbt_project.yml", "name: shop\nversion: '1.0'\nprofile: shop\n");
  write("profiles.yml",
        "shop:\n  target: dev\n  outputs:\n    dev: {type: duckdb, path: ':memory:', schema: main, threads: 1}\n");
  for (const auto& [path, text] : files) write(path, text);
  auto opened = engine::open({});
  if (!opened) throw std::runtime_error(render_text(opened.error()));
  database_ = std::move(*opened);
  connection_ = std::move(*database_->connect());
  load();
}

Shop::~Shop() { std::filesystem::remove_all(folder); }

void Shop::write(const std::string& path, const std::string& text) {
  const auto file = folder / path;
  std::filesystem::create_directories(file.parent_path());
  std::ofstream(file) << text;
}

void Shop::load(Node flags) {
  project::LoadOptions options;
  options.project_dir = folder;
  options.profiles_dir = folder;
  options.flags = std::move(flags);
  options.builtins = builtin_macros();
  options.output = &output;
  options.column_class = column_class();
  auto loaded = project::load(options, world_);
  if (!loaded) throw std::runtime_error(render_text(loaded.error()));
  project_ = std::make_unique<project::Project>(std::move(*loaded));
}

std::unique_ptr<Runtime> Shop::runtime(RuntimeOptions options) {
  options.output = &output;
  return std::make_unique<Runtime>(*project_, *database_, world_, std::move(options));
}

std::vector<NodeResult> Shop::build(RuntimeOptions options) {
  auto runtime = this->runtime(std::move(options));
  std::vector<project::ResourceId> nodes;
  for (const auto id : project_->graph.order()) {
    const auto& resource = project_->at(id);
    using enum project::ResourceType;
    const bool built = (resource.type == model && !resource.is_ephemeral()) || resource.type == seed ||
                       resource.type == snapshot || resource.type == project::ResourceType::test;
    if (built) nodes.push_back(id);
  }
  auto prepared = runtime->prepare(*connection_, nodes);
  if (!prepared) throw std::runtime_error(render_text(prepared.error()));
  std::vector<NodeResult> results;
  for (const auto id : nodes) results.push_back(runtime->execute(id, *connection_));
  return results;
}

NodeResult Shop::build_one(const std::string& name, RuntimeOptions options, ExecuteOptions how) {
  auto runtime = this->runtime(std::move(options));
  const project::ResourceId nodes[] = {id(name)};
  auto prepared = runtime->prepare(*connection_, nodes);
  if (!prepared) throw std::runtime_error(render_text(prepared.error()));
  return runtime->execute(nodes[0], *connection_, how);
}

project::ResourceId Shop::id(const std::string& name) const {
  for (project::ResourceId id = 0; id < project_->resources.size(); ++id) {
    if (project_->at(id).name == name) return id;
  }
  throw std::runtime_error("no resource " + name);
}

std::string Shop::rows(const std::string& sql) {
  auto table = engine::fetch(*connection_, sql);
  if (!table) return render_text(table.error());
  std::string text;
  for (const auto& row : table->rows) {
    if (!text.empty()) text += " ";
    for (size_t i = 0; i < row.size(); ++i) text += (i ? "|" : "") + to_text(row[i]);
  }
  return text;
}

std::string Shop::relations() {
  return rows(
      "select string_agg(table_schema || '.' || table_name || ':' || case when table_type = 'VIEW' then 'view' else "
      "'table' end, ' ' order by 1) "
      "from (select distinct table_schema, table_name, table_type from information_schema.tables)");
}

const NodeResult& result_of(const std::vector<NodeResult>& results, const std::string& name) {
  for (const auto& result : results) {
    if (result.unique_id.ends_with("." + name)) return result;
  }
  throw std::runtime_error("no result for " + name);
}

}  // namespace rynd::transform::test

// Shop: a project in a folder of its own with a database in memory, built node by node as a run does.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "base/world.h"
#include "engine/engine.h"
#include "project/context.h"
#include "transform.h"

namespace rynd::transform::test {

class Output final : public project::TemplateOutput {
 public:
  void log(std::string_view text, bool) override { logged.emplace_back(text); }
  void print(std::string_view text) override { printed.emplace_back(text); }
  void warn(std::string_view text) override { warned.emplace_back(text); }
  std::vector<std::string> logged, printed, warned;
};

using FilesOf = std::vector<std::pair<std::string, std::string>>;  // path, text

class Shop {
 public:
  explicit Shop(const FilesOf& files);
  ~Shop();

  void write(const std::string& path, const std::string& text);
  // Reads the project again, as every command does. Fails the test where it has errors.
  void load(Node flags = Node::map());
  // Everything that is built or tested, parents first; results by name of the node.
  std::vector<NodeResult> build(RuntimeOptions options = {});
  NodeResult build_one(const std::string& name, RuntimeOptions options = {}, ExecuteOptions how = {});
  project::ResourceId id(const std::string& name) const;
  // Rows as "a|b" joined by spaces; NULL as DuckDB prints it.
  std::string rows(const std::string& sql);
  std::string relations();  // names in the main catalogue, sorted
  engine::Connection& connection() { return *connection_; }
  const project::Project& project() const { return *project_; }
  std::unique_ptr<Runtime> runtime(RuntimeOptions options = {});

  Output output;
  std::filesystem::path folder;

 private:
  RealClock clock_;
  RealFiles files_;
  RealProcess process_;
  RealRandom random_;
  SimHttp http_;
  World world_{clock_, files_, process_, random_, http_};
  std::unique_ptr<engine::Database> database_;
  std::unique_ptr<engine::Connection> connection_;
  std::unique_ptr<project::Project> project_;
};

const NodeResult& result_of(const std::vector<NodeResult>& results, const std::string& name);

}  // namespace rynd::transform::test

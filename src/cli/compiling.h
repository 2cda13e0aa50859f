// Compiling: what compile and show have in common: nodes or inline SQL to compiled SQL.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "command.h"
#include "opening.h"
#include "transform/transform.h"

namespace rynd::cli {

struct CompiledNode {
  std::optional<project::ResourceId> id;        // nothing: inline SQL
  std::optional<transform::Compiled> compiled;  // nothing: it failed, and that was reported
};

class CompileRun {
 public:
  CompileRun(const Invocation& invocation, Session& session);

  // Set where there is nothing to compile with: what was wrong is reported, or a server did the command.
  std::optional<int> exit_code() const { return exit_code_; }
  // The inline SQL, or the selected models, snapshots, tests and analyses; failures are reported as they come.
  std::vector<CompiledNode> compile();
  // Columns that no table has, in what was selected: reported. False: there are some.
  bool analyze();
  // manifest.json and run_results.json with what compile() gave.
  void write_artifacts();

  const project::Project& project() const { return *project_; }
  transform::Runtime& runtime() { return *runtime_; }
  engine::Connection& connection() { return *connection_; }

 private:
  bool open();
  bool wanted(const project::Resource& resource) const;
  CompiledNode compile_inline();
  CompiledNode compile_node(project::ResourceId id);

  const Invocation& invocation_;
  Session& session_;
  std::optional<int> exit_code_;
  Instant began_;
  std::unique_ptr<project::TemplateOutput> output_;
  std::shared_ptr<const project::Project> project_;
  project::Selection selection_;
  std::unique_ptr<Warehouse> warehouse_;
  std::unique_ptr<transform::Runtime> runtime_;
  std::unique_ptr<engine::Connection> connection_;
  std::vector<transform::NodeResult> results_;
};

}  // namespace rynd::cli

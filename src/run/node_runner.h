// Node runner: the real task runner: each worker's connection, each kind of task given to the room that does it.
#pragma once

#include <filesystem>
#include <memory>
#include <vector>

#include "base/world.h"
#include "engine/engine.h"
#include "ingest/ingest.h"
#include "project/project.h"
#include "run/task_runner.h"

namespace rynd::run {

// What tasks of kind ingest do; both belong together as ingest::plan made them.
struct IngestWork {
  ingest::Sources sources;
  std::vector<ingest::Load> loads;  // by Task::load
};

class NodeRunner final : public TaskRunner {
 public:
  // All must outlive it; `work` may be null where no task is a load.
  NodeRunner(const project::Project& project, engine::Database& database, transform::Runtime& runtime, World& world,
             const IngestWork* work);

  // A connection for each of `workers`; before the first task.
  Result<void> connect(int workers);
  engine::Connection& connection(int worker) { return *connections_[static_cast<size_t>(worker)]; }

  transform::NodeResult run(const Task& task, int worker, std::stop_token stop) override;
  std::vector<transform::NodeResult> run_hooks(bool on_run_end, std::span<const transform::NodeResult> results,
                                               std::stop_token stop) override;

 private:
  transform::NodeResult load(const Task& task, int worker, std::stop_token stop);

  const project::Project& project_;
  engine::Database& database_;
  transform::Runtime& runtime_;
  World& world_;
  const IngestWork* work_;
  std::vector<std::unique_ptr<engine::Connection>> connections_;
};

}  // namespace rynd::run

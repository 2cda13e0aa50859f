// Node runner: the real task runner: each worker's connection, each kind of task given to the room that does it.
#pragma once

#include <memory>
#include <mutex>
#include <vector>

#include "base/world.h"
#include "engine/engine.h"
#include "ingest/ingest.h"
#include "project/project.h"
#include "quality/quality.h"
#include "run/task_runner.h"

namespace rynd::run {

// What tasks of kind ingest do; both belong together as ingest::plan made them.
struct IngestWork {
  ingest::Sources sources;
  std::vector<ingest::Load> loads;  // by Task::load
};

// The rooms a task may be given to; all must outlive the runner.
struct Rooms {
  const project::Project& project;
  engine::Database& database;
  transform::Runtime& runtime;
  quality::Checks& checks;
  const IngestWork& ingest;
  World& world;
};

class NodeRunner final : public TaskRunner {
 public:
  explicit NodeRunner(const Rooms& rooms) : rooms_(rooms) {}

  // A connection for each of `workers`; before the first task.
  Result<void> connect(int workers);

  TaskOutcome run(const Task& task, int worker, bool alone, std::stop_token stop) override;
  Result<void> commit(int worker) override;
  std::vector<transform::NodeResult> run_hooks(bool on_run_end, std::span<const transform::NodeResult> results,
                                               std::stop_token stop) override;
  // What the freshness tasks found, in the order they ended; after the run.
  const std::vector<quality::FreshnessResult>& freshness() const { return freshness_; }

 private:
  // A slot's connection, and the transaction that its tasks share.
  struct Worker {
    std::unique_ptr<engine::Connection> connection;
    std::unique_ptr<transform::Group> group;
  };

  transform::NodeResult perform(const Task& task, engine::Connection& connection,
                                const transform::ExecuteOptions& options);
  transform::NodeResult load(const Task& task, engine::Connection& connection, const std::string& thread,
                             std::stop_token stop);
  transform::NodeResult check_freshness(const Task& task, engine::Connection& connection,
                                        const transform::ExecuteOptions& options);

  Rooms rooms_;
  std::vector<Worker> workers_;
  std::mutex freshness_mutex_;
  std::vector<quality::FreshnessResult> freshness_;
};

}  // namespace rynd::run

// Observer: who is told how a run goes: the terminal, a JSON stream, dbt's structured log, a page.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/clock.h"
#include "run/plan.h"
#include "transform/transform.h"

namespace rynd::run {

// How far a run is.
struct Standing {
  std::vector<TaskId> running;
  size_t waiting = 0;
  size_t ended = 0;          // skipped ones too
  double elapsed = 0;        // seconds
  double expected_left = 0;  // seconds, from the last run's times; 0: not known
};

// What became of a run.
struct RunReport {
  std::string run_id;
  Instant started_at;
  Instant finished_at;
  std::vector<transform::NodeResult> results;  // hooks and tasks, in the order they ended
  bool interrupted = false;

  double seconds() const { return std::chrono::duration<double>(finished_at - started_at).count(); }
  // Something did not succeed: as dbt, a skipped node counts, but for exposures.
  bool failed() const;
};

// All calls come from one thread, and only once what they tell is durable in the run log.
class Observer {
 public:
  virtual ~Observer() = default;
  // What static analysis found, before run_began.
  virtual void analyzed(std::span<const transform::Finding> /*findings*/) {}
  virtual void run_began(const Plan& /*plan*/, int /*threads*/) {}
  // `number`: tasks are counted from 1 as they start or are skipped.
  virtual void task_began(const Task& /*task*/, size_t /*number*/) {}
  virtual void task_ended(const Task& /*task*/, size_t /*number*/, const transform::NodeResult& /*result*/) {}
  virtual void hooks_ended(bool /*on_run_end*/, std::span<const transform::NodeResult> /*results*/) {}
  // Several times a second while tasks run.
  virtual void tick(const Standing& /*standing*/) {}
  virtual void run_ended(const RunReport& /*report*/) {}
};

// Tells several.
class Observers final : public Observer {
 public:
  explicit Observers(std::vector<std::unique_ptr<Observer>> all) : all_(std::move(all)) {}
  void analyzed(std::span<const transform::Finding> findings) override {
    for (const auto& one : all_) one->analyzed(findings);
  }
  void run_began(const Plan& plan, int threads) override {
    for (const auto& one : all_) one->run_began(plan, threads);
  }
  void task_began(const Task& task, size_t number) override {
    for (const auto& one : all_) one->task_began(task, number);
  }
  void task_ended(const Task& task, size_t number, const transform::NodeResult& result) override {
    for (const auto& one : all_) one->task_ended(task, number, result);
  }
  void hooks_ended(bool on_run_end, std::span<const transform::NodeResult> results) override {
    for (const auto& one : all_) one->hooks_ended(on_run_end, results);
  }
  void tick(const Standing& standing) override {
    for (const auto& one : all_) one->tick(standing);
  }
  void run_ended(const RunReport& report) override {
    for (const auto& one : all_) one->run_ended(report);
  }

 private:
  std::vector<std::unique_ptr<Observer>> all_;
};

}  // namespace rynd::run

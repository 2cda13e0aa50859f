// Workers: the threads of the slots, and what passes between them and the coordinator.
#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <thread>
#include <variant>
#include <vector>

#include "base/clock.h"
#include "run/plan.h"
#include "run/runner.h"
#include "run/task_runner.h"

namespace rynd::run {

struct TaskDone {
  TaskId task;
  TaskOutcome outcome;
  double seconds;
};
struct CommitDone {
  int slot;
  bool committed;
};
using Done = std::variant<TaskDone, CommitDone>;

class Workers {
 public:
  // All must outlive the workers. A slot gets its thread when it is first given something to do.
  Workers(const Plan& plan, const RetryPolicy& retries, TaskRunner& runner, Clock& clock, int slots)
      : plan_(plan), retries_(retries), runner_(runner), clock_(clock), slots_(static_cast<size_t>(slots)) {}
  ~Workers();  // waits for what runs
  Workers(const Workers&) = delete;
  Workers& operator=(const Workers&) = delete;

  // The slot has nothing to do yet.
  void start(int slot, TaskId task, bool alone);
  void commit(int slot);
  // Harmless where the task does not run.
  void cancel(TaskId task);
  // From any thread: lets wait() return.
  void wake();
  // All that is done since the last call; waits that long where nothing is.
  std::vector<Done> wait(std::chrono::milliseconds most);

 private:
  struct Order {
    std::optional<TaskId> task;  // nothing: commit
    bool alone = false;
    std::stop_source stop;
  };
  struct Slot {
    std::optional<Order> order;  // until it is done
    bool taken = false;          // the thread has it
    std::condition_variable given;
    std::thread thread;
  };

  void give(int slot, Order order);
  void work(int number, Slot& slot);
  Done fulfil(int number, const Order& order);
  TaskOutcome attempt(const Task& task, int worker, bool alone, const std::stop_token& stop);

  const Plan& plan_;
  const RetryPolicy& retries_;
  TaskRunner& runner_;
  Clock& clock_;
  std::mutex mutex_;
  std::condition_variable something_done_;
  std::deque<Slot> slots_;
  std::vector<Done> done_;
  bool woken_ = false;
  bool closing_ = false;
};

}  // namespace rynd::run

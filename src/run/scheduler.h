// Scheduler: which task starts when, as a pure function of events: no clock, no thread, no I/O.
#pragma once

#include <cstdint>
#include <set>
#include <utility>
#include <vector>

#include "run/events.h"
#include "run/plan.h"

namespace rynd::run {

struct SchedulerOptions {
  int slots = 1;           // how many tasks may run at once
  bool fail_fast = false;  // the first bad ending cancels and skips all the rest
  // Expected seconds a task (0: not known), by TaskId; empty: none known. The longest way to the end starts first.
  std::vector<double> expected_seconds = {};
};

// Same events, same actions: a run is replayed by feeding it again.
class Scheduler {
 public:
  Scheduler(const Plan& plan, const SchedulerOptions& options);

  // Applies an event and says what follows from it, in order. A TaskEnded of a task that does not run is ignored, so
  // that hearing of an ending twice is harmless.
  std::vector<Action> apply(const Event& event);

  bool over() const { return left_ == 0; }
  int running() const { return running_; }
  // Seconds until the end by the expected times, the slots and what has not ended; 0 where nothing is known.
  double expected_left() const;

 private:
  enum class State : uint8_t { waiting, ready, running, cancelled, ended, skipped };

  void end(TaskId task, Ending ending, std::vector<Action>& actions);
  void skip_children(TaskId task, std::vector<Action>& actions);
  void stop(SkipCause cause, std::vector<Action>& actions);
  void start_ready(std::vector<Action>& actions);

  SchedulerOptions options_;
  std::vector<std::vector<TaskId>> children_;
  std::vector<uint32_t> waits_for_;
  std::vector<double> expected_;
  std::vector<double> way_;  // longest expected way from a task to the end, itself included
  std::vector<State> states_;
  std::set<std::pair<double, TaskId>> ready_;  // by -way, then by place in the plan
  uint32_t left_ = 0;
  int running_ = 0;
  bool stopped_ = false;
  bool ended_ = false;  // EndRun was said
};

}  // namespace rynd::run

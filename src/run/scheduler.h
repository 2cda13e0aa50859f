// Scheduler: which task starts when and where, and when a slot commits, as a pure function of events: no clock, no
// thread, no I/O.
//
// A commit costs a sync of the disk, so the tasks of a slot share a transaction (a group) until it has lasted, or
// somebody waits for it. What is in an open group is seen from its slot only; what another slot has committed is seen
// by groups that began after that. A task starts where all of its parents are seen.
#pragma once

#include <climits>
#include <cstdint>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "run/events.h"
#include "run/plan.h"

namespace rynd::run {

struct SchedulerOptions {
  int slots = 1;           // how many tasks may run at once
  int cores = INT_MAX;     // and how many of them that are no loads, which wait for others most of the time
  bool fail_fast = false;  // the first bad ending cancels and skips all the rest
  // Seconds of work after which a group is committed; 0: every task alone, in transactions of its own.
  double group_seconds = 0;
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
  // Whether what the slot's transaction holds is not yet committed.
  bool holds(int slot) const { return !slots_[static_cast<size_t>(slot)].members.empty(); }
  // Seconds until the end by the expected times, the slots and what has not ended; 0 where nothing is known.
  double expected_left() const;

 private:
  // held: it ended, in a group that is not committed.
  enum class State : uint8_t { waiting, ready, running, cancelled, held, ended, skipped };
  using Queue = std::set<std::pair<double, TaskId>>;  // by the length of the way to the end, longest first

  struct Slot {
    bool busy = false;   // with a task or a commit
    bool close = false;  // to be committed before anything else starts
    std::vector<std::pair<TaskId, Ending>> members;
    uint32_t since = 0;  // the last commit that its transaction sees
    double seconds = 0;  // of work in it
    Queue own;           // ready tasks with parents in this group
  };

  // Failed in a group, which was undone with it: settled after the members, which run again, so that results stand in
  // the order in which the tasks were done.
  struct Postponed {
    TaskId task;
    Ending ending;
    std::vector<TaskId> members;
  };

  void hear(const TaskEnded& ended, std::vector<Action>& actions);
  void hear(const GroupEnded& ended, std::vector<Action>& actions);
  void settle(TaskId task, Ending ending, std::vector<Action>& actions);
  void settle_postponed(std::vector<Action>& actions);
  void release_children(TaskId task);
  void retract_children(TaskId task);
  void make_ready(TaskId task);
  void unqueue(TaskId task);
  // In a transaction of its own.
  void run_alone(TaskId task, std::vector<Action>& actions);
  void run_again(TaskId task);
  void undo_group(Slot& slot);
  void skip(TaskId task, SkipCause cause, TaskId parent, std::vector<Action>& actions);
  void skip_children(TaskId task, std::vector<Action>& actions);
  void stop(SkipCause cause, std::vector<Action>& actions);
  void fill_slots(std::vector<Action>& actions);
  bool advance(int number, std::vector<Action>& actions);
  // Only a load may start.
  bool is_full() const { return running_ - loading_ >= options_.cores; }
  void start(TaskId task, int number, std::vector<Action>& actions);
  bool wants_commit(const Slot& slot, std::optional<TaskId> next) const;
  void make_others_share();
  std::pair<double, TaskId> key(TaskId task) const { return {-way_[task], task}; }

  SchedulerOptions options_;
  std::vector<std::vector<TaskId>> parents_;
  std::vector<std::vector<TaskId>> children_;
  std::vector<uint32_t> waits_for_;
  std::vector<double> expected_;
  std::vector<double> way_;  // seconds from the start of the task to the end of the longest chain below it
  std::vector<State> states_;
  std::vector<int> slot_of_;         // of tasks that run or are held
  std::vector<uint32_t> committed_;  // the commit that settled the task
  std::vector<bool> alone_;          // the task joins no group
  std::vector<bool> loads_;          // the task is one
  std::vector<bool> again_;          // it had begun before: not even a stop skips it
  std::vector<Slot> slots_;
  Queue common_;       // ready tasks, all of whose parents are settled
  Queue ready_loads_;  // those of them that are loads
  std::vector<Postponed> postponed_;
  std::vector<TaskId> split_;  // ready tasks with parents in several groups
  uint32_t commits_ = 0;
  uint32_t left_;
  int running_ = 0;
  int loading_ = 0;  // of those that run
  double ended_seconds_ = 0;
  uint32_t ended_count_ = 0;
  bool stopped_ = false;
  SkipCause stop_cause_ = SkipCause::interrupted;
  bool ended_ = false;
};

}  // namespace rynd::run

// Events: what the scheduler hears of, and what it asks for in return.
#pragma once

#include <variant>

#include "run/task.h"

namespace rynd::run {

enum class Ending : uint8_t { good, bad };  // bad: children are skipped

// Where a task's work is when it ends.
enum class Hold : uint8_t {
  settled,   // done for good: committed, or there was nothing to commit
  open,      // in its slot's open transaction: done for good once that is committed
  declined,  // nothing was done: it is to be run again in a transaction of its own
  undone,    // it failed, and what its slot's transaction held is undone with it
  spoiled,   // as undone, but alone it might do well: it is to be run again, too
};

// What happened.
struct RunBegan {};
struct TaskEnded {
  TaskId task;
  Ending ending;
  Hold hold = Hold::settled;
  double seconds = 0;
};
// The transaction of a slot was committed, or could not be and is undone.
struct GroupEnded {
  int slot;
  bool committed;
};
struct StopAsked {};  // Ctrl-C
using Event = std::variant<RunBegan, TaskEnded, GroupEnded, StopAsked>;

enum class SkipCause : uint8_t { parent, fail_fast, interrupted };

// What to do.
struct StartTask {
  TaskId task;
  int slot;    // a slot has one connection; what it does, it does one after the other
  bool alone;  // in transactions of its own; else it joins the slot's, which it begins where there is none
};
struct CommitGroup {
  int slot;
};
// How the task ended counts from now on: its work is done for good. Comes once for each task that was not skipped.
struct SettleTask {
  TaskId task;
};
// The task was not started and never will be.
struct SkipTask {
  TaskId task;
  SkipCause cause;
  TaskId parent;  // where the cause is one: the task that failed or was itself skipped
};
// The task is running and is to be interrupted; it still ends with a TaskEnded.
struct CancelTask {
  TaskId task;
};
struct EndRun {};  // every task has been settled or skipped
using Action = std::variant<StartTask, CommitGroup, SettleTask, SkipTask, CancelTask, EndRun>;

}  // namespace rynd::run

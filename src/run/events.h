// Events: what the scheduler hears of, and what it asks for in return.
#pragma once

#include <variant>

#include "run/task.h"

namespace rynd::run {

enum class Ending : uint8_t { good, bad };  // bad: children are skipped

// What happened.
struct RunBegan {};
struct TaskEnded {
  TaskId task;
  Ending ending;
};
struct StopAsked {};  // Ctrl-C
using Event = std::variant<RunBegan, TaskEnded, StopAsked>;

enum class SkipCause : uint8_t { parent, fail_fast, interrupted };

// What to do.
struct StartTask {
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
struct EndRun {};  // every task has ended or been skipped
using Action = std::variant<StartTask, SkipTask, CancelTask, EndRun>;

}  // namespace rynd::run

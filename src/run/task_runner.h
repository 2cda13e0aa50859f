// Task runner: the door between the scheduler's threads and the rooms that do the work. Tests put a fake in.
#pragma once

#include <span>
#include <stop_token>
#include <vector>

#include "run/events.h"
#include "run/task.h"
#include "transform/transform.h"

namespace rynd::run {

struct TaskOutcome {
  transform::NodeResult result;
  Hold hold = Hold::settled;
};

class TaskRunner {
 public:
  virtual ~TaskRunner() = default;

  // Does one task to its end; never throws. `worker` counts from 0: calls of one worker never overlap, those of several
  // do. `alone`: in transactions of its own, and settled at the end; else its work may join the worker's transaction,
  // which begins where there is none. Where `stop` is asked for it ends soon, with everything it had begun undone.
  virtual TaskOutcome run(const Task& task, int worker, bool alone, std::stop_token stop) = 0;

  // Makes durable what the worker's tasks left open; where that fails, it is undone.
  virtual Result<void> commit(int worker) = 0;

  // The project's on-run-start or on-run-end hooks, one result each; no task runs and nothing is open meanwhile.
  // `results`: what ended so far, for the hooks' templates.
  virtual std::vector<transform::NodeResult> run_hooks(bool on_run_end, std::span<const transform::NodeResult> results,
                                                       std::stop_token stop) = 0;
};

}  // namespace rynd::run

// Task runner: the door between the scheduler's threads and the rooms that do the work. Tests put a fake in.
#pragma once

#include <span>
#include <stop_token>
#include <vector>

#include "run/task.h"
#include "transform/transform.h"

namespace rynd::run {

class TaskRunner {
 public:
  virtual ~TaskRunner() = default;

  // Does one task to its end; never throws. `worker` counts from 0: calls of one worker never overlap, those of several
  // do. Where `stop` is asked for it ends soon, with everything it had begun undone.
  virtual transform::NodeResult run(const Task& task, int worker, std::stop_token stop) = 0;

  // The project's on-run-start or on-run-end hooks, one result each; no task runs meanwhile. `results`: what ended so
  // far, for the hooks' templates.
  virtual std::vector<transform::NodeResult> run_hooks(bool on_run_end, std::span<const transform::NodeResult> results,
                                                       std::stop_token stop) = 0;
};

}  // namespace rynd::run

// Runner: executes a plan: workers, run log, retries, stopping. The only place that starts work.
#pragma once

#include <chrono>
#include <climits>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "base/world.h"
#include "run/log_writer.h"
#include "run/observer.h"
#include "run/plan.h"
#include "run/task_runner.h"

namespace rynd::run {

// A task that failed for a reason that passes (another writer was faster) is tried again.
struct RetryPolicy {
  int attempts = 3;
  std::chrono::milliseconds first_delay{50};  // doubled each time
};

// What a command gives for RunOptions::group_seconds: long against a commit, short against a person's patience.
inline constexpr double group_seconds = 0.1;

struct RunOptions {
  std::string run_id;
  Node header = Node::map();  // what the log's run_started record says besides: command, project, target
  int threads = 1;
  int cores = INT_MAX;  // of the threads, how many may be at work at once: a load waits for others most of the time
  bool fail_fast = false;
  // Tasks that may share a transaction do so until this many seconds of work are in it; 0: none does.
  double group_seconds = 0;
  bool hooks = true;  // the project's on-run-start and on-run-end
  // A failing on-run-start hook skips every task (dbt's flag skip_nodes_if_on_run_start_fails, true in 1.12).
  bool skip_after_failed_start = true;
  RetryPolicy retries = {};
  std::vector<double> expected_seconds = {};  // by TaskId; see SchedulerOptions
};

// Runs to the end and reports; what fails in a task is in its result. `stop` cancels what runs, skips the rest, and the
// report says interrupted. Fails only where the log cannot be written; what ran until then is finished or cancelled.
Result<RunReport> execute(const Plan& plan, const RunOptions& options, TaskRunner& runner, Observer& observer,
                          LogWriter& log, World& world, std::stop_token stop);

// "20261121T115812-3fa9c1d0"
std::string make_run_id(World& world);

}  // namespace rynd::run

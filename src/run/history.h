// History: what earlier runs left in their logs: for `rynd runs`, estimates and retries.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/diagnostic.h"
#include "base/files.h"
#include "base/node.h"
#include "run/plan.h"

namespace rynd::run {

struct LoggedTask {
  std::string kind, unique_id, title;
  std::string status;  // "": not done; "started": begun, and nothing more is known
  std::string message;
  std::string started_at;  // ISO 8601, UTC; "" where it never began
  double seconds = 0;
  std::optional<int64_t> failures;
};

struct LoggedRun {
  std::string run_id;
  std::string command;
  std::string started_at;
  std::string status;  // "success", "failed", "interrupted"; "open": it runs, or was killed
  double seconds = 0;
  int64_t threads = 1;
  std::vector<LoggedTask> tasks;  // in the order of the plan
  std::vector<LoggedTask> hooks;
  Diagnostics problems;  // damage in the log
};

// Where a project's logs are: "<project>/.rynd/runs".
std::filesystem::path runs_folder(const std::filesystem::path& project_dir);

// Newest first; `most` at most.
std::vector<std::string> run_ids(Files& files, const std::filesystem::path& project_dir, size_t most = SIZE_MAX);

// Fails with RYND0513 (and the nearest ids) where there is none, RYND0511 where it cannot be read. `run_id` may be the
// beginning of an id, or "last".
Result<LoggedRun> load_run(Files& files, const std::filesystem::path& project_dir, std::string_view run_id);
// The records as they stand in the log.
Result<std::vector<Node>> load_records(Files& files, const std::filesystem::path& project_dir, std::string_view run_id);

// Seconds each task of the plan took when it last succeeded, from the newest `most_runs` logs; 0 where not known.
std::vector<double> expected_seconds(Files& files, const std::filesystem::path& project_dir, const Plan& plan,
                                     size_t most_runs = 5);

}  // namespace rynd::run

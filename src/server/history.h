// History: what the run logs say became of each node last.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "base/files.h"

namespace rynd::server {

// The last time a node ran to an end.
struct LastRun {
  std::string status;  // dbt's words: success, error, pass, fail, warn, ...
  std::string message;
  std::string at;  // ISO 8601, UTC
  double seconds = 0;
  std::optional<int64_t> failures;  // of a test
  std::string run_id;
};
struct LastRuns {
  std::map<std::string, LastRun, std::less<>> nodes;       // by unique id
  std::map<std::string, std::string, std::less<>> loaded;  // by unique id: when it last succeeded
  std::string finished_at;                                 // the last run that came to its end; "" where there was none
  std::string finished_status;
};
using LastRunsPtr = std::shared_ptr<const LastRuns>;

class History {
 public:
  // `folder`: .rynd/runs. The last 200 runs are looked at.
  History(Files& files, std::filesystem::path folder) : files_(files), folder_(std::move(folder)) {}
  // As of now; read again only when a log was added or grew. From any thread.
  LastRunsPtr last();

 private:
  Files& files_;
  std::filesystem::path folder_;
  std::mutex mutex_;
  std::string state_;
  LastRunsPtr last_;
};

}  // namespace rynd::server

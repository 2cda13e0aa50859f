// History: logs are named by the time of their run, so the newest word on a node is the first one found from the end.
#include "history.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "run/log_reader.h"

namespace rynd::server {

namespace {

constexpr size_t most_runs = 200;

std::string text_of(const Node& record, std::string_view key) {
  const Node* node = record.find(key);
  return node == nullptr ? "" : node->text;
}

double number_of(const Node& record, std::string_view key) {
  const Node* node = record.find(key);
  if (node == nullptr) return 0;
  return node->kind == Node::Kind::integer ? static_cast<double>(node->integer) : node->real;
}

class RunReader {
 public:
  explicit RunReader(LastRuns& into) : into_(into) {}

  void read(const std::vector<Node>& records) {
    std::vector<std::string> ids;
    std::string run_id;
    for (const Node& record : records) {
      const std::string type = text_of(record, "type");
      if (type == "run_started") {
        run_id = text_of(record, "run_id");
        if (const Node* tasks = record.find("tasks")) {
          for (const Node& task : tasks->items) ids.push_back(text_of(task, "unique_id"));
        }
      } else if (type == "task_finished") {
        const auto task = static_cast<size_t>(number_of(record, "task"));
        if (task < ids.size()) add(ids[task], record, run_id);
      } else if (type == "run_finished" && into_.finished_at.empty()) {
        into_.finished_at = text_of(record, "at");
        into_.finished_status = text_of(record, "status");
      }
    }
  }

 private:
  void add(const std::string& id, const Node& record, const std::string& run_id) {
    LastRun run{.status = text_of(record, "status"),
                .message = text_of(record, "message"),
                .at = text_of(record, "at"),
                .seconds = number_of(record, "seconds"),
                .run_id = run_id};
    if (const Node* failures = record.find("failures"); failures != nullptr && !failures->is_null())
      run.failures = failures->integer;
    if (run.status == "success") into_.loaded.try_emplace(id, run.at);
    into_.nodes.try_emplace(id, std::move(run));
  }

  LastRuns& into_;
};

}  // namespace

LastRunsPtr History::last() {
  const std::lock_guard lock(mutex_);
  std::vector<FileInfo> logs = files_.list(folder_);
  std::erase_if(logs, [](const FileInfo& info) { return info.path.extension() != ".log"; });
  std::string state;
  for (const FileInfo& log : logs) state += fmt::format("{}:{} ", log.path.string(), log.size);
  if (last_ && state == state_) return last_;
  auto fresh = std::make_shared<LastRuns>();
  RunReader reader(*fresh);
  for (size_t i = 0; i < std::min(logs.size(), most_runs); ++i) {
    const FileInfo& log = logs[logs.size() - 1 - i];
    const Result<std::string> text = files_.read(folder_ / log.path);
    if (!text) continue;
    const Result<run::LogContents> contents = run::read_log(make_source(log.path.string(), *text));
    if (contents) reader.read(contents->records);
  }
  state_ = std::move(state);
  last_ = std::move(fresh);
  return last_;
}

}  // namespace rynd::server

// History: run logs back to runs.
#include "run/history.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/suggest.h"
#include "run/log_reader.h"

namespace rynd::run {
namespace {

std::string text(const Node& record, std::string_view key) {
  const Node* value = record.find(key);
  return value && value->is_string() ? value->text : "";
}

double number(const Node& record, std::string_view key) {
  const Node* value = record.find(key);
  if (!value) return 0;
  return value->kind == Node::Kind::integer ? static_cast<double>(value->integer) : value->real;
}

std::filesystem::path log_path(const std::filesystem::path& project_dir, const std::string& run_id) {
  return runs_folder(project_dir) / (run_id + ".log");
}

Result<std::string> resolve(Files& files, const std::filesystem::path& project_dir, std::string_view wanted) {
  const std::vector<std::string> ids = run_ids(files, project_dir);
  if (wanted == "last" && !ids.empty()) return ids.front();
  std::vector<std::string> fitting;
  for (const std::string& id : ids)
    if (id.starts_with(wanted)) fitting.push_back(id);
  if (fitting.size() == 1) return fitting.front();
  Diagnostic diagnostic{.code = Code::run_not_found, .message = fmt::format("there is no run '{}'", wanted)};
  if (fitting.size() > 1) diagnostic.message = fmt::format("'{}' is the beginning of {} runs", wanted, fitting.size());
  if (ids.empty()) diagnostic.message = "nothing has run here yet";
  if (const std::string guess = did_you_mean(wanted, ids); !guess.empty()) diagnostic.notes.push_back(guess);
  if (!ids.empty()) diagnostic.help = "'rynd runs list' shows them";
  return fail(std::move(diagnostic));
}

Result<LogContents> read_contents(Files& files, const std::filesystem::path& project_dir, const std::string& run_id) {
  const std::filesystem::path path = log_path(project_dir, run_id);
  Result<std::string> bytes = files.read(path);
  if (!bytes) return fail(std::move(bytes.error()));
  return read_log(make_source(path.string(), std::move(*bytes)));
}

void finish(LoggedTask& task, const Node& record) {
  task.status = text(record, "status");
  task.message = text(record, "message");
  task.seconds = number(record, "seconds");
  if (const Node* failures = record.find("failures")) task.failures = failures->integer;
}

void begin(LoggedRun& run, const Node& record) {
  run.run_id = text(record, "run_id");
  run.command = text(record, "command");
  run.started_at = text(record, "at");
  run.threads = static_cast<int64_t>(number(record, "threads"));
  if (const Node* tasks = record.find("tasks"))
    for (const Node& task : tasks->items)
      run.tasks.push_back({text(task, "kind"), text(task, "unique_id"), text(task, "title"), "", "", "", 0, {}});
}

void apply(LoggedRun& run, const Node& record) {
  const std::string type = text(record, "type");
  const Node* at = record.find("task");
  LoggedTask* task = at && static_cast<size_t>(at->integer) < run.tasks.size()
                         ? &run.tasks[static_cast<size_t>(at->integer)]
                         : nullptr;
  if (type == "run_started") return begin(run, record);
  if (type == "task_started" && task) {
    task->status = "started";
    task->started_at = text(record, "at");
  } else if (type == "task_finished" && task) {
    finish(*task, record);
  } else if (type == "task_skipped" && task) {
    task->status = "skipped";
    task->message = text(record, "because");
  } else if (type == "hook_finished") {
    LoggedTask hook{"hook", text(record, "unique_id"), "hook " + text(record, "unique_id"), "", "", "", 0, {}};
    finish(hook, record);
    run.hooks.push_back(std::move(hook));
  } else if (type == "run_finished") {
    run.status = text(record, "status");
    run.seconds = number(record, "seconds");
  }
}

}  // namespace

std::filesystem::path runs_folder(const std::filesystem::path& project_dir) {
  return (project_dir / ".rynd" / "runs").lexically_normal();
}

std::vector<std::string> run_ids(Files& files, const std::filesystem::path& project_dir, size_t most) {
  std::vector<std::string> ids;
  for (const FileInfo& file : files.list(runs_folder(project_dir)))
    if (file.path.extension() == ".log") ids.push_back(file.path.stem().string());
  std::ranges::sort(ids, std::greater<>());
  if (ids.size() > most) ids.resize(most);
  return ids;
}

Result<LoggedRun> load_run(Files& files, const std::filesystem::path& project_dir, std::string_view run_id) {
  Result<std::string> id = resolve(files, project_dir, run_id);
  if (!id) return fail(std::move(id.error()));
  Result<LogContents> contents = read_contents(files, project_dir, *id);
  if (!contents) return fail(std::move(contents.error()));
  LoggedRun run;
  run.run_id = *id;
  run.status = "open";
  for (const Node& record : contents->records) apply(run, record);
  if (contents->damage) run.problems.push_back(std::move(*contents->damage));
  return run;
}

Result<std::vector<Node>> load_records(Files& files, const std::filesystem::path& project_dir,
                                       std::string_view run_id) {
  Result<std::string> id = resolve(files, project_dir, run_id);
  if (!id) return fail(std::move(id.error()));
  Result<LogContents> contents = read_contents(files, project_dir, *id);
  if (!contents) return fail(std::move(contents.error()));
  return std::move(contents->records);
}

std::vector<double> expected_seconds(Files& files, const std::filesystem::path& project_dir, const Plan& plan,
                                     size_t most_runs) {
  std::map<std::string, double> last;
  for (const std::string& id : run_ids(files, project_dir, most_runs)) {
    const Result<LoggedRun> run = load_run(files, project_dir, id);
    if (!run) continue;
    for (const LoggedTask& task : run->tasks)
      if (task.status == "success" || task.status == "pass" || task.status == "warn")
        last.emplace(task.unique_id, task.seconds);  // the newest run comes first and stays
  }
  std::vector<double> seconds;
  for (const Task& task : plan.tasks) {
    const auto known = last.find(task.unique_id);
    seconds.push_back(known == last.end() ? 0 : known->second);
  }
  return seconds;
}

}  // namespace rynd::run

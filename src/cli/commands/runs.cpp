// runs list, show, logs: what earlier runs did, from their logs.
#include <fmt/format.h>

#include <algorithm>

#include "base/json.h"
#include "base/text.h"
#include "commands/all.h"
#include "run/history.h"

namespace rynd::cli {
namespace {

constexpr Flag project_dir_flag{"project-dir", FlagKind::value, "folder of the project", {}, "PATH", {}, {}, true};
constexpr Flag list_flags[] = {project_dir_flag, {"limit", FlagKind::number, "how many runs (20)", {}, "N"}};
constexpr Flag one_flags[] = {project_dir_flag};
constexpr size_t usual_runs = 20;

Node task_node(const run::LoggedTask& task) {
  Node node = Node::map();
  node.set("kind", Node::of(task.kind));
  node.set("unique_id", Node::of(task.unique_id));
  node.set("status", Node::of(task.status));
  node.set("message", Node::of(task.message));
  node.set("seconds", Node::of_real(task.seconds));
  node.set("failures", task.failures ? Node::of(*task.failures) : Node());
  return node;
}

Node run_node(const run::LoggedRun& run, bool with_tasks) {
  Node node = Node::map();
  node.set("run_id", Node::of(run.run_id));
  node.set("status", Node::of(run.status));
  node.set("started_at", Node::of(run.started_at));
  node.set("seconds", Node::of_real(run.seconds));
  node.set("command", Node::of(run.command));
  if (!with_tasks) return node;
  Node tasks = Node::list();
  for (const auto* list : {&run.hooks, &run.tasks})
    for (const run::LoggedTask& task : *list) tasks.items.push_back(task_node(task));
  node.set("tasks", std::move(tasks));
  return node;
}

// "12 success, 1 error"
std::string counts(const run::LoggedRun& run) {
  std::vector<std::pair<std::string, int>> counts;
  for (const run::LoggedTask& task : run.tasks) {
    const std::string status = task.status.empty() ? "not done" : task.status;
    auto known = std::ranges::find(counts, status, &std::pair<std::string, int>::first);
    if (known == counts.end()) known = counts.insert(counts.end(), {status, 0});
    ++known->second;
  }
  std::vector<std::string> parts;
  for (const auto& [status, count] : counts) parts.push_back(fmt::format("{} {}", count, status));
  return join(parts, ", ");
}

int list_runs(const Invocation& invocation, Session& session) {
  Console& console = session.console;
  const std::filesystem::path dir = invocation.text("project-dir", ".");
  const size_t most = static_cast<size_t>(std::max(1, invocation.number("limit").value_or(usual_runs)));
  const std::vector<std::string> ids = run::run_ids(session.world.files, dir, most);
  if (ids.empty()) console.say("nothing has run here yet");
  for (const std::string& id : ids) {
    const Result<run::LoggedRun> run = run::load_run(session.world.files, dir, id);
    if (!run) {
      console.report(run.error());
    } else if (console.json) {
      console.out(json::write(run_node(*run, false)) + "\n");
    } else {
      console.out(fmt::format("{}  {:<11} {:>8.2f}s  {}  ({})\n", run->run_id, run->status, run->seconds, run->command,
                              counts(*run)));
    }
  }
  return exit_done;
}

int show_run(const Invocation& invocation, Session& session) {
  Console& console = session.console;
  const std::string wanted = invocation.arguments.empty() ? "last" : invocation.arguments[0];
  const Result<run::LoggedRun> run = run::load_run(session.world.files, invocation.text("project-dir", "."), wanted);
  if (!run) {
    console.report(run.error());
    return exit_unable;
  }
  console.report(run->problems);
  if (console.json) {
    console.out(json::write(run_node(*run, true)) + "\n");
    return exit_done;
  }
  console.out(fmt::format("{}\n  {}\n  {}, started {}, {:.2f} s, {} threads\n\n", run->run_id, run->command,
                          run->status, run->started_at, run->seconds, run->threads));
  for (const auto* list : {&run->hooks, &run->tasks}) {
    for (const run::LoggedTask& task : *list) {
      console.out(fmt::format(
          "  {:<9} {:>8.2f}s  {}{}\n", task.status.empty() ? "not done" : task.status, task.seconds, task.title,
          task.message.empty() || task.message == "OK" ? "" : "  (" + split(task.message, '\n')[0] + ")"));
    }
  }
  return exit_done;
}

int print_log(const Invocation& invocation, Session& session) {
  const std::string wanted = invocation.arguments.empty() ? "last" : invocation.arguments[0];
  const Result<std::vector<Node>> records =
      run::load_records(session.world.files, invocation.text("project-dir", "."), wanted);
  if (!records) {
    session.console.report(records.error());
    return exit_unable;
  }
  for (const Node& record : *records) session.console.out(json::write(record) + "\n");
  return exit_done;
}

}  // namespace

Command runs_list_command() {
  return {.name = "runs list",
          .group = CommandGroup::run,
          .summary = "earlier runs, the newest first",
          .flag_groups = no_group,
          .flags = list_flags,
          .details = "A run that is 'open' is still going, or was killed.",
          .examples = "rynd runs list --limit 5",
          .run = list_runs};
}

Command runs_show_command() {
  return {.name = "runs show",
          .group = CommandGroup::run,
          .summary = "what a run did, task by task",
          .arguments = "[RUN]",
          .most_arguments = 1,
          .flag_groups = no_group,
          .flags = one_flags,
          .details = "RUN is the beginning of a run's id; without it, the last one.",
          .examples = "rynd runs show\nrynd runs show 20261121T1158",
          .run = show_run};
}

Command runs_logs_command() {
  return {.name = "runs logs",
          .group = CommandGroup::run,
          .summary = "the records of a run's log, as JSON lines",
          .arguments = "[RUN]",
          .most_arguments = 1,
          .flag_groups = no_group,
          .flags = one_flags,
          .examples = "rynd runs logs last",
          .run = print_log};
}

}  // namespace rynd::cli

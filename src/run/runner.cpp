// Runner: one coordinating thread applies events and writes the log; workers do the tasks.
#include "run/runner.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>

#include "base/text.h"
#include "run/scheduler.h"
#include "status.h"
#include "workers.h"

namespace rynd::run {
namespace {

using transform::NodeResult;
using transform::Status;

constexpr std::chrono::milliseconds tick_every{200};
// Endings that come faster than this share a sync of the log: a disk takes milliseconds for each.
constexpr std::chrono::milliseconds tell_every{50};
// A task that joins a group is told of with the group, unless it takes longer than this.
constexpr std::chrono::milliseconds announce_after{200};

double seconds_between(std::chrono::steady_clock::time_point from, std::chrono::steady_clock::time_point to) {
  return std::chrono::duration<double>(to - from).count();
}

// The coordinator. Verbs: begin, hooks, loop { wait, apply, act, log, tell }, hooks, end.
class Execution {
 public:
  Execution(const Plan& plan, const RunOptions& options, TaskRunner& runner, Observer& observer, LogWriter& log,
            World& world, std::stop_token stop)
      : plan_(plan),
        options_(options),
        runner_(runner),
        observer_(observer),
        log_(log),
        clock_(world.clock),
        stop_(std::move(stop)),
        scheduler_(plan, {slots_of(options), options.cores, options.fail_fast, options.group_seconds,
                          options.expected_seconds}),
        ended_(plan.tasks.size()),
        begun_(plan.tasks.size(), false),
        numbers_(plan.tasks.size(), 0) {}

  Result<RunReport> run() {
    report_.run_id = options_.run_id;
    report_.started_at = clock_.now();
    started_ = clock_.steady();
    log_begin();
    if (Result<void> written = tell(); !written) return fail(written.error());
    observer_.run_began(plan_, options_.threads);
    const bool begun = !options_.hooks || run_hooks(false) || !options_.skip_after_failed_start;
    Result<void> done = begun ? loop() : skip_all();
    if (!done) return fail(done.error());
    if (options_.hooks && !stop_.stop_requested()) run_hooks(true);
    report_.interrupted = stop_.stop_requested();
    report_.finished_at = clock_.now();
    log_end();
    if (Result<void> written = tell(); !written) return fail(written.error());
    observer_.run_ended(report_);
    return std::move(report_);
  }

 private:
  struct Running {
    TaskId task;
    std::chrono::steady_clock::time_point announce_at;
  };

  static int slots_of(const RunOptions& options) { return std::max(1, options.threads); }

  Result<void> loop() {
    Workers workers(plan_, options_.retries, runner_, clock_, slots_of(options_));
    const std::stop_callback on_stop(stop_, [&] { workers.wake(); });
    perform(scheduler_.apply(RunBegan{}), workers);
    Result<void> written = tell();
    while (!scheduler_.over()) {
      // A log that cannot be written ends the run: nothing more may be promised.
      if ((stop_.stop_requested() || !written) && !stopping_) {
        stopping_ = true;
        perform(scheduler_.apply(StopAsked{}), workers);
      }
      for (Done& done : workers.wait(to_tell_.empty() ? tick_every : tell_every))
        perform(scheduler_.apply(event_of(done)), workers);
      if (written && (scheduler_.over() || is_due())) written = tell();
    }
    return written;
  }

  Event event_of(Done& done) {
    if (const auto* commit = std::get_if<CommitDone>(&done)) return GroupEnded{commit->slot, commit->committed};
    auto& [task, outcome, seconds] = std::get<TaskDone>(done);
    const bool bad = is_bad(outcome.result.status) && !plan_.tasks[task].failure_passes;
    std::erase_if(running_, [&, id = task](const Running& it) { return it.task == id; });
    ended_[task] = std::move(outcome.result);
    return TaskEnded{task, bad ? Ending::bad : Ending::good, outcome.hold, seconds};
  }

  Result<void> skip_all() {
    for (TaskId task = 0; task < plan_.tasks.size(); ++task)
      skip({task, SkipCause::parent, task}, "on-run-start failed");
    return tell();
  }

  void perform(const std::vector<Action>& actions, Workers& workers) {
    for (const Action& action : actions) {
      if (const auto* start = std::get_if<StartTask>(&action)) {
        begin(*start, workers);
      } else if (const auto* commit = std::get_if<CommitGroup>(&action)) {
        workers.commit(commit->slot);
      } else if (const auto* settled = std::get_if<SettleTask>(&action)) {
        log_task_end(settled->task, *ended_[settled->task]);
        to_tell_.emplace_back(settled->task, std::move(ended_[settled->task]));
      } else if (const auto* skipped = std::get_if<SkipTask>(&action)) {
        skip(*skipped, reason_of(*skipped));
      } else if (const auto* cancel = std::get_if<CancelTask>(&action)) {
        workers.cancel(cancel->task);
      }
    }
  }

  void begin(const StartTask& start, Workers& workers) {
    running_.push_back({start.task, clock_.steady() + announce_after});
    begun_[start.task] = true;
    if (!scheduler_.holds(start.slot)) to_tell_.emplace_back(start.task, std::nullopt);
    Node record = entry("task_started");
    record.set("task", Node::of(static_cast<int64_t>(start.task)));
    log_.add(record);
    workers.start(start.slot, start.task, start.alone);
  }

  // Nothing where a parent did not succeed: as in dbt, the parent's own result says why.
  static std::string reason_of(const SkipTask& skip) {
    if (skip.cause == SkipCause::fail_fast) return "Skipping due to fail_fast";
    return skip.cause == SkipCause::interrupted ? "Skipped: the run was interrupted" : "";
  }

  void skip(const SkipTask& skip, const std::string& message) {
    const Task& task = plan_.tasks[skip.task];
    NodeResult result;
    result.unique_id = task.unique_id;
    result.id = task.resource;
    result.status = Status::skipped;
    result.message = message;
    result.thread_id = "MainThread";
    Node record = entry("task_skipped");
    record.set("task", Node::of(static_cast<int64_t>(skip.task)));
    record.set("because", Node::of(std::string(skip.cause == SkipCause::parent      ? "parent"
                                               : skip.cause == SkipCause::fail_fast ? "fail_fast"
                                                                                    : "interrupted")));
    if (skip.cause == SkipCause::parent && skip.parent != skip.task)
      record.set("parent", Node::of(static_cast<int64_t>(skip.parent)));
    log_durably(record);
    to_tell_.emplace_back(skip.task, std::move(result));
  }

  // True where none failed.
  bool run_hooks(bool on_run_end) {
    std::vector<NodeResult> results = runner_.run_hooks(on_run_end, report_.results, stop_);
    bool good = true;
    for (const NodeResult& result : results) {
      good = good && !is_bad(result.status);
      Node record = entry("hook_finished");
      record.set("unique_id", Node::of(result.unique_id));
      describe(record, result);
      log_durably(record);
    }
    observer_.hooks_ended(on_run_end, results);
    std::ranges::move(results, std::back_inserter(report_.results));
    return good;
  }

  bool is_due() const { return clock_.steady() - told_at_ >= tell_every; }

  // Makes what was logged durable, then says it.
  Result<void> tell() {
    told_at_ = clock_.steady();
    // That tasks have begun is worth no sync: they had not ended, and are done again whether or not the log knows them.
    const bool worth_sync = std::exchange(worth_sync_, false);
    if (Result<void> written = worth_sync ? log_.flush() : log_.write(); !written) return written;
    for (auto& [task, result] : std::exchange(to_tell_, {})) {
      if (begun_[task]) announce(task);
      if (!result) continue;
      if (numbers_[task] == 0) numbers_[task] = ++last_number_;
      observer_.task_ended(plan_.tasks[task], numbers_[task], *result);
      report_.results.push_back(std::move(*result));
    }
    for (const Running& running : running_)
      if (running.announce_at <= told_at_) announce(running.task);
    observer_.tick(standing());
    return {};
  }

  void announce(TaskId task) {
    if (numbers_[task] != 0) return;
    numbers_[task] = ++last_number_;
    observer_.task_began(plan_.tasks[task], numbers_[task]);
  }

  Standing standing() {
    size_t ended = 0;
    for (const NodeResult& result : report_.results) ended += result.id != project::no_resource ? 1 : 0;
    std::vector<TaskId> running;
    for (const Running& it : running_) running.push_back(it.task);
    return {std::move(running),
            plan_.tasks.size() - running_.size() - std::min(ended, plan_.tasks.size() - running_.size()), ended,
            seconds_between(started_, clock_.steady()), scheduler_.expected_left()};
  }

  void log_durably(const Node& record) {
    log_.add(record);
    worth_sync_ = true;
  }

  Node entry(std::string type) {
    Node record = Node::map();
    record.set("at", Node::of(iso8601(clock_.now())));
    record.set("type", Node::of(std::move(type)));
    return record;
  }

  static void describe(Node& record, const NodeResult& result) {
    record.set("status", Node::of(std::string(transform::name_of(result.status))));
    record.set("message", Node::of(result.message));
    record.set("seconds", Node::of_real(result.execution_time));
    if (result.failures) record.set("failures", Node::of(*result.failures));
    if (const Node* rows = result.adapter_response.find("rows_affected")) record.set("rows", *rows);
  }

  void log_begin() {
    Node record = entry("run_started");
    record.set("run_id", Node::of(options_.run_id));
    for (const Entry& it : options_.header.entries) record.set(it.key, it.value);
    record.set("threads", Node::of(static_cast<int64_t>(options_.threads)));
    Node tasks = Node::list();
    for (const Task& task : plan_.tasks) {
      Node one = Node::map();
      one.set("kind", Node::of(std::string(name_of(task.kind))));
      one.set("unique_id", Node::of(task.unique_id));
      one.set("title", Node::of(task.title));
      tasks.items.push_back(std::move(one));
    }
    record.set("tasks", std::move(tasks));
    log_durably(record);
  }

  void log_task_end(TaskId task, const NodeResult& result) {
    Node record = entry("task_finished");
    record.set("task", Node::of(static_cast<int64_t>(task)));
    describe(record, result);
    log_durably(record);
  }

  void log_end() {
    Node record = entry("run_finished");
    const char* status = report_.interrupted ? "interrupted" : report_.failed() ? "failed" : "success";
    record.set("status", Node::of(std::string(status)));
    record.set("seconds", Node::of_real(report_.seconds()));
    std::map<std::string, int64_t> counts;
    for (const NodeResult& result : report_.results) ++counts[std::string(transform::name_of(result.status))];
    Node by_status = Node::map();
    for (const auto& [name, count] : counts) by_status.set(name, Node::of(count));
    record.set("counts", std::move(by_status));
    log_durably(record);
  }

  const Plan& plan_;
  const RunOptions& options_;
  TaskRunner& runner_;
  Observer& observer_;
  LogWriter& log_;
  Clock& clock_;
  std::stop_token stop_;
  Scheduler scheduler_;
  RunReport report_;
  std::chrono::steady_clock::time_point started_;
  std::chrono::steady_clock::time_point told_at_;
  std::vector<Running> running_;
  std::vector<std::optional<NodeResult>> ended_;  // by TaskId: how it ended, until that counts
  std::vector<bool> begun_;                       // by TaskId
  std::vector<size_t> numbers_;                   // by TaskId; 0: not counted yet
  size_t last_number_ = 0;
  bool stopping_ = false;
  bool worth_sync_ = false;  // of what the log has to write
  // In the order it happened; without a result: the task began.
  std::vector<std::pair<TaskId, std::optional<NodeResult>>> to_tell_;
};

}  // namespace

bool RunReport::failed() const {
  return std::ranges::any_of(results, [](const NodeResult& result) {
    const bool of_exposure = result.unique_id.starts_with("exposure.");
    return is_bad(result.status) && !(of_exposure && result.status == Status::skipped);
  });
}

Result<RunReport> execute(const Plan& plan, const RunOptions& options, TaskRunner& runner, Observer& observer,
                          LogWriter& log, World& world, std::stop_token stop) {
  return Execution(plan, options, runner, observer, log, world, std::move(stop)).run();
}

std::string make_run_id(World& world) {
  const std::string now = iso8601(world.clock.now());  // 2026-11-21T11:58:12.004311Z
  const std::string compact = replace_all(replace_all(now.substr(0, 19), "-", ""), ":", "");
  return fmt::format("{}-{:08x}", compact, static_cast<uint32_t>(world.random.next()));
}

}  // namespace rynd::run

// Runner: one coordinating thread applies events and writes the log; workers do the tasks.
#include "run/runner.h"

#include <fmt/format.h>

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <thread>

#include "base/text.h"
#include "run/scheduler.h"

namespace rynd::run {
namespace {

using transform::NodeResult;
using transform::Status;

constexpr std::chrono::milliseconds tick_every{200};

bool is_bad(Status status) {
  switch (status) {
    case Status::error:
    case Status::fail:
    case Status::runtime_error:
    case Status::partial_success:
    case Status::skipped:
      return true;
    default:
      return false;
  }
}

// Another connection's transaction won: the same statement may well succeed now.
bool passes(const NodeResult& result) {
  return std::ranges::any_of(result.diagnostics, [](const Diagnostic& it) { return it.code == Code::sql_transaction; });
}

double seconds_between(std::chrono::steady_clock::time_point from, std::chrono::steady_clock::time_point to) {
  return std::chrono::duration<double>(to - from).count();
}

struct Ended {
  TaskId task = 0;
  NodeResult result;
};

// The threads that call the task runner, and the two queues between them and the coordinator.
class Workers {
 public:
  Workers(const Plan& plan, const RunOptions& options, TaskRunner& runner, Clock& clock)
      : plan_(plan), options_(options), runner_(runner), clock_(clock) {
    const size_t count = std::min<size_t>(static_cast<size_t>(std::max(1, options.threads)), plan.tasks.size());
    for (size_t worker = 0; worker < count; ++worker)
      threads_.emplace_back([this, worker] { work(static_cast<int>(worker)); });
  }
  ~Workers() {
    {
      const std::lock_guard lock(mutex_);
      closing_ = true;
    }
    work_there_.notify_all();
    for (std::thread& thread : threads_) thread.join();
  }
  Workers(const Workers&) = delete;
  Workers& operator=(const Workers&) = delete;

  void start(TaskId task) {
    const std::lock_guard lock(mutex_);
    stops_.emplace(task, std::stop_source());
    to_do_.push_back(task);
    work_there_.notify_one();
  }

  void cancel(TaskId task) {
    std::stop_source stop(std::nostopstate);
    {
      const std::lock_guard lock(mutex_);
      if (const auto found = stops_.find(task); found != stops_.end()) stop = found->second;
    }
    stop.request_stop();
  }

  // From any thread: lets wait() return.
  void wake() {
    const std::lock_guard lock(mutex_);
    woken_ = true;
    something_ended_.notify_one();
  }

  // All that ended since the last call; waits a while where nothing has.
  std::vector<Ended> wait() {
    std::unique_lock lock(mutex_);
    something_ended_.wait_for(lock, tick_every, [&] { return !ended_.empty() || woken_; });
    woken_ = false;
    return std::exchange(ended_, {});
  }

 private:
  void work(int worker) {
    while (true) {
      TaskId task = 0;
      std::stop_token stop;
      {
        std::unique_lock lock(mutex_);
        work_there_.wait(lock, [&] { return closing_ || !to_do_.empty(); });
        if (to_do_.empty()) return;
        task = to_do_.front();
        to_do_.pop_front();
        stop = stops_.at(task).get_token();
      }
      NodeResult result = attempt(plan_.tasks[task], worker, stop);
      const std::lock_guard lock(mutex_);
      stops_.erase(task);
      ended_.push_back({task, std::move(result)});
      something_ended_.notify_one();
    }
  }

  NodeResult attempt(const Task& task, int worker, const std::stop_token& stop) {
    std::chrono::milliseconds delay = options_.retries.first_delay;
    for (int attempt = 1;; ++attempt, delay *= 2) {
      NodeResult result = runner_.run(task, worker, stop);
      const bool again = attempt < options_.retries.attempts && is_bad(result.status) && passes(result);
      if (!again || !clock_.sleep(delay, stop)) return result;
    }
  }

  const Plan& plan_;
  const RunOptions& options_;
  TaskRunner& runner_;
  Clock& clock_;
  std::mutex mutex_;
  std::condition_variable work_there_;
  std::condition_variable something_ended_;
  std::deque<TaskId> to_do_;
  std::map<TaskId, std::stop_source> stops_;
  std::vector<Ended> ended_;
  bool woken_ = false;
  bool closing_ = false;
  std::vector<std::thread> threads_;
};

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
        scheduler_(plan, {options.threads, options.fail_fast, options.expected_seconds}),
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
  Result<void> loop() {
    Workers workers(plan_, options_, runner_, clock_);
    const std::stop_callback on_stop(stop_, [&] { workers.wake(); });
    perform(scheduler_.apply(RunBegan{}), workers);
    Result<void> written = tell();
    while (!scheduler_.over()) {
      // A log that cannot be written ends the run: nothing more may be promised.
      if ((stop_.stop_requested() || !written) && !stopping_) {
        stopping_ = true;
        perform(scheduler_.apply(StopAsked{}), workers);
      }
      for (Ended& ended : workers.wait()) {
        const bool bad = is_bad(ended.result.status) && !plan_.tasks[ended.task].failure_passes;
        log_task_end(ended.task, ended.result);
        std::erase(running_, ended.task);
        to_tell_.push_back({ended.task, std::move(ended.result)});
        perform(scheduler_.apply(TaskEnded{ended.task, bad ? Ending::bad : Ending::good}), workers);
      }
      if (written) written = tell();
      observer_.tick(standing());
    }
    return written;
  }

  Result<void> skip_all() {
    for (TaskId task = 0; task < plan_.tasks.size(); ++task)
      skip({task, SkipCause::parent, task}, "on-run-start failed");
    return tell();
  }

  void perform(const std::vector<Action>& actions, Workers& workers) {
    for (const Action& action : actions) {
      if (const auto* start = std::get_if<StartTask>(&action)) {
        running_.push_back(start->task);
        workers.start(start->task);
        Node record = entry("task_started");
        record.set("task", Node::of(static_cast<int64_t>(start->task)));
        log_.add(record);
        to_tell_.push_back({start->task, std::nullopt});
      } else if (const auto* skipped = std::get_if<SkipTask>(&action)) {
        skip(*skipped, reason_of(*skipped));
      } else if (const auto* cancel = std::get_if<CancelTask>(&action)) {
        workers.cancel(cancel->task);
      }
    }
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
    log_.add(record);
    to_tell_.push_back({skip.task, std::move(result)});
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
      log_.add(record);
    }
    observer_.hooks_ended(on_run_end, results);
    std::ranges::move(results, std::back_inserter(report_.results));
    return good;
  }

  // Makes what was logged durable, then says it.
  Result<void> tell() {
    if (Result<void> written = log_.flush(); !written) return written;
    for (auto& [task, result] : std::exchange(to_tell_, {})) {
      if (numbers_[task] == 0) numbers_[task] = ++last_number_;
      if (!result) {
        observer_.task_began(plan_.tasks[task], numbers_[task]);
        continue;
      }
      observer_.task_ended(plan_.tasks[task], numbers_[task], *result);
      report_.results.push_back(std::move(*result));
    }
    return {};
  }

  Standing standing() {
    size_t ended = 0;
    for (const NodeResult& result : report_.results) ended += result.id != project::no_resource ? 1 : 0;
    return {running_, plan_.tasks.size() - running_.size() - std::min(ended, plan_.tasks.size() - running_.size()),
            ended, seconds_between(started_, clock_.steady()), scheduler_.expected_left()};
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
    log_.add(record);
  }

  void log_task_end(TaskId task, const NodeResult& result) {
    Node record = entry("task_finished");
    record.set("task", Node::of(static_cast<int64_t>(task)));
    describe(record, result);
    log_.add(record);
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
    log_.add(record);
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
  std::vector<TaskId> running_;
  std::vector<size_t> numbers_;  // by TaskId; 0: not counted yet
  size_t last_number_ = 0;
  bool stopping_ = false;
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

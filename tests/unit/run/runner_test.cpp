// The runner with a fake task runner: what is logged, told and reported, and how stopping and retrying go.
#include "run/runner.h"

#include <gtest/gtest.h>

#include <atomic>
#include <mutex>
#include <thread>

#include "run/log_reader.h"

namespace rynd::run {
namespace {

using transform::NodeResult;
using transform::Status;

class MemoryFile final : public LogFile {
 public:
  MemoryFile(std::string& bytes, bool& full) : bytes_(bytes), full_(full) {}
  Result<void> append(std::string_view bytes) override {
    if (full_) return fail({.code = Code::run_log_unwritable, .message = "no space left"});
    bytes_ += bytes;
    return {};
  }
  Result<void> sync() override { return {}; }

 private:
  std::string& bytes_;
  bool& full_;
};

// Ends each task as `plan` says: by default well. Blocks in tasks of `blocking` until stopped.
class FakeRunner final : public TaskRunner {
 public:
  TaskOutcome run(const Task& task, int worker, bool alone, std::stop_token stop) override {
    return {attempt(task, worker, std::move(stop)), alone ? Hold::settled : Hold::open};
  }
  Result<void> commit(int) override {
    ++commits;
    return {};
  }

  NodeResult attempt(const Task& task, int worker, std::stop_token stop) {
    NodeResult result;
    result.unique_id = task.unique_id;
    result.id = task.resource;
    result.thread_id = "Thread-" + std::to_string(worker + 1);
    const std::lock_guard one_at_a_time(count_mutex_);
    ++calls[task.unique_id];
    if (on_start) on_start(task);
    if (blocking == task.unique_id) {
      while (!stop.stop_requested()) std::this_thread::yield();
      result.status = Status::error;
      result.message = "interrupted";
      return result;
    }
    if (failing == task.unique_id) result.status = Status::error;
    if (conflicting == task.unique_id && calls[task.unique_id] < 3) {
      result.status = Status::error;
      result.diagnostics.push_back({.code = Code::sql_transaction, .message = "conflict"});
    }
    return result;
  }

  std::vector<NodeResult> run_hooks(bool on_run_end, std::span<const NodeResult> results, std::stop_token) override {
    hooks.push_back(on_run_end ? "end after " + std::to_string(results.size()) : "start");
    NodeResult result;
    result.unique_id = on_run_end ? "operation.p.end-0" : "operation.p.start-0";
    if (!on_run_end && start_hook_fails) result.status = Status::error;
    return {result};
  }

  std::function<void(const Task&)> on_start;
  std::string failing, blocking, conflicting;
  bool start_hook_fails = false;
  std::map<std::string, int> calls;
  std::vector<std::string> hooks;
  std::atomic<int> commits = 0;

 private:
  std::mutex count_mutex_;
};

class Teller final : public Observer {
 public:
  void task_began(const Task& task, size_t number) override { say("start", task, number); }
  void task_ended(const Task& task, size_t number, const NodeResult& result) override {
    say(std::string(transform::name_of(result.status)), task, number);
  }
  std::vector<std::string> told;

 private:
  void say(const std::string& what, const Task& task, size_t number) {
    told.push_back(std::to_string(number) + " " + what + " " + task.unique_id);
  }
};

Plan chain(size_t length) {
  Plan plan;
  for (size_t i = 0; i < length; ++i) {
    Task task;
    task.unique_id = std::string(1, static_cast<char>('a' + i));
    task.resource = static_cast<project::ResourceId>(i);
    if (i > 0) task.after.push_back(static_cast<TaskId>(i - 1));
    plan.tasks.push_back(task);
  }
  return plan;
}

class Running : public testing::Test {
 protected:
  RunReport run(const Plan& plan, RunOptions options = {}) {
    options.run_id = "20261121T115812-00000001";
    options.retries.first_delay = std::chrono::milliseconds(1);
    LogWriter log(std::make_unique<MemoryFile>(bytes_, full_));
    Result<RunReport> report = execute(plan, options, runner_, teller_, log, world_, stop_.get_token());
    EXPECT_EQ(report.has_value(), !full_);
    return report ? std::move(*report) : RunReport{};
  }

  // "task_started 0", "task_finished 0 success", ...
  std::vector<std::string> logged() {
    std::vector<std::string> lines;
    const Result<LogContents> contents = read_log(make_source("log", bytes_));
    for (const Node& record : contents->records) {
      std::string line = record.find("type")->text;
      if (const Node* task = record.find("task")) line += " " + std::to_string(task->integer);
      for (const char* key : {"status", "because"})
        if (const Node* value = record.find(key)) line += " " + value->text;
      lines.push_back(line);
    }
    return lines;
  }

  RealClock clock_;
  SimFiles files_;
  SimProcess process_;
  SimRandom random_{7};
  SimHttp http_;
  World world_{clock_, files_, process_, random_, http_};
  FakeRunner runner_;
  Teller teller_;
  std::stop_source stop_;
  std::string bytes_;
  bool full_ = false;
};

using Words = std::vector<std::string>;

TEST_F(Running, LogsTellsAndReportsInOrder) {
  const RunReport report = run(chain(2));
  EXPECT_EQ(teller_.told, (Words{"1 start a", "1 success a", "2 start b", "2 success b"}));
  EXPECT_EQ(logged(),
            (Words{"run_started", "hook_finished success", "task_started 0", "task_finished 0 success",
                   "task_started 1", "task_finished 1 success", "hook_finished success", "run_finished success"}));
  EXPECT_EQ(report.results.size(), 4u);
  EXPECT_FALSE(report.failed());
  EXPECT_EQ(runner_.hooks, (Words{"start", "end after 3"}));
}

TEST_F(Running, FailureSkipsChildrenAndFailsTheRun) {
  runner_.failing = "a";
  const RunReport report = run(chain(3));
  EXPECT_TRUE(report.failed());
  EXPECT_EQ(teller_.told, (Words{"1 start a", "1 error a", "2 skipped b", "3 skipped c"}));
  EXPECT_EQ(logged()[4], "task_skipped 1 parent");
  EXPECT_EQ(logged().back(), "run_finished failed");
}

TEST_F(Running, OnErrorContinueLetsChildrenRun) {
  runner_.failing = "a";
  Plan plan = chain(2);
  plan.tasks[0].failure_passes = true;
  EXPECT_TRUE(run(plan).failed());
  EXPECT_EQ(runner_.calls["b"], 1);
}

TEST_F(Running, FailedStartHookSkipsEverything) {
  runner_.start_hook_fails = true;
  EXPECT_TRUE(run(chain(2)).failed());
  EXPECT_TRUE(runner_.calls.empty());
  EXPECT_EQ(teller_.told, (Words{"1 skipped a", "2 skipped b"}));
}

TEST_F(Running, ConflictsAreTriedAgain) {
  runner_.conflicting = "a";
  EXPECT_FALSE(run(chain(1)).failed());
  EXPECT_EQ(runner_.calls["a"], 3);
}

TEST_F(Running, StopCancelsSkipsAndSaysInterrupted) {
  runner_.blocking = "b";
  runner_.on_start = [&](const Task& task) {
    if (task.unique_id == "b") stop_.request_stop();
  };
  const RunReport report = run(chain(3));
  EXPECT_TRUE(report.interrupted);
  EXPECT_EQ(teller_.told, (Words{"1 start a", "1 success a", "2 start b", "3 skipped c", "2 error b"}));
  EXPECT_EQ(logged().back(), "run_finished interrupted");
  EXPECT_EQ(runner_.hooks, Words{"start"});
}

TEST_F(Running, NothingIsToldThatTheLogCouldNotKeep) {
  runner_.on_start = [&](const Task&) { full_ = true; };
  run(chain(3));
  for (const std::string& told : teller_.told) EXPECT_EQ(told, "1 start a");
}

TEST_F(Running, AGroupIsToldOfInOrderOnceItIsCommitted) {
  Plan plan = chain(3);
  for (Task& task : plan.tasks) task.alone = false;
  runner_.on_start = [&](const Task&) { EXPECT_EQ(bytes_.find("task_finished"), std::string::npos); };
  const RunReport report = run(plan, {.group_seconds = 60});
  EXPECT_EQ(runner_.commits, 1);
  EXPECT_EQ(teller_.told, (Words{"1 start a", "1 success a", "2 start b", "2 success b", "3 start c", "3 success c"}));
  EXPECT_FALSE(report.failed());
}

TEST_F(Running, ManyTasksOnSeveralWorkersEachRunOnce) {
  Plan plan;
  for (int i = 0; i < 200; ++i) {
    Task task;
    task.unique_id = "t" + std::to_string(i);
    task.resource = static_cast<project::ResourceId>(i);
    if (i >= 3) task.after = {static_cast<TaskId>(i - 3), static_cast<TaskId>(i - 2)};
    plan.tasks.push_back(task);
  }
  const RunReport report = run(plan, {.threads = 8});
  EXPECT_EQ(report.results.size(), 202u);
  for (const auto& [task, calls] : runner_.calls) EXPECT_EQ(calls, 1) << task;
}

TEST(RunId, SortsByTime) {
  SimClock clock(Instant(std::chrono::seconds(1795262292)));
  SimFiles files;
  SimProcess process;
  SimRandom random(1);
  SimHttp http;
  World world{clock, files, process, random, http};
  const std::string first = make_run_id(world);
  clock.advance(std::chrono::seconds(1));
  EXPECT_LT(first, make_run_id(world));
  EXPECT_EQ(first.size(), std::string("20261121T115812-3fa9c1d0").size());
}

}  // namespace
}  // namespace rynd::run

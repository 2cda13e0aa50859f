// The scheduler against plans made by hand and by seed: order, slots, skipping, stopping.
#include "run/scheduler.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>

namespace rynd::run {
namespace {

Plan plan_of(const std::vector<std::vector<TaskId>>& after) {
  Plan plan;
  for (const auto& parents : after) {
    Task task;
    task.unique_id = "model.p.t" + std::to_string(plan.tasks.size());
    task.after = parents;
    plan.tasks.push_back(task);
  }
  return plan;
}

// "start 0", "skip 2 parent 1", ...
std::vector<std::string> words(const std::vector<Action>& actions) {
  std::vector<std::string> result;
  for (const Action& action : actions) {
    if (const auto* start = std::get_if<StartTask>(&action)) result.push_back("start " + std::to_string(start->task));
    if (const auto* cancel = std::get_if<CancelTask>(&action))
      result.push_back("cancel " + std::to_string(cancel->task));
    if (std::holds_alternative<EndRun>(action)) result.push_back("end");
    if (const auto* skip = std::get_if<SkipTask>(&action)) {
      const std::string cause = skip->cause == SkipCause::parent      ? " parent " + std::to_string(skip->parent)
                                : skip->cause == SkipCause::fail_fast ? " fail_fast"
                                                                      : " interrupted";
      result.push_back("skip " + std::to_string(skip->task) + cause);
    }
  }
  return result;
}

using Words = std::vector<std::string>;

TEST(Scheduler, EmptyPlanEndsAtOnce) {
  Scheduler scheduler(Plan{}, {});
  EXPECT_EQ(words(scheduler.apply(RunBegan{})), Words{"end"});
  EXPECT_TRUE(scheduler.over());
}

TEST(Scheduler, ChildWaitsForAllParents) {
  const Plan plan = plan_of({{}, {}, {0, 1}});
  Scheduler scheduler(plan, {.slots = 4});
  EXPECT_EQ(words(scheduler.apply(RunBegan{})), (Words{"start 0", "start 1"}));
  EXPECT_EQ(words(scheduler.apply(TaskEnded{1, Ending::good})), Words{});
  EXPECT_EQ(words(scheduler.apply(TaskEnded{0, Ending::good})), Words{"start 2"});
  EXPECT_EQ(words(scheduler.apply(TaskEnded{2, Ending::good})), Words{"end"});
}

TEST(Scheduler, SlotsLimitWhatRuns) {
  const Plan plan = plan_of({{}, {}, {}});
  Scheduler scheduler(plan, {.slots = 2});
  EXPECT_EQ(words(scheduler.apply(RunBegan{})), (Words{"start 0", "start 1"}));
  EXPECT_EQ(scheduler.running(), 2);
  EXPECT_EQ(words(scheduler.apply(TaskEnded{0, Ending::bad})), Words{"start 2"});
}

TEST(Scheduler, LongestWayStartsFirst) {
  // 0 alone takes a second; 1 leads to 2, which takes ten.
  const Plan plan = plan_of({{}, {}, {1}});
  Scheduler scheduler(plan, {.slots = 1, .expected_seconds = {1, 1, 10}});
  EXPECT_EQ(words(scheduler.apply(RunBegan{})), Words{"start 1"});
  EXPECT_DOUBLE_EQ(scheduler.expected_left(), 12);
}

TEST(Scheduler, FailureSkipsDescendantsOnly) {
  const Plan plan = plan_of({{}, {0}, {1}, {}});
  Scheduler scheduler(plan, {.slots = 1});
  EXPECT_EQ(words(scheduler.apply(RunBegan{})), Words{"start 0"});
  EXPECT_EQ(words(scheduler.apply(TaskEnded{0, Ending::bad})),
            (Words{"skip 1 parent 0", "skip 2 parent 1", "start 3"}));
  EXPECT_EQ(words(scheduler.apply(TaskEnded{3, Ending::good})), Words{"end"});
}

TEST(Scheduler, SkippedOnceThoughTwoParentsFail) {
  const Plan plan = plan_of({{}, {}, {0, 1}});
  Scheduler scheduler(plan, {.slots = 2});
  scheduler.apply(RunBegan{});
  EXPECT_EQ(words(scheduler.apply(TaskEnded{0, Ending::bad})), Words{"skip 2 parent 0"});
  EXPECT_EQ(words(scheduler.apply(TaskEnded{1, Ending::bad})), Words{"end"});
}

TEST(Scheduler, FailFastCancelsAndSkips) {
  const Plan plan = plan_of({{}, {}, {}, {0}});
  Scheduler scheduler(plan, {.slots = 2, .fail_fast = true});
  scheduler.apply(RunBegan{});
  EXPECT_EQ(words(scheduler.apply(TaskEnded{0, Ending::bad})),
            (Words{"skip 3 parent 0", "cancel 1", "skip 2 fail_fast"}));
  EXPECT_EQ(words(scheduler.apply(TaskEnded{1, Ending::bad})), Words{"end"});
}

TEST(Scheduler, StopCancelsRunningAndSkipsTheRestOnce) {
  const Plan plan = plan_of({{}, {0}});
  Scheduler scheduler(plan, {.slots = 1});
  scheduler.apply(RunBegan{});
  EXPECT_EQ(words(scheduler.apply(StopAsked{})), (Words{"cancel 0", "skip 1 interrupted"}));
  EXPECT_EQ(words(scheduler.apply(StopAsked{})), Words{});
  EXPECT_EQ(words(scheduler.apply(TaskEnded{0, Ending::good})), Words{"end"});
}

TEST(Scheduler, HearingOfAnEndingTwiceIsHarmless) {
  const Plan plan = plan_of({{}, {0}, {0}});
  Scheduler scheduler(plan, {.slots = 1});
  scheduler.apply(RunBegan{});
  EXPECT_EQ(words(scheduler.apply(TaskEnded{0, Ending::good})), Words{"start 1"});
  EXPECT_EQ(words(scheduler.apply(TaskEnded{0, Ending::good})), Words{});
}

// Whatever happens in whatever order: a task runs at most once and only after its parents ended well, never more than
// `slots` at a time, each task ends exactly one way, and the run ends.
class ScheduledBySeed : public testing::TestWithParam<uint32_t> {};

TEST_P(ScheduledBySeed, HoldsItsPromises) {
  std::mt19937 random(GetParam());
  const auto pick = [&](uint32_t below) { return random() % below; };
  std::vector<std::vector<TaskId>> after(1 + pick(60));
  for (TaskId task = 1; task < after.size(); ++task)
    for (uint32_t edge = pick(4); edge > 0; --edge) after[task].push_back(pick(task));
  for (auto& parents : after) {
    std::ranges::sort(parents);
    parents.erase(std::unique(parents.begin(), parents.end()), parents.end());
  }
  const int slots = 1 + static_cast<int>(pick(5));
  Scheduler scheduler(plan_of(after), {.slots = slots, .fail_fast = pick(4) == 0});
  std::map<TaskId, std::string> ended;
  std::vector<TaskId> running;
  int ends = 0;
  const auto perform = [&](const std::vector<Action>& actions) {
    for (const Action& action : actions) {
      if (const auto* start = std::get_if<StartTask>(&action)) {
        for (TaskId parent : after[start->task]) EXPECT_EQ(ended[parent], "good");
        EXPECT_EQ(ended.count(start->task), 0u);
        running.push_back(start->task);
      } else if (const auto* skip = std::get_if<SkipTask>(&action)) {
        EXPECT_TRUE(ended.emplace(skip->task, "skipped").second);
      } else if (std::holds_alternative<EndRun>(action)) {
        ++ends;
      }
    }
    EXPECT_LE(running.size(), static_cast<size_t>(slots));
  };
  perform(scheduler.apply(RunBegan{}));
  while (!running.empty()) {
    if (pick(80) == 0) perform(scheduler.apply(StopAsked{}));
    const size_t at = pick(static_cast<uint32_t>(running.size()));
    const TaskId task = running[at];
    running.erase(running.begin() + static_cast<long>(at));
    const Ending ending = pick(8) == 0 ? Ending::bad : Ending::good;
    EXPECT_TRUE(ended.emplace(task, ending == Ending::good ? "good" : "bad").second);
    perform(scheduler.apply(TaskEnded{task, ending}));
  }
  EXPECT_TRUE(scheduler.over());
  EXPECT_EQ(ends, 1);
  EXPECT_EQ(ended.size(), after.size());
}

INSTANTIATE_TEST_SUITE_P(Seeds, ScheduledBySeed, testing::Range(1u, 301u));

}  // namespace
}  // namespace rynd::run

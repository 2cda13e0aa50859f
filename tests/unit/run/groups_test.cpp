// Groups: which tasks share a slot's transaction, when it is committed, and what is run again where it is undone. A
// small warehouse checks that nothing starts before it can see its parents.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <optional>
#include <random>
#include <set>

#include "run/scheduler.h"

namespace rynd::run {
namespace {

Plan plan_of(const std::vector<std::vector<TaskId>>& after) {
  Plan plan;
  for (const auto& parents : after) {
    Task task;
    task.alone = false;
    task.after = parents;
    plan.tasks.push_back(task);
  }
  return plan;
}

// "start 0 in 1", "start 2 in 0 alone", "commit 0", "settle 2", "skip 3", "cancel 1", "end"
std::vector<std::string> words(const std::vector<Action>& actions) {
  std::vector<std::string> result;
  for (const Action& action : actions) {
    if (const auto* it = std::get_if<StartTask>(&action)) {
      result.push_back("start " + std::to_string(it->task) + " in " + std::to_string(it->slot) +
                       (it->alone ? " alone" : ""));
    }
    if (const auto* it = std::get_if<CommitGroup>(&action)) result.push_back("commit " + std::to_string(it->slot));
    if (const auto* it = std::get_if<SettleTask>(&action)) result.push_back("settle " + std::to_string(it->task));
    if (const auto* it = std::get_if<SkipTask>(&action)) result.push_back("skip " + std::to_string(it->task));
    if (const auto* it = std::get_if<CancelTask>(&action)) result.push_back("cancel " + std::to_string(it->task));
    if (std::holds_alternative<EndRun>(action)) result.push_back("end");
  }
  return result;
}

using Words = std::vector<std::string>;

TaskEnded joined(TaskId task, Ending ending = Ending::good, double seconds = 0.001) {
  return {task, ending, Hold::open, seconds};
}

TEST(Groups, AChainIsOneCommit) {
  Scheduler scheduler(plan_of({{}, {0}, {1}}), {.slots = 1, .group_seconds = 0.1});
  EXPECT_EQ(words(scheduler.apply(RunBegan{})), Words{"start 0 in 0"});
  EXPECT_EQ(words(scheduler.apply(joined(0))), Words{"start 1 in 0"});
  EXPECT_EQ(words(scheduler.apply(joined(1))), Words{"start 2 in 0"});
  EXPECT_EQ(words(scheduler.apply(joined(2))), Words{"commit 0"});
  EXPECT_EQ(words(scheduler.apply(GroupEnded{0, true})), (Words{"settle 0", "settle 1", "settle 2", "end"}));
}

TEST(Groups, EnoughWorkIsCommitted) {
  Scheduler scheduler(plan_of({{}, {0}}), {.slots = 1, .group_seconds = 0.1});
  scheduler.apply(RunBegan{});
  EXPECT_EQ(words(scheduler.apply(joined(0, Ending::good, 0.2))), Words{"commit 0"});
  EXPECT_EQ(words(scheduler.apply(GroupEnded{0, true})), (Words{"settle 0", "start 1 in 0"}));
}

TEST(Groups, WhatIsKnownToLastJoinsNobody) {
  Scheduler scheduler(plan_of({{}, {0}}), {.slots = 1, .group_seconds = 0.1, .expected_seconds = {0.001, 5}});
  scheduler.apply(RunBegan{});
  EXPECT_EQ(words(scheduler.apply(joined(0))), Words{"commit 0"});
}

TEST(Groups, AnotherSlotWaitsForTheCommit) {
  // 2 reads what slot 0 and slot 1 made.
  Scheduler scheduler(plan_of({{}, {}, {0, 1}}), {.slots = 2, .group_seconds = 0.1});
  EXPECT_EQ(words(scheduler.apply(RunBegan{})), (Words{"start 0 in 0", "start 1 in 1"}));
  EXPECT_EQ(words(scheduler.apply(joined(0))), Words{"commit 0"});
  EXPECT_EQ(words(scheduler.apply(joined(1))), Words{"commit 1"});
  EXPECT_EQ(words(scheduler.apply(GroupEnded{1, true})), (Words{"settle 1"}));
  EXPECT_EQ(words(scheduler.apply(GroupEnded{0, true})), (Words{"settle 0", "start 2 in 0"}));
}

TEST(Groups, WhatWasCommittedSinceItBeganIsNotSeen) {
  // Slot 0 goes on with 2 and 3 in its group, while slot 1 commits 1; 4 reads 1 and 3.
  Scheduler scheduler(plan_of({{}, {}, {0}, {2}, {1, 3}}), {.slots = 2, .group_seconds = 0.1});
  scheduler.apply(RunBegan{});
  EXPECT_EQ(words(scheduler.apply(joined(0))), Words{"start 2 in 0"});
  EXPECT_EQ(words(scheduler.apply(joined(1))), Words{"commit 1"});
  EXPECT_EQ(words(scheduler.apply(GroupEnded{1, true})), Words{"settle 1"});
  EXPECT_EQ(words(scheduler.apply(joined(2))), Words{"start 3 in 0"});
  EXPECT_EQ(words(scheduler.apply(joined(3))), Words{"commit 0"});
  EXPECT_EQ(words(scheduler.apply(GroupEnded{0, true})), (Words{"settle 0", "settle 2", "settle 3", "start 4 in 0"}));
}

TEST(Groups, AnIdleSlotIsGivenWorkWhereThatIsWorthACommit) {
  const std::vector<std::vector<TaskId>> fan = {{}, {0}, {0}, {0}, {0}};
  Scheduler small(plan_of(fan), {.slots = 2, .group_seconds = 0.1});
  small.apply(RunBegan{});
  EXPECT_EQ(words(small.apply(joined(0, Ending::good, 0.0001))), Words{"start 1 in 0"});
  Scheduler large(plan_of(fan), {.slots = 2, .group_seconds = 0.1});
  large.apply(RunBegan{});
  EXPECT_EQ(words(large.apply(joined(0, Ending::good, 0.05))), Words{"start 1 in 0"});
  EXPECT_EQ(words(large.apply(joined(1, Ending::good, 0.04))), Words{"commit 0"});
  EXPECT_EQ(words(large.apply(GroupEnded{0, true})), (Words{"settle 0", "settle 1", "start 2 in 0", "start 3 in 1"}));
}

TEST(Groups, AFailureCountsOnceItIsCertain) {
  Scheduler scheduler(plan_of({{}, {}, {0}}), {.slots = 1, .group_seconds = 0.1});
  scheduler.apply(RunBegan{});
  EXPECT_EQ(words(scheduler.apply(joined(0, Ending::bad))), Words{"commit 0"});
  EXPECT_EQ(words(scheduler.apply(GroupEnded{0, true})), (Words{"settle 0", "skip 2", "start 1 in 0"}));
}

TEST(Groups, WhatAFailureUndidIsRunAgainAlone) {
  Scheduler scheduler(plan_of({{}, {0}, {}, {2}}), {.slots = 1, .group_seconds = 0.1});
  EXPECT_EQ(words(scheduler.apply(RunBegan{})), Words{"start 0 in 0"});
  EXPECT_EQ(words(scheduler.apply(joined(0))), Words{"start 2 in 0"});
  EXPECT_EQ(words(scheduler.apply(TaskEnded{2, Ending::bad, Hold::undone})), Words{"start 0 in 0 alone"});
  EXPECT_EQ(words(scheduler.apply(TaskEnded{0, Ending::good})),
            (Words{"settle 0", "settle 2", "skip 3", "start 1 in 0"}));
  scheduler.apply(joined(1));
  EXPECT_EQ(words(scheduler.apply(GroupEnded{0, true})), (Words{"settle 1", "end"}));
}

TEST(Groups, WhatMayDoWellAloneIsRunAgainToo) {
  Scheduler scheduler(plan_of({{}, {0}}), {.slots = 1, .group_seconds = 0.1});
  scheduler.apply(RunBegan{});
  scheduler.apply(joined(0));
  EXPECT_EQ(words(scheduler.apply(TaskEnded{1, Ending::bad, Hold::spoiled})), Words{"start 0 in 0 alone"});
  EXPECT_EQ(words(scheduler.apply(TaskEnded{0, Ending::good})), (Words{"settle 0", "start 1 in 0 alone"}));
  EXPECT_EQ(words(scheduler.apply(TaskEnded{1, Ending::good})), (Words{"settle 1", "end"}));
}

TEST(Groups, ADecliningTaskLeavesTheGroupAsItIs) {
  Scheduler scheduler(plan_of({{}, {0}}), {.slots = 1, .group_seconds = 0.1});
  scheduler.apply(RunBegan{});
  scheduler.apply(joined(0));
  EXPECT_EQ(words(scheduler.apply(TaskEnded{1, Ending::bad, Hold::declined})), Words{"commit 0"});
  EXPECT_EQ(words(scheduler.apply(GroupEnded{0, true})), (Words{"settle 0", "start 1 in 0 alone"}));
}

TEST(Groups, AFailedCommitRunsItsMembersAgain) {
  Scheduler scheduler(plan_of({{}, {0}}), {.slots = 1, .group_seconds = 0.1});
  scheduler.apply(RunBegan{});
  scheduler.apply(joined(0));
  EXPECT_EQ(words(scheduler.apply(joined(1))), Words{"commit 0"});
  EXPECT_EQ(words(scheduler.apply(GroupEnded{0, false})), Words{"start 0 in 0 alone"});
  EXPECT_EQ(words(scheduler.apply(TaskEnded{0, Ending::good})), (Words{"settle 0", "start 1 in 0 alone"}));
}

TEST(Groups, AStopCommitsWhatIsDone) {
  Scheduler scheduler(plan_of({{}, {0}, {1}}), {.slots = 1, .group_seconds = 0.1});
  scheduler.apply(RunBegan{});
  scheduler.apply(joined(0));
  EXPECT_EQ(words(scheduler.apply(StopAsked{})), (Words{"cancel 1", "skip 2"}));
  // Interrupted halfway, it takes 0 with it; 0 had ended well and is done again.
  EXPECT_EQ(words(scheduler.apply(TaskEnded{1, Ending::bad, Hold::undone})), Words{"start 0 in 0 alone"});
  EXPECT_EQ(words(scheduler.apply(TaskEnded{0, Ending::good})), (Words{"settle 0", "settle 1", "end"}));
}

TEST(Groups, LoadsRunBesideWhatTheCoresDo) {
  Plan plan = plan_of({{}, {}, {}, {}});
  plan.tasks[2].kind = plan.tasks[3].kind = TaskKind::ingest;
  plan.tasks[2].alone = plan.tasks[3].alone = true;
  Scheduler scheduler(plan, {.slots = 4, .cores = 1, .group_seconds = 0.1, .expected_seconds = {0.01, 0.01, 9, 9}});
  EXPECT_EQ(words(scheduler.apply(RunBegan{})), (Words{"start 2 in 0 alone", "start 3 in 1 alone", "start 0 in 2"}));
  EXPECT_EQ(words(scheduler.apply(TaskEnded{2, Ending::good})), (Words{"settle 2"}));
  EXPECT_EQ(words(scheduler.apply(joined(0, Ending::good, 0.01))), (Words{"start 1 in 2"}));
  // Also those that are less urgent than what waits for a core.
  Scheduler urgent(plan, {.slots = 4, .cores = 1, .group_seconds = 0.1, .expected_seconds = {0.09, 0.09, 0.01, 0.01}});
  EXPECT_EQ(words(urgent.apply(RunBegan{})), (Words{"start 0 in 0", "start 2 in 1 alone", "start 3 in 2 alone"}));
}

// What is in the warehouse and who sees it.
class Warehouse {
 public:
  Warehouse(const std::vector<std::vector<TaskId>>& after, int slots)
      : after_(after), slots_(static_cast<size_t>(slots)) {}

  void begin(const StartTask& start) {
    Slot& slot = slots_[static_cast<size_t>(start.slot)];
    EXPECT_FALSE(slot.busy) << "slot " << start.slot;
    slot.busy = true;
    EXPECT_TRUE(!start.alone || slot.open.empty());
    if (slot.open.empty()) slot.seen = committed_;
    for (TaskId parent : after_[start.task])
      EXPECT_TRUE(slot.seen.contains(parent) || slot.open.contains(parent)) << start.task << " reads " << parent;
  }
  void end(int number, TaskId task, Hold hold, Ending ending) {
    Slot& slot = slots_[static_cast<size_t>(number)];
    slot.busy = false;
    if (hold == Hold::open && ending == Ending::good) slot.open.insert(task);
    if (hold == Hold::undone || hold == Hold::spoiled) slot.open.clear();
    if (hold == Hold::settled && ending == Ending::good) committed_.insert(task);
  }
  void begin_commit(int number) {
    EXPECT_FALSE(slots_[static_cast<size_t>(number)].busy);
    slots_[static_cast<size_t>(number)].busy = true;
  }
  void end_commit(int number, bool committed) {
    Slot& slot = slots_[static_cast<size_t>(number)];
    slot.busy = false;
    if (committed) committed_.insert(slot.open.begin(), slot.open.end());
    slot.open.clear();
  }
  const std::set<TaskId>& committed() const { return committed_; }

 private:
  struct Slot {
    bool busy = false;
    std::set<TaskId> seen, open;
  };
  const std::vector<std::vector<TaskId>>& after_;
  std::vector<Slot> slots_;
  std::set<TaskId> committed_;
};

// Whatever happens in whatever order: a task sees its parents, ends one way, and what ended well is in the warehouse.
class GroupedBySeed : public testing::TestWithParam<uint32_t> {};

TEST_P(GroupedBySeed, HoldsItsPromises) {
  std::mt19937 random(GetParam());
  const auto pick = [&](uint32_t below) { return static_cast<uint32_t>(random() % below); };
  std::vector<std::vector<TaskId>> after(1 + pick(60));
  for (TaskId task = 1; task < after.size(); ++task) {
    std::set<TaskId> parents;
    for (uint32_t edge = pick(4); edge > 0; --edge) parents.insert(pick(task));
    after[task].assign(parents.begin(), parents.end());
  }
  Plan plan = plan_of(after);
  for (Task& task : plan.tasks) task.alone = pick(8) == 0;
  const int slots = 1 + static_cast<int>(pick(4));
  Scheduler scheduler(
      plan, {.slots = slots, .cores = 1 + static_cast<int>(pick(4)), .fail_fast = pick(6) == 0, .group_seconds = 0.01});
  Warehouse warehouse(after, slots);
  std::map<TaskId, Ending> last;
  std::map<TaskId, std::string> over;
  std::vector<std::variant<StartTask, CommitGroup>> going;
  std::set<TaskId> must_be_alone;
  int ends = 0;
  const auto perform = [&](const std::vector<Action>& actions) {
    for (const Action& action : actions) {
      if (const auto* start = std::get_if<StartTask>(&action)) {
        EXPECT_FALSE(over.contains(start->task));
        EXPECT_TRUE(start->alone || !must_be_alone.contains(start->task));
        warehouse.begin(*start);
        going.emplace_back(*start);
      } else if (const auto* commit = std::get_if<CommitGroup>(&action)) {
        warehouse.begin_commit(commit->slot);
        going.emplace_back(*commit);
      } else if (const auto* settled = std::get_if<SettleTask>(&action)) {
        const bool good = last.at(settled->task) == Ending::good;
        EXPECT_TRUE(over.emplace(settled->task, good ? "good" : "bad").second);
        EXPECT_EQ(warehouse.committed().contains(settled->task), good);
      } else if (const auto* skip = std::get_if<SkipTask>(&action)) {
        EXPECT_TRUE(over.emplace(skip->task, "skipped").second);
      } else if (std::holds_alternative<EndRun>(action)) {
        ++ends;
      }
    }
  };
  perform(scheduler.apply(RunBegan{}));
  while (!going.empty()) {
    if (pick(100) == 0) perform(scheduler.apply(StopAsked{}));
    const size_t at = pick(static_cast<uint32_t>(going.size()));
    const auto one = going[at];
    going.erase(going.begin() + static_cast<long>(at));
    if (const auto* commit = std::get_if<CommitGroup>(&one)) {
      const bool committed = pick(10) != 0;
      warehouse.end_commit(commit->slot, committed);
      perform(scheduler.apply(GroupEnded{commit->slot, committed}));
      continue;
    }
    const StartTask start = std::get<StartTask>(one);
    const uint32_t luck = start.alone ? 0 : pick(20);
    const Hold hold = start.alone ? Hold::settled
                      : luck == 1 ? Hold::declined
                      : luck == 2 ? Hold::spoiled
                      : luck == 3 ? Hold::undone
                                  : Hold::open;
    const bool bad = hold == Hold::undone || hold == Hold::spoiled || hold == Hold::declined || pick(12) == 0;
    const Ending ending = bad ? Ending::bad : Ending::good;
    if (hold == Hold::declined || hold == Hold::spoiled) must_be_alone.insert(start.task);
    last[start.task] = ending;
    warehouse.end(start.slot, start.task, hold, ending);
    perform(scheduler.apply(TaskEnded{start.task, ending, hold, 0.001 * pick(5)}));
  }
  EXPECT_TRUE(scheduler.over());
  EXPECT_EQ(ends, 1);
  EXPECT_EQ(over.size(), after.size());
  for (const auto& [task, how] : over) {
    if (how != "good") continue;
    for (TaskId parent : after[task]) EXPECT_EQ(over[parent], "good") << task << " after " << parent;
  }
}

INSTANTIATE_TEST_SUITE_P(Seeds, GroupedBySeed, testing::Range(1u, 1001u));

}  // namespace
}  // namespace rynd::run

// Scheduler: applies events to the state of a plan.
#include "run/scheduler.h"

#include <algorithm>

namespace rynd::run {
namespace {

// A task of which nothing is known weighs little, but a chain of them more than one alone.
constexpr double unknown_seconds = 0.1;
// About what a commit costs. Work that is worth less is not handed to an idle slot at that price.
constexpr double commit_seconds = 0.004;

}  // namespace

Scheduler::Scheduler(const Plan& plan, const SchedulerOptions& options)
    : options_(options),
      children_(plan.tasks.size()),
      waits_for_(plan.tasks.size(), 0),
      expected_(plan.tasks.size(), 0),
      way_(plan.tasks.size(), 0),
      states_(plan.tasks.size(), State::waiting),
      slot_of_(plan.tasks.size(), 0),
      committed_(plan.tasks.size(), 0),
      alone_(plan.tasks.size(), false),
      loads_(plan.tasks.size(), false),
      again_(plan.tasks.size(), false),
      slots_(static_cast<size_t>(std::max(1, options.slots))),
      left_(static_cast<uint32_t>(plan.tasks.size())) {
  for (TaskId task = 0; task < plan.tasks.size(); ++task) {
    if (task < options_.expected_seconds.size()) expected_[task] = options_.expected_seconds[task];
    alone_[task] = plan.tasks[task].alone || options_.group_seconds <= 0;
    loads_[task] = plan.tasks[task].kind == TaskKind::ingest;
    parents_.push_back(plan.tasks[task].after);
    for (TaskId parent : parents_[task]) {
      children_[parent].push_back(task);
      ++waits_for_[task];
    }
  }
  // Parents stand before children, so one pass from the end sees every child first.
  for (size_t task = plan.tasks.size(); task-- > 0;) {
    double longest = 0;
    for (TaskId child : children_[task]) longest = std::max(longest, way_[child]);
    way_[task] = longest + (expected_[task] > 0 ? expected_[task] : unknown_seconds);
  }
}

std::vector<Action> Scheduler::apply(const Event& event) {
  std::vector<Action> actions;
  if (std::holds_alternative<RunBegan>(event)) {
    for (TaskId task = 0; task < states_.size(); ++task)
      if (waits_for_[task] == 0 && states_[task] == State::waiting) make_ready(task);
  } else if (const auto* ended = std::get_if<TaskEnded>(&event)) {
    if (states_[ended->task] != State::running && states_[ended->task] != State::cancelled) return actions;
    hear(*ended, actions);
  } else if (const auto* group = std::get_if<GroupEnded>(&event)) {
    hear(*group, actions);
  } else {
    stop(SkipCause::interrupted, actions);
  }
  settle_postponed(actions);
  fill_slots(actions);
  if (left_ == 0 && !ended_) {
    ended_ = true;
    actions.emplace_back(EndRun{});
  }
  return actions;
}

void Scheduler::hear(const TaskEnded& ended, std::vector<Action>& actions) {
  const TaskId task = ended.task;
  Slot& slot = slots_[static_cast<size_t>(slot_of_[task])];
  slot.busy = false;
  --running_;
  if (loads_[task]) --loading_;
  ended_seconds_ += ended.seconds;
  ++ended_count_;
  switch (ended.hold) {
    case Hold::settled:
      committed_[task] = ++commits_;
      settle(task, ended.ending, actions);
      if (ended.ending == Ending::good) release_children(task);
      return;
    case Hold::open:
      states_[task] = State::held;
      slot.members.emplace_back(task, ended.ending);
      slot.seconds += ended.seconds;
      // What follows from a failure follows once it is certain.
      if (ended.ending == Ending::bad) slot.close = true;
      if (ended.ending == Ending::good) release_children(task);
      return;
    case Hold::declined:
      return run_alone(task, actions);
    case Hold::undone: {
      states_[task] = State::held;
      Postponed postponed{task, ended.ending, {}};
      for (const auto& [member, ending] : slot.members) postponed.members.push_back(member);
      postponed_.push_back(std::move(postponed));
      undo_group(slot);
      return;
    }
    case Hold::spoiled:
      states_[task] = State::held;
      undo_group(slot);
      return run_alone(task, actions);
  }
}

void Scheduler::hear(const GroupEnded& ended, std::vector<Action>& actions) {
  Slot& slot = slots_[static_cast<size_t>(ended.slot)];
  slot.busy = false;
  --running_;
  if (!ended.committed) return undo_group(slot);
  ++commits_;
  const auto members = std::exchange(slot.members, {});
  slot.close = false;
  slot.seconds = 0;
  for (const auto& [task, ending] : members) committed_[task] = commits_;
  for (const auto& [task, ending] : members) settle(task, ending, actions);
  for (const auto& [way, task] : std::exchange(slot.own, {})) make_ready(task);
  for (TaskId task : std::exchange(split_, {})) make_ready(task);
}

// The ending counts. Children of a good one were released when it ended.
void Scheduler::settle(TaskId task, Ending ending, std::vector<Action>& actions) {
  states_[task] = State::ended;
  --left_;
  actions.emplace_back(SettleTask{task});
  if (ending == Ending::good) return;
  skip_children(task, actions);
  if (options_.fail_fast) stop(SkipCause::fail_fast, actions);
}

void Scheduler::settle_postponed(std::vector<Action>& actions) {
  const auto is_over = [&](TaskId task) { return states_[task] == State::ended || states_[task] == State::skipped; };
  for (size_t at = 0; at < postponed_.size();) {
    if (!std::ranges::all_of(postponed_[at].members, is_over)) {
      ++at;
      continue;
    }
    const Postponed one = std::move(postponed_[at]);
    postponed_.erase(postponed_.begin() + static_cast<std::ptrdiff_t>(at));
    committed_[one.task] = ++commits_;
    settle(one.task, one.ending, actions);
    if (one.ending == Ending::good) release_children(one.task);
  }
}

void Scheduler::release_children(TaskId task) {
  for (TaskId child : children_[task])
    if (--waits_for_[child] == 0 && states_[child] == State::waiting) make_ready(child);
}

void Scheduler::retract_children(TaskId task) {
  for (TaskId child : children_[task]) {
    ++waits_for_[child];
    if (states_[child] != State::ready) continue;
    unqueue(child);
    states_[child] = State::waiting;
  }
}

// Puts the task where the slots that see its parents look for work.
void Scheduler::make_ready(TaskId task) {
  states_[task] = State::ready;
  int where = -1;
  for (TaskId parent : parents_[task]) {
    if (states_[parent] != State::held || slot_of_[parent] == where) continue;
    if (where >= 0) return split_.push_back(task);
    where = slot_of_[parent];
  }
  if (loads_[task] && where < 0)
    ready_loads_.insert(key(task));
  else
    (where < 0 ? common_ : slots_[static_cast<size_t>(where)].own).insert(key(task));
}

void Scheduler::unqueue(TaskId task) {
  common_.erase(key(task));
  ready_loads_.erase(key(task));
  for (Slot& slot : slots_) slot.own.erase(key(task));
  std::erase(split_, task);
}

void Scheduler::run_alone(TaskId task, std::vector<Action>& actions) {
  alone_[task] = true;
  states_[task] = State::waiting;
  if (stopped_ && !again_[task])
    skip(task, stop_cause_, task, actions);
  else if (waits_for_[task] == 0)
    make_ready(task);
}

// It ended well before, and nothing that comes after takes that back: not even a stop skips it.
void Scheduler::run_again(TaskId task) {
  alone_[task] = true;
  again_[task] = true;
  states_[task] = State::waiting;
  if (waits_for_[task] == 0) make_ready(task);
}

void Scheduler::skip(TaskId task, SkipCause cause, TaskId parent, std::vector<Action>& actions) {
  states_[task] = State::skipped;
  --left_;
  actions.emplace_back(SkipTask{task, cause, parent});
}

// The members run again, each alone, so that one that spoils the rest is found out.
void Scheduler::undo_group(Slot& slot) {
  const auto members = std::exchange(slot.members, {});
  slot.close = false;
  slot.seconds = 0;
  for (const auto& [task, ending] : members)
    if (ending == Ending::good) retract_children(task);
  for (const auto& [task, ending] : members) states_[task] = State::waiting;
  for (const auto& [task, ending] : members) run_again(task);
}

void Scheduler::skip_children(TaskId failed, std::vector<Action>& actions) {
  std::vector<TaskId> spreading{failed};
  for (size_t at = 0; at < spreading.size(); ++at) {
    for (TaskId child : children_[spreading[at]]) {
      if (states_[child] != State::waiting) continue;
      skip(child, SkipCause::parent, spreading[at], actions);
      spreading.push_back(child);
    }
  }
}

void Scheduler::stop(SkipCause cause, std::vector<Action>& actions) {
  if (stopped_) return;
  stopped_ = true;
  stop_cause_ = cause;
  for (TaskId task = 0; task < states_.size(); ++task) {
    if (states_[task] == State::running) {
      states_[task] = State::cancelled;
      actions.emplace_back(CancelTask{task});
    } else if ((states_[task] == State::waiting || states_[task] == State::ready) && !again_[task]) {
      unqueue(task);
      skip(task, cause, task, actions);
    }
  }
}

void Scheduler::fill_slots(std::vector<Action>& actions) {
  // Those with a group first: it would have to be committed if the others took what there is to do.
  bool idle = false;
  for (const bool with_group : {true, false}) {
    for (int number = 0; number < static_cast<int>(slots_.size()); ++number) {
      if (!slots_[static_cast<size_t>(number)].busy && holds(number) == with_group && !advance(number, actions))
        idle = true;
    }
  }
  if (idle && !is_full()) make_others_share();
}

// Gives an idle slot the next thing to do; false where there is none for it.
bool Scheduler::advance(int number, std::vector<Action>& actions) {
  Slot& slot = slots_[static_cast<size_t>(number)];
  std::optional<std::pair<double, TaskId>> next;
  const auto offer = [&](const Queue& queue) {
    if (!queue.empty() && (!next || *queue.begin() < *next)) next = *queue.begin();
  };
  if (slot.members.empty()) offer(ready_loads_);
  if (!is_full()) {
    offer(slot.own);
    offer(common_);
  }
  if (wants_commit(slot, next ? std::optional(next->second) : std::nullopt)) {
    slot.busy = true;
    ++running_;
    actions.emplace_back(CommitGroup{number});
    return true;
  }
  if (!next) return false;
  start(next->second, number, actions);
  return true;
}

bool Scheduler::wants_commit(const Slot& slot, std::optional<TaskId> next) const {
  if (slot.members.empty()) return false;
  if (!next || slot.close || slot.seconds >= options_.group_seconds) return true;
  const TaskId task = *next;
  // What lasts would keep the others from being seen, and take them with it where it fails.
  if (alone_[task] || expected_[task] >= options_.group_seconds) return true;
  return std::ranges::any_of(parents_[task], [&](TaskId parent) {
    return states_[parent] == State::ended && committed_[parent] > slot.since;
  });
}

void Scheduler::start(TaskId task, int number, std::vector<Action>& actions) {
  Slot& slot = slots_[static_cast<size_t>(number)];
  unqueue(task);
  states_[task] = State::running;
  slot_of_[task] = number;
  if (slot.members.empty()) slot.since = commits_;
  slot.busy = true;
  ++running_;
  if (loads_[task]) ++loading_;
  actions.emplace_back(StartTask{task, number, alone_[task]});
}

// An idle slot waits for what others hold: they commit before they go on, where that is worth its price.
void Scheduler::make_others_share() {
  const double mean = ended_count_ == 0 ? 0 : ended_seconds_ / ended_count_;
  for (Slot& slot : slots_) {
    if (slot.members.empty()) continue;
    const size_t spare = split_.size() + (slot.own.size() > 1 ? slot.own.size() - 1 : 0);
    if (static_cast<double>(spare) * mean >= commit_seconds) slot.close = true;
  }
}

double Scheduler::expected_left() const {
  double total = 0;
  double longest = 0;
  for (TaskId task = 0; task < states_.size(); ++task) {
    const State state = states_[task];
    if (state == State::ended || state == State::skipped || state == State::held) continue;
    total += expected_[task];
    if (expected_[task] > 0) longest = std::max(longest, way_[task]);
  }
  return total > 0 ? std::max(total / std::max(1, options_.slots), longest) : 0;
}

}  // namespace rynd::run

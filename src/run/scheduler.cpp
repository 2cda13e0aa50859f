// Scheduler: applies events to the state of a plan.
#include "run/scheduler.h"

#include <algorithm>

namespace rynd::run {
namespace {

// A task of which nothing is known weighs little, but a chain of them more than one alone.
constexpr double unknown_seconds = 0.1;

}  // namespace

Scheduler::Scheduler(const Plan& plan, const SchedulerOptions& options)
    : options_(options),
      children_(plan.tasks.size()),
      waits_for_(plan.tasks.size(), 0),
      expected_(plan.tasks.size(), 0),
      way_(plan.tasks.size(), 0),
      states_(plan.tasks.size(), State::waiting),
      left_(static_cast<uint32_t>(plan.tasks.size())) {
  for (TaskId task = 0; task < plan.tasks.size(); ++task) {
    if (task < options_.expected_seconds.size()) expected_[task] = options_.expected_seconds[task];
    for (TaskId parent : plan.tasks[task].after) {
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
    for (TaskId task = 0; task < states_.size(); ++task) {
      if (waits_for_[task] > 0 || states_[task] != State::waiting) continue;
      states_[task] = State::ready;
      ready_.emplace(-way_[task], task);
    }
  } else if (const auto* ended = std::get_if<TaskEnded>(&event)) {
    if (states_[ended->task] != State::running && states_[ended->task] != State::cancelled) return actions;
    end(ended->task, ended->ending, actions);
  } else {
    stop(SkipCause::interrupted, actions);
  }
  start_ready(actions);
  if (left_ == 0 && !ended_) {
    ended_ = true;
    actions.emplace_back(EndRun{});
  }
  return actions;
}

void Scheduler::end(TaskId task, Ending ending, std::vector<Action>& actions) {
  states_[task] = State::ended;
  --running_;
  --left_;
  if (ending == Ending::bad) {
    skip_children(task, actions);
    if (options_.fail_fast) stop(SkipCause::fail_fast, actions);
    return;
  }
  for (TaskId child : children_[task]) {
    if (--waits_for_[child] > 0 || states_[child] != State::waiting) continue;
    states_[child] = State::ready;
    ready_.emplace(-way_[child], child);
  }
}

void Scheduler::skip_children(TaskId failed, std::vector<Action>& actions) {
  std::vector<TaskId> spreading{failed};
  for (size_t at = 0; at < spreading.size(); ++at) {
    for (TaskId child : children_[spreading[at]]) {
      if (states_[child] != State::waiting) continue;
      states_[child] = State::skipped;
      --left_;
      actions.emplace_back(SkipTask{child, SkipCause::parent, spreading[at]});
      spreading.push_back(child);
    }
  }
}

void Scheduler::stop(SkipCause cause, std::vector<Action>& actions) {
  if (stopped_) return;
  stopped_ = true;
  ready_.clear();
  for (TaskId task = 0; task < states_.size(); ++task) {
    if (states_[task] == State::running) {
      states_[task] = State::cancelled;
      actions.emplace_back(CancelTask{task});
    } else if (states_[task] == State::waiting || states_[task] == State::ready) {
      states_[task] = State::skipped;
      --left_;
      actions.emplace_back(SkipTask{task, cause, task});
    }
  }
}

void Scheduler::start_ready(std::vector<Action>& actions) {
  while (!stopped_ && running_ < options_.slots && !ready_.empty()) {
    const TaskId task = ready_.begin()->second;
    ready_.erase(ready_.begin());
    states_[task] = State::running;
    ++running_;
    actions.emplace_back(StartTask{task});
  }
}

double Scheduler::expected_left() const {
  double total = 0;
  double longest = 0;
  for (TaskId task = 0; task < states_.size(); ++task) {
    if (states_[task] == State::ended || states_[task] == State::skipped) continue;
    total += expected_[task];
    if (expected_[task] > 0) longest = std::max(longest, way_[task]);
  }
  return total > 0 ? std::max(total / std::max(1, options_.slots), longest) : 0;
}

}  // namespace rynd::run

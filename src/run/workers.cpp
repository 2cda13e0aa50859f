// Workers: see the header.
#include "workers.h"

#include <algorithm>

#include "status.h"

namespace rynd::run {
namespace {

// Another connection's transaction won: the same statement may well succeed now.
bool passes(const transform::NodeResult& result) {
  return std::ranges::any_of(result.diagnostics, [](const Diagnostic& it) { return it.code == Code::sql_transaction; });
}

}  // namespace

Workers::~Workers() {
  {
    const std::lock_guard lock(mutex_);
    closing_ = true;
    for (Slot& slot : slots_) slot.given.notify_one();
  }
  for (Slot& slot : slots_)
    if (slot.thread.joinable()) slot.thread.join();
}

void Workers::start(int slot, TaskId task, bool alone) { give(slot, {task, alone, {}}); }
void Workers::commit(int slot) { give(slot, {}); }

void Workers::give(int number, Order order) {
  Slot& slot = slots_[static_cast<size_t>(number)];
  const std::lock_guard lock(mutex_);
  slot.order = std::move(order);
  slot.taken = false;
  if (slot.thread.joinable())
    slot.given.notify_one();
  else
    slot.thread = std::thread([this, number, &slot] { work(number, slot); });
}

void Workers::cancel(TaskId task) {
  std::stop_source stop(std::nostopstate);
  {
    const std::lock_guard lock(mutex_);
    for (Slot& slot : slots_)
      if (slot.order && slot.order->task == task) stop = slot.order->stop;
  }
  stop.request_stop();
}

void Workers::wake() {
  const std::lock_guard lock(mutex_);
  woken_ = true;
  something_done_.notify_one();
}

std::vector<Done> Workers::wait(std::chrono::milliseconds most) {
  std::unique_lock lock(mutex_);
  something_done_.wait_for(lock, most, [&] { return !done_.empty() || woken_; });
  woken_ = false;
  return std::exchange(done_, {});
}

void Workers::work(int number, Slot& slot) {
  std::unique_lock lock(mutex_);
  while (true) {
    slot.given.wait(lock, [&] { return closing_ || (slot.order && !slot.taken); });
    if (!slot.order || slot.taken) return;
    slot.taken = true;
    const Order order = *slot.order;
    lock.unlock();
    Done done = fulfil(number, order);
    lock.lock();
    slot.order.reset();
    done_.push_back(std::move(done));
    something_done_.notify_one();
  }
}

Done Workers::fulfil(int number, const Order& order) {
  if (!order.task) return CommitDone{number, runner_.commit(number).has_value()};
  const auto began = clock_.steady();
  TaskOutcome outcome = attempt(plan_.tasks[*order.task], number, order.alone, order.stop.get_token());
  return TaskDone{*order.task, std::move(outcome), std::chrono::duration<double>(clock_.steady() - began).count()};
}

TaskOutcome Workers::attempt(const Task& task, int worker, bool alone, const std::stop_token& stop) {
  std::chrono::milliseconds delay = retries_.first_delay;
  for (int attempt = 1;; ++attempt, delay *= 2) {
    TaskOutcome outcome = runner_.run(task, worker, alone, stop);
    const bool again = alone && attempt < retries_.attempts && is_bad(outcome.result.status) && passes(outcome.result);
    if (!again || !clock_.sleep(delay, stop)) return outcome;
  }
}

}  // namespace rynd::run

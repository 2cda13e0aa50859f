// LentThreads: see the header.
#include "duckdb/lent_threads.h"

namespace rynd::engine::duck {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;

// Shorter than this, a statement is over before a thread has been of use.
constexpr milliseconds long_after{5};
// A core may come free while the statement runs.
constexpr milliseconds ask_again_after{5};
constexpr microseconds longest_wait{500};

}  // namespace

LentThreads::Statement::Statement(LentThreads& helpers) : helpers_(helpers), began_(helpers.clock_.steady()) {
  const std::lock_guard lock(helpers_.mutex_);
  ++helpers_.running_;
}

LentThreads::Statement::~Statement() {
  const std::lock_guard lock(helpers_.mutex_);
  --helpers_.running_;
  if (long_) --helpers_.long_;
}

void LentThreads::Statement::step() {
  if (helpers_.threads_ == 1) return;
  const auto now = helpers_.clock_.steady();
  if (now - began_ < long_after || now - asked_ < ask_again_after) return;
  asked_ = now;
  lasts();
}

void LentThreads::Statement::lasts() {
  const std::lock_guard lock(helpers_.mutex_);
  if (!long_) ++helpers_.long_;
  long_ = true;
  helpers_.ask();
}

void LentThreads::Statement::wait() {
  std::unique_lock lock(helpers_.mutex_);
  helpers_.task_done_.wait_for(lock, longest_wait);
}

LentThreads::~LentThreads() {
  for (Helper& helper : helpers_) helper.thread.join();
}

void LentThreads::reap() {
  for (auto helper = helpers_.begin(); helper != helpers_.end();) {
    if (!helper->done) {
      ++helper;
      continue;
    }
    helper->thread.join();
    helper = helpers_.erase(helper);
  }
}

// With the lock held.
void LentThreads::ask() {
  reap();
  while (running_ + helping_ < threads_) {
    ++helping_;
    Helper& helper = helpers_.emplace_back();
    helper.thread = std::thread([this, &helper] { help(helper); });
  }
}

void LentThreads::help(Helper& self) {
  while (true) {
    {
      const std::lock_guard lock(mutex_);
      if (!wanted()) {
        --helping_;
        self.done = true;
        return;
      }
    }
    duckdb_execute_tasks(database_, 1);  // waits some milliseconds for a task where there is none
    task_done_.notify_all();
  }
}

}  // namespace rynd::engine::duck

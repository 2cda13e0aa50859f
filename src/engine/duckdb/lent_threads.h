// LentThreads: threads lent to statements that run long. DuckDB's own pool wakes a thread for every task of every
// statement, which makes a small one half as dear again and keeps its caller spinning; a statement here runs on its
// caller's thread, and is joined by the free cores only once it has lasted.
#pragma once

#include <duckdb.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <list>
#include <mutex>
#include <thread>

#include "base/clock.h"

namespace rynd::engine::duck {

class LentThreads {
 public:
  explicit LentThreads(duckdb_database database) : database_(database) {}
  ~LentThreads();
  LentThreads(const LentThreads&) = delete;
  LentThreads& operator=(const LentThreads&) = delete;

  // How many may work at once, callers among them; none helps before this was said. Before the first statement.
  void allow(size_t threads) { threads_ = threads; }
  // Nobody helps from now on: DuckDB has threads of its own again. True where there was help until now.
  bool end() { return threads_.exchange(1) > 1; }

  // One statement, from its first step to its last; used by the thread that runs it.
  class Statement {
   public:
    explicit Statement(LentThreads& helpers);
    ~Statement();
    Statement(const Statement&) = delete;
    Statement& operator=(const Statement&) = delete;

    // Between two steps: asks for help once the statement has lasted.
    void step();
    // Help is welcome from the start: the statement is one long step.
    void lasts();
    // All that can be done is being done by others: returns when that may have changed.
    void wait();

   private:
    LentThreads& helpers_;
    std::chrono::steady_clock::time_point began_;
    std::chrono::steady_clock::time_point asked_;
    bool long_ = false;
  };

 private:
  struct Helper {
    bool done = false;
    std::thread thread;
  };

  void ask();
  void help(Helper& self);
  // With the lock held.
  bool wanted() const { return long_ > 0 && running_ + helping_ <= threads_; }
  void reap();

  duckdb_database database_;
  std::atomic<size_t> threads_ = 1;
  RealClock clock_;
  std::mutex mutex_;
  std::condition_variable task_done_;
  size_t running_ = 0;  // statements
  size_t long_ = 0;     // those of them that have lasted
  size_t helping_ = 0;
  std::list<Helper> helpers_;  // those that are done are joined when the next one is needed
};

}  // namespace rynd::engine::duck

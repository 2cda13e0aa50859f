// Session: one node's conversation with the warehouse: its statements, its one transaction, the results its templates
// stored, and what it did to the relation cache. In a group the transaction is the group's.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostic.h"
#include "context/agate.h"
#include "engine/engine.h"
#include "group.h"
#include "relation_cache.h"

namespace rynd::transform {

// dbt's AdapterResponse.
struct Response {
  std::string message = "OK";
  std::string code = {};  // "" without
  std::optional<int64_t> rows_affected = {};
  // As run_results.json has it: only what is known.
  Node node() const;
};

// What load_result() gives.
struct Stored {
  Response response;
  AgatePtr table;
};

class Session {
 public:
  // Without `transactions` only begin() opens one: what the profile's disable_transactions asks for.
  Session(engine::Connection& connection, RelationCache& cache, std::stop_token stop,
          SharedTransaction* group = nullptr, bool transactions = true)
      : connection_(connection), cache_(cache), stop_(std::move(stop)), group_(group), transactions_(transactions) {
    if (group_) group_->enter();
  }
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;
  ~Session() {
    rollback();
    if (group_) group_->leave();
  }

  // Runs all statements of a text. `begin`: inside the node's transaction, which it opens; else inside it only where it
  // is open. Without `fetch` the table has neither rows nor columns.
  Result<Stored> run(std::string_view sql, bool begin, bool fetch, std::span<const engine::Value> parameters = {});
  Result<std::vector<engine::Column>> describe(std::string_view sql);
  // Opens the node's transaction where it is not open yet, for this SQL; in a group, the group's.
  Result<void> begin(std::string_view sql = {});
  // In a group, what was done is the group's to commit.
  Result<void> commit();
  // Also undoes what the cache was told. Never fails: there is nothing left to do then.
  void rollback();
  // The node failed with this: rolls back, in a group what must be.
  void give_up(Code code);
  // What templates of several nodes share and change (`graph`) is used under a lock from here to the session's end, but
  // while something else is waited for: as Python's threads hold its global lock.
  void lock(std::recursive_mutex& shared) {
    if (!lock_.mutex()) lock_ = std::unique_lock(shared);
  }
  // While it lives others may use what is shared.
  class Waiting {
   public:
    explicit Waiting(std::unique_lock<std::recursive_mutex>& lock) : lock_(lock), held_(lock.owns_lock()) {
      if (held_) lock_.unlock();
    }
    ~Waiting() {
      if (held_) lock_.lock();
    }
    Waiting(const Waiting&) = delete;
    Waiting& operator=(const Waiting&) = delete;

   private:
    std::unique_lock<std::recursive_mutex>& lock_;
    bool held_;
  };
  Waiting waiting() { return Waiting(lock_); }

  // From now on templates that send statements fail: what they would get is not known yet.
  void only_bind() { only_binds_ = true; }
  bool stopping() const { return stop_.stop_requested(); }
  std::stop_token stop() const { return stop_; }

  engine::Connection& connection() { return connection_; }
  RelationCache& cache() { return cache_; }
  void cache_put(CachedRelation relation) { changes_.push_back(cache_.put(std::move(relation))); }
  void cache_erase(const CachedRelation& relation) { changes_.push_back(cache_.erase(relation)); }

  void store(const std::string& name, Stored result) { results_[name] = {std::move(result), false}; }
  struct Kept {
    Stored result;
    bool read = false;
  };
  // Null where nothing has that name.
  Kept* find(const std::string& name);

 private:
  engine::Connection& connection_;
  RelationCache& cache_;
  std::stop_token stop_;
  SharedTransaction* group_;
  bool transactions_;
  bool open_ = false;
  bool only_binds_ = false;
  std::vector<RelationCache::Change> changes_;
  std::map<std::string, Kept> results_;
  std::unique_lock<std::recursive_mutex> lock_;
};

}  // namespace rynd::transform

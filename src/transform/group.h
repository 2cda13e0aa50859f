// SharedTransaction: a group's transaction, and what the node that runs in it does to it.
#pragma once

#include <string_view>
#include <vector>

#include "base/diagnostic.h"
#include "relation_cache.h"
#include "transform.h"

namespace rynd::transform {

class SharedTransaction final : public Group {
 public:
  SharedTransaction(engine::Connection& connection, RelationCache& cache) : connection_(connection), cache_(cache) {}
  ~SharedTransaction() override { undo(); }

  Fate fate() const override { return fate_; }
  Result<void> commit() override;

  // A node, from its first statement to its last.
  void enter();
  void leave() { connection_.guard_transaction(false); }
  // Begins the transaction where there is none. Fails with sql_transaction where the SQL must not share what there is.
  Result<void> begin(std::string_view sql);
  // The node asks for its work to be committed. `changes`: what it told the cache, undone with the transaction.
  void keep(std::vector<RelationCache::Change> changes);
  // The node failed with this, after it told the cache that.
  void node_failed(Code code, const std::vector<RelationCache::Change>& changes);

 private:
  bool node_wrote() const { return connection_.changes() != changes_before_; }
  bool intact();
  void undo();

  engine::Connection& connection_;
  RelationCache& cache_;
  std::vector<RelationCache::Change> changes_;
  bool open_ = false;
  bool clock_read_ = false;  // a node's SQL reads the time, which is the transaction's for all of them
  Fate fate_ = Fate::joined;
  // Of the node that runs.
  uint64_t changes_before_ = 0;
  bool node_committed_ = false;
  bool node_read_clock_ = false;
};

}  // namespace rynd::transform

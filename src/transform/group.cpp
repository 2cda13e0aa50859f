// SharedTransaction: see the header.
#include "group.h"

#include <iterator>

#include "sql/clock.h"

namespace rynd::transform {
namespace {

// Errors that a transaction shared with others may be the reason of.
bool may_pass_alone(Code code) {
  switch (code) {
    case Code::sql_transaction:
    case Code::sql_dependency:
    case Code::sql_unsupported:
    case Code::engine_failed:
      return true;
    default:
      return false;
  }
}

}  // namespace

void SharedTransaction::enter() {
  fate_ = Fate::joined;
  changes_before_ = connection_.changes();
  node_committed_ = false;
  node_read_clock_ = false;
  connection_.guard_transaction(true);
}

// now() is when the transaction began: a node that compares it with what another of the same transaction wrote down
// would find them equal, so that only one of them may read it.
Result<void> SharedTransaction::begin(std::string_view sql) {
  if (!node_wrote() && !node_read_clock_ && sql::reads_clock(sql)) {
    if (clock_read_)
      return fail({.code = Code::sql_transaction, .message = "another node of this transaction reads the time"});
    clock_read_ = node_read_clock_ = true;
  }
  if (open_) return {};
  auto begun = connection_.begin();
  open_ = begun.has_value();
  return begun;
}

void SharedTransaction::keep(std::vector<RelationCache::Change> changes) {
  node_committed_ = true;
  changes_.insert(changes_.end(), std::make_move_iterator(changes.begin()), std::make_move_iterator(changes.end()));
}

void SharedTransaction::node_failed(Code code, const std::vector<RelationCache::Change>& changes) {
  const bool again = may_pass_alone(code) || node_committed_;
  cache_.undo(changes);
  if (!node_wrote() && intact()) {
    fate_ = again ? Fate::declined : Fate::joined;
    return;
  }
  undo();
  fate_ = again ? Fate::spoiled : Fate::undone;
}

// Some errors leave the transaction as it was, others end it.
bool SharedTransaction::intact() { return !open_ || connection_.execute("select 1").has_value(); }

Result<void> SharedTransaction::commit() {
  clock_read_ = false;
  if (!std::exchange(open_, false)) {
    changes_.clear();
    return {};
  }
  auto done = connection_.commit();
  if (!done) {
    (void)connection_.rollback();
    cache_.undo(changes_);
  }
  changes_.clear();
  return done;
}

void SharedTransaction::undo() {
  clock_read_ = false;
  const auto changes = std::exchange(changes_, {});
  if (!std::exchange(open_, false)) return;
  (void)connection_.rollback();
  cache_.undo(changes);
}

}  // namespace rynd::transform

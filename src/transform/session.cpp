// Session: see the header.
#include "session.h"

#include "base/text.h"

namespace rynd::transform {

namespace {

Diagnostic interrupted() {
  return {.code = Code::sql_interrupted, .message = "interrupted before the statement began"};
}

}  // namespace

Node Response::node() const {
  Node result = Node::map();
  result.set("_message", Node::of(message));
  if (!code.empty()) result.set("code", Node::of(code));
  if (rows_affected) result.set("rows_affected", Node::of(*rows_affected));
  return result;
}

Result<Stored> Session::run(std::string_view sql, bool begin, bool fetch, std::span<const engine::Value> parameters) {
  if (stopping()) return fail(interrupted());
  if (only_binds_)
    return fail({.code = Code::unsupported, .message = "nothing is asked of the warehouse before it is built"});
  if (begin && transactions_) {
    if (auto begun = this->begin(sql); !begun) return std::unexpected(begun.error());
  }
  Stored result;
  auto data = std::make_shared<AgateData>();
  // A text of comments or nothing is no statement to the engine; to dbt's templates it is one that does nothing.
  if (trim(sql).empty()) {
    result.table = std::move(data);
    return result;
  }
  const Waiting others_go_on = waiting();
  const std::stop_callback interrupt(stop_, [this] { connection_.interrupt(); });
  if (fetch) {
    auto table = engine::fetch(connection_, sql, parameters);
    if (!table) return std::unexpected(table.error());
    *data = agate_of(*table);
  } else {
    auto done = connection_.execute(sql, parameters);
    if (!done) return std::unexpected(done.error());
  }
  result.table = std::move(data);
  return result;
}

Result<void> Session::begin(std::string_view sql) {
  if (group_) return group_->begin(sql);
  if (open_) return {};
  auto begun = connection_.begin();
  open_ = begun.has_value();
  return begun;
}

Result<std::vector<engine::Column>> Session::describe(std::string_view sql) {
  if (stopping()) return fail(interrupted());
  const Waiting others_go_on = waiting();
  return connection_.describe(sql);
}

Result<void> Session::commit() {
  if (group_) {
    if (stopping()) return fail(interrupted());
    group_->keep(std::exchange(changes_, {}));
    return {};
  }
  if (open_) {
    if (stopping()) return fail(interrupted());
    open_ = false;
    const Waiting others_go_on = waiting();
    if (auto done = connection_.commit(); !done) {
      cache_.undo(std::exchange(changes_, {}));
      return done;
    }
  }
  changes_.clear();
  return {};
}

void Session::rollback() {
  if (!open_) return;
  open_ = false;
  (void)connection_.rollback();
  cache_.undo(std::exchange(changes_, {}));
}

void Session::give_up(Code code) {
  if (!group_) return rollback();
  group_->node_failed(code, std::exchange(changes_, {}));
}

Session::Kept* Session::find(const std::string& name) {
  const auto found = results_.find(name);
  return found == results_.end() ? nullptr : &found->second;
}

}  // namespace rynd::transform

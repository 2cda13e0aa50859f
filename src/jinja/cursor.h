// Cursor: a loop that runs: its items, and what `loop` tells about it.
#pragma once

#include <deque>
#include <optional>

#include "object.h"
#include "operations.h"
#include "program.h"

namespace rynd::jinja {

class Range;

class Cursor final : public Object {
 public:
  // `counts`: the loop's body uses `loop`.
  Cursor(Value items, bool counts);
  // The next item, or false at the end.
  bool next(Value& item);
  // What loop(...) runs in a recursive loop.
  void set_recursion(Value body, int depth) {
    body_ = std::move(body);
    depth_ = depth;
  }
  Value get(LoopAttribute attribute);

  std::string_view type_name() const override { return "jinja2.runtime.LoopContext"; }
  Outcome<std::optional<Value>> attr(std::string_view name) override;
  bool is_callable() const override { return true; }
  Outcome<Value> call(const Arguments& arguments) override;
  std::optional<size_t> length() override { return count(); }
  std::string repr() override;

 private:
  bool pull(Value& item);
  const Value* peek();
  size_t count();
  Value changed(const Arguments& arguments);
  Value cycle(const Arguments& arguments);

  const Value items_;
  const std::vector<Value>* sequence_ = nullptr;
  Range* range_ = nullptr;
  IteratorPtr iterator_;
  std::deque<Value> ahead_;
  const bool counts_;
  size_t position_ = 0;  // items given
  size_t taken_ = 0;     // items pulled
  std::optional<size_t> count_;
  Value previous_ = Value::missing();
  Value current_ = Value::missing();
  Value last_checked_ = Value::missing();
  Value body_;
  int depth_ = 0;
};

}  // namespace rynd::jinja

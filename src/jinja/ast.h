// Ast: a template as a tree, between parser and compiler. Nodes live in one arena and die with it.
#pragma once

#include <cstdint>
#include <memory_resource>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "object.h"
#include "value.h"

namespace rynd::jinja {

struct Scope;

enum class ExprKind : uint8_t {
  constant,  // constants[number]
  name,      // name
  list,
  tuple,
  dict,    // items (a dict's: key, value, key, value...)
  attr,    // a.name
  item,    // a[b]
  slice,   // a[items[0]:items[1]:items[2]], nullptr for those left out
  call,    // a(...)
  filter,  // a | name(...); a is nullptr at the head of a filter block
  test,    // a is name(...)
  unary_not,
  negate,
  positive,
  arithmetic,  // a op b
  concat,      // items joined with ~
  compare,     // a, then items with operators
  logical_and,
  logical_or,
  conditional,       // a if b else c (c may be nullptr)
  namespace_target,  // name.attribute on the left of a set
};

enum class CompareOp : uint8_t { equal, not_equal, less, less_equal, greater, greater_equal, in, not_in };

struct Expr;
struct NamedArgument {
  std::string_view name;
  Expr* value = nullptr;
};

struct CallArguments {
  std::span<Expr*> positional;
  std::span<NamedArgument> named;
  Expr* spread = nullptr;        // *args
  Expr* spread_named = nullptr;  // **kwargs
  bool is_plain() const { return named.empty() && !spread && !spread_named; }
};

struct Expr {
  ExprKind kind = ExprKind::constant;
  Operator op = Operator::add;
  uint32_t begin = 0;
  uint32_t end = 0;
  uint32_t number = 0;
  std::string_view name;
  std::string_view attribute;
  Expr* a = nullptr;
  Expr* b = nullptr;
  Expr* c = nullptr;
  std::span<Expr*> items;
  std::span<CompareOp> operators;
  CallArguments* arguments = nullptr;
};

enum class StmtKind : uint8_t {
  text,          // source bytes [begin, end)
  output,        // {{ a }}
  set,           // target = a
  set_block,     // target = body | filter a
  if_,           // a: body; then `branches`; else other
  for_,          // target in a if b: body; other
  macro,         // definition
  call_block,    // call a, definition is the block
  filter_block,  // a over body
  with,          // targets = values: body
  block,         // name: body
  scope,         // body in a scope of its own
  docs,          // nothing
  do_,           // a
  break_,
  continue_,
  loader,  // include, import, from, extends: there is no loader
};

struct Stmt;
using Body = std::span<Stmt*>;

struct MacroParameter {
  std::string_view name;
  std::string_view type;
  Expr* fallback = nullptr;
  uint32_t begin = 0;
  uint32_t end = 0;
};

enum class DefinitionKind : uint8_t { macro, test, materialization, caller };

struct Definition {
  DefinitionKind kind = DefinitionKind::macro;
  std::string_view name;
  std::span<MacroParameter> parameters;
  std::string_view adapter = "default";
  std::span<std::string_view> languages;
  Body body;
  uint32_t body_begin = 0;
  uint32_t body_end = 0;
  uint32_t end = 0;  // of the closing tag
};

struct Branch {
  Expr* condition = nullptr;
  Body body;
};

struct Stmt {
  StmtKind kind = StmtKind::text;
  bool recursive = false;
  bool scoped = false;
  bool uses_loop = false;
  uint32_t begin = 0;  // of the tag
  uint32_t end = 0;
  std::string_view name;
  Expr* a = nullptr;
  Expr* b = nullptr;
  Expr* target = nullptr;
  std::span<Expr*> targets;
  std::span<Expr*> values;
  Body body;
  Body other;
  std::span<Branch> branches;
  Definition* definition = nullptr;
  Scope* scope = nullptr;        // of the body
  Scope* other_scope = nullptr;  // of a loop's else
  Scope* test_scope = nullptr;   // of a loop's filter
};

// Owns the nodes of one text.
class Tree {
 public:
  Tree() : arena_(16384) {}
  template <class T>
  T* make(T node = {}) {
    static_assert(std::is_trivially_destructible_v<T>);
    return new (arena_.allocate(sizeof(T), alignof(T))) T(node);
  }
  template <class T>
  std::span<T> keep(const std::vector<T>& items) {
    static_assert(std::is_trivially_destructible_v<T>);
    if (items.empty()) return {};
    T* place = static_cast<T*>(arena_.allocate(sizeof(T) * items.size(), alignof(T)));
    std::uninitialized_copy(items.begin(), items.end(), place);
    return {place, items.size()};
  }

  Body body;
  Expr* expression = nullptr;  // where the text is one
  std::vector<Value> constants;

 private:
  std::pmr::monotonic_buffer_resource arena_;
};

}  // namespace rynd::jinja

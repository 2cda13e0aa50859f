// Scope: which variable a name means, by Jinja's rules: loops, macros, call blocks, with and set blocks have scopes of
// their own; what they assign stays inside, starting from what the name means outside.
#pragma once

#include <functional>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include "ast.h"

namespace rynd::jinja {

// How a variable starts in its scope.
enum class Start : uint8_t {
  parameter,  // somebody assigns it first
  unassigned,
  from_context,  // what the context has, until it is assigned
  from_outer,    // what it is outside
};

struct Variable {
  std::string_view name;
  Start start = Start::unassigned;
  Variable* outer = nullptr;  // where it starts from outside
  bool stored = false;        // the text assigns it: else it is what it starts as
  uint32_t unit = 0;          // the function whose frame holds it
  int32_t slot = -1;          // given when the compiler reaches it
};

struct Scope {
  Scope* parent = nullptr;
  uint32_t unit = 0;
  Stmt* loop = nullptr;  // where this is a loop's body
  std::vector<std::pair<std::string_view, Variable*>> variables;
  std::vector<std::string_view> stores;

  Variable* own(std::string_view name) const;
  // Here or in the scopes around; nullptr: the name is free.
  Variable* find(std::string_view name) const;
};

// Gives every statement its scopes. `units` are numbered as functions of the code, the template being 0.
class ScopeBuilder {
 public:
  explicit ScopeBuilder(bool bind_macro_names) : bind_macro_names_(bind_macro_names) {}
  Scope* build(Tree& tree);
  // "caller", "kwargs" or "varargs" is used free in a body.
  static bool uses(const Body& body, std::string_view name);

 private:
  Scope* open(Scope* parent, uint32_t unit);
  void visit(Scope& scope, const Body& body);
  void visit(Scope& scope, Stmt& statement);
  void visit(Scope& scope, const Expr* expr);
  void visit_arguments(Scope& scope, const CallArguments* arguments);
  void visit_if(Scope& scope, Stmt& statement);
  void visit_for(Scope& scope, Stmt& statement);
  void visit_definition(Scope& scope, Stmt& statement);
  void visit_body(Stmt& statement);
  void visit_with(Scope& scope, Stmt& statement);
  void visit_target(Scope& scope, const Expr& target, bool parameter);
  void load(Scope& scope, std::string_view name);
  void store(Scope& scope, std::string_view name);
  // Scopes inside are looked at once the names of the scopes around them are all known.
  void later(std::function<void()> visit) { pending_.push_back(std::move(visit)); }
  Variable* declare(Scope& scope, std::string_view name, Start start, Variable* outer = nullptr);

  const bool bind_macro_names_;
  uint32_t units_ = 0;
  Scope* root_ = nullptr;
  std::vector<std::function<void()>> pending_;
  std::vector<std::unique_ptr<Scope>> scopes_;
  std::vector<std::unique_ptr<Variable>> variables_;
};

}  // namespace rynd::jinja

// Scope: one walk over the tree in the order of the text.
#include "scope.h"

#include <algorithm>

namespace rynd::jinja {
namespace {

// Whether a name is read anywhere in a tree: enough to know which of the special parameters a macro takes.
bool expr_uses(const Expr* expr, std::string_view name) {
  if (!expr) return false;
  if (expr->kind == ExprKind::name && expr->name == name) return true;
  if (expr_uses(expr->a, name) || expr_uses(expr->b, name) || expr_uses(expr->c, name)) return true;
  for (const Expr* item : expr->items) {
    if (expr_uses(item, name)) return true;
  }
  if (const CallArguments* arguments = expr->arguments) {
    for (const Expr* item : arguments->positional) {
      if (expr_uses(item, name)) return true;
    }
    for (const NamedArgument& argument : arguments->named) {
      if (expr_uses(argument.value, name)) return true;
    }
    return expr_uses(arguments->spread, name) || expr_uses(arguments->spread_named, name);
  }
  return false;
}

bool statement_uses(const Stmt& statement, std::string_view name) {
  if (expr_uses(statement.a, name) || expr_uses(statement.b, name)) return true;
  for (const Expr* value : statement.values) {
    if (expr_uses(value, name)) return true;
  }
  for (const Branch& branch : statement.branches) {
    if (expr_uses(branch.condition, name) || ScopeBuilder::uses(branch.body, name)) return true;
  }
  if (statement.definition) {
    for (const MacroParameter& parameter : statement.definition->parameters) {
      if (expr_uses(parameter.fallback, name)) return true;
    }
    if (ScopeBuilder::uses(statement.definition->body, name)) return true;
  }
  return ScopeBuilder::uses(statement.body, name) || ScopeBuilder::uses(statement.other, name);
}

}  // namespace

bool ScopeBuilder::uses(const Body& body, std::string_view name) {
  return std::ranges::any_of(body, [&](const Stmt* statement) { return statement_uses(*statement, name); });
}

Variable* Scope::own(std::string_view name) const {
  for (const auto& [own_name, variable] : variables) {
    if (own_name == name) return variable;
  }
  return nullptr;
}

Variable* Scope::find(std::string_view name) const {
  for (const Scope* scope = this; scope; scope = scope->parent) {
    if (Variable* variable = scope->own(name)) return variable;
  }
  return nullptr;
}

Scope* ScopeBuilder::build(Tree& tree) {
  root_ = open(nullptr, 0);
  visit(*root_, tree.body);
  if (tree.expression) visit(*root_, tree.expression);
  for (size_t at = 0; at < pending_.size(); ++at) {
    const std::function<void()> visit = std::move(pending_[at]);
    visit();
  }
  return root_;
}

Scope* ScopeBuilder::open(Scope* parent, uint32_t unit) {
  scopes_.push_back(std::make_unique<Scope>());
  scopes_.back()->parent = parent;
  scopes_.back()->unit = unit;
  return scopes_.back().get();
}

Variable* ScopeBuilder::declare(Scope& scope, std::string_view name, Start start, Variable* outer) {
  if (Variable* own = scope.own(name)) {
    own->start = start;
    own->outer = outer;
    return own;
  }
  variables_.push_back(std::make_unique<Variable>(Variable{name, start, outer, false, scope.unit, -1}));
  scope.variables.emplace_back(name, variables_.back().get());
  return variables_.back().get();
}

void ScopeBuilder::load(Scope& scope, std::string_view name) {
  if (name == "loop") {
    for (Scope* around = &scope; around; around = around->parent) {
      if (!around->loop) continue;
      around->loop->uses_loop = true;
      break;
    }
  }
  if (!scope.find(name)) declare(scope, name, Start::from_context);
}

void ScopeBuilder::store(Scope& scope, std::string_view name) {
  if (std::ranges::find(scope.stores, name) == scope.stores.end()) scope.stores.push_back(name);
  Variable* variable = scope.own(name);
  if (!variable) {
    Variable* outer = scope.parent ? scope.parent->find(name) : nullptr;
    variable = declare(scope, name, outer ? Start::from_outer : Start::unassigned, outer);
  }
  variable->stored = true;
}

void ScopeBuilder::visit(Scope& scope, const Body& body) {
  for (Stmt* statement : body) visit(scope, *statement);
}

void ScopeBuilder::visit_target(Scope& scope, const Expr& target, bool parameter) {
  if (target.kind == ExprKind::tuple) {
    for (const Expr* item : target.items) visit_target(scope, *item, parameter);
  } else if (target.kind == ExprKind::namespace_target) {
    load(scope, target.name);
  } else if (parameter) {
    if (std::ranges::find(scope.stores, target.name) == scope.stores.end()) scope.stores.push_back(target.name);
    declare(scope, target.name, Start::parameter);
  } else {
    store(scope, target.name);
  }
}

void ScopeBuilder::visit(Scope& scope, Stmt& statement) {
  switch (statement.kind) {
    case StmtKind::output:
    case StmtKind::do_:
    case StmtKind::loader:
      visit(scope, statement.a);
      return;
    case StmtKind::set:
      visit(scope, statement.a);
      visit_target(scope, *statement.target, false);
      return;
    case StmtKind::set_block:
      visit_target(scope, *statement.target, false);
      statement.scope = open(&scope, scope.unit);
      later([this, &statement] {
        visit(*statement.scope, statement.a);
        visit(*statement.scope, statement.body);
      });
      return;
    case StmtKind::if_:
      visit_if(scope, statement);
      return;
    case StmtKind::for_:
      visit_for(scope, statement);
      return;
    case StmtKind::macro:
      if (bind_macro_names_) store(scope, statement.definition->name);
      visit_definition(scope, statement);
      return;
    case StmtKind::call_block:
      visit(scope, statement.a);
      visit_definition(scope, statement);
      return;
    case StmtKind::filter_block:
      visit(scope, statement.a);
      statement.scope = open(&scope, scope.unit);
      later([this, &statement] { visit(*statement.scope, statement.body); });
      return;
    case StmtKind::with:
      visit_with(scope, statement);
      return;
    case StmtKind::block:
      statement.scope = open(statement.scoped ? &scope : root_, ++units_);
      later([this, &statement] { visit(*statement.scope, statement.body); });
      return;
    case StmtKind::scope:
      if (statement.a) visit(scope, statement.a);
      statement.scope = open(&scope, scope.unit);
      later([this, &statement] { visit(*statement.scope, statement.body); });
      return;
    default:
      return;
  }
}

void ScopeBuilder::visit_if(Scope& scope, Stmt& statement) {
  // A name that only some branches assign starts as what it is outside, or in the context.
  visit(scope, statement.branches[0].condition);
  const std::vector<std::string_view> before = scope.stores;
  std::vector<std::pair<std::string_view, int>> counts;
  const auto branch = [&](auto&& body) {
    scope.stores = before;
    body();
    for (size_t at = before.size(); at < scope.stores.size(); ++at) {
      const auto found = std::ranges::find(counts, scope.stores[at], &std::pair<std::string_view, int>::first);
      if (found == counts.end()) {
        counts.emplace_back(scope.stores[at], 1);
      } else {
        ++found->second;
      }
    }
  };
  branch([&] { visit(scope, statement.branches[0].body); });
  branch([&] {
    for (const Branch& other : statement.branches.subspan(1)) {
      visit(scope, other.condition);
      visit(scope, other.body);
    }
  });
  branch([&] { visit(scope, statement.other); });
  scope.stores = before;
  for (const auto& [name, count] : counts) {
    scope.stores.push_back(name);
    Variable* variable = scope.own(name);
    if (count == 3 || variable->start == Start::parameter) continue;
    variable->outer = scope.parent ? scope.parent->find(name) : nullptr;
    variable->start = variable->outer ? Start::from_outer : Start::from_context;
  }
}

void ScopeBuilder::visit_for(Scope& scope, Stmt& statement) {
  visit(scope, statement.a);
  const uint32_t unit = statement.recursive ? ++units_ : scope.unit;
  if (statement.b) {
    statement.test_scope = open(&scope, unit);
    later([this, &statement] {
      visit_target(*statement.test_scope, *statement.target, true);
      visit(*statement.test_scope, statement.b);
    });
  }
  statement.scope = open(&scope, unit);
  statement.scope->loop = &statement;
  statement.other_scope = open(&scope, unit);
  later([this, &statement] {
    declare(*statement.scope, "loop", Start::parameter);
    visit_target(*statement.scope, *statement.target, true);
    visit(*statement.scope, statement.body);
    visit(*statement.other_scope, statement.other);
  });
}

void ScopeBuilder::visit_definition(Scope& scope, Stmt& statement) {
  statement.scope = open(&scope, ++units_);
  later([this, &statement] { visit_body(statement); });
}

void ScopeBuilder::visit_body(Stmt& statement) {
  Definition& definition = *statement.definition;
  for (const MacroParameter& parameter : definition.parameters)
    declare(*statement.scope, parameter.name, Start::parameter);
  for (const std::string_view special : {"caller", "kwargs", "varargs"}) {
    if (!statement.scope->own(special) && uses(definition.body, special)) {
      declare(*statement.scope, special, Start::parameter);
    }
  }
  for (const MacroParameter& parameter : definition.parameters) {
    if (parameter.fallback) visit(*statement.scope, parameter.fallback);
  }
  visit(*statement.scope, definition.body);
}

void ScopeBuilder::visit_with(Scope& scope, Stmt& statement) {
  for (const Expr* value : statement.values) visit(scope, value);
  statement.scope = open(&scope, scope.unit);
  later([this, &statement] {
    for (const Expr* target : statement.targets) visit_target(*statement.scope, *target, true);
    visit(*statement.scope, statement.body);
  });
}

void ScopeBuilder::visit_arguments(Scope& scope, const CallArguments* arguments) {
  if (!arguments) return;
  for (const Expr* item : arguments->positional) visit(scope, item);
  for (const NamedArgument& argument : arguments->named) visit(scope, argument.value);
  visit(scope, arguments->spread);
  visit(scope, arguments->spread_named);
}

void ScopeBuilder::visit(Scope& scope, const Expr* expr) {
  if (!expr) return;
  if (expr->kind == ExprKind::name) return load(scope, expr->name);
  visit(scope, expr->a);
  visit(scope, expr->b);
  visit(scope, expr->c);
  for (const Expr* item : expr->items) visit(scope, item);
  visit_arguments(scope, expr->arguments);
}

}  // namespace rynd::jinja

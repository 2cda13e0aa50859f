// Compiler: statements.
#include <algorithm>

#include "compiler.h"

namespace rynd::jinja {

void Compiler::compile(const Body& body) {
  for (Stmt* statement : body) compile(*statement);
}

void Compiler::compile(Stmt& statement) {
  place(statement.begin, statement.end);
  switch (statement.kind) {
    case StmtKind::text:
      return compile_text(statement);
    case StmtKind::output:
      compile(*statement.a);
      place(*statement.a);
      emit(Op::print, 0, 0, autoescape_ ? 1 : 0);
      return;
    case StmtKind::set:
      return compile_set(statement);
    case StmtKind::set_block:
      return compile_set_block(statement);
    case StmtKind::if_:
      return compile_if(statement);
    case StmtKind::for_:
      return compile_for(statement);
    case StmtKind::macro:
      return compile_macro(statement);
    case StmtKind::call_block:
      return compile_call_block(statement);
    case StmtKind::filter_block:
    case StmtKind::scope:
      return compile_scope(statement);
    case StmtKind::with:
      return compile_with(statement);
    case StmtKind::block:
      return compile_block(statement);
    case StmtKind::docs:
      return;
    case StmtKind::do_:
      compile(*statement.a);
      emit(Op::pop);
      return;
    case StmtKind::break_:
    case StmtKind::continue_:
      return leave_loop(statement.kind == StmtKind::continue_, statement);
    case StmtKind::loader:
      compile(*statement.a);
      emit(Op::pop);
      place(statement.begin, statement.end);
      emit(Op::fail, constant_index("no loader for this environment specified"),
           static_cast<uint16_t>(name_index("TypeError")));
      return;
  }
}

void Compiler::compile_text(const Stmt& statement) {
  emit(Op::text, text_index(all_.substr(statement.begin, statement.end - statement.begin)));
}

void Compiler::compile_set(Stmt& statement) {
  compile(*statement.a);
  bind(*statement.target);
}

void Compiler::compile_set_block(Stmt& statement) {
  Scope* outer = scope_;
  scope_ = statement.scope;
  const bool soft = std::exchange(soft_, false);
  enter(*scope_, false);
  emit(Op::capture);
  ++unit_->captures_open;
  compile(statement.body);
  --unit_->captures_open;
  emit(Op::end_capture);
  if (statement.a) compile(*statement.a);
  soft_ = soft;
  scope_ = outer;
  bind(*statement.target);
}

void Compiler::compile_if(Stmt& statement) {
  const bool soft = std::exchange(soft_, true);
  std::vector<size_t> ends;
  for (const Branch& branch : statement.branches) {
    compile(*branch.condition);
    const size_t otherwise = emit(Op::jump_if_not);
    compile(branch.body);
    if (&branch != &statement.branches.back() || !statement.other.empty()) ends.push_back(emit(Op::jump));
    patch(otherwise);
  }
  compile(statement.other);
  for (const size_t end : ends) patch(end);
  soft_ = soft;
}

void Compiler::check_loop_target(const Stmt& statement) {
  // Jinja gives `loop` to a body that reads it, and then refuses to have it assigned anywhere in the loop.
  const auto refuse = [&](const Expr& target, auto&& self) -> void {
    for (const Expr* item : target.items) self(*item, self);
    if (target.kind == ExprKind::name && target.name == "loop") {
      fail(Code::template_unknown_name, "Can't assign to special loop variable in for-loop target", target.begin,
           target.end);
    }
  };
  const auto walk = [&](const Body& body, auto&& self) -> void {
    for (const Stmt* inner : body) {
      if (inner->target &&
          (inner->kind == StmtKind::set || inner->kind == StmtKind::set_block || inner->kind == StmtKind::for_)) {
        refuse(*inner->target, refuse);
      }
      self(inner->body, self);
      self(inner->other, self);
      for (const Branch& branch : inner->branches) self(branch.body, self);
    }
  };
  if (!statement.recursive && !ScopeBuilder::uses(statement.body, "loop")) return;
  refuse(*statement.target, refuse);
  walk(statement.body, walk);
}

void Compiler::compile_for(Stmt& statement) {
  const bool soft = std::exchange(soft_, false);
  check_loop_target(statement);
  if (statement.recursive) {
    compile_recursive_for(statement);
  } else {
    compile(*statement.a);
    compile_loop(statement);
  }
  soft_ = soft;
}

// The loop is a function of its own, which loop(...) calls again with other items.
void Compiler::compile_recursive_for(Stmt& statement) {
  compile(*statement.a);
  const uint32_t number = statement.scope->unit;
  statement.uses_loop = true;
  Unit& unit = open_unit(number);
  CodeFunction& target = function();
  target.name = "loop";
  target.definition_begin = statement.begin;
  target.definition_end = statement.end;
  target.is_caller = true;
  place(*statement.a);
  const uint16_t items = new_slot();
  emit(Op::load_raw, 0, items);
  compile_loop(statement);
  emit(Op::end);
  close_unit(unit);
  place(*statement.a);
  emit(Op::recurse, number);
}

// What passes the filter, as a list: a loop that counts must know how many there are.
void Compiler::compile_filtered_items(Stmt& statement) {
  const uint16_t list = new_slot();
  const uint16_t cursor = new_slot();
  const uint16_t item = new_slot();
  emit(Op::list, 0);
  emit(Op::store, 0, list);
  emit(Op::iterate, 0, cursor);
  const size_t top = here();
  const size_t exit = emit(Op::next, 0, cursor);
  emit(Op::store, 0, item);
  emit(Op::load_raw, 0, item);
  scope_ = statement.test_scope;
  bind(*statement.target);
  compile(*statement.b);
  function().code[emit(Op::jump_if_not)].c = static_cast<uint32_t>(top);
  emit(Op::load_raw, 0, item);
  emit(Op::append, 0, list);
  emit(Op::jump, static_cast<uint32_t>(top));
  patch(exit);
  emit(Op::end_loop, 0, cursor);
  emit(Op::load_raw, 0, list);
}

// The items are on the stack.
void Compiler::compile_loop(Stmt& statement) {
  Scope* outer = scope_;
  const bool collect = statement.b && statement.uses_loop;
  place(*statement.a);
  if (collect) compile_filtered_items(statement);
  const uint16_t cursor = new_slot();
  // As in Jinja, `else` runs unless some turn came to its end: neither `break` nor `continue` does.
  const bool has_else = !statement.other.empty();
  const uint16_t ran = has_else ? new_slot() : 0;
  if (has_else) emit(Op::reset, 0, ran);
  emit(Op::iterate, statement.recursive ? 1 : 0, cursor, statement.uses_loop ? 1 : 0);
  scope_ = statement.scope;
  if (statement.uses_loop) {
    emit(Op::load_raw, 0, cursor);
    store(*scope_->own("loop"));
  }
  unit_->loops.push_back({{}, here(), unit_->captures_open});
  const size_t top = here();
  place(*statement.a);
  const size_t exit = emit(Op::next, 0, cursor);
  if (statement.b && !collect) {
    scope_ = statement.test_scope;
    bind(*statement.target);
    compile(*statement.b);
    function().code[emit(Op::jump_if_not)].c = static_cast<uint32_t>(top);
    for (const auto& [name, variable] : statement.test_scope->variables) {
      Variable* twin = statement.scope->own(name);
      if (variable->start == Start::parameter && twin) {
        load_raw(*variable);
        store(*twin);
      }
    }
    scope_ = statement.scope;
  } else {
    bind(*statement.target);
  }
  enter(*scope_, false);
  compile(statement.body);
  place(statement.begin, statement.end);
  if (has_else) {
    emit(Op::constant, constant_index(true));
    emit(Op::store, 0, ran);
  }
  emit(Op::jump, static_cast<uint32_t>(top));
  patch(exit);
  for (const size_t at : unit_->loops.back().breaks) patch(at);
  unit_->loops.pop_back();
  emit(Op::end_loop, 0, cursor);
  if (has_else) {
    const size_t end = emit(Op::default_argument, 0, ran);
    scope_ = statement.other_scope;
    enter(*scope_, false);
    compile(statement.other);
    patch(end);
  }
  scope_ = outer;
}

void Compiler::leave_loop(bool again, const Stmt& statement) {
  if (unit_->loops.empty()) {
    fail(Code::template_syntax, again ? "'continue' not properly in loop" : "'break' outside loop", statement.begin,
         statement.end);
    return;
  }
  Loop& loop = unit_->loops.back();
  for (size_t open = loop.captures; open < unit_->captures_open; ++open) {
    emit(Op::end_capture);
    emit(Op::pop);
  }
  if (again) {
    emit(Op::jump, static_cast<uint32_t>(loop.top));
  } else {
    loop.breaks.push_back(emit(Op::jump));
  }
}

void Compiler::compile_macro(Stmt& statement) {
  const bool top = unit_->number == 0 && scope_->parent == nullptr;
  MacroInfo info;
  if (top) uses_.push_back(&info.uses);
  const uint32_t number = compile_definition(statement);
  if (top) {
    uses_.pop_back();
    describe_macro(statement, number);
    code_->macros.back().uses = std::move(info.uses);
  }
  if (!options_.bind_macro_names || statement.definition->kind != DefinitionKind::macro) return;
  function().defines_macros = true;
  emit(Op::closure, number);
  store(*scope_->find(statement.definition->name));
}

void Compiler::describe_macro(const Stmt& statement, uint32_t number) {
  const Definition& definition = *statement.definition;
  MacroInfo info;
  info.label = definition.name;
  info.name = definition.name;
  if (definition.kind == DefinitionKind::test) {
    info.kind = MacroKind::test;
    info.name = "test_" + info.name;
  } else if (definition.kind == DefinitionKind::materialization) {
    info.kind = MacroKind::materialization;
    info.adapter = definition.adapter;
    info.name = "materialization_" + info.name + "_" + info.adapter;
    for (const std::string_view language : definition.languages) info.supported_languages.emplace_back(language);
    if (info.supported_languages.empty()) info.supported_languages.emplace_back("sql");
  }
  for (const MacroParameter& parameter : definition.parameters) {
    MacroArgument argument;
    argument.name = parameter.name;
    argument.type = parameter.type;
    if (const Expr* fallback = parameter.fallback) {
      argument.default_text = std::string(all_.substr(fallback->begin, fallback->end - fallback->begin));
    }
    argument.span = {source_, parameter.begin, parameter.end};
    info.arguments.push_back(std::move(argument));
  }
  info.definition = {source_, statement.begin, definition.end};
  info.body = {source_, definition.body_begin, definition.body_end};
  code_->macros.push_back(std::move(info));
  code_->macro_functions.push_back(number);
}

uint32_t Compiler::compile_definition(Stmt& statement) {
  const Definition& definition = *statement.definition;
  Scope* outer = scope_;
  const bool soft = std::exchange(soft_, false);
  const uint32_t number = statement.scope->unit;
  Unit& unit = open_unit(number);
  scope_ = statement.scope;
  place(statement.begin, statement.end);
  compile_parameters(definition, *scope_);
  enter(*scope_, true);
  compile(definition.body);
  place(definition.body_end, definition.end);
  emit(Op::end);
  CodeFunction& target = function();
  target.name = definition.kind == DefinitionKind::caller ? Value("caller") : Value(definition.name);
  target.is_caller = definition.kind == DefinitionKind::caller;
  target.definition_begin = statement.begin;
  target.definition_end = statement.end;
  close_unit(unit);
  scope_ = outer;
  soft_ = soft;
  return number;
}

void Compiler::compile_parameters(const Definition& definition, Scope& scope) {
  for (const MacroParameter& parameter : definition.parameters) {
    slot(*scope.own(parameter.name));
    function().parameters.push_back({Value(parameter.name), parameter.fallback != nullptr});
    if (parameter.name != "caller") continue;
    function().explicit_caller = true;
    if (!parameter.fallback) {
      fail(Code::template_unknown_name,
           "When defining macros or call blocks the special \"caller\" argument must be omitted or be given a default.",
           parameter.begin, parameter.end);
    }
  }
  const auto special = [&](std::string_view name) -> int32_t {
    const bool is_parameter =
        std::ranges::any_of(definition.parameters, [&](const MacroParameter& p) { return p.name == name; });
    Variable* variable = is_parameter ? nullptr : scope.own(name);
    return variable && variable->start == Start::parameter ? slot(*variable) : -1;
  };
  function().caller = special("caller");
  function().kwargs = special("kwargs");
  function().varargs = special("varargs");
  for (const MacroParameter& parameter : definition.parameters) {
    const uint16_t place_of = slot(*scope.own(parameter.name));
    if (parameter.fallback) {
      const size_t given = emit(Op::default_argument, 0, place_of);
      compile(*parameter.fallback);
      place(parameter.begin, parameter.end);
      store(*scope.own(parameter.name));
      patch(given);
    } else {
      place(parameter.begin, parameter.end);
      emit(Op::require_argument, name_index(parameter.name), place_of);
    }
  }
}

void Compiler::compile_call_block(Stmt& statement) {
  const uint32_t number = compile_definition(statement);
  place(*statement.a);
  compile_call(*statement.a, static_cast<int>(number));
  place(*statement.a);
  emit(Op::print);
}

void Compiler::compile_with(Stmt& statement) {
  Scope* outer = scope_;
  const bool soft = std::exchange(soft_, false);
  for (const Expr* value : statement.values) compile(*value);
  scope_ = statement.scope;
  enter(*scope_, false);
  for (size_t at = statement.targets.size(); at > 0; --at) bind(*statement.targets[at - 1]);
  compile(statement.body);
  scope_ = outer;
  soft_ = soft;
}

void Compiler::find_blocks(const Body& body) {
  for (const Stmt* statement : body) {
    if (statement->kind == StmtKind::block) blocks_.try_emplace(statement->name, statement->scope->unit);
    find_blocks(statement->body);
    find_blocks(statement->other);
    for (const Branch& branch : statement->branches) find_blocks(branch.body);
  }
}

void Compiler::compile_block(Stmt& statement) {
  const uint32_t number = statement.scope->unit;
  if (blocks_.at(statement.name) != number) {
    fail(Code::template_unknown_name, "block '" + std::string(statement.name) + "' defined twice", statement.begin,
         statement.end);
    return;
  }
  Scope* outer = scope_;
  Unit& unit = open_unit(number);
  scope_ = statement.scope;
  place(statement.begin, statement.end);
  enter(*scope_, true);
  compile(statement.body);
  emit(Op::end);
  function().name = statement.name;
  function().is_caller = true;
  close_unit(unit);
  scope_ = outer;
  emit(Op::block, number);
}

// A filter block, {% print %}, {% autoescape %} or {% snapshot %}.
void Compiler::compile_scope(Stmt& statement) {
  Scope* outer = scope_;
  const bool soft = std::exchange(soft_, false);
  const bool filters = statement.kind == StmtKind::filter_block;
  if (filters) {
    emit(Op::capture);
    ++unit_->captures_open;
  }
  const bool autoescape = autoescape_;
  if (!filters && statement.a) {
    const std::optional<Value> on = literal(*statement.a);
    if (!on) fail(Code::template_syntax, "autoescape takes a constant", statement.a->begin, statement.a->end);
    autoescape_ = on && on->truth();
  }
  scope_ = statement.scope;
  enter(*scope_, false);
  compile(statement.body);
  scope_ = outer;
  soft_ = soft;
  autoescape_ = autoescape;
  if (!filters) return;
  --unit_->captures_open;
  emit(Op::end_capture);
  compile(*statement.a);
  place(*statement.a);
  emit(Op::print);
}

}  // namespace rynd::jinja

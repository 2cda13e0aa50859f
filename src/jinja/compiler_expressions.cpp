// Compiler: expressions, and what they use.
#include <array>

#include "base/suggest.h"
#include "compiler.h"

namespace rynd::jinja {
namespace {

std::optional<LoopAttribute> loop_attribute(std::string_view name) {
  static constexpr std::array<std::string_view, 11> names = {
      "index", "index0", "first", "last", "length", "revindex", "revindex0", "previtem", "nextitem", "depth", "depth0"};
  for (size_t at = 0; at < names.size(); ++at) {
    if (names[at] == name) return static_cast<LoopAttribute>(at);
  }
  return std::nullopt;
}

}  // namespace

void Compiler::compile(const Expr& expr) {
  place(expr);
  switch (expr.kind) {
    case ExprKind::constant:
      emit(Op::constant, expr.number);
      return;
    case ExprKind::name:
      return compile_name(expr);
    case ExprKind::list:
    case ExprKind::tuple:
    case ExprKind::dict:
    case ExprKind::concat:
      return compile_items(expr);
    case ExprKind::attr:
      return compile_attr(expr, false);
    case ExprKind::item:
      compile(*expr.a);
      compile(*expr.b);
      place(expr);
      emit(Op::item);
      return;
    case ExprKind::slice:
      return compile_slice(expr);
    case ExprKind::call:
      return compile_call(expr);
    case ExprKind::filter:
      return compile_filter(expr);
    case ExprKind::test:
      return compile_test(expr);
    case ExprKind::unary_not:
    case ExprKind::negate:
    case ExprKind::positive:
      compile(*expr.a);
      place(expr);
      emit(expr.kind == ExprKind::unary_not ? Op::logical_not
           : expr.kind == ExprKind::negate  ? Op::negate
                                            : Op::positive);
      return;
    case ExprKind::arithmetic:
      compile(*expr.a);
      compile(*expr.b);
      place(expr);
      emit(Op::arithmetic, 0, 0, static_cast<uint8_t>(expr.op));
      return;
    case ExprKind::compare:
      return compile_compare(expr);
    case ExprKind::logical_and:
    case ExprKind::logical_or:
      return compile_logical(expr);
    case ExprKind::conditional:
      return compile_conditional(expr);
    case ExprKind::namespace_target:
      return load(expr.name);
  }
}

void Compiler::compile_optional(const Expr* expr) {
  if (expr) {
    compile(*expr);
  } else {
    emit(Op::constant, constant_index({}));
  }
}

void Compiler::compile_items(const Expr& expr) {
  for (const Expr* item : expr.items) compile(*item);
  place(expr);
  auto count = static_cast<uint32_t>(expr.items.size());
  if (expr.kind == ExprKind::dict) count /= 2;
  emit(expr.kind == ExprKind::list    ? Op::list
       : expr.kind == ExprKind::tuple ? Op::tuple
       : expr.kind == ExprKind::dict  ? Op::dict
                                      : Op::concat,
       count);
}

void Compiler::compile_name(const Expr& expr) {
  record_name(expr);
  load(expr.name);
}

void Compiler::compile_object(const Expr& expr) {
  if (expr.kind == ExprKind::attr) {
    compile_attr(expr, true);
  } else if (expr.kind == ExprKind::name) {
    place(expr);
    load(expr.name);
  } else {
    compile(expr);
  }
}

// `loop.index` and its like, in the frame that runs the loop, need no object.
bool Compiler::compile_loop_attr(const Expr& expr) {
  if (expr.a->kind != ExprKind::name || expr.a->name != "loop") return false;
  Variable* variable = scope_->find("loop");
  const auto attribute = loop_attribute(expr.name);
  if (!attribute || !variable || variable->start != Start::parameter || variable->unit != unit_->number) return false;
  const Scope* owner = scope_;
  while (owner && owner->own("loop") != variable) owner = owner->parent;
  if (!owner || !owner->loop || variable->stored) return false;
  load("loop");
  emit(Op::loop_attr, name_index(expr.name), 0, static_cast<uint8_t>(*attribute));
  return true;
}

// `self.name` is the block of that name, called again.
bool Compiler::compile_self_attr(const Expr& expr) {
  if (expr.a->kind != ExprKind::name || expr.a->name != "self" || unit_->number != 0 || dotted(*expr.a).empty())
    return false;
  const auto block = blocks_.find(expr.name);
  if (block == blocks_.end()) return false;
  emit(Op::closure, block->second);
  return true;
}

void Compiler::compile_attr(const Expr& expr, bool in_chain) {
  if (!in_chain) record_name(expr);
  if (compile_loop_attr(expr) || compile_self_attr(expr)) return;
  compile_object(*expr.a);
  place(expr);
  emit(Op::attr, name_index(expr.name));
}

void Compiler::compile_slice(const Expr& expr) {
  compile(*expr.a);
  for (const Expr* bound : expr.items) compile_optional(bound);
  place(expr);
  emit(Op::slice);
}

uint32_t Compiler::compile_arguments(const CallArguments& arguments, uint16_t& count, int caller, bool value_first) {
  CallShape shape;
  shape.positional = static_cast<uint16_t>(arguments.positional.size() + (value_first ? 1 : 0));
  for (const Expr* argument : arguments.positional) compile(*argument);
  if (arguments.spread) {
    compile(*arguments.spread);
    shape.spread = true;
  }
  for (const NamedArgument& argument : arguments.named) {
    compile(*argument.value);
    shape.names.emplace_back(argument.name);
  }
  if (caller >= 0) {
    emit(Op::closure, static_cast<uint32_t>(caller));
    shape.names.emplace_back("caller");
  }
  if (arguments.spread_named) {
    compile(*arguments.spread_named);
    shape.spread_named = true;
  }
  count = shape.positional;
  if (shape.names.empty() && !shape.spread && !shape.spread_named) return 0;
  count = static_cast<uint16_t>(count + shape.names.size() + (shape.spread ? 1 : 0) + (shape.spread_named ? 1 : 0));
  code_->shapes.push_back(std::move(shape));
  return static_cast<uint32_t>(code_->shapes.size());
}

void Compiler::compile_call(const Expr& expr, int caller) {
  record_call(expr);
  const Expr& callee = *expr.a;
  const bool block = callee.kind == ExprKind::attr && callee.a->kind == ExprKind::name && callee.a->name == "self" &&
                     blocks_.contains(callee.name);
  const bool method = callee.kind == ExprKind::attr && expr.arguments->is_plain() && caller < 0 && !block;
  if (method) {
    record_name(callee);
    compile_object(*callee.a);
  } else {
    compile(callee);
  }
  uint16_t count = 0;
  const uint32_t shape = compile_arguments(*expr.arguments, count, caller);
  place(expr);
  if (method) {
    emit(Op::method, name_index(callee.name), count);
  } else if (shape == 0) {
    emit(Op::call, 0, count);
  } else {
    emit(Op::call_shaped, shape - 1);
    adjust(-count);
  }
}

void Compiler::compile_filter(const Expr& expr) {
  if (expr.a) compile(*expr.a);
  compile_native(expr, true);
}

void Compiler::compile_test(const Expr& expr) {
  compile(*expr.a);
  compile_native(expr, false);
}

// The value is on the stack.
void Compiler::compile_native(const Expr& expr, bool filter) {
  const Native* native = filter ? find_filter(expr.name) : find_test(expr.name);
  uint16_t count = 0;
  const uint32_t shape = compile_arguments(*expr.arguments, count, -1, true);
  place(expr);
  if (!native) {
    const std::string kind = filter ? "filter" : "test";
    if (!soft_) {
      // The name is a piece of the text: that alone is underlined, not the value before it.
      const auto begin = static_cast<uint32_t>(expr.name.data() - source_->text().data());
      fail(Code::template_unknown_name, "No " + kind + " named '" + std::string(expr.name) + "'.", begin,
           begin + static_cast<uint32_t>(expr.name.size()));
      errors_.back().label = did_you_mean(expr.name, filter ? filter_names() : test_names());
    }
    emit(Op::fail, constant_index("No " + kind + " named '" + std::string(expr.name) + "' found."),
         static_cast<uint16_t>(name_index("TemplateRuntimeError")));
    adjust(1 - count);
    return;
  }
  auto& table = filter ? code_->filters : code_->tests;
  table.push_back(native);
  emit(filter ? Op::filter : Op::test, static_cast<uint32_t>(table.size() - 1),
       shape == 0 ? count : static_cast<uint16_t>(shape), shape == 0 ? 0 : 1);
  adjust(1 - count);
}

void Compiler::compile_compare(const Expr& expr) {
  compile(*expr.a);
  std::vector<size_t> ends;
  for (size_t at = 0; at < expr.items.size(); ++at) {
    compile(*expr.items[at]);
    place(expr);
    const auto op = static_cast<uint8_t>(expr.operators[at]);
    if (at + 1 < expr.items.size()) {
      ends.push_back(emit(Op::compare_chain, 0, 0, op));
    } else {
      emit(Op::compare, 0, 0, op);
    }
  }
  for (const size_t end : ends) patch(end);
}

void Compiler::compile_logical(const Expr& expr) {
  compile(*expr.a);
  place(expr);
  const size_t end = emit(expr.kind == ExprKind::logical_and ? Op::jump_if_not_keep : Op::jump_if_keep);
  compile(*expr.b);
  patch(end);
}

void Compiler::compile_conditional(const Expr& expr) {
  const bool soft = std::exchange(soft_, true);
  compile(*expr.b);
  const size_t otherwise = emit(Op::jump_if_not);
  compile(*expr.a);
  const size_t end = emit(Op::jump);
  adjust(-1);
  patch(otherwise);
  if (expr.c) {
    compile(*expr.c);
  } else {
    emit(Op::constant, constant_index(Value::undefined_because(
                           "the inline if-expression on line " + std::to_string(source_->position(expr.begin).line) +
                           " evaluated to false and no else section was defined.")));
  }
  patch(end);
  soft_ = soft;
}

// "a.b.c" where the first is a free name; "" for anything else.
std::string Compiler::dotted(const Expr& expr) const {
  if (expr.kind == ExprKind::name) {
    const Variable* variable = scope_->find(expr.name);
    const bool free = !variable || (variable->start == Start::from_context && !variable->stored);
    return free ? std::string(expr.name) : "";
  }
  if (expr.kind != ExprKind::attr) return "";
  std::string object = dotted(*expr.a);
  if (!object.empty()) object.append(".").append(expr.name);
  return object;
}

void Compiler::record_name(const Expr& expr) {
  std::string name = dotted(expr);
  if (!name.empty()) uses_.back()->names.push_back(std::move(name));
}

std::optional<Value> Compiler::literal(const Expr& expr) const {
  if (expr.kind == ExprKind::constant) return code_->constants[expr.number];
  if (expr.kind != ExprKind::list && expr.kind != ExprKind::tuple) return std::nullopt;
  std::vector<Value> items;
  for (const Expr* item : expr.items) {
    std::optional<Value> value = literal(*item);
    if (!value) return std::nullopt;
    items.push_back(std::move(*value));
  }
  return expr.kind == ExprKind::list ? Value::list(std::move(items)) : Value::tuple(std::move(items));
}

void Compiler::record_call(const Expr& expr) {
  std::string name = dotted(*expr.a);
  if (name.empty()) return;
  UsedCall used;
  used.name = std::move(name);
  for (const Expr* argument : expr.arguments->positional) used.positional.push_back(literal(*argument));
  for (const NamedArgument& argument : expr.arguments->named) {
    used.named.emplace_back(std::string(argument.name), literal(*argument.value));
  }
  used.spreads = expr.arguments->spread || expr.arguments->spread_named;
  used.span = {source_, expr.begin, expr.end};
  uses_.back()->calls.push_back(std::move(used));
}

}  // namespace rynd::jinja

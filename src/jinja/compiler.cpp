// Compiler: emitting instructions, variables and their slots.
#include "compiler.h"

#include <unordered_set>

#include "text.h"

namespace rynd::jinja {
namespace {

// How many values an instruction leaves more than it takes.
int effect(const Instruction& instruction) {
  const int b = instruction.b;
  const int c = static_cast<int>(instruction.c);
  switch (instruction.op) {
    case Op::constant:
    case Op::load:
    case Op::load_cell:
    case Op::load_captured:
    case Op::load_else_global:
    case Op::load_cell_else_global:
    case Op::load_captured_else_global:
    case Op::load_raw:
    case Op::load_cell_raw:
    case Op::load_captured_raw:
    case Op::global:
    case Op::next:
    case Op::end_capture:
    case Op::closure:
      return 1;
    case Op::print:
    case Op::store:
    case Op::store_cell:
    case Op::pop:
    case Op::item:
    case Op::arithmetic:
    case Op::compare:
    case Op::jump_if_not:
    case Op::jump_if_not_keep:
    case Op::jump_if_keep:
    case Op::compare_chain:
    case Op::iterate:
    case Op::append:
    case Op::recurse:
    case Op::give:
      return -1;
    case Op::list:
    case Op::tuple:
    case Op::concat:
      return 1 - c;
    case Op::dict:
      return 1 - 2 * c;
    case Op::slice:
      return -3;
    case Op::call:
    case Op::method:
      return -b;
    case Op::unpack:
      return b - 1;
    case Op::set_attr:
      return -2;
    default:
      return 0;
  }
}

void drop_repeated(std::vector<std::string>& names) {
  std::unordered_set<std::string> seen;
  std::erase_if(names, [&](const std::string& name) { return !seen.insert(name).second; });
}

}  // namespace

Compiler::Compiler(SourcePtr source, const Options& options)
    : source_(std::move(source)), all_(source_->text()), options_(options), code_(std::make_shared<Program>()) {}

std::shared_ptr<const Program> Compiler::compile(Tree& tree) {
  tree_ = &tree;
  code_->source = source_;
  code_->is_plain = !tree.expression;
  for (const Stmt* statement : tree.body) code_->is_plain = code_->is_plain && statement->kind == StmtKind::text;
  ScopeBuilder scopes(options_.bind_macro_names);
  scope_ = scopes.build(tree);
  code_->constants = std::move(tree.constants);
  find_blocks(tree.body);
  uses_.push_back(&code_->uses);
  Unit& root = open_unit(0);
  enter(*scope_, true);
  compile(tree.body);
  if (tree.expression) {
    compile(*tree.expression);
    emit(Op::give);
  }
  emit(Op::end);
  close_unit(root);
  drop_repeated(code_->uses.names);
  for (MacroInfo& macro : code_->macros) {
    drop_repeated(macro.uses.names);
    code_->uses.calls.insert(code_->uses.calls.end(), macro.uses.calls.begin(), macro.uses.calls.end());
    code_->uses.names.insert(code_->uses.names.end(), macro.uses.names.begin(), macro.uses.names.end());
  }
  drop_repeated(code_->uses.names);
  return code_;
}

size_t Compiler::emit(Op op, uint32_t c, uint16_t b, uint8_t a) {
  CodeFunction& target = function();
  const Instruction instruction{op, a, b, c};
  if (target.positions.empty() || target.positions.back().begin != unit_->begin ||
      target.positions.back().end != unit_->end) {
    target.positions.push_back({static_cast<uint32_t>(target.code.size()), unit_->begin, unit_->end});
  }
  target.code.push_back(instruction);
  adjust(effect(instruction));
  return target.code.size() - 1;
}

void Compiler::adjust(int values) {
  unit_->depth += values;
  unit_->deepest = std::max(unit_->deepest, unit_->depth);
}

void Compiler::place(uint32_t begin, uint32_t end) {
  unit_->begin = begin;
  unit_->end = end;
}

uint16_t Compiler::new_slot() {
  if (unit_->next_slot == UINT16_MAX) {
    fail(Code::template_syntax, "too many names in one macro or template", unit_->begin, unit_->end);
    return 0;
  }
  return unit_->next_slot++;
}

uint32_t Compiler::name_index(std::string_view name) {
  const auto [found, added] = name_indexes_.try_emplace(name, static_cast<uint32_t>(code_->names.size()));
  if (added) {
    code_->names.push_back({Value(name), hash_text(name), find_method(Value::Kind::short_text, name),
                            find_method(Value::Kind::list, name), find_method(Value::Kind::dict, name)});
  }
  return found->second;
}

uint32_t Compiler::global_index(std::string_view name) {
  const auto [found, added] = global_indexes_.try_emplace(name, static_cast<uint32_t>(code_->globals.size()));
  if (added) code_->globals.push_back({Value(name), hash_text(name)});
  return found->second;
}

uint32_t Compiler::constant_index(Value value) {
  code_->constants.push_back(std::move(value));
  return static_cast<uint32_t>(code_->constants.size() - 1);
}

uint32_t Compiler::text_index(std::string_view text) {
  if (text.find('\r') != std::string_view::npos) text = code_->owned_texts.emplace_back(normalized(text));
  code_->texts.push_back(text);
  return static_cast<uint32_t>(code_->texts.size() - 1);
}

Compiler::Unit& Compiler::open_unit(uint32_t number) {
  if (code_->functions.size() <= number) code_->functions.resize(number + 1);
  if (units_.size() <= number) units_.resize(number + 1);
  units_[number] = std::make_unique<Unit>();
  Unit& unit = *units_[number];
  unit.number = number;
  unit.outer = unit_ ? unit_->number : 0;
  unit_ = &unit;
  return unit;
}

// Slots that closures share are cells: their instructions are exchanged now that all closures are known.
void Compiler::close_unit(Unit& unit) {
  CodeFunction& target = code_->functions[unit.number];
  target.slots = unit.next_slot;
  target.stack = static_cast<uint16_t>(unit.deepest + 8);
  const auto is_cell = [&](uint16_t slot) { return slot < unit.cells.size() && unit.cells[slot]; };
  for (uint16_t slot = 0; slot < unit.next_slot; ++slot) {
    if (is_cell(slot)) target.cells.push_back(slot);
  }
  if (!target.cells.empty()) {
    for (Instruction& instruction : target.code) {
      if (!is_cell(instruction.b)) continue;
      switch (instruction.op) {
        case Op::load:
          instruction.op = Op::load_cell;
          break;
        case Op::load_else_global:
          instruction.op = Op::load_cell_else_global;
          break;
        case Op::load_raw:
          instruction.op = Op::load_cell_raw;
          break;
        case Op::store:
          instruction.op = Op::store_cell;
          break;
        case Op::reset:
          instruction.op = Op::reset_cell;
          break;
        case Op::default_argument:
        case Op::require_argument:
          instruction.a = 1;
          break;
        default:
          break;
      }
    }
  }
  unit_ = unit.number == 0 ? nullptr : units_[unit.outer].get();
}

uint16_t Compiler::slot(Variable& variable) {
  if (variable.slot < 0) {
    Unit& owner = *units_[variable.unit];
    variable.slot = owner.next_slot++;
  }
  return static_cast<uint16_t>(variable.slot);
}

uint16_t Compiler::captured(Unit& unit, Variable& variable) {
  for (size_t at = 0; at < unit.captured.size(); ++at) {
    if (unit.captured[at] == &variable) return static_cast<uint16_t>(at);
  }
  Unit& outer = *units_[unit.outer];
  Capture capture;
  if (variable.unit == outer.number) {
    capture.index = slot(variable);
    if (outer.cells.size() <= capture.index) outer.cells.resize(capture.index + 1u);
    outer.cells[capture.index] = true;
  } else {
    capture.from_captures = true;
    capture.index = captured(outer, variable);
  }
  unit.captured.push_back(&variable);
  code_->functions[unit.number].captures.push_back(capture);
  return static_cast<uint16_t>(unit.captured.size() - 1);
}

// Where a variable that starts from outside starts in the end.
const Variable& Compiler::base(const Variable& variable) const {
  const Variable* at = &variable;
  while (at->start == Start::from_outer && at->outer) at = at->outer;
  return *at;
}

void Compiler::load(std::string_view name) {
  Variable* variable = scope_->find(name);
  if (!variable || (variable->start == Start::from_context && !variable->stored)) {
    emit(Op::global, global_index(name));
    return;
  }
  const bool else_global = base(*variable).start == Start::from_context;
  const uint32_t index = else_global ? global_index(name) : name_index(name);
  if (variable->unit == unit_->number) {
    emit(else_global ? Op::load_else_global : Op::load, index, slot(*variable));
  } else {
    emit(else_global ? Op::load_captured_else_global : Op::load_captured, index, captured(*unit_, *variable));
  }
}

void Compiler::load_raw(Variable& variable) {
  if (variable.unit == unit_->number) {
    emit(Op::load_raw, 0, slot(variable));
  } else {
    emit(Op::load_captured_raw, 0, captured(*unit_, variable));
  }
}

void Compiler::store(Variable& variable) { emit(Op::store, 0, slot(variable)); }

// The start of a scope's variables. In a frame that just began, slots are unassigned anyway.
void Compiler::enter(Scope& scope, bool fresh_frame) {
  for (const auto& [name, variable] : scope.variables) {
    if (variable->start == Start::parameter || !variable->stored) continue;
    Variable* outer = variable->start == Start::from_outer ? variable->outer : nullptr;
    const bool outer_has_slot = outer && !(outer->start == Start::from_context && !outer->stored);
    if (outer_has_slot) {
      load_raw(*outer);
      store(*variable);
    } else if (!fresh_frame) {
      emit(Op::reset, 0, slot(*variable));
    }
  }
}

// Pops the top into a target.
void Compiler::bind(const Expr& target) {
  place(target);
  if (target.kind == ExprKind::tuple) {
    emit(Op::unpack, 0, static_cast<uint16_t>(target.items.size()));
    for (const Expr* item : target.items) bind(*item);
  } else if (target.kind == ExprKind::namespace_target) {
    load(target.name);
    place(target);
    emit(Op::set_attr, name_index(target.attribute));
  } else {
    store(*scope_->find(target.name));
  }
}

void Compiler::fail(Code code, std::string message, uint32_t begin, uint32_t end) {
  errors_.push_back({code, std::move(message), begin, end});
}

}  // namespace rynd::jinja

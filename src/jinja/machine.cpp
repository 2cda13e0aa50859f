// Machine: frames, the dispatch loop, and how failures and return() leave it.
#include "machine.h"

#include "machine_inline.h"

namespace rynd::jinja {
namespace {

constexpr int deepest = 220;  // calls within calls: about where Python's recursion limit stops Jinja
constexpr std::string_view return_type = "MacroReturn";

}  // namespace

Frame::Frame(Machine& machine, Instance& instance, Context& context, const CodeFunction& function,
             const std::vector<Ref<Cell>>& captures, std::string& out)
    : machine(machine),
      instance(instance),
      context(context),
      function(function),
      code(*instance.code),
      captures(captures),
      out(&out) {
  const size_t room = static_cast<size_t>(function.slots) + function.stack;
  slots = machine.take_room(room);
  top = slots + function.slots;
  for (Value* slot = slots; slot != top; ++slot) new (slot) Value(Value::missing());
  for (const uint16_t cell : function.cells) {
    Ref<Cell> made = make<Cell>();
    if (function.defines_macros) machine.cells_.push_back(made);
    slots[cell] = Value(std::move(made));
  }
}

Frame::~Frame() {
  while (top != slots) (--top)->~Value(), new (top) Value();
  machine.give_room(static_cast<size_t>(function.slots) + function.stack);
}

Machine::~Machine() {
  for (const Ref<Cell>& cell : cells_) cell->value = Value::missing();
}

Value* Machine::take_room(size_t count) {
  if (chunks_.empty()) {
    const size_t size = std::max<size_t>(256, count);
    chunks_.push_back({std::make_unique<Value[]>(size), size, 0});
  }
  if (chunks_[chunk_].used + count > chunks_[chunk_].size) {
    ++chunk_;
    if (chunk_ < chunks_.size() && chunks_[chunk_].size < count) chunks_.resize(chunk_);
    if (chunk_ == chunks_.size()) {
      const size_t size = std::max<size_t>(2048, count);
      chunks_.push_back({std::make_unique<Value[]>(size), size, 0});
    }
  }
  Chunk& chunk = chunks_[chunk_];
  chunk.used += count;
  return chunk.values.get() + chunk.used - count;
}

void Machine::give_room(size_t count) {
  chunks_[chunk_].used -= count;
  if (chunks_[chunk_].used == 0 && chunk_ > 0) --chunk_;
}

// Counts calls within calls, for as long as one lasts.
class Machine::Entered {
 public:
  explicit Entered(Machine& machine) : machine_(machine) {
    if (machine.depth_ >= deepest) throw_error("RecursionError", "maximum recursion depth exceeded");
    ++machine.depth_;
  }
  ~Entered() { --machine_.depth_; }

 private:
  Machine& machine_;
};

void Machine::check_stop() {
  if (stop_.stop_requested()) throw_error("KeyboardInterrupt", "the template was stopped");
}

void Machine::trace(Frame& frame, Exception& exception) {
  if (exception.type == return_type || exception.trace.size() > 40) return;
  const PositionEntry* entry = frame.function.position(frame.at == 0 ? 0 : frame.at - 1);
  Label label;
  if (entry) label.span = {frame.code.source, entry->begin, entry->end};
  const std::string name = frame.self && !frame.self->label.empty() ? frame.self->label : frame.function.name.str();
  if (!frame.function.name.is_none()) label.text = "in macro '" + name + "'";
  exception.trace.push_back(std::move(label));
}

Machine::Status Machine::run(Frame& frame) {
  const Entered entered(*this);
  try {
    return dispatch(frame);
  } catch (Raised& raised) {
    trace(frame, raised.exception);
    throw;
  }
}

Machine::Status Machine::run_root(Frame& frame) {
  const Status status = run(frame);
  if (status == Status::returned) throw_error("MacroReturnOutside", "return() was called outside of a macro");
  return status;
}

std::string Machine::render(Instance& instance, Context& context, Segments* segments) {
  const Running running(*this, context);
  std::string out;
  const std::vector<Ref<Cell>> none;
  Frame frame(*this, instance, context, instance.code->functions[0], none, out);
  frame.segments = segments;
  run_root(frame);
  return out;
}

std::vector<Value> Machine::render_values(Instance& instance, Context& context) {
  const Running running(*this, context);
  std::string out;
  std::vector<Value> values;
  const std::vector<Ref<Cell>> none;
  Frame frame(*this, instance, context, instance.code->functions[0], none, out);
  frame.values = &values;
  run_root(frame);
  return values;
}

Value Machine::evaluate(Instance& instance, Context& context) {
  const Running running(*this, context);
  std::string out;
  const std::vector<Ref<Cell>> none;
  Frame frame(*this, instance, context, instance.code->functions[0], none, out);
  run_root(frame);
  return frame.pop();
}

void Machine::throw_return(Value value) {
  returned_ = std::move(value);
  throw_error(std::string(return_type), "return() was called outside of a macro");
}

Value Machine::finish_text(Frame& frame, std::string text) {
  Value value(std::move(text));
  if (frame.segments && value.kind() == Value::Kind::long_text) {
    maps_[value.pointer()] = {value, std::move(*frame.segments)};
  }
  return value;
}

Machine::Status Machine::call_macro(Macro& macro, const Arguments& arguments, Value& result) {
  const ContextPtr context = macro.instance->context.lock();
  if (!context) throw_error("RuntimeError", "the context of macro '" + macro.function.name.str() + "' is gone");
  check_stop();
  const Running running(*this, *context);
  std::string text;
  Segments segments;
  Frame frame(*this, *macro.instance, *context, macro.function, macro.captures, text);
  frame.self = &macro;
  if (mapped_) frame.segments = &segments;
  bind(macro, frame, arguments);
  const bool bound = !macro.label.empty();
  if (bound) context->macro_stack_.push_back(macro.label);
  struct Leave {
    ~Leave() {
      if (stack) stack->pop_back();
    }
    std::vector<std::string_view>* stack;
  } const leave{bound ? &context->macro_stack_ : nullptr};
  Status status = Status::done;
  try {
    status = run(frame);
  } catch (Raised& raised) {
    if (!bound || raised.exception.type != return_type) throw;
    status = Status::returned;
  }
  if (status == Status::returned) {
    if (!bound) return status;
    result = std::move(returned_);
    returned_ = Value();
    return Status::done;
  }
  result = finish_text(frame, std::move(text));
  return Status::done;
}

Value Machine::call(Macro& macro, const Arguments& arguments) {
  Value result;
  if (call_macro(macro, arguments, result) == Status::returned) throw_return(std::move(returned_));
  return result;
}

Value Machine::recurse(Macro& loop, const Value& items, int depth) {
  const ContextPtr context = loop.instance->context.lock();
  if (!context) throw_error("RuntimeError", "the context of a loop is gone");
  std::string text;
  Segments segments;
  Frame frame(*this, *loop.instance, *context, loop.function, loop.captures, text);
  frame.self = &loop;
  frame.loop_depth = depth;
  if (mapped_) frame.segments = &segments;
  frame.slots[0] = items;
  if (run(frame) == Status::returned) throw_return(std::move(returned_));
  return finish_text(frame, std::move(text));
}

// NOLINTNEXTLINE(readability-function-size): one case an instruction; the work is in the functions named after them.
Machine::Status Machine::dispatch(Frame& frame) {
  const Instruction* const code = frame.function.code.data();
  while (true) {
    const Instruction& now = code[frame.at++];
    switch (now.op) {
      case Op::text:
        print_text(frame, frame.code.texts[now.c]);
        break;
      case Op::print:
        now.a == 0 ? print(frame, *(frame.top - 1)) : print_escaped(frame);
        drop(frame);
        break;
      case Op::constant:
        frame.push(frame.code.constants[now.c]);
        break;
      case Op::load:
        load(frame, frame.slots[now.b], now);
        break;
      case Op::load_cell:
        load(frame, cell(frame, now.b).value, now);
        break;
      case Op::load_captured:
        load(frame, frame.captures[now.b]->value, now);
        break;
      case Op::load_else_global:
        load_else_global(frame, frame.slots[now.b], now);
        break;
      case Op::load_cell_else_global:
        load_else_global(frame, cell(frame, now.b).value, now);
        break;
      case Op::load_captured_else_global:
        load_else_global(frame, frame.captures[now.b]->value, now);
        break;
      case Op::load_raw:
        frame.push(frame.slots[now.b]);
        break;
      case Op::load_cell_raw:
        frame.push(cell(frame, now.b).value);
        break;
      case Op::load_captured_raw:
        frame.push(frame.captures[now.b]->value);
        break;
      case Op::global:
        frame.push(global(frame, now.c));
        break;
      case Op::store:
        frame.slots[now.b] = frame.pop();
        break;
      case Op::store_cell:
        cell(frame, now.b).value = frame.pop();
        break;
      case Op::reset:
        frame.slots[now.b] = Value::missing();
        break;
      case Op::reset_cell:
        cell(frame, now.b).value = Value::missing();
        break;
      case Op::pop:
        drop(frame);
        break;
      case Op::list:
        frame.push(Value::list(take_top(frame, now.c)));
        break;
      case Op::tuple:
        frame.push(Value::tuple(take_top(frame, now.c)));
        break;
      case Op::dict:
        build_dict(frame, now.c);
        break;
      case Op::attr:
        attr(frame, now);
        break;
      case Op::item:
        item(frame);
        break;
      case Op::slice:
        slice(frame);
        break;
      case Op::loop_attr:
        loop_attr(frame, now);
        break;
      case Op::negate:
        *(frame.top - 1) = jinja::negate(*(frame.top - 1));
        break;
      case Op::positive:
        *(frame.top - 1) = jinja::positive(*(frame.top - 1));
        break;
      case Op::logical_not:
        *(frame.top - 1) = Value(!(frame.top - 1)->truth());
        break;
      case Op::arithmetic:
        arithmetic(frame, static_cast<Operator>(now.a));
        break;
      case Op::concat:
        concat(frame, now.c);
        break;
      case Op::compare: {
        const bool result = compare(static_cast<CompareOp>(now.a), *(frame.top - 2), *(frame.top - 1));
        drop(frame);
        *(frame.top - 1) = Value(result);
        break;
      }
      case Op::compare_chain:
        if (!compare_chain(frame, static_cast<CompareOp>(now.a))) frame.at = now.c;
        break;
      case Op::jump:
        if (now.c < frame.at) check_stop();
        frame.at = now.c;
        break;
      case Op::jump_if_not:
        if (!frame.pop().truth()) frame.at = now.c;
        break;
      case Op::jump_if_not_keep:
        if ((frame.top - 1)->truth())
          drop(frame);
        else
          frame.at = now.c;
        break;
      case Op::jump_if_keep:
        if ((frame.top - 1)->truth())
          frame.at = now.c;
        else
          drop(frame);
        break;
      case Op::call:
        if (call(frame, now.b) == Status::returned) return Status::returned;
        break;
      case Op::call_shaped:
        if (call_shaped(frame, frame.code.shapes[now.c]) == Status::returned) return Status::returned;
        break;
      case Op::method:
        if (call_method(frame, now) == Status::returned) return Status::returned;
        break;
      case Op::filter:
        native(frame, now, true);
        break;
      case Op::test:
        native(frame, now, false);
        break;
      case Op::iterate:
        iterate(frame, now);
        break;
      case Op::next:
        if (!next(frame, now)) frame.at = now.c;
        break;
      case Op::end_loop:
        frame.slots[now.b] = Value::missing();
        break;
      case Op::append:
        frame.slots[now.b].as_list().items.push_back(frame.pop());
        break;
      case Op::unpack:
        unpack(frame, now.b);
        break;
      case Op::capture:
        begin_capture(frame);
        break;
      case Op::end_capture:
        end_capture(frame);
        break;
      case Op::closure:
        frame.push(closure(frame, now.c));
        break;
      case Op::block:
        if (block(frame, now.c) == Status::returned) return Status::returned;
        break;
      case Op::recurse:
        if (recurse(frame, now.c) == Status::returned) return Status::returned;
        break;
      case Op::set_attr:
        set_attr(frame, now.c);
        break;
      case Op::default_argument:
        if (!argument(frame, now).is_missing()) frame.at = now.c;
        break;
      case Op::require_argument:
        require_argument(frame, now);
        break;
      case Op::fail:
        throw_error(frame.code.names[now.b].text.str(), frame.code.constants[now.c].str());
      case Op::give:
        return Status::done;
      case Op::end:
        return Status::done;
    }
  }
}

Outcome<Value> ReturnFunction::call(const Arguments& arguments) {
  return guard([&]() -> Value {
    if (arguments.size() + arguments.named_size() > 1) throw_type("return() takes one argument");
    const Value value = arguments.size() == 1         ? arguments[0]
                        : arguments.named_size() == 1 ? arguments.named(0)
                                                      : Value();
    Machine* machine = Machine::of(arguments.context());
    if (!machine) throw_error("RuntimeError", "return() was called outside of a macro");
    machine->throw_return(value);
  });
}

Value return_function() { return Value(make<ReturnFunction>()); }

Outcome<Value> Macro::call(const Arguments& arguments) {
  return guard([&] {
    if (Machine* machine = Machine::of(arguments.context())) return machine->call(*this, arguments);
    if (const ContextPtr context = instance->context.lock()) {
      if (Machine* machine = Machine::of(context.get())) return machine->call(*this, arguments);
    }
    Machine machine({});
    return machine.call(*this, arguments);
  });
}

Value Macro::recurse(const Value& items, int depth, const Arguments& arguments) {
  Machine* machine = Machine::of(arguments.context());
  if (!machine) throw_error("RuntimeError", "a recursive loop was called outside of its template");
  return machine->recurse(*this, items, depth);
}

Outcome<std::optional<Value>> Macro::attr(std::string_view name) {
  if (name == "name") return function.name;
  if (name == "arguments") {
    std::vector<Value> names;
    for (const FunctionParameter& parameter : function.parameters) names.push_back(parameter.name);
    return Value::tuple(std::move(names));
  }
  if (name == "catch_kwargs") return Value(function.kwargs >= 0);
  if (name == "catch_varargs") return Value(function.varargs >= 0);
  if (name == "caller") return Value(function.caller >= 0 || function.explicit_caller);
  return std::nullopt;
}

}  // namespace rynd::jinja

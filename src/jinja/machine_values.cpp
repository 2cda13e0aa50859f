// Machine: instructions on values: names, attributes, arithmetic, printing, loops.
#include "filters.h"
#include "machine_inline.h"
#include "native.h"
#include "number.h"
#include "objects.h"

namespace rynd::jinja {

// Notes where what was printed since `begin` comes from.
void Machine::note(Frame& frame, size_t begin, bool is_text, const Value* value) {
  const auto size = static_cast<uint32_t>(frame.out->size() - begin);
  if (size == 0) return;
  const auto offset = static_cast<uint32_t>(begin);
  if (value && value->kind() == Value::Kind::long_text) {
    if (const auto found = maps_.find(value->pointer()); found != maps_.end()) {
      for (Segment segment : found->second.segments) {
        segment.begin += offset;
        frame.segments->push_back(segment);
      }
      return;
    }
  }
  const PositionEntry* entry = frame.function.position(frame.at - 1);
  if (!entry) return;
  Span span{frame.code.source, entry->begin, entry->end};
  if (is_text) {
    const std::string_view text = frame.code.texts[frame.function.code[frame.at - 1].c];
    const std::string_view all = frame.code.source->text();
    if (text.data() >= all.data() && text.data() < all.data() + all.size()) {
      span.begin = static_cast<uint32_t>(text.data() - all.data());
      span.end = span.begin + static_cast<uint32_t>(text.size());
    }
  }
  frame.segments->push_back({offset, size, std::move(span)});
}

void Machine::print_text(Frame& frame, std::string_view text) {
  if (frame.values && frame.saved.empty()) {
    frame.values->emplace_back(text);
    return;
  }
  const size_t begin = frame.out->size();
  frame.out->append(text);
  if (frame.segments) note(frame, begin, true, nullptr);
}

void Machine::print(Frame& frame, const Value& value) {
  if (frame.values && frame.saved.empty()) {
    frame.values->push_back(value);
    return;
  }
  const size_t begin = frame.out->size();
  value.write_str(*frame.out);
  if (frame.segments) note(frame, begin, false, &value);
}

// In {% autoescape true %}.
void Machine::print_escaped(Frame& frame) {
  const Value& value = *(frame.top - 1);
  print(frame, value.as<Markup>() ? value : Value(escape_html(soft_text(value))));
}

void Machine::load(Frame& frame, const Value& value, const Instruction& instruction) {
  if (value.is_missing()) {
    frame.push(make_undefined(frame.code.names[instruction.c].text.str(), frame.instance.permissive));
  } else {
    frame.push(value);
  }
}

void Machine::load_else_global(Frame& frame, const Value& value, const Instruction& instruction) {
  frame.push(value.is_missing() ? global(frame, instruction.c) : value);
}

const Value& Machine::global(Frame& frame, uint32_t index) {
  std::vector<Value>& globals = frame.instance.globals;
  if (globals.empty()) globals.resize(frame.code.globals.size(), Value::missing());
  if (globals[index].is_missing()) {
    const std::string_view name = frame.code.globals[index].text.as_string();
    std::optional<Value> found = frame.context.lookup(name);
    if (!found) found = find_global(name);
    globals[index] = found ? std::move(*found) : make_undefined(std::string(name), frame.instance.permissive);
  }
  return globals[index];
}

void Machine::attr(Frame& frame, const Instruction& instruction) {
  const Name& name = frame.code.names[instruction.c];
  Value& object = *(frame.top - 1);
  if (object.is_dict() && !name.of_dict) {
    if (const Value* found = object.as_dict().find(name.text.as_string(), name.hash)) {
      object = Value(*found);
      return;
    }
  }
  object = attribute(object, name.text.as_string(), name.hash, frame.instance.permissive);
}

void Machine::item(Frame& frame) {
  Value result = subscript(*(frame.top - 2), *(frame.top - 1), frame.instance.permissive);
  drop(frame);
  *(frame.top - 1) = std::move(result);
}

void Machine::slice(Frame& frame) {
  Value result = jinja::slice(*(frame.top - 4), *(frame.top - 3), *(frame.top - 2), *(frame.top - 1));
  drop(frame, 3);
  *(frame.top - 1) = std::move(result);
}

void Machine::loop_attr(Frame& frame, const Instruction& instruction) {
  Value& loop = *(frame.top - 1);
  if (loop.is_object() && typeid(loop.as_object()) == typeid(Cursor)) {
    loop = static_cast<Cursor&>(loop.as_object()).get(static_cast<LoopAttribute>(instruction.a));
  } else {
    attr(frame, instruction);
  }
}

void Machine::arithmetic(Frame& frame, Operator op) {
  Value& left = *(frame.top - 2);
  const Value& right = *(frame.top - 1);
  int64_t sum = 0;
  if (op == Operator::add && left.is_int() && right.is_int() &&
      !__builtin_add_overflow(left.as_int(), right.as_int(), &sum)) {
    left = Value(sum);
  } else {
    left = operate(op, left, right);
  }
  drop(frame);
}

void Machine::build_dict(Frame& frame, uint32_t pairs) {
  Value dict = Value::dict();
  Value* at = frame.top - 2 * static_cast<size_t>(pairs);
  for (uint32_t pair = 0; pair < pairs; ++pair, at += 2) {
    const uint64_t hash = hash_of(at[0]);
    dict.as_dict().set(std::move(at[0]), hash, std::move(at[1]));
  }
  frame.top -= 2 * static_cast<size_t>(pairs);
  frame.push(std::move(dict));
}

void Machine::concat(Frame& frame, uint32_t count) {
  std::string out;
  for (const Value* value = frame.top - count; value != frame.top; ++value) value->write_str(out);
  drop(frame, count);
  frame.push(Value(std::move(out)));
}

bool Machine::compare(CompareOp op, const Value& a, const Value& b) {
  switch (op) {
    case CompareOp::in:
      return in(a, b);
    case CompareOp::not_in:
      return !in(a, b);
    case CompareOp::equal:
      if (a.is_string() && b.is_string()) return a.as_string() == b.as_string();
      [[fallthrough]];
    default:
      return compare_values(static_cast<Comparison>(op), a, b);
  }
}

bool Machine::compare_chain(Frame& frame, CompareOp op) {
  if (compare(op, *(frame.top - 2), *(frame.top - 1))) {
    *(frame.top - 2) = std::move(*(frame.top - 1));
    drop(frame);
    return true;
  }
  drop(frame);
  *(frame.top - 1) = Value(false);
  return false;
}

void Machine::iterate(Frame& frame, const Instruction& instruction) {
  Ref<Cursor> cursor = make<Cursor>(frame.pop(), instruction.a != 0);
  if (instruction.c != 0 && frame.self) {
    cursor->set_recursion(Value(Ref<Macro>::share(frame.self)), frame.loop_depth);
  }
  frame.slots[instruction.b] = Value(std::move(cursor));
}

bool Machine::next(Frame& frame, const Instruction& instruction) {
  // Pushed before it is filled: the cursor may fail.
  frame.push(Value());
  if (static_cast<Cursor&>(frame.slots[instruction.b].as_object()).next(*(frame.top - 1))) return true;
  --frame.top;
  return false;
}

void Machine::unpack(Frame& frame, uint16_t count) {
  const Value source = frame.pop();
  const auto push_all = [&](const std::vector<Value>& items) {
    if (items.size() > count) throw_value("too many values to unpack (expected " + std::to_string(count) + ")");
    if (items.size() < count) {
      throw_value("not enough values to unpack (expected " + std::to_string(count) + ", got " +
                  std::to_string(items.size()) + ")");
    }
    for (size_t at = items.size(); at > 0; --at) frame.push(items[at - 1]);
  };
  if (source.is_list()) return push_all(source.as_list().items);
  if (source.is_tuple()) return push_all(source.as_tuple().items);
  if (!is_iterable(source)) throw_type("cannot unpack non-iterable " + std::string(source.type_name()) + " object");
  push_all(items_of(source));
}

void Machine::begin_capture(Frame& frame) {
  frame.saved.emplace_back(std::move(*frame.out), frame.segments ? std::move(*frame.segments) : Segments());
  frame.out->clear();
  if (frame.segments) frame.segments->clear();
}

void Machine::end_capture(Frame& frame) {
  std::string text = std::move(*frame.out);
  Value value = finish_text(frame, std::move(text));
  *frame.out = std::move(frame.saved.back().first);
  if (frame.segments) *frame.segments = std::move(frame.saved.back().second);
  frame.saved.pop_back();
  frame.push(std::move(value));
}

void Machine::set_attr(Frame& frame, uint32_t name) {
  const Value& object = *(frame.top - 1);
  if (!object.is_object()) {
    if (object.is_undefined() && !object.as_undefined()->permissive) throw_undefined(object);
    throw_error("TemplateRuntimeError", "cannot assign attribute on non-namespace object");
  }
  take(object.as_object().set_attr(frame.code.names[name].text.as_string(), *(frame.top - 2)));
  drop(frame, 2);
}

}  // namespace rynd::jinja

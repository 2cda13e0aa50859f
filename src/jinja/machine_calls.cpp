// Machine: instructions that call: functions, methods, filters, macros and their arguments.
#include "machine_inline.h"
#include "native.h"

namespace rynd::jinja {

Machine::Status Machine::call_object(const Value& callee, const Arguments& arguments, Value& result) {
  if (callee.is_object()) {
    Object& object = callee.as_object();
    if (typeid(object) == typeid(Macro)) {
      // Held: the call may assign the variable that holds it.
      const Value held = callee;
      return call_macro(static_cast<Macro&>(object), arguments, result);
    }
    if (typeid(object) == typeid(ReturnFunction) && arguments.size() + arguments.named_size() <= 1) {
      returned_ = arguments.size() == 1 ? arguments[0] : arguments.named_size() == 1 ? arguments.named(0) : Value();
      return Status::returned;
    }
  }
  result = call_value(callee, arguments);
  return Status::done;
}

Machine::Status Machine::call(Frame& frame, uint16_t count) {
  Value* first = frame.top - count;
  Value result;
  const Status status = call_object(*(first - 1), Arguments({first, count}, {}, {}, &frame.context), result);
  if (status == Status::returned) return status;
  drop(frame, count);
  *(frame.top - 1) = std::move(result);
  return Status::done;
}

// Spreads are laid out; names follow the values. `first` is the first argument, `positional_count` how many stand
// there.
static Arguments lay_out(Frame& frame, const CallShape& shape, const Value* first, size_t positional_count,
                         std::vector<Value>& positional, std::vector<Value>& names, std::vector<Value>& named) {
  const Value* at = first + positional_count;
  if (!shape.spread && !shape.spread_named) {
    return {{first, positional_count}, shape.names, {at, shape.names.size()}, &frame.context};
  }
  positional.assign(first, at);
  if (shape.spread) {
    for (Value& item : items_of(*at++)) positional.push_back(std::move(item));
  }
  names = shape.names;
  named.assign(at, at + shape.names.size());
  at += shape.names.size();
  if (shape.spread_named) {
    if (!at->is_dict()) throw_type("argument after ** must be a mapping, not " + std::string(at->type_name()));
    for (const Table::Entry& entry : at->as_dict().entries()) {
      if (entry.key.is_missing()) continue;
      if (!entry.key.is_string()) throw_type("keywords must be strings");
      for (const Value& name : shape.names) {
        if (name == entry.key) throw_type("got multiple values for keyword argument " + entry.key.repr());
      }
      names.push_back(entry.key);
      named.push_back(entry.value);
    }
  }
  return {positional, names, named, &frame.context};
}

static size_t shape_size(const CallShape& shape) {
  return shape.positional + shape.names.size() + (shape.spread ? 1 : 0) + (shape.spread_named ? 1 : 0);
}

Machine::Status Machine::call_shaped(Frame& frame, const CallShape& shape) {
  const size_t count = shape_size(shape);
  Value* first = frame.top - count;
  std::vector<Value> positional;
  std::vector<Value> names;
  std::vector<Value> named;
  const Arguments arguments = lay_out(frame, shape, first, shape.positional, positional, names, named);
  Value result;
  const Status status = call_object(*(first - 1), arguments, result);
  if (status == Status::returned) return status;
  drop(frame, count);
  *(frame.top - 1) = std::move(result);
  return Status::done;
}

Machine::Status Machine::call_method(Frame& frame, const Instruction& instruction) {
  const Name& name = frame.code.names[instruction.c];
  Value* first = frame.top - instruction.b;
  Value& object = *(first - 1);
  const Native* method = object.is_string() ? name.of_string
                         : object.is_list() ? name.of_list
                         : object.is_dict() ? name.of_dict
                                            : nullptr;
  const Arguments arguments({first, instruction.b}, {}, {}, &frame.context);
  Value result;
  if (method) {
    result = call_native(*method, object, arguments);
  } else {
    const Value callee = attribute(object, name.text.as_string(), name.hash, frame.instance.permissive);
    const Status status = call_object(callee, arguments, result);
    if (status == Status::returned) return status;
  }
  drop(frame, instruction.b);
  *(frame.top - 1) = std::move(result);
  return Status::done;
}

void Machine::native(Frame& frame, const Instruction& instruction, bool filter) {
  const Native& native = *(filter ? frame.code.filters : frame.code.tests)[instruction.c];
  const CallShape* shape = instruction.a == 0 ? nullptr : &frame.code.shapes[instruction.b - 1u];
  const size_t count = shape ? shape_size(*shape) : instruction.b;
  const Value* value = frame.top - count;
  std::vector<Value> positional;
  std::vector<Value> names;
  std::vector<Value> named;
  const Arguments arguments = shape
                                  ? lay_out(frame, *shape, value + 1, shape->positional - 1u, positional, names, named)
                                  : Arguments({value + 1, count - 1}, {}, {}, &frame.context);
  Value result = call_native(native, *value, arguments);
  drop(frame, count - 1);
  *(frame.top - 1) = std::move(result);
}

Value Machine::closure(Frame& frame, uint32_t number) {
  const CodeFunction& function = frame.code.functions[number];
  std::vector<Ref<Cell>> captures;
  captures.reserve(function.captures.size());
  for (const Capture& capture : function.captures) {
    captures.push_back(capture.from_captures ? frame.captures[capture.index]
                                             : Ref<Cell>::share(&cell(frame, capture.index)));
  }
  return Value(make<Macro>(Ref<Instance>::share(&frame.instance), function, std::move(captures), ""));
}

Machine::Status Machine::block(Frame& frame, uint32_t number) {
  const Value held = closure(frame, number);
  const Macro& body = static_cast<const Macro&>(held.as_object());
  Frame inner(*this, frame.instance, frame.context, body.function, body.captures, *frame.out);
  inner.segments = frame.segments;
  inner.values = frame.saved.empty() ? frame.values : nullptr;
  return run(inner);
}

Machine::Status Machine::recurse(Frame& frame, uint32_t number) {
  const Value body = closure(frame, number);
  const Value items = frame.pop();
  const Value text = recurse(static_cast<Macro&>(body.as_object()), items, 0);
  print(frame, text);
  return Status::done;
}

// Arguments to slots, as Jinja's macros take them.
void Machine::bind(Macro& macro, Frame& frame, const Arguments& arguments) {
  const CodeFunction& function = macro.function;
  const size_t count = function.parameters.size();
  const size_t given = std::min(arguments.size(), count);
  const auto slot = [&](size_t index) -> Value& {
    Value& place = frame.slots[index];
    return place.is_object() && typeid(place.as_object()) == typeid(Cell) ? static_cast<Cell&>(place.as_object()).value
                                                                          : place;
  };
  for (size_t at = 0; at < given; ++at) slot(at) = arguments[at];
  bool found_caller = given == count && function.explicit_caller;
  for (size_t at = given; at < count; ++at) {
    const std::string_view name = function.parameters[at].name.as_string();
    if (const Value* value = arguments.find(name)) slot(at) = *value;
    if (name == "caller") found_caller = true;
  }
  if (function.caller >= 0 || function.kwargs >= 0 || function.varargs >= 0 || arguments.named_size() > 0 ||
      arguments.size() > count) {
    bind_specials(macro, frame, arguments, found_caller);
  }
}

void Machine::bind_specials(Macro& macro, Frame& frame, const Arguments& arguments, bool found_caller) {
  const CodeFunction& function = macro.function;
  const size_t count = function.parameters.size();
  const auto set = [&](int32_t slot, Value value) {
    Value& place = frame.slots[slot];
    if (place.is_object() && typeid(place.as_object()) == typeid(Cell)) {
      static_cast<Cell&>(place.as_object()).value = std::move(value);
    } else {
      place = std::move(value);
    }
  };
  const bool takes_caller = function.caller >= 0 && !found_caller;
  if (takes_caller) {
    const Value* caller = arguments.find("caller");
    set(function.caller, caller && !caller->is_none() ? *caller : Value::undefined_because("No caller defined"));
  }
  Value rest = function.kwargs >= 0 ? Value::dict() : Value();
  for (size_t at = 0; at < arguments.named_size(); ++at) {
    const std::string_view name = arguments.name(at);
    bool taken = takes_caller && name == "caller";
    for (size_t parameter = std::min(arguments.size(), count); parameter < count && !taken; ++parameter) {
      taken = function.parameters[parameter].name.as_string() == name;
    }
    if (taken) continue;
    if (function.kwargs >= 0) {
      rest.as_dict().set(name, arguments.named(at));
      continue;
    }
    const std::string macro_name = "macro '" + function.name.str() + "'";
    if (arguments.find("caller")) {
      throw_type(macro_name +
                 " was invoked with two values for the special caller argument. This is most likely a bug.");
    }
    throw_type(macro_name + " takes no keyword argument '" + std::string(name) + "'");
  }
  if (function.kwargs >= 0) set(function.kwargs, std::move(rest));
  if (function.varargs >= 0) {
    std::vector<Value> more;
    for (size_t at = count; at < arguments.size(); ++at) more.push_back(arguments[at]);
    set(function.varargs, Value::tuple(std::move(more)));
  } else if (arguments.size() > count) {
    throw_type("macro '" + function.name.str() + "' takes not more than " + std::to_string(count) + " argument(s)");
  }
}

}  // namespace rynd::jinja

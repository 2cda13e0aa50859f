// Machine, inline: the few steps that nearly every instruction takes.
#pragma once

#include "machine.h"

namespace rynd::jinja {

inline void drop(Frame& frame) {
  --frame.top;
  *frame.top = Value();
}

inline void drop(Frame& frame, size_t count) {
  for (; count > 0; --count) drop(frame);
}

inline Cell& cell(Frame& frame, uint16_t slot) { return static_cast<Cell&>(frame.slots[slot].as_object()); }

inline std::vector<Value> take_top(Frame& frame, size_t count) {
  std::vector<Value> items(std::make_move_iterator(frame.top - count), std::make_move_iterator(frame.top));
  frame.top -= count;
  return items;
}

inline Value& argument(Frame& frame, const Instruction& instruction) {
  return instruction.a != 0 ? cell(frame, instruction.b).value : frame.slots[instruction.b];
}

inline void require_argument(Frame& frame, const Instruction& instruction) {
  Value& value = argument(frame, instruction);
  if (!value.is_missing()) return;
  const std::string name = frame.code.names[instruction.c].text.str();
  value = Value(make<UndefinedName>(Value(name), Value("parameter '" + name + "' was not provided"), "UndefinedError",
                                    frame.instance.permissive));
}

}  // namespace rynd::jinja

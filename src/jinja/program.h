// Program: a compiled template: instructions of eight bytes, tables they index, positions out of line.
#pragma once

#include <algorithm>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "jinja.h"
#include "native.h"

namespace rynd::jinja {

// What an instruction does. `a`, `b`, `c` are its fields; values come from and go to the frame's stack.
enum class Op : uint8_t {
  text,              // print texts[c]
  print,             // print the top value
  constant,          // push constants[c]
  load,              // push slot b; where nothing was assigned, undefined names[c]
  load_cell,         //   the same of a slot that closures share
  load_captured,     //   the same of what a closure captured
  load_else_global,  // push slot b; where nothing was assigned, global c
  load_cell_else_global,
  load_captured_else_global,
  load_raw,  // push slot b as it is, even where nothing was assigned
  load_cell_raw,
  load_captured_raw,
  global,  // push global c
  store,   // pop into slot b
  store_cell,
  reset,  // slot b: nothing assigned
  reset_cell,
  pop,
  list,  // pop c items, push a list
  tuple,
  dict,       // pop c pairs
  attr,       // pop an object, push its attribute names[c]
  item,       // pop key and object
  slice,      // pop step, stop, start, object
  loop_attr,  // pop a loop, push its attribute a (LoopAttribute)
  negate,
  positive,
  logical_not,
  arithmetic,        // a: Operator
  concat,            // pop c values, push their joined text
  compare,           // a: CompareOp
  compare_chain,     // a: CompareOp; false: push false and jump to c; else push the right value again
  jump,              // to c
  jump_if_not,       // pop; to c where it is false
  jump_if_not_keep,  // to c where the top is false, else pop
  jump_if_keep,
  call,         // pop b arguments and a callee, push what it gives
  call_shaped,  // arguments as shapes[c] says
  method,       // pop b arguments and an object, call its method names[c]
  filter,       // pop b arguments, the value first; filters[c]; a: shapes[b - 1] says how the arguments stand
  test,
  iterate,           // pop; start loop b over it; a: 1 where `loop` is used
  next,              // push the next item of loop b, or jump to c
  end_loop,          // forget loop b
  append,            // pop, append to the list in slot b
  unpack,            // pop, push its b items, the first on top
  capture,           // start to collect what is printed
  end_capture,       // push it as a string
  closure,           // push functions[c] as a macro
  block,             // print what functions[c] prints
  recurse,           // pop; run functions[c], a recursive loop's body, over it
  set_attr,          // pop an object and a value: object.names[c] = value
  default_argument,  // slot b (a: of a cell): jump to c where something was assigned
  require_argument,  // slot b (a: of a cell): undefined "parameter names[c] was not provided" where it was not given
  fail,              // raise constants[c], an exception's type in names[b]
  give,              // pop: the value of an expression
  end,
};

struct Instruction {
  Op op = Op::end;
  uint8_t a = 0;
  uint16_t b = 0;
  uint32_t c = 0;
};
static_assert(sizeof(Instruction) == 8, "eight instructions a cache line");

enum class LoopAttribute : uint8_t {
  index,
  index0,
  first,
  last,
  length,
  revindex,
  revindex0,
  previtem,
  nextitem,
  depth,
  depth0
};

// From this instruction on, until the next entry, the code is that of [begin, end) in the source.
struct PositionEntry {
  uint32_t at = 0;
  uint32_t begin = 0;
  uint32_t end = 0;
};

// How a call's arguments stand on the stack: positional ones, [a spread list], named ones, [a spread dict].
struct CallShape {
  uint16_t positional = 0;
  std::vector<Value> names;
  bool spread = false;
  bool spread_named = false;
};

// A name with its hash, and the built-in methods it may mean.
struct Name {
  Value text;
  uint64_t hash = 0;
  const Native* of_string = nullptr;
  const Native* of_list = nullptr;
  const Native* of_dict = nullptr;
};

struct FunctionParameter {
  Value name;
  bool has_default = false;
};

// A capture of a variable: from the cell slots of the function around, or from what that function captured itself.
struct Capture {
  bool from_captures = false;
  uint16_t index = 0;
};

// A unit of code with its own frame: the template, a macro, a call block, a block, a recursive loop.
struct CodeFunction {
  std::vector<Instruction> code;
  std::vector<PositionEntry> positions;
  std::vector<uint16_t> cells;  // slots that closures share
  std::vector<Capture> captures;
  std::vector<FunctionParameter> parameters;  // in slots 0...
  Value name;
  uint32_t definition_begin = 0;
  uint32_t definition_end = 0;
  uint16_t slots = 0;
  uint16_t stack = 0;   // values at most
  int32_t caller = -1;  // slots of the special parameters
  int32_t kwargs = -1;
  int32_t varargs = -1;
  bool explicit_caller = false;
  bool is_caller = false;       // the body of a call block
  bool defines_macros = false;  // its cells may hold closures over themselves

  const PositionEntry* position(size_t at) const {
    auto found = std::upper_bound(positions.begin(), positions.end(), at,
                                  [](size_t value, const PositionEntry& entry) { return value < entry.at; });
    return found == positions.begin() ? nullptr : &*--found;
  }
};

struct Program {
  SourcePtr source;
  std::vector<CodeFunction> functions;  // the first is the template itself
  std::vector<Value> constants;
  std::vector<Name> names;
  std::vector<std::string_view> texts;  // in the source, or in owned_texts
  std::deque<std::string> owned_texts;
  std::vector<Name> globals;
  std::vector<CallShape> shapes;
  std::vector<const Native*> filters;
  std::vector<const Native*> tests;
  std::vector<MacroInfo> macros;
  std::vector<uint32_t> macro_functions;  // of each macro, its function
  Uses uses;
  bool is_plain = false;
};

}  // namespace rynd::jinja

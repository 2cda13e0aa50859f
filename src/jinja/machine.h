// Machine: runs code. One for each render; macros that call each other share it.
#pragma once

#include <memory>
#include <stop_token>
#include <string>
#include <unordered_map>
#include <vector>

#include "ast.h"
#include "cursor.h"
#include "jinja.h"
#include "operations.h"
#include "program.h"

namespace rynd::jinja {

// A variable that closures share.
class Cell final : public Object {
 public:
  std::string_view type_name() const override { return "cell"; }
  Value value = Value::missing();
};

// A template and the context it runs with: the globals it has already asked for.
class Instance final : public Counted {
 public:
  Instance(std::shared_ptr<const Program> code, const ContextPtr& context, bool permissive)
      : code(std::move(code)), context(context), permissive(permissive) {}
  const std::shared_ptr<const Program> code;
  const std::weak_ptr<Context> context;
  const bool permissive;
  std::vector<Value> globals;
};

class Macro final : public Object {
 public:
  Macro(Ref<Instance> instance, const CodeFunction& function, std::vector<Ref<Cell>> captures, std::string label)
      : instance(std::move(instance)), function(function), captures(std::move(captures)), label(std::move(label)) {}
  std::string_view type_name() const override { return "jinja2.runtime.Macro"; }
  bool is_callable() const override { return true; }
  Outcome<Value> call(const Arguments& arguments) override;
  Outcome<std::optional<Value>> attr(std::string_view name) override;
  std::string repr() override { return "<Macro '" + function.name.str() + "'>"; }
  // A recursive loop's body over other items.
  Value recurse(const Value& items, int depth, const Arguments& arguments);

  const Ref<Instance> instance;
  const CodeFunction& function;
  const std::vector<Ref<Cell>> captures;
  const std::string label;  // of a macro that is bound to a context, where return() ends; "" for others
};

// Ends the macro around; see return_function().
class ReturnFunction final : public Object {
 public:
  std::string_view type_name() const override { return "function"; }
  bool is_callable() const override { return true; }
  Outcome<Value> call(const Arguments& arguments) override;
  std::string repr() override { return "<function return>"; }
};

struct Frame;
using Segments = std::vector<Segment>;

class Machine {
 public:
  explicit Machine(const RenderOptions& options, bool wants_values = false)
      : stop_(options.stop), mapped_(options.map != nullptr), wants_values_(wants_values) {}
  ~Machine();
  Machine(const Machine&) = delete;
  Machine& operator=(const Machine&) = delete;

  // The template's text, its values where they are wanted one by one, or the value of an expression.
  std::string render(Instance& instance, Context& context, Segments* segments);
  std::vector<Value> render_values(Instance& instance, Context& context);
  Value evaluate(Instance& instance, Context& context);
  // What a macro gives: text, or what return() was called with.
  Value call(Macro& macro, const Arguments& arguments);
  Value recurse(Macro& loop, const Value& items, int depth);

  // The machine that renders with a context, nullptr where none does.
  static Machine* of(const Context* context) { return context ? context->machine_ : nullptr; }
  // as_native and its like do something: YAML is rendered.
  bool wants_values() const { return wants_values_; }
  // For the time of a render or a call from outside, the context's machine is this one.
  class Running;

  // return() was called through code that is not the machine's: carries the value to the macro.
  [[noreturn]] void throw_return(Value value);

 private:
  enum class Status : uint8_t { done, returned };
  class Entered;

  Status run(Frame& frame);
  Status dispatch(Frame& frame);
  Status run_root(Frame& frame);
  void trace(Frame& frame, Exception& exception);
  void check_stop();

  // Instructions; those that give a status may have met a return().
  void print(Frame& frame, const Value& value);
  void print_escaped(Frame& frame);
  void print_text(Frame& frame, std::string_view text);
  void note(Frame& frame, size_t begin, bool is_text, const Value* value);
  void load(Frame& frame, const Value& value, const Instruction& instruction);
  void load_else_global(Frame& frame, const Value& value, const Instruction& instruction);
  const Value& global(Frame& frame, uint32_t index);
  void attr(Frame& frame, const Instruction& instruction);
  void item(Frame& frame);
  void slice(Frame& frame);
  void loop_attr(Frame& frame, const Instruction& instruction);
  void arithmetic(Frame& frame, Operator op);
  void build_dict(Frame& frame, uint32_t pairs);
  void concat(Frame& frame, uint32_t count);
  bool compare(CompareOp op, const Value& a, const Value& b);
  bool compare_chain(Frame& frame, CompareOp op);
  Status call(Frame& frame, uint16_t count);
  Status call_shaped(Frame& frame, const CallShape& shape);
  Status call_method(Frame& frame, const Instruction& instruction);
  Status call_object(const Value& callee, const Arguments& arguments, Value& result);
  Status call_macro(Macro& macro, const Arguments& arguments, Value& result);
  void native(Frame& frame, const Instruction& instruction, bool filter);
  void iterate(Frame& frame, const Instruction& instruction);
  bool next(Frame& frame, const Instruction& instruction);
  void unpack(Frame& frame, uint16_t count);
  void begin_capture(Frame& frame);
  void end_capture(Frame& frame);
  Value closure(Frame& frame, uint32_t function);
  Status block(Frame& frame, uint32_t function);
  Status recurse(Frame& frame, uint32_t function);
  void set_attr(Frame& frame, uint32_t name);

  void bind(Macro& macro, Frame& frame, const Arguments& arguments);
  void bind_specials(Macro& macro, Frame& frame, const Arguments& arguments, bool found_caller);
  Value finish_text(Frame& frame, std::string text);

  // Room for a frame's values; given back in the opposite order.
  Value* take_room(size_t count);
  void give_room(size_t count);

  struct Chunk {
    std::unique_ptr<Value[]> values;
    size_t size = 0;
    size_t used = 0;
  };
  friend struct Frame;
  std::vector<Chunk> chunks_;
  size_t chunk_ = 0;
  int depth_ = 0;
  Value returned_;
  std::vector<Ref<Cell>> cells_;  // of frames that define macros: emptied at the end, for they may hold each other
  const std::stop_token stop_;
  const bool mapped_;
  const bool wants_values_;
  struct Mapped {
    Value text;  // keeps it alive
    Segments segments;
  };
  std::unordered_map<const void*, Mapped> maps_;  // how the text that a macro gave was written
};

class Machine::Running {
 public:
  Running(Machine& machine, Context& context) : context_(context), before_(std::exchange(context.machine_, &machine)) {}
  ~Running() { context_.machine_ = before_; }

 private:
  Context& context_;
  Machine* const before_;
};

// What the machine knows of a function that runs.
struct Frame {
  Frame(Machine& machine, Instance& instance, Context& context, const CodeFunction& function,
        const std::vector<Ref<Cell>>& captures, std::string& out);
  ~Frame();
  void push(Value value) { new (top++) Value(std::move(value)); }
  Value pop() { return std::move(*--top); }

  Machine& machine;
  Instance& instance;
  Context& context;
  const CodeFunction& function;
  const Program& code;
  const std::vector<Ref<Cell>>& captures;
  std::string* out;
  Segments* segments = nullptr;
  std::vector<Value>* values = nullptr;  // where values are wanted, not text
  Value* slots;
  Value* top;
  uint32_t at = 0;
  int loop_depth = 0;
  Macro* self = nullptr;
  std::vector<std::pair<std::string, Segments>> saved;  // what was printed before each open capture
};

}  // namespace rynd::jinja

// Jinja: the template language, Jinja2 3.1 with dbt's tags: texts are compiled once to templates, which are rendered
// against contexts of the host. docs/compat-jinja.md lists every known difference from the original.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/diagnostic.h"
#include "base/source.h"
#include "jinja/object.h"
#include "jinja/value.h"

namespace rynd::jinja {

struct Program;
class Compilation;
class Machine;

// Where a render's free names come from. One for each node that is rendered; used by one thread at a time. Macros are
// bound to one; they do not keep it alive, and calling one whose context is gone fails.
class Context {
 public:
  virtual ~Context() = default;
  // The value of a name. Nothing: Jinja's own global of that name, or else undefined. Asked at most once a name and
  // template (or bound macro) in a render, at the name's first use.
  virtual std::optional<Value> lookup(std::string_view name) = 0;
  // The macros that run now, outermost first, by the labels given to make_macro.
  const std::vector<std::string_view>& macro_stack() const { return macro_stack_; }

 private:
  friend class Machine;
  std::vector<std::string_view> macro_stack_;
  Machine* machine_ = nullptr;  // the one that renders with it now
};
using ContextPtr = std::shared_ptr<Context>;

// A context from a list of names; later ones win.
ContextPtr make_context(std::vector<std::pair<std::string, Value>> names);

// A call whose function is a name or a dotted name, as the text has it.
struct UsedCall {
  std::string name;                              // "ref", "adapter.dispatch", "dbt_utils.star"
  std::vector<std::optional<Value>> positional;  // nothing: not a literal
  std::vector<std::pair<std::string, std::optional<Value>>> named;
  bool spreads = false;  // *args or **kwargs: there may be more arguments
  Span span;             // the whole call
};

// What a text may use, without running it. Names that the text itself assigns are left out.
struct Uses {
  std::vector<std::string> names;  // free names with the attributes after them, each once: "ref", "dbt_utils.star"
  std::vector<UsedCall> calls;
};

enum class MacroKind : uint8_t { macro, test, materialization };

struct MacroArgument {
  std::string name;
  std::string type;                         // "list[str]"; "" where none is given
  std::optional<std::string> default_text;  // the source of the default
  Span span;
};

// A macro that a text defines at its top level.
struct MacroInfo {
  MacroKind kind = MacroKind::macro;
  std::string name;   // as dbt calls it: "star", "test_unique", "materialization_table_default"
  std::string label;  // as the text says it: "star", "unique", "table"
  std::vector<MacroArgument> arguments;
  std::string adapter;                           // of a materialization; "default"
  std::vector<std::string> supported_languages;  // of a materialization; {"sql"} where it says nothing
  Span definition;                               // from the opening tag to the end of the closing one
  Span body;
  Uses uses;
};

// A part of a source, in bytes; the default is all of it.
struct Part {
  uint32_t begin = 0;
  uint32_t end = UINT32_MAX;
};

// A compiled text, or one to be compiled when it is first used: immutable, cheap to copy, shared by threads.
class Template {
 public:
  Template() = default;
  explicit Template(std::shared_ptr<const Compilation> compilation) : compilation_(std::move(compilation)) {}
  const SourcePtr& source() const;
  Part part() const;  // as given to compile()
  std::span<const MacroInfo> macros() const;
  const Uses& uses() const;  // of everything in the text, macros too
  // No tag, no expression: the text renders as itself (but for one newline at its end).
  bool is_plain() const;
  const Program& code() const { return *shared_code(); }
  const std::shared_ptr<const Program>& shared_code() const;
  explicit operator bool() const { return compilation_ != nullptr; }

 private:
  std::shared_ptr<const Compilation> compilation_;
};

struct Options {
  // A macro's name can be used in the text that defines it, as in plain Jinja. dbt has it otherwise: a name always
  // means what the context says, so that a project can override a macro for its siblings.
  bool bind_macro_names = false;
  bool keep_trailing_newline = false;
  bool trim_blocks = false;
  bool lstrip_blocks = false;
};

// Compiles. Holds no state but its options; may be shared by threads.
class Environment {
 public:
  explicit Environment(Options options = {}) : options_(options) {}
  // All syntax errors that can be found (RYND0301, RYND0302).
  Checked<Template> compile(SourcePtr source, Part part = {}) const;
  // A file of macros: only its macro, test and materialization blocks, whatever stands between them, as dbt reads it.
  Checked<Template> compile_macros(SourcePtr source) const;
  // The same for a text that was compiled before without an error: it is compiled again when it is first used.
  Template compile_later(SourcePtr source, Part part = {}) const;
  Template compile_macros_later(SourcePtr source) const;
  // One expression, without braces: for evaluate().
  Checked<Template> compile_expression(SourcePtr source, Part part = {}) const;

 private:
  Options options_;
};

// Where a piece of the output comes from.
struct Segment {
  uint32_t begin = 0;  // offset in the output
  uint32_t size = 0;
  Span span;  // in the innermost template or macro that wrote it
};

class SourceMap {
 public:
  // The place that wrote the byte at an offset; a text segment's span is moved to the very byte.
  Span at(uint32_t offset) const;
  std::vector<Segment> segments;  // by offset, without overlap
};

enum class UndefinedMode : uint8_t {
  standard,    // an attribute, item or call of an undefined value fails: "'x' is undefined"
  permissive,  // gives the undefined value again: dbt's first rendering of a model. Bound macros stay standard, as
               // there
};

struct RenderOptions {
  UndefinedMode undefined = UndefinedMode::standard;
  SourceMap* map = nullptr;   // filled where wanted; costs about as much again as the render
  std::stop_token stop = {};  // asked at every turn of a loop and every call
};

// The text. A failure is at the innermost place; the calls that led there are related places, innermost first.
Result<std::string> render(const Template& text, const ContextPtr& context, const RenderOptions& options = {});
// As dbt renders values in YAML: a text that is one expression gives its value, other texts a string; as_native,
// as_bool and as_number ask for the value that the text spells.
Result<Value> render_native(const Template& text, const ContextPtr& context, const RenderOptions& options = {});
// The value of a template made by compile_expression.
Result<Value> evaluate(const Template& expression, const ContextPtr& context, const RenderOptions& options = {});

// The macro with that index in text.macros(), as a callable bound to a context. Nothing runs before it is called, and
// making one is cheap. `label` names it in the macro stack and in failures ("" : its own name).
Value make_macro(const Template& text, size_t index, const ContextPtr& context, std::string label = {});
// Calls with the diagnostics of render(): for operations, hooks and tests that start with a macro.
Result<Value> call_macro(const Value& macro, std::vector<Value> positional = {},
                         std::vector<std::pair<std::string, Value>> named = {}, const RenderOptions& options = {});
// What the user should see of an exception that no template place belongs to.
Diagnostic to_diagnostic(const Exception& exception, Span span = {});

enum class BlockKind : uint8_t { macro, test, materialization, docs, snapshot };

// A block as dbt's block reader finds it: by its tags alone, so that a body need not be valid.
struct Block {
  BlockKind kind = BlockKind::macro;
  std::string name;
  Span name_span;
  Span whole;      // opening tag to closing tag
  Span arguments;  // the text between the name and the end of the opening tag: "(model, column)", ", adapter='x'"
  Span body;
};

// All blocks at the top level of a file, in their order. Fails for blocks that are not closed or have no name.
Checked<std::vector<Block>> scan_blocks(const SourcePtr& source);

}  // namespace rynd::jinja

// Render: the public functions that compile and run templates, and what a failure looks like to a user.
#include <algorithm>
#include <mutex>
#include <stdexcept>

#include "base/suggest.h"
#include "compiler.h"
#include "jinja.h"
#include "machine.h"
#include "native_value.h"

namespace rynd::jinja {
namespace {

Diagnostic to_diagnostic(const SyntaxError& error, const SourcePtr& source) {
  Diagnostic diagnostic;
  diagnostic.code = error.code;
  diagnostic.message = error.message;
  diagnostic.span = {source, error.begin, error.end};
  diagnostic.related = error.related;
  diagnostic.label = error.label;
  return diagnostic;
}

using Compiled = Checked<std::shared_ptr<const Program>>;

Compiled compile_tree(const SourcePtr& source, Tree& tree, std::vector<SyntaxError> errors, const Options& options) {
  std::shared_ptr<const Program> code;
  if (errors.empty()) {
    Compiler compiler(source, options);
    code = compiler.compile(tree);
    errors = std::move(compiler.errors());
  }
  if (errors.empty()) return code;
  Diagnostics diagnostics;
  for (const SyntaxError& error : errors) diagnostics.push_back(to_diagnostic(error, source));
  sort_by_place(diagnostics);
  return fail_all(std::move(diagnostics));
}

Compiled compile_text(const SourcePtr& source, Part part, const Options& options) {
  Tree tree;
  Parser parser(source, lex(source->text(), part, options), tree);
  parser.parse_template();
  return compile_tree(source, tree, std::move(parser.errors()), options);
}

Compiled compile_blocks(const SourcePtr& source, const Options& options) {
  const Checked<std::vector<Block>> blocks = scan_blocks(source);
  if (!blocks) return std::unexpected(blocks.error());
  Tree tree;
  std::vector<Stmt*> body;
  std::vector<SyntaxError> errors;
  for (const Block& block : *blocks) {
    if (block.kind == BlockKind::docs || block.kind == BlockKind::snapshot) continue;
    Parser parser(source, lex(source->text(), {block.whole.begin, block.whole.end}, options), tree);
    parser.parse_template();
    body.insert(body.end(), tree.body.begin(), tree.body.end());
    errors.insert(errors.end(), parser.errors().begin(), parser.errors().end());
  }
  tree.body = tree.keep(body);
  return compile_tree(source, tree, std::move(errors), options);
}

Code code_of(const Exception& exception) {
  if (exception.type == "UndefinedError") return Code::template_undefined;
  if (exception.type == "SecurityError") return Code::template_unsafe;
  if (exception.type == "RecursionError") return Code::template_too_deep;
  if (exception.type == "KeyboardInterrupt") return Code::template_stopped;
  if (exception.message.starts_with("No filter named") || exception.message.starts_with("No test named")) {
    return Code::template_unknown_name;
  }
  return Code::template_failed;
}

class ListContext final : public Context {
 public:
  explicit ListContext(std::vector<std::pair<std::string, Value>> names) {
    for (auto& [name, value] : names) names_.set(name, std::move(value));
  }
  std::optional<Value> lookup(std::string_view name) override {
    const Value* found = names_.find(name);
    return found ? std::optional<Value>(*found) : std::nullopt;
  }

 private:
  Table names_;
};

// Runs with a machine and a fresh instance of a template; exceptions become diagnostics.
template <class Run>
auto with_machine(const Template& text, const ContextPtr& context, const RenderOptions& options, bool wants_values,
                  Run&& run) -> Result<decltype(run(std::declval<Machine&>(), std::declval<Instance&>()))> {
  const Ref<Instance> instance =
      make<Instance>(text.shared_code(), context, options.undefined == UndefinedMode::permissive);
  try {
    Machine machine(options, wants_values);
    return run(machine, *instance);
  } catch (Raised& raised) {
    return fail(jinja::to_diagnostic(raised.exception));
  }
}

}  // namespace

Diagnostic to_diagnostic(const Exception& exception, Span span) {
  Diagnostic diagnostic;
  if (exception.diagnostic) {
    diagnostic = *exception.diagnostic;
  } else {
    diagnostic.code = code_of(exception);
    diagnostic.message = exception.message;
    if (diagnostic.code == Code::template_failed || diagnostic.code == Code::template_unknown_name)
      diagnostic.notes.push_back("raised as " + exception.type);
  }
  const bool has_place = static_cast<bool>(diagnostic.span);
  size_t calls = 0;
  if (!has_place) {
    diagnostic.span = span;
    if (!exception.trace.empty()) {
      diagnostic.span = exception.trace.front().span;
      if (diagnostic.label.empty()) diagnostic.label = exception.trace.front().text;
      calls = 1;
    }
  }
  // Of macros that call each other without end, the first calls and where it began say it all.
  constexpr size_t first_calls = 4, last_calls = 2;
  const size_t count = exception.trace.size();
  const bool many = count > calls + first_calls + last_calls + 1;
  if (many) diagnostic.notes.emplace_back("the calls between them are left out");
  for (; calls < count; ++calls) {
    if (many && calls >= first_calls && calls < count - last_calls) continue;
    const Label& place = exception.trace[calls];
    diagnostic.related.push_back(
        {place.span, place.text.empty() ? "called from here" : "called from here, " + place.text});
  }
  return diagnostic;
}

ContextPtr make_context(std::vector<std::pair<std::string, Value>> names) {
  return std::make_shared<ListContext>(std::move(names));
}

// What a Template stands for: a text, and its code once that is needed.
class Compilation {
 public:
  enum class Kind : uint8_t { text, macros, expression };

  Compilation(Kind kind, SourcePtr source, Part part, Options options)
      : kind_(kind), source_(std::move(source)), part_(part), options_(options) {}
  static Checked<Template> done(Kind kind, SourcePtr source, Part part, Options options, Compiled code) {
    if (!code) return fail_all(std::move(code.error()));
    auto compilation = std::make_shared<Compilation>(kind, std::move(source), part, options);
    std::call_once(compilation->compiled_, [&] { compilation->code_ = std::move(*code); });
    return Template(std::move(compilation));
  }

  const SourcePtr& source() const { return source_; }
  Part part() const { return part_; }
  const std::shared_ptr<const Program>& code() const {
    std::call_once(compiled_, [this] {
      Compiled code =
          kind_ == Kind::macros ? compile_blocks(source_, options_) : compile_text(source_, part_, options_);
      // Whoever asks for later compilation has compiled this very text before.
      if (!code) throw std::logic_error(code.error().front().message + " in " + source_->name());
      code_ = std::move(*code);
    });
    return code_;
  }

 private:
  const Kind kind_;
  const SourcePtr source_;
  const Part part_;
  const Options options_;
  mutable std::once_flag compiled_;
  mutable std::shared_ptr<const Program> code_;
};

const SourcePtr& Template::source() const { return compilation_->source(); }
Part Template::part() const { return compilation_->part(); }
const std::shared_ptr<const Program>& Template::shared_code() const { return compilation_->code(); }
std::span<const MacroInfo> Template::macros() const { return code().macros; }
const Uses& Template::uses() const { return code().uses; }
bool Template::is_plain() const { return code().is_plain; }

Checked<Template> Environment::compile(SourcePtr source, Part part) const {
  return Compilation::done(Compilation::Kind::text, source, part, options_, compile_text(source, part, options_));
}

Template Environment::compile_later(SourcePtr source, Part part) const {
  return Template(std::make_shared<Compilation>(Compilation::Kind::text, std::move(source), part, options_));
}

Template Environment::compile_macros_later(SourcePtr source) const {
  return Template(std::make_shared<Compilation>(Compilation::Kind::macros, std::move(source), Part(), options_));
}

Checked<Template> Environment::compile_macros(SourcePtr source) const {
  return Compilation::done(Compilation::Kind::macros, source, Part(), options_, compile_blocks(source, options_));
}

Checked<Template> Environment::compile_expression(SourcePtr source, Part part) const {
  Tree tree;
  Parser parser(source, lex_expression(source->text(), part), tree);
  parser.parse_expression_only();
  return Compilation::done(Compilation::Kind::expression, source, part, options_,
                           compile_tree(source, tree, std::move(parser.errors()), options_));
}

Result<std::string> render(const Template& text, const ContextPtr& context, const RenderOptions& options) {
  return with_machine(text, context, options, false, [&](Machine& machine, Instance& instance) {
    return machine.render(instance, *context, options.map ? &options.map->segments : nullptr);
  });
}

Result<Value> render_native(const Template& text, const ContextPtr& context, const RenderOptions& options) {
  return with_machine(text, context, options, true, [&](Machine& machine, Instance& instance) {
    return native_value(machine.render_values(instance, *context));
  });
}

Result<Value> evaluate(const Template& expression, const ContextPtr& context, const RenderOptions& options) {
  return with_machine(expression, context, options, false,
                      [&](Machine& machine, Instance& instance) { return machine.evaluate(instance, *context); });
}

Value make_macro(const Template& text, size_t index, const ContextPtr& context, std::string label) {
  const Program& code = text.code();
  if (label.empty()) label = code.macros[index].name;
  const CodeFunction& function = code.functions[code.macro_functions[index]];
  std::vector<Ref<Cell>> captures;
  for (size_t at = 0; at < function.captures.size(); ++at) captures.push_back(make<Cell>());
  return Value(
      make<Macro>(make<Instance>(text.shared_code(), context, false), function, std::move(captures), std::move(label)));
}

Result<Value> call_macro(const Value& macro, std::vector<Value> positional,
                         std::vector<std::pair<std::string, Value>> named, const RenderOptions& options) {
  std::vector<Value> names;
  std::vector<Value> values;
  for (auto& [name, value] : named) {
    names.emplace_back(name);
    values.push_back(std::move(value));
  }
  try {
    const Arguments arguments(positional, names, values);
    if (Macro* bound = macro.as<Macro>()) {
      Machine machine(options);
      return machine.call(*bound, arguments);
    }
    return call_value(macro, arguments);
  } catch (Raised& raised) {
    return fail(to_diagnostic(raised.exception));
  }
}

Span SourceMap::at(uint32_t offset) const {
  const auto after = std::upper_bound(segments.begin(), segments.end(), offset,
                                      [](uint32_t value, const Segment& segment) { return value < segment.begin; });
  if (after == segments.begin()) return {};
  const Segment& segment = *(after - 1);
  if (offset >= segment.begin + segment.size) return {};
  // Text that was copied as it stands: the byte itself.
  if (segment.span.end - segment.span.begin != segment.size) return segment.span;
  const uint32_t place = segment.span.begin + (offset - segment.begin);
  return {segment.span.source, place, place + 1};
}

}  // namespace rynd::jinja

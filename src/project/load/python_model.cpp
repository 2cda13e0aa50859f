// Python model: see the header.
#include "load/python_model.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <span>

#include "load/python_literal.h"
#include "load/python_tokens.h"

namespace rynd::project {

namespace {

using Kind = PythonTokenKind;
using Tokens = std::span<const PythonToken>;

// The texts of tokens, and how brackets pair.
class Text {
 public:
  Text(const SourcePtr& source, Tokens tokens) : source_(source), tokens_(tokens) {}

  Tokens tokens() const { return tokens_; }
  size_t size() const { return tokens_.size(); }
  Kind kind(size_t i) const { return tokens_[i].kind; }
  std::string_view text(size_t i) const { return tokens_[i].text(source_->text()); }
  bool is_name(size_t i, std::string_view name) const { return is(i, Kind::name, name); }
  bool is_symbol(size_t i, std::string_view symbol) const { return is(i, Kind::symbol, symbol); }
  bool is_kind(size_t i, Kind kind) const { return i < size() && tokens_[i].kind == kind; }
  Span span(size_t first, size_t last) const { return {source_, tokens_[first].begin, tokens_[last].end}; }

  // The partner of the opening bracket at `open`.
  size_t closing(size_t open) const {
    size_t depth = 0;
    for (size_t i = open; i < size(); ++i) {
      if (opens(i)) ++depth;
      if (closes(i) && --depth == 0) return i;
    }
    return size() - 1;
  }
  // The dedent that ends the block whose indent is at `indent`.
  size_t block_end(size_t indent) const {
    size_t depth = 0;
    for (size_t i = indent; i < size(); ++i) {
      if (kind(i) == Kind::indent) ++depth;
      if (kind(i) == Kind::dedent && --depth == 0) return i;
    }
    return size();
  }
  // The first `symbol` of [begin, end) outside of brackets; `end` where there is none.
  size_t find(size_t begin, size_t end, std::string_view symbol) const {
    for (size_t i = begin; i < end; ++i) {
      if (is_symbol(i, symbol)) return i;
      if (opens(i)) i = closing(i);
    }
    return end;
  }

 private:
  bool is(size_t i, Kind kind, std::string_view wanted) const {
    return i < size() && tokens_[i].kind == kind && text(i) == wanted;
  }
  bool opens(size_t i) const { return is_symbol(i, "(") || is_symbol(i, "[") || is_symbol(i, "{"); }
  bool closes(size_t i) const { return is_symbol(i, ")") || is_symbol(i, "]") || is_symbol(i, "}"); }

  const SourcePtr& source_;
  Tokens tokens_;
};

// A function's definition by the places of its tokens.
struct Definition {
  size_t name = 0;
  size_t open = 0;   // the bracket of its parameters
  size_t begin = 0;  // of its body
  size_t end = 0;
};

std::optional<Definition> definition_at(const Text& text, size_t at) {
  if (!text.is_name(at, "def") || !text.is_kind(at + 1, Kind::name)) return {};
  Definition found{.name = at + 1};
  found.open = text.find(at + 2, text.size(), "(");
  const size_t colon = text.is_symbol(at + 2, "(") || text.is_symbol(at + 2, "[")
                           ? text.find(text.closing(found.open) + 1, text.size(), ":")
                           : text.size();
  if (colon >= text.size()) return {};
  if (text.is_kind(colon + 1, Kind::newline) && text.is_kind(colon + 2, Kind::indent)) {
    found.begin = colon + 3;
    found.end = text.block_end(colon + 2);
  } else {
    found.begin = colon + 1;
    found.end = colon + 1;
    while (found.end < text.size() && text.kind(found.end) != Kind::newline) ++found.end;
  }
  return found;
}

class Validator {
 public:
  explicit Validator(const Text& text) : text_(text) {}

  Diagnostics run(const Span& file) {
    std::vector<Definition> models;
    for (size_t at = 0; at < text_.size(); ++at) {
      const auto definition = definition_at(text_, at);
      if (!definition) continue;
      if (text_.text(definition->name) == "model") models.push_back(*definition);
      at = std::max(at, definition->end);  // what is defined within a function is its own affair
    }
    if (models.empty()) {
      wrong("dbt wants exactly one function 'model' in a file, and this one has none", file).help =
          "def model(dbt, session):\n    return dbt.ref('...')";
    } else if (models.size() > 1) {
      auto& problem =
          wrong(fmt::format("dbt wants exactly one function 'model' in a file, and this one has {}", models.size()),
                text_.span(models[1].name, models[1].name));
      problem.related.push_back({text_.span(models[0].name, models[0].name), "the first is here"});
    } else {
      check_parameters(models[0]);
      check_return(models[0]);
    }
    return std::move(problems_);
  }

 private:
  Diagnostic& wrong(std::string message, Span span) {
    return problems_.emplace_back(
        Diagnostic{.code = Code::python_wrong, .message = std::move(message), .span = std::move(span)});
  }

  // As dbt counts them: what can be given by place and by name.
  void check_parameters(const Definition& model) {
    const size_t close = text_.closing(model.open);
    std::vector<size_t> names;
    for (size_t begin = model.open + 1; begin < close;) {
      const size_t end = text_.find(begin, close, ",");
      if (text_.is_symbol(begin, "/")) {
        names.clear();
      } else if (text_.is_symbol(begin, "*") || text_.is_symbol(begin, "**")) {
        break;
      } else {
        names.push_back(begin);
      }
      begin = end + 1;
    }
    const Span place = text_.span(model.open, close);
    if (names.size() != 2) {
      auto& problem = wrong(
          fmt::format("the function 'model' takes two arguments, 'dbt' and the session, not {}", names.size()), place);
      problem.label = "model(dbt, session)";
    } else if (text_.text(names[0]) != "dbt") {
      wrong("the first argument of the function 'model' is called 'dbt'", text_.span(names[0], names[0])).label =
          "model(dbt, session)";
    }
  }

  // The last statement of the body returns one value.
  void check_return(const Definition& model) {
    size_t line = model.begin, depth = 0;
    bool has_block = false;
    for (size_t i = model.begin; i < model.end; ++i) {
      if (text_.kind(i) == Kind::indent) ++depth;
      if (text_.kind(i) == Kind::dedent) --depth;
      const bool begins = depth == 0 && i > model.begin &&
                          (text_.kind(i - 1) == Kind::newline || text_.kind(i - 1) == Kind::dedent) &&
                          text_.kind(i) != Kind::dedent && text_.kind(i) != Kind::indent;
      if (begins) line = i;
      if (text_.kind(i) == Kind::indent && depth == 1) has_block = true;
      if (begins) has_block = false;
    }
    size_t end = line;
    while (end < model.end && text_.kind(end) != Kind::newline) ++end;
    const size_t last = last_part(line, end);
    const bool compound = has_block || is_compound(line, end);
    if (compound || !text_.is_name(last, "return")) {
      wrong("the function 'model' must end by returning one table", text_.span(model.name, model.name)).help =
          "end it with 'return df', at the indentation of its first line";
    } else if (is_tuple(last + 1, end)) {
      wrong("the function 'model' returns several values, where dbt wants one table",
            text_.span(last, std::max(last, end - 1)));
    }
  }

  // After the last semicolon that something follows.
  size_t last_part(size_t begin, size_t end) const {
    for (size_t at = text_.find(begin, end, ";"); at < end && at + 1 < end; at = text_.find(begin, end, ";")) {
      begin = at + 1;
    }
    return begin;
  }

  bool is_compound(size_t at, size_t end) const {
    static constexpr std::array<std::string_view, 13> words = {
        "if", "elif", "else", "for", "while", "try", "except", "with", "def", "class", "finally", "async", "match"};
    return text_.is_kind(at, Kind::name) && std::ranges::find(words, text_.text(at)) != words.end() &&
           text_.find(at, end, ":") < end;
  }

  bool is_tuple(size_t begin, size_t end) const {
    if (begin >= end) return false;
    if (text_.find(begin, end, ",") < end) return true;
    if (!text_.is_symbol(begin, "(") || text_.closing(begin) + 1 != end) return false;
    return begin + 2 == end || text_.find(begin + 1, end - 1, ",") < end - 1;
  }

  const Text& text_;
  Diagnostics problems_;
};

std::optional<PythonFunction> function_at(const Text& text, size_t at, size_t& open) {
  if (!text.is_name(at, "dbt") || (at > 0 && text.is_symbol(at - 1, ".")) || !text.is_symbol(at + 1, ".")) return {};
  struct Name {
    std::string_view first, second;
    PythonFunction function;
  };
  static constexpr std::array<Name, 5> names = {{{"ref", "", PythonFunction::ref},
                                                 {"source", "", PythonFunction::source},
                                                 {"config", "", PythonFunction::config},
                                                 {"config", "get", PythonFunction::config_get},
                                                 {"config", "meta_get", PythonFunction::config_meta_get}}};
  for (const Name& name : names) {
    if (!text.is_name(at + 2, name.first)) continue;
    open = at + 3;
    if (!name.second.empty()) {
      if (!text.is_symbol(at + 3, ".") || !text.is_name(at + 4, name.second)) continue;
      open = at + 5;
    }
    if (text.is_symbol(open, "(")) return name.function;
  }
  return {};
}

// The arguments between brackets; what is no literal is a problem.
void read_arguments(const Text& text, std::string_view source, size_t open, PythonCall& call, Diagnostics& problems) {
  const size_t close = text.closing(open);
  for (size_t begin = open + 1; begin < close;) {
    const size_t end = text.find(begin, close, ",");
    const bool named = text.is_kind(begin, Kind::name) && text.is_symbol(begin + 1, "=");
    size_t at = named ? begin + 2 : begin;
    auto value = read_python_literal(source, text.tokens().first(end), at);
    if (!value || at != end) {
      const size_t first = named && begin + 2 < end ? begin + 2 : begin;
      Diagnostic problem{.code = Code::python_wrong,
                         .message =
                             "the arguments of dbt.ref(), dbt.source() and dbt.config() are literals, which can "
                             "be read without running the model",
                         .span = text.span(first, end - 1),
                         .label = "not a literal"};
      problem.help = "write the value itself; what varies comes from yml: dbt.config.get('...')";
      problems.push_back(std::move(problem));
    } else if (named) {
      call.named.emplace_back(text.text(begin), std::move(*value));
    } else {
      call.positional.push_back(std::move(*value));
    }
    begin = end + 1;
  }
}

}  // namespace

Checked<std::vector<PythonCall>> read_python_model(const SourcePtr& source, uint32_t begin, uint32_t end) {
  auto tokens = tokenize_python(source, begin, end);
  if (!tokens) return fail_all({std::move(tokens.error())});
  std::vector<PythonCall> calls;
  if (tokens->empty()) return calls;
  const Text text(source, *tokens);
  Diagnostics problems = Validator(text).run({source, begin, begin});
  for (size_t at = 0; at < text.size(); ++at) {
    size_t open = 0;
    const auto function = function_at(text, at, open);
    if (!function) continue;
    PythonCall call{.function = *function, .span = text.span(at, text.closing(open))};
    read_arguments(text, source->text(), open, call, problems);
    calls.push_back(std::move(call));
  }
  if (!problems.empty()) return fail_all(std::move(problems));
  return calls;
}

}  // namespace rynd::project

// NativeValue: marks, and reading literals.
#include "native_value.h"

#include "machine.h"
#include "number.h"
#include "parser.h"

namespace rynd::jinja {
namespace {

class Marked final : public Object {
 public:
  Marked(std::string filter, Value value) : filter(std::move(filter)), value(std::move(value)) {}
  std::string_view type_name() const override { return "str"; }
  std::string repr() override { return value.repr(); }
  std::string str() override { return value.str(); }
  bool truth() override { return value.truth(); }
  const std::string filter;
  const Value value;
};

std::optional<Value> literal_of(const Expr& expr, const Tree& tree, std::string_view text);

std::optional<std::vector<Value>> literals_of(std::span<Expr*> items, const Tree& tree, std::string_view text) {
  std::vector<Value> values;
  for (const Expr* item : items) {
    std::optional<Value> value = literal_of(*item, tree, text);
    if (!value) return std::nullopt;
    values.push_back(std::move(*value));
  }
  return values;
}

std::optional<Value> literal_of(const Expr& expr, const Tree& tree, std::string_view text) {
  switch (expr.kind) {
    case ExprKind::constant: {
      const Value& value = tree.constants[expr.number];
      const bool word = value.is_bool() || value.is_none();
      if (word && text[expr.begin] >= 'a') return std::nullopt;
      return value;
    }
    case ExprKind::negate:
    case ExprKind::positive: {
      const std::optional<Value> value = literal_of(*expr.a, tree, text);
      if (!value || !value->is_number() || value->is_bool()) return std::nullopt;
      return expr.kind == ExprKind::negate ? number_negate(*value) : *value;
    }
    case ExprKind::list:
    case ExprKind::tuple: {
      std::optional<std::vector<Value>> values = literals_of(expr.items, tree, text);
      if (!values) return std::nullopt;
      return expr.kind == ExprKind::list ? Value::list(std::move(*values)) : Value::tuple(std::move(*values));
    }
    case ExprKind::dict: {
      const std::optional<std::vector<Value>> values = literals_of(expr.items, tree, text);
      if (!values) return std::nullopt;
      const Value dict = Value::dict();
      for (size_t at = 0; at + 1 < values->size(); at += 2) {
        if (!dict.as_dict().set((*values)[at], (*values)[at + 1])) return std::nullopt;
      }
      return dict;
    }
    default:
      return std::nullopt;
  }
}

}  // namespace

std::optional<Value> literal_value(std::string_view text) {
  const SourcePtr source = make_source("<literal>", std::string(text));
  Tree tree;
  Parser parser(source, lex_expression(source->text(), {}), tree);
  parser.parse_expression_only();
  if (!parser.errors().empty() || !tree.expression) return std::nullopt;
  return literal_of(*tree.expression, tree, source->text());
}

Value mark_value(const Bound& arguments, std::string_view filter) {
  const Machine* machine = Machine::of(arguments.all.context());
  if (!machine || !machine->wants_values()) return arguments.self;
  return Value(make<Marked>(std::string(filter), arguments.self));
}

Value native_value(std::vector<Value> printed) {
  if (printed.empty()) return "";
  if (printed.size() > 1) {
    std::string text;
    for (const Value& value : printed) value.write_str(text);
    return text;
  }
  const Marked* marked = printed[0].as<Marked>();
  if (!marked) return std::move(printed[0]);
  if (marked->filter == "as_text") return marked->value.str();
  Value result = marked->value;
  if (result.is_string()) {
    if (std::optional<Value> literal = literal_value(result.as_string())) result = std::move(*literal);
  }
  const auto refuse = [&](std::string_view type) {
    throw_error("JinjaRenderingError",
                "Could not convert value '" + marked->value.str() + "' into type '" + std::string(type) + "'");
  };
  if (marked->filter == "as_bool" && !result.is_bool()) refuse("bool");
  if (marked->filter == "as_number" && (!result.is_number() || result.is_bool())) refuse("number");
  return result;
}

}  // namespace rynd::jinja

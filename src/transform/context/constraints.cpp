// Constraints: see the header.
#include "context/constraints.h"

#include <fmt/format.h>

#include "base/text.h"
#include "sql/quote.h"

namespace rynd::transform {

namespace {

using jinja::Outcome;
using jinja::Value;

std::string text(const Value& dict, std::string_view key) {
  const Value* found = dict.is_dict() ? dict.as_dict().find(key) : nullptr;
  return !found || found->is_none() ? std::string() : found->str();
}

Outcome<std::string> names(const Value& dict, std::string_view key) {
  const Value* found = dict.is_dict() ? dict.as_dict().find(key) : nullptr;
  if (!found || found->is_none()) return std::string();
  auto items = jinja::to_vector(*found);
  if (!items) return std::unexpected(items.error());
  std::vector<std::string> parts;
  for (const auto& item : *items) parts.push_back(item.str());
  return join(parts, ", ");
}

// `to` is a relation's name, or ref('x') / source('a', 'b') as text. DuckDB refers within one catalogue only.
Outcome<std::string> target_of(RunContext& context, const std::string& to) {
  if (!to.starts_with("ref(") && !to.starts_with("source(")) return context.without_catalog(to + " ");
  auto rendered = context.render_text("{{ " + to + " }}");
  if (!rendered) return std::unexpected(rendered.error());
  const auto cut = context.without_catalog(rendered->str() + " (");
  return std::string(trim(std::string_view(cut).substr(0, cut.size() - 1)));
}

Outcome<std::string> references(RunContext& context, const Value& constraint) {
  const std::string to = text(constraint, "to");
  if (to.empty()) return "references " + text(constraint, "expression");
  auto target = target_of(context, to);
  if (!target) return target;
  auto columns = names(constraint, "to_columns");
  if (!columns) return columns;
  return fmt::format("references {} ({})", trim(*target), *columns);
}

Outcome<std::string> column_constraint(RunContext& context, const Value& constraint) {
  const std::string type = text(constraint, "type");
  const std::string expression = text(constraint, "expression");
  const std::string after = expression.empty() ? "" : " " + expression;
  if (type == "check") return fmt::format("check ({})", expression);
  if (type == "not_null") return "not null" + after;
  if (type == "unique") return "unique" + after;
  if (type == "primary_key") return "primary key" + after;
  if (type == "foreign_key") return references(context, constraint);
  return expression;
}

Outcome<std::string> model_constraint(RunContext& context, const Value& constraint) {
  const std::string type = text(constraint, "type");
  const std::string expression = text(constraint, "expression");
  const std::string name = text(constraint, "name");
  const std::string prefix = name.empty() ? "" : fmt::format("constraint {} ", name);
  auto columns = names(constraint, "columns");
  if (!columns) return columns;
  if (type == "check") return fmt::format("{}check ({})", prefix, expression);
  if (type == "unique")
    return fmt::format("{}unique{} ({})", prefix, expression.empty() ? "" : " " + expression, *columns);
  if (type == "primary_key")
    return fmt::format("{}primary key{} ({})", prefix, expression.empty() ? "" : " " + expression, *columns);
  if (type == "foreign_key") {
    auto refers = references(context, constraint);
    if (!refers) return refers;
    return fmt::format("{}foreign key ({}) {}", prefix, *columns, *refers);
  }
  return expression.empty() ? std::string() : prefix + expression;
}

}  // namespace

Outcome<Value> column_constraints(RunContext& context, const Value& columns) {
  std::vector<Value> lines;
  if (!columns.is_dict()) return Value::list();
  for (const auto& entry : columns.as_dict().entries()) {
    if (entry.key.is_missing()) continue;
    const Value* quote = entry.value.is_dict() ? entry.value.as_dict().find(std::string_view("quote")) : nullptr;
    const std::string name = text(entry.value, "name");
    std::string line =
        (quote && quote->truth() ? rynd::sql::identifier(name) : name) + " " + text(entry.value, "data_type");
    const Value* constraints =
        entry.value.is_dict() ? entry.value.as_dict().find(std::string_view("constraints")) : nullptr;
    auto items = constraints && !constraints->is_none() ? jinja::to_vector(*constraints) : std::vector<Value>();
    if (!items) return std::unexpected(items.error());
    for (const auto& constraint : *items) {
      auto rendered = column_constraint(context, constraint);
      if (!rendered) return std::unexpected(rendered.error());
      if (!rendered->empty()) line += " " + *rendered;
    }
    lines.emplace_back(std::move(line));
  }
  return Value::list(std::move(lines));
}

Outcome<Value> model_constraints(RunContext& context, const Value& constraints) {
  std::vector<Value> lines;
  auto items =
      constraints.is_none() || constraints.is_undefined() ? std::vector<Value>() : jinja::to_vector(constraints);
  if (!items) return std::unexpected(items.error());
  for (const auto& constraint : *items) {
    auto rendered = model_constraint(context, constraint);
    if (!rendered) return std::unexpected(rendered.error());
    if (!rendered->empty()) lines.emplace_back(*rendered);
  }
  return Value::list(std::move(lines));
}

}  // namespace rynd::transform

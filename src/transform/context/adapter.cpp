// Adapter: looking methods up, and those that send statements.
#include "context/adapter.h"

#include <algorithm>

#include "context/column.h"
#include "context/results.h"

namespace rynd::transform {

namespace {

using jinja::Arguments;
using jinja::Outcome;
using jinja::Value;
using Values = std::span<const Value>;

const AdapterMethod* find_method(std::string_view name) {
  for (const auto* list : {&statement_methods(), &relation_methods(), &model_methods()}) {
    const auto found = std::ranges::find(*list, name, &AdapterMethod::name);
    if (found != list->end()) return &*found;
  }
  return nullptr;
}

// (response, table)
Outcome<Value> execute(RunContext& context, Values values) {
  auto result = context.session().run(context.sendable(values[0].str()), values[1].truth(), values[2].truth());
  if (!result) return jinja::raise(result.error());
  return Value::tuple({response_value(result->response), make_agate(result->table, printer(context))});
}

Outcome<Value> add_query(RunContext& context, Values values) {
  std::vector<engine::Value> parameters;
  if (!values[2].is_none()) {
    auto items = jinja::to_vector(values[2]);
    if (!items) return std::unexpected(items.error());
    for (const auto& item : *items) parameters.push_back(to_engine(item));
  }
  auto result = context.session().run(values[0].str(), values[1].truth(), false, parameters);
  if (!result) return jinja::raise(result.error());
  return Value::tuple({Value(), Value()});
}

Outcome<Value> commit(RunContext& context, Values) {
  auto done = context.session().commit();
  if (!done) return jinja::raise(done.error());
  return Value("");
}

Outcome<Value> warn_once(RunContext& context, Values values) {
  const std::string text = values[0].str();
  {
    const std::lock_guard lock(context.parts().warned_mutex);
    if (!context.parts().warned.insert(text).second) return Value("");
  }
  if (auto* output = context.globals().output()) output->warn(text);
  return Value("");
}

Outcome<Value> disable_transactions(RunContext& context, Values) { return Value(!context.parts().transactions()); }

Outcome<Value> ensure_transaction(RunContext& context, Values) {
  if (!context.parts().transactions()) {
    const Value text[] = {Value(
        "disable_transactions is set, but dbt-duckdb uses a transaction to build a table with foreign keys in its "
        "place, and so does rynd: a build that fails must not lose the old rows")};
    if (auto warned = warn_once(context, text); !warned) return warned;
  }
  if (auto begun = context.session().begin(); !begun) return jinja::raise(begun.error());
  return Value("");
}

// The columns of a query, structs as they are.
Outcome<Value> describe_query(RunContext& context, Values values) {
  auto columns = context.session().describe(values[0].str());
  if (!columns) return jinja::raise(columns.error());
  return make_columns(*columns);
}

// As dbt-duckdb: of a struct, its fields.
Outcome<Value> get_column_schema_from_query(RunContext& context, Values values) {
  auto columns = context.session().describe(values[0].str());
  if (!columns) return jinja::raise(columns.error());
  std::vector<Value> flat;
  for (const engine::Column& column : *columns)
    for (const ColumnName& field : ColumnName{column.name, column.type}.flattened()) flat.push_back(make_column(field));
  return Value::list(std::move(flat));
}

Outcome<Value> binding_char(RunContext&, Values) { return Value("?"); }

}  // namespace

std::unexpected<jinja::Exception> wrong(Code code, std::string message, std::string help) {
  return jinja::raise(Diagnostic{.code = code, .message = std::move(message), .help = std::move(help)});
}

Outcome<project::RelationName> relation_argument(const Value& value, std::string_view method) {
  if (const auto* relation = value.as<project::Relation>()) return relation->name();
  return jinja::raise("TypeError", "adapter." + std::string(method) + "() takes a relation, not " + value.repr());
}

const std::vector<AdapterMethod>& statement_methods() {
  static const std::vector<AdapterMethod> methods = {
      {"execute",
       {{"sql"}, optional("auto_begin", Value(false)), optional("fetch", Value(false)), optional("limit")},
       execute},
      {"add_query",
       {{"sql"}, optional("auto_begin", Value(true)), optional("bindings"), optional("abridge_sql_log", Value(false))},
       add_query},
      {"commit", {}, commit},
      {"disable_transactions", {}, disable_transactions},
      {"ensure_transaction", {}, ensure_transaction},
      {"describe_query", {{"sql"}}, describe_query},
      {"get_column_schema_from_query", {{"sql"}}, get_column_schema_from_query},
      {"warn_once", {{"msg"}}, warn_once},
      {"get_binding_char", {}, binding_char},
  };
  return methods;
}

std::optional<Value> RunContext::adapter_attribute(std::string_view name) {
  const AdapterMethod* method = find_method(name);
  if (!method) return NodeContext::adapter_attribute(name);
  return jinja::function(std::string(name), method->parameters,
                         [weak = weak_from_this(), body = method->body](Values values) -> Outcome<Value> {
                           const auto context = std::dynamic_pointer_cast<RunContext>(weak.lock());
                           if (!context) return jinja::raise("RuntimeError", "the template of this adapter is gone");
                           return body(*context, values);
                         });
}

}  // namespace rynd::transform

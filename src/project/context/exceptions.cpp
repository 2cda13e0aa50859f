// Exceptions: the `exceptions` and `validation` namespaces of templates.
#include <algorithm>
#include <array>

#include "base/text.h"
#include "context/functions.h"
#include "project/context.h"
#include "project/warnings.h"

namespace rynd::project {

namespace {

using jinja::Arguments;
using jinja::Outcome;
using jinja::Value;

std::unexpected<jinja::Exception> raised(std::string message) {
  return jinja::raise(Diagnostic{.code = Code::template_raised, .message = std::move(message)});
}

std::string argument(const Arguments& arguments, size_t place, std::string_view name) {
  if (place < arguments.size()) return arguments[place].str();
  const Value* named = arguments.find(name);
  return named ? named->str() : std::string();
}

// The unique id of a node given as an argument, or its name.
std::string node_name(const Arguments& arguments, size_t place, std::string_view name) {
  const Value* node = place < arguments.size() ? &arguments[place] : arguments.find(name);
  if (!node || node->is_none()) return "this node";
  auto id = jinja::get_attr(*node, "unique_id");
  return id && id->is_string() ? id->str() : node->str();
}

Outcome<Value> warn(const Arguments& arguments) {
  auto* context = dynamic_cast<BaseContext*>(arguments.context());
  if (!context) return Value("");
  context->globals().asked(Question::moment, "");
  const std::string text = argument(arguments, 0, "msg");
  const Verdict verdict = judge_warning(context->project().flags, EventName{"JinjaLogWarning", "I061"});
  if (verdict == Verdict::error) return raised(text);
  if (verdict == Verdict::warn && context->globals().output()) context->globals().output()->warn(text);
  return Value("");
}

// What a contract and a query call their columns: name and type, as format_columns() gives them.
struct ContractColumn {
  std::string name;
  std::string type;
};

std::vector<ContractColumn> contract_columns(const Arguments& arguments, size_t place, std::string_view name) {
  const Value* given = place < arguments.size() ? &arguments[place] : arguments.find(name);
  auto items = given ? jinja::to_vector(*given) : Outcome<std::vector<Value>>(std::vector<Value>());
  std::vector<ContractColumn> columns;
  for (const Value& item : items ? *items : std::vector<Value>()) {
    auto part = [&](std::string_view key) {
      auto found = jinja::get_attr(item, key);
      return found && !found->is_none() && !found->is_undefined() ? found->str() : std::string();
    };
    columns.push_back({part("name"), part("data_type")});
  }
  return columns;
}

// One row a column that differs, as dbt's table of mismatches has them, sorted by name.
std::string contract_mismatches(const std::vector<ContractColumn>& declared, const std::vector<ContractColumn>& given) {
  using Row = std::array<std::string, 4>;
  auto named = [](const std::vector<ContractColumn>& columns, const std::string& name) {
    return std::ranges::find_if(columns, [&](const auto& column) { return iequals(column.name, name); });
  };
  std::vector<Row> rows;
  for (const auto& column : given) {
    const auto found = named(declared, column.name);
    if (found == declared.end())
      rows.push_back({column.name, column.type, "", "missing in contract"});
    else if (found->type != column.type)
      rows.push_back({column.name, column.type, found->type, "data type mismatch"});
  }
  for (const auto& column : declared) {
    if (named(given, column.name) == given.end())
      rows.push_back({column.name, "", column.type, "missing in definition"});
  }
  std::ranges::stable_sort(rows, {}, [](const Row& row) { return row[0]; });
  rows.insert(rows.begin(), {"column_name", "definition_type", "contract_type", "mismatch_reason"});
  std::array<size_t, 4> width{};
  for (const Row& row : rows) {
    for (size_t i = 0; i < row.size(); ++i) width[i] = std::max(width[i], row[i].size());
  }
  std::string table;
  for (const Row& row : rows) {
    table += "\n|";
    for (size_t i = 0; i < row.size(); ++i) table += " " + row[i] + std::string(width[i] - row[i].size(), ' ') + " |";
  }
  return table;
}

Outcome<Value> raise_contract_error(const Arguments& arguments) {
  const auto declared = contract_columns(arguments, 0, "yaml_columns");
  if (declared.empty()) return raised("this model has an enforced contract, and its 'columns' are not given");
  return raised(
      "this model has an enforced contract that failed: name, data_type and number of its columns must be the "
      "contract's" +
      contract_mismatches(declared, contract_columns(arguments, 1, "sql_columns")));
}

// The functions whose message is their first argument.
constexpr std::array<std::string_view, 7> plain = {
    "raise_compiler_error",  "raise_database_error",  "raise_dependency_error",  "raise_cache_inconsistent",
    "raise_not_implemented", "raise_fail_fast_error", "raise_dataclass_not_dict"};

}  // namespace

Value exception_functions() {
  std::vector<std::pair<std::string, Value>> functions;
  auto add = [&](std::string_view name, jinja::Function body) {
    functions.emplace_back(name, jinja::function(std::string(name), std::move(body)));
  };
  for (std::string_view name : plain) {
    add(name, [](const Arguments& a) -> Outcome<Value> { return raised(argument(a, 0, "msg")); });
  }
  add("warn", warn);
  add("missing_config", [](const Arguments& a) -> Outcome<Value> {
    return raised(node_name(a, 0, "model") + " does not define the required config '" + argument(a, 1, "name") + "'");
  });
  add("missing_materialization", [](const Arguments& a) -> Outcome<Value> {
    return raised("no materialization for " + node_name(a, 0, "model") + " on " + argument(a, 1, "adapter_type"));
  });
  add("missing_relation", [](const Arguments& a) -> Outcome<Value> {
    return raised("the relation " + argument(a, 0, "relation") + " is not there");
  });
  add("relation_wrong_type", [](const Arguments& a) -> Outcome<Value> {
    auto type = a.size() ? jinja::get_attr(a[0], "type") : Outcome<Value>(Value());
    return raised("'" + argument(a, 0, "relation") + "' is a " + (type ? type->str() : "relation") + " where a " +
                  argument(a, 1, "expected_type") + " is expected; drop it, or build with --full-refresh");
  });
  add("raise_ambiguous_alias", [](const Arguments& a) -> Outcome<Value> {
    return raised(node_name(a, 0, "node_1") + " and " + node_name(a, 1, "node_2") + " would write the same relation");
  });
  add("raise_ambiguous_catalog_match", [](const Arguments& a) -> Outcome<Value> {
    return raised("the warehouse has two relations that match " + argument(a, 0, "unique_id"));
  });
  add("raise_dep_not_found", [](const Arguments& a) -> Outcome<Value> {
    return raised("the package '" + argument(a, 2, "required_pkg") + "' is not installed");
  });
  add("raise_duplicate_patch_name", [](const Arguments& a) -> Outcome<Value> {
    return raised("properties are given twice: see " + argument(a, 1, "existing_patch_path"));
  });
  add("raise_duplicate_resource_name", [](const Arguments& a) -> Outcome<Value> {
    return raised(node_name(a, 0, "node_1") + " and " + node_name(a, 1, "node_2") + " have the same name");
  });
  add("raise_invalid_property_yml_version", [](const Arguments& a) -> Outcome<Value> {
    return raised(argument(a, 0, "path") + ": " + argument(a, 1, "issue"));
  });
  add("raise_contract_error", raise_contract_error);
  add("column_type_missing", [](const Arguments& a) -> Outcome<Value> {
    return raised("a contract needs the data_type of every column; these have none: " + argument(a, 0, "column_names"));
  });
  add("warn_snapshot_timestamp_data_types", warn);
  return jinja::record("exceptions", std::move(functions));
}

Value validation_functions() {
  // validation.any[list, str]: a callable that fails for a value of none of the given types or values.
  class Any final : public jinja::Object {
   public:
    std::string_view type_name() const override { return "validation.any"; }
    Outcome<std::optional<Value>> item(const Value& wanted) override {
      return jinja::function("validator", [wanted](const Arguments& arguments) -> Outcome<Value> {
        auto allowed = wanted.is_tuple() ? wanted.as_tuple().items : std::vector<Value>{wanted};
        const Value& given = arguments[0];
        for (const auto& one : allowed) {
          if (one == given || given.type_name() == one.str()) return Value();
        }
        return raised("expected a value of " + wanted.repr() + ", got " + given.repr());
      });
    }
  };
  return jinja::record("validation", {{"any", Value(jinja::make<Any>())}});
}

}  // namespace rynd::project

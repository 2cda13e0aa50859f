// Agate: query results and seeds as templates see them: dbt's agate.Table with its rows, columns and typing.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "engine/engine.h"
#include "jinja/object.h"

namespace rynd::transform {

enum class AgateType : uint8_t { integer, number, text, boolean, date, datetime };
// "Integer", "Number", "Text", ...
std::string_view name_of(AgateType type);

// What templates see as a column's data_type: jsonify() and csvify() of its values.
jinja::Value agate_type(AgateType type);

struct AgateData {
  std::vector<std::string> names;
  std::vector<AgateType> types;
  std::vector<std::vector<jinja::Value>> rows;
};
using AgatePtr = std::shared_ptr<const AgateData>;

// Typed as dbt types the rows of a query: integers, decimals for every other number, texts as they are, structures as
// JSON, everything else as Python's str() of it. A column name that comes again gets _2, _3, ...
AgateData agate_of(const engine::Table& table);

// `print` is where print_table() goes; may be empty.
jinja::Value make_agate(AgatePtr data, std::function<void(std::string_view)> print = {});
// The table behind such a value; null for another.
AgatePtr agate_data(const jinja::Value& value);

// One cell, outside of a table: for bound parameters and results of hooks.
jinja::Value to_template(const engine::Value& value, engine::TypeKind kind);
engine::Value to_engine(const jinja::Value& value);

}  // namespace rynd::transform

// Constraints: the declared columns and constraints of a contract as DuckDB's DDL, which enforces all of them.
#pragma once

#include "context/run_context.h"

namespace rynd::transform {

// One text a column: "id integer not null primary key". `columns` is the template's model['columns'].
jinja::Outcome<jinja::Value> column_constraints(RunContext& context, const jinja::Value& columns);
// One text a constraint of the whole model: "unique (a, b)".
jinja::Outcome<jinja::Value> model_constraints(RunContext& context, const jinja::Value& constraints);

}  // namespace rynd::transform

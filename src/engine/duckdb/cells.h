// Cells: values out of DuckDB's vectors and into its parameters.
#pragma once

#include <cstdint>

#include "duckdb/handles.h"
#include "duckdb/types.h"
#include "engine/value.h"

namespace rynd::engine::duck {

// A cell of a flat vector whose type is readable.
Value read_cell(const Type& type, duckdb_vector vector, uint64_t row);

// For parameters and appenders. Lists and maps take the type of their first element that is not NULL.
ValueHandle to_duckdb(const Value& value);

}  // namespace rynd::engine::duck

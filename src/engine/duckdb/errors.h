// Errors: what DuckDB says, as a Diagnostic with its code, its place in the SQL text and its candidates.
#pragma once

#include <duckdb.h>

#include <string_view>

#include "base/diagnostic.h"

namespace rynd::engine::duck {

// `native` is DuckDB's message, as JSON (errors_as_json) or as text; `sql` the text it speaks of, whole.
Diagnostic sql_error(std::string_view native, std::string_view sql);

// An appender's error: it has a number and a plain message, and no SQL.
Diagnostic append_error(duckdb_error_type number, std::string_view text);

// What went wrong while a file was opened. `path` as the user gave it.
Diagnostic open_error(std::string_view native, std::string_view path);

}  // namespace rynd::engine::duck

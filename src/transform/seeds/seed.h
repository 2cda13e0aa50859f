// Seed: a CSV file as a typed table: agate's inference, as dbt-core uses it.
#pragma once

#include <set>
#include <string>

#include "context/agate.h"
#include "seeds/csv.h"

namespace rynd::transform {

class RunContext;

// Tries, for all values of a column: integer, number, date, timestamp, boolean (true and false only), and takes text
// where none fits. Empty and "null" are null. The columns in `as_text` (lower case) stay text.
AgateData typed(CsvRows rows, const std::set<std::string>& as_text);

// The rows of the context's node, which is a seed.
Checked<AgateData> read_seed(RunContext& context);

// The type a seed's column gets in DDL: "integer" ("bigint" where it must be), "float8", "text", ...
std::string seed_type(const AgateData& data, size_t column);

// The template's load_agate_table().
jinja::Value load_agate_table_function();

}  // namespace rynd::transform

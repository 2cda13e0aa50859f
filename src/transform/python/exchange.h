// Exchange: tables as Parquet files, which know fewer types than DuckDB: what they cannot hold is written as text and
// restored when it is read.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "engine/relation.h"

namespace rynd::transform {

// The type a column has in the file: "STRUCT(a HUGEINT)[]" goes as "STRUCT(a VARCHAR)[]".
std::string portable_type(std::string_view type);

// "a", cast("b" as VARCHAR) as "b": what to select for the file.
std::string select_list_for_file(std::span<const engine::Column> columns);

// The query that gives the columns back with the types they had; `there` are the file's own.
std::string select_from_file(const std::string& file, std::span<const engine::Column> columns,
                             std::span<const engine::Column> there);
// The file as it is.
std::string select_from_file(const std::string& file);

}  // namespace rynd::transform

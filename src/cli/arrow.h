// Arrow: rows of a query as an Arrow IPC stream.
#pragma once

#include "base/diagnostic.h"
#include "console.h"
#include "engine/engine.h"

namespace rynd::cli {

// Prints as the rows come, a batch a chunk. Numbers, booleans, dates, times, timestamps, texts and blobs have Arrow's
// types; lists, structs and other types come as the texts that DuckDB prints.
Result<void> print_arrow(engine::Rows& rows, Console& console);

}  // namespace rynd::cli

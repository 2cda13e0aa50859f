// Record: what checks found, as rows of rynd.check_results in the warehouse.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/diagnostic.h"
#include "engine/engine.h"

namespace rynd::quality {

// One row (docs/formats/check-results.md); empty texts become NULL.
struct CheckRow {
  std::string unique_id;
  std::string kind;  // data_test, unit_test, source_freshness
  std::string name;
  std::string tested_id;  // unique id of the model or source
  std::string column_name;
  std::string severity;  // error, warn
  std::string status;    // pass, warn, fail, error, ...
  std::optional<int64_t> failures;
  std::string message;
  Instant started_at;
  double duration_seconds = 0;
  std::string sql;
  std::string stored_in;  // the relation that keeps all failing rows
  std::string sample_json;
};

// In one transaction; makes schema and table where they are missing.
Result<void> record_rows(std::string_view run_id, std::span<const CheckRow> rows, engine::Connection& connection);

// The first rows of a query as a JSON array of objects; "" where the query fails: a sample is not worth an error.
std::string sample_of(std::string_view sql, size_t most, engine::Connection& connection);

}  // namespace rynd::quality

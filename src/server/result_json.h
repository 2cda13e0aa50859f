// ResultJson: rows for the browser: JSON by column, and CSV.
#pragma once

#include <string>

#include "base/diagnostic.h"
#include "engine/engine.h"
#include "warehouse.h"

namespace rynd::server {

// {"columns":[{"name","type","kind"}],"data":[[...]],"rows","truncated","elapsed_ms"} without the closing brace, so
// that the caller may add members. Kind: number, boolean, date, timestamp, time or text.
std::string open_result_json(const Answer& answer);

// RFC 4180, a header line first; NULL is an empty field.
std::string csv_header(const std::vector<engine::Column>& columns);
void append_csv(std::string& out, const engine::Rows& rows);

// {"diagnostics":[...],"text": as it is drawn}
std::string error_json(const Diagnostics& diagnostics);

}  // namespace rynd::server

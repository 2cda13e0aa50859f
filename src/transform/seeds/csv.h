// Csv: a CSV text as rows of texts, as Python's csv module reads the "excel" dialect.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostic.h"

namespace rynd::transform {

struct CsvRows {
  std::vector<std::string> header;
  std::vector<std::vector<std::string>> rows;  // as wide as the header; short rows are filled with empty texts
  Diagnostics warnings = {};                   // columns that got another name than the file gives them
};

// Fails at a row that is wider than the header, and at a quote that is never closed. A byte order mark and empty lines
// are left out. A column without name gets a letter, one with another's name a number: "amount_2", as agate does.
Checked<CsvRows> read_csv(const SourcePtr& source, char delimiter);

}  // namespace rynd::transform

// CSV lines: where in a CSV file a row stands that was read by somebody who counts no lines.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <span>
#include <string>

#include "ingest/source.h"

namespace rynd::ingest {

struct CsvRow {
  int64_t line = 0;  // 1-based, of its first line
  std::string text;
};

// The rows with these ordinals (0-based), counting only rows whose line is not among `rejected`. The file may be
// compressed. What cannot be found (or a file that cannot be read) is left out.
std::map<int64_t, CsvRow> find_csv_rows(const std::filesystem::path& file, const CsvOptions& options,
                                        std::span<const int64_t> ordinals, std::span<const int64_t> rejected);

}  // namespace rynd::ingest

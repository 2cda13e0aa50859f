// Formats: one reader for each format of file. All put rows on the stage and return their number.
#pragma once

#include <filesystem>
#include <string>

#include "connector.h"

namespace rynd::ingest {

struct FileToRead {
  std::filesystem::path path;
  std::string shown;        // its name in messages and in the quarantine
  int64_t rows_before = 0;  // of this part, for a limit
};

// "csv", "json", "ndjson" or "parquet", as the options say or the name; "": not known.
std::string format_of(const FileOptions& options, std::string_view name);

Result<int64_t> read_csv(const Job& job, Stage& stage, const FileToRead& file);
Result<int64_t> read_parquet(const Job& job, Stage& stage, const FileToRead& file);
Result<int64_t> read_json(const Job& job, Stage& stage, const FileToRead& file);
Result<int64_t> read_ndjson(const Job& job, Stage& stage, const FileToRead& file);

}  // namespace rynd::ingest

// Parquet files: their own types, read by the engine.
#include <fmt/format.h>

#include "base/text.h"
#include "connectors/formats.h"
#include "sql/quote.h"

namespace rynd::ingest {

Result<int64_t> read_parquet(const Job& job, Stage& stage, const FileToRead& file) {
  std::string source = fmt::format("read_parquet({})", sql::literal(file.path.string()));
  auto columns = job.connection.describe("SELECT * FROM " + source);
  if (!columns) {
    return fail({.code = Code::ingest_format,
                 .message = "'" + file.shown + "' cannot be read as parquet",
                 .notes = {split(columns.error().message, '\n').front()}});
  }
  std::string select = "SELECT ";
  std::vector<StageColumn> staged;
  for (const auto& column : *columns) {
    auto name = stage.name(column.name);
    if (!name) return fail(name.error());
    select += (staged.empty() ? "" : ", ") + sql::identifier(column.name) + " AS " + sql::identifier(*name);
    staged.push_back({.name = *name, .type = column.type});
  }
  select += " FROM " + source;
  if (job.limit) select += fmt::format(" LIMIT {}", std::max<int64_t>(0, *job.limit - file.rows_before));
  return stage.insert(select, staged, file.shown);
}

}  // namespace rynd::ingest

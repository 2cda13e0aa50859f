// JSON files: a whole document, or one a line.
#include <fmt/format.h>

#include "connectors/formats.h"
#include "rows.h"
#include "unpack.h"

namespace rynd::ingest {

Result<int64_t> read_json(const Job& job, Stage& stage, const FileToRead& file) {
  std::string text;
  auto read = read_compressed(file.path, [&](std::string_view bytes) {
    text += bytes;
    return !job.stop.stop_requested();
  });
  if (!read) return fail(read.error());
  std::optional<Selector> selector;
  if (!job.resource.data_selector.empty()) {
    auto parsed = Selector::parse(job.resource.data_selector);
    if (!parsed) return fail(parsed.error());
    selector = std::move(*parsed);
  }
  Json json;
  if (auto parsed = json.parse(text, "'" + file.shown + "'"); !parsed) {
    parsed.error().notes.clear();
    return fail(parsed.error());
  }
  Rows rows(stage, job.connection, job.resource.name);
  std::optional<int64_t> limit;
  if (job.limit) limit = std::max<int64_t>(0, *job.limit - file.rows_before);
  auto added = rows.add_page(json, selector, job.resource.zip_arrays, file.shown, {}, limit);
  if (!added) return added;
  if (auto finished = rows.finish(); !finished) return fail(finished.error());
  return added;
}

Result<int64_t> read_ndjson(const Job& job, Stage& stage, const FileToRead& file) {
  Rows rows(stage, job.connection, job.resource.name);
  Json json;
  std::string held;
  int64_t line = 0;
  Result<void> done;
  auto take_line = [&](std::string_view text) {
    ++line;
    if (text.find_first_not_of(" \t\r") == std::string_view::npos) return true;
    if (job.limit && file.rows_before + rows.count() >= *job.limit) return false;
    if (auto parsed = json.parse(text, "the line"); !parsed) {
      stage.reject({.file = file.shown, .line = line, .reason = parsed.error().message, .row = std::string(text)});
      return true;
    }
    done = rows.add_row(json, file.shown, line);
    if (job.progress && line % 10'000 == 0) job.progress(file.rows_before + rows.count(), 0);
    return done.has_value() && !job.stop.stop_requested();
  };
  auto read = read_compressed(file.path, [&](std::string_view bytes) {
    for (size_t end; (end = bytes.find('\n')) != std::string_view::npos; bytes.remove_prefix(end + 1)) {
      bool more = held.empty() ? take_line(bytes.substr(0, end)) : take_line(held += bytes.substr(0, end));
      held.clear();
      if (!more) return false;
    }
    held += bytes;
    return true;
  });
  if (read && done && !held.empty()) take_line(held);
  if (!read) return fail(read.error());
  if (!done) return fail(done.error());
  if (rows.count() == 0 && !stage.rejected().empty() && static_cast<int64_t>(stage.rejected().size()) == line) {
    return fail({.code = Code::ingest_format, .message = "no line of '" + file.shown + "' is JSON"});
  }
  if (auto finished = rows.finish(); !finished) return fail(finished.error());
  return rows.count();
}

}  // namespace rynd::ingest

// Log reader: lines to records; a torn tail is an end, damage before it is reported.
#include "run/log_reader.h"

#include "run/log_format.h"

namespace rynd::run {

Result<LogContents> read_log(SourcePtr log) {
  const std::string_view text = log->text();
  if (!text.starts_with(log_version_line)) {
    // The writer may have died inside its first write.
    if (log_version_line.starts_with(text)) return LogContents{{}, true, {}};
    const std::string_view first = text.substr(0, text.find('\n'));
    return fail({.code = Code::run_log_version,
                 .message = "'" + log->name() + "' is not a run log this version can read",
                 .span = {log, 0, static_cast<uint32_t>(std::min<size_t>(first.size(), 80))},
                 .help = "a newer rynd wrote it, or it is something else"});
  }
  LogContents contents;
  for (size_t begin = log_version_line.size(); begin < text.size();) {
    const size_t end = text.find('\n', begin);
    const bool last = end == std::string_view::npos || end + 1 == text.size();
    std::optional<Node> record;
    if (end != std::string_view::npos) record = decode_record(text.substr(begin, end - begin));
    if (!record) {
      contents.torn = last;
      if (!last) {
        contents.damage = {.severity = Severity::warning,
                           .code = Code::run_log_damaged,
                           .message = "a record of '" + log->name() + "' does not fit its checksum",
                           .span = {log, static_cast<uint32_t>(begin), static_cast<uint32_t>(end)},
                           .notes = {"what stands after it was not read"}};
      }
      return contents;
    }
    contents.records.push_back(std::move(*record));
    begin = end + 1;
  }
  return contents;
}

}  // namespace rynd::run

// CSV lines: where in a CSV file a row stands that was read by somebody who counts no lines.
#include "csv_lines.h"

#include <algorithm>
#include <set>

#include "unpack.h"

namespace rynd::ingest {
namespace {

// Cuts a stream of bytes into records: a line, or several where a quoted field has line ends.
class Records {
 public:
  using Take = std::function<bool(int64_t line, const std::string& text)>;
  Records(char quote, Take take) : quote_(quote), take_(std::move(take)) {}

  // False: no more is wanted.
  bool feed(std::string_view bytes) {
    for (char c : bytes) {
      if (c == quote_) quoted_ = !quoted_;
      if (c != '\n' || quoted_) {
        if (c == '\n') ++line_ends_;
        text_ += c;
      } else if (!end_record()) {
        return false;
      }
    }
    return true;
  }

  bool end_record() {
    while (!text_.empty() && text_.back() == '\r') text_.pop_back();
    int64_t line = line_;
    line_ += 1 + line_ends_;
    line_ends_ = 0;
    std::string text = std::move(text_);
    text_.clear();
    return take_(line, text);
  }

 private:
  char quote_;
  Take take_;
  bool quoted_ = false;
  int64_t line_ = 1, line_ends_ = 0;
  std::string text_;
};

}  // namespace

std::map<int64_t, CsvRow> find_csv_rows(const std::filesystem::path& file, const CsvOptions& options,
                                        std::span<const int64_t> ordinals, std::span<const int64_t> rejected) {
  std::set<int64_t> wanted(ordinals.begin(), ordinals.end()), skipped(rejected.begin(), rejected.end());
  std::map<int64_t, CsvRow> found;
  if (wanted.empty()) return found;
  int64_t to_skip = options.skip + (options.header ? 1 : 0), ordinal = 0;
  Records records(options.quote.empty() ? '\0' : options.quote[0], [&](int64_t line, const std::string& text) {
    if (to_skip > 0) {
      --to_skip;
      return true;
    }
    // The reader passes over empty lines and over those it rejected.
    if (text.empty() || skipped.contains(line)) return true;
    if (wanted.contains(ordinal)) found[ordinal] = {line, text};
    return ordinal++ < *wanted.rbegin();
  });
  auto read = read_compressed(file, [&](std::string_view bytes) { return records.feed(bytes); });
  if (read) records.end_record();
  return found;
}

}  // namespace rynd::ingest

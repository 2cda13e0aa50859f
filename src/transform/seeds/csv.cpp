// Csv: see the header.
#include "seeds/csv.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"

namespace rynd::transform {

namespace {

class Reader {
 public:
  Reader(const SourcePtr& source, char delimiter) : source_(source), text_(source->text()), delimiter_(delimiter) {
    if (text_.starts_with("\xEF\xBB\xBF")) at_ = 3;
  }

  Checked<CsvRows> read() {
    CsvRows result;
    std::vector<std::string> row;
    while (next(row)) {
      if (row.size() == 1 && row.front().empty()) continue;
      if (result.header.empty()) {
        result.header = named(row, result.warnings);
        continue;
      }
      if (row.size() > result.header.size()) {
        problem(begin_, at_,
                fmt::format("a row has {} values where the header has {}", row.size(), result.header.size()));
        continue;
      }
      row.resize(result.header.size());
      result.rows.push_back(std::move(row));
    }
    if (result.header.empty() && problems_.empty()) problem(0, 0, "a seed needs a line with the names of its columns");
    if (!problems_.empty()) return fail_all(std::move(problems_));
    return result;
  }

 private:
  bool next(std::vector<std::string>& row) {
    row.clear();
    if (at_ >= text_.size()) return false;
    begin_ = at_;
    for (;;) {
      row.push_back(cell());
      if (at_ >= text_.size()) return true;
      const char c = text_[at_++];
      if (c == delimiter_) continue;
      if (c == '\r' && at_ < text_.size() && text_[at_] == '\n') ++at_;
      return true;
    }
  }

  std::string cell() {
    if (at_ >= text_.size() || text_[at_] != '"') return plain();
    const size_t opened = at_++;
    std::string value;
    for (;;) {
      const size_t quote = text_.find('"', at_);
      if (quote == std::string_view::npos) {
        problem(opened, opened + 1, "a quote is opened and never closed");
        at_ = text_.size();
        return value;
      }
      value += text_.substr(at_, quote - at_);
      at_ = quote + 1;
      if (at_ >= text_.size() || text_[at_] != '"') break;
      value += '"';
      ++at_;
    }
    return value + plain();  // what follows a closing quote belongs to the value
  }

  std::string plain() {
    const char ends[] = {delimiter_, '\n', '\r'};
    const size_t end = std::min(text_.find_first_of(std::string_view(ends, 3), at_), text_.size());
    std::string value(text_.substr(at_, end - at_));
    at_ = end;
    return value;
  }

  std::vector<std::string> named(const std::vector<std::string>& given, Diagnostics& warnings) const {
    std::vector<std::string> names;
    for (size_t i = 0; i < given.size(); ++i) {
      const std::string wanted = given[i].empty() ? std::string(i / 26 + 1, static_cast<char>('a' + i % 26)) : given[i];
      std::string name = wanted;
      for (int number = 2; std::ranges::find(names, name) != names.end(); ++number)
        name = fmt::format("{}_{}", wanted, number);
      if (name != given[i]) {
        const std::string what = given[i].empty() ? fmt::format("column {} has no name", i + 1)
                                                  : fmt::format("two columns are called '{}'", given[i]);
        warnings.push_back(diagnostic(begin_, at_, fmt::format("{}; it becomes '{}'", what, name)));
        warnings.back().severity = Severity::warning;
      }
      names.push_back(std::move(name));
    }
    return names;
  }

  void problem(size_t begin, size_t end, std::string message) {
    constexpr size_t most = 10;
    if (problems_.size() < most) problems_.push_back(diagnostic(begin, end, std::move(message)));
  }

  Diagnostic diagnostic(size_t begin, size_t end, std::string message) const {
    while (end > begin && (text_[end - 1] == '\n' || text_[end - 1] == '\r')) --end;
    return {.code = Code::seed_wrong,
            .message = std::move(message),
            .span = {source_, static_cast<uint32_t>(begin), static_cast<uint32_t>(end)}};
  }

  const SourcePtr& source_;
  std::string_view text_;
  char delimiter_;
  size_t at_ = 0;
  size_t begin_ = 0;
  Diagnostics problems_;
};

}  // namespace

Checked<CsvRows> read_csv(const SourcePtr& source, char delimiter) { return Reader(source, delimiter).read(); }

}  // namespace rynd::transform

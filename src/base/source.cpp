// Source: finds lines and columns in a text, only when somebody asks.
#include "base/source.h"

#include <algorithm>

namespace rynd {
namespace {

bool continues_code_point(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

std::vector<uint32_t> find_line_starts(std::string_view text) {
  std::vector<uint32_t> starts{0};
  for (size_t i = text.find('\n'); i != std::string_view::npos; i = text.find('\n', i + 1)) {
    starts.push_back(static_cast<uint32_t>(i + 1));
  }
  return starts;
}

}  // namespace

Source::Source(std::string name, std::string text) : name_(std::move(name)), own_(std::move(text)), text_(own_) {}

Source::Source(std::string name, std::string_view text, std::shared_ptr<const void> owner)
    : name_(std::move(name)), owner_(std::move(owner)), text_(text) {}

const std::vector<uint32_t>& Source::line_starts() const {
  std::call_once(lines_found_, [this] { line_starts_ = find_line_starts(text_); });
  return line_starts_;
}

Position Source::position(uint32_t offset) const {
  offset = std::min<uint32_t>(offset, static_cast<uint32_t>(text_.size()));
  const auto& starts = line_starts();
  auto after = std::upper_bound(starts.begin(), starts.end(), offset);
  uint32_t start = *(after - 1);
  int column = 1;
  for (uint32_t i = start; i < offset; ++i) column += continues_code_point(text_[i]) ? 0 : 1;
  return {static_cast<int>(after - starts.begin()), column};
}

std::string_view Source::line(int number) const {
  const auto& starts = line_starts();
  if (number < 1 || number > static_cast<int>(starts.size())) return {};
  size_t begin = starts[number - 1];
  size_t end = number < static_cast<int>(starts.size()) ? starts[number] - 1 : text_.size();
  if (end > begin && text_[end - 1] == '\r') --end;
  return text_.substr(begin, end - begin);
}

int Source::line_count() const { return static_cast<int>(line_starts().size()); }

uint32_t Source::offset(int line, int column) const {
  const auto& starts = line_starts();
  if (line < 1) return 0;
  if (line > static_cast<int>(starts.size())) return static_cast<uint32_t>(text_.size());
  uint32_t at = starts[line - 1];
  uint32_t end = line < static_cast<int>(starts.size()) ? starts[line] - 1 : static_cast<uint32_t>(text_.size());
  for (int passed = 1; at < end && passed < column; ++passed) {
    ++at;
    while (at < end && continues_code_point(text_[at])) ++at;
  }
  return at;
}

}  // namespace rynd

// Source: a text that diagnostics point into. Spans are byte offsets; line and column are computed only when printed.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace rynd {

// 1-based. Columns count Unicode code points, as editors do.
struct Position {
  int line = 1;
  int column = 1;
};

class Source {
 public:
  // `name` is what is printed: a path relative to the project where there is one, else "<inline>" or the like.
  Source(std::string name, std::string text);
  // A text inside of something larger, which `owner` keeps alive.
  Source(std::string name, std::string_view text, std::shared_ptr<const void> owner);
  Source(const Source&) = delete;
  Source& operator=(const Source&) = delete;

  const std::string& name() const { return name_; }
  std::string_view text() const { return text_; }
  // An offset past the end is the end.
  Position position(uint32_t offset) const;
  // Without its line end; empty for a line that is not there. Lines count from 1.
  std::string_view line(int number) const;
  int line_count() const;
  // Offset of a 1-based line and 1-based column in code points; clamped to the text.
  uint32_t offset(int line, int column) const;

 private:
  const std::vector<uint32_t>& line_starts() const;

  std::string name_;
  std::string own_;
  std::shared_ptr<const void> owner_;
  std::string_view text_;  // own_, or a part of what owner_ keeps
  mutable std::once_flag lines_found_;
  mutable std::vector<uint32_t> line_starts_;  // made at the first question: most sources are never asked
};

using SourcePtr = std::shared_ptr<const Source>;

inline SourcePtr make_source(std::string name, std::string text) {
  return std::make_shared<const Source>(std::move(name), std::move(text));
}

// A place in a source, as bytes [begin, end). No source: the place is not known.
struct Span {
  SourcePtr source;
  uint32_t begin = 0;
  uint32_t end = 0;

  explicit operator bool() const { return source != nullptr; }
};

}  // namespace rynd

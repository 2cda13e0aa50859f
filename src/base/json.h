// JSON: reads a text into nodes that keep their place, and writes nodes.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "base/diagnostic.h"
#include "base/node.h"

namespace rynd::json {

// RFC 8259; numbers without a fraction that fit are integers. Fails with RYND0120 at the first error.
Result<Document> read(SourcePtr source);

// `indent` spaces a level; 0: one line. Non-ASCII text is kept as UTF-8.
std::string write(const Node& node, int indent = 0);

// A large mapping, written while it is made: only one value of it is in memory at a time. The text is that of write().
class Stream {
 public:
  explicit Stream(std::function<void(std::string_view)> out) : out_(std::move(out)) {}
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;

  void open() { open(""); }
  // A mapping within the mapping.
  void open(std::string_view key);
  void add(std::string_view key, const Node& value);
  // A value that `append` writes to the end of the text it is given.
  void add(std::string_view key, const std::function<void(std::string&)>& append);
  void close();

 private:
  void begin(std::string_view key);

  std::function<void(std::string_view)> out_;
  std::string text_;
  bool first_ = true;
  int depth_ = 0;
};

// The same on one line, appended to a text.
void write_to(std::string& text, const Node& node);
void quote_to(std::string& json, std::string_view text);

// The two characters that stand for this one, "\\n", as Python writes them too; "" where it has none.
std::string_view short_escape(char32_t character);

// The text as a JSON string, with its quotes.
std::string quote(std::string_view text);

}  // namespace rynd::json

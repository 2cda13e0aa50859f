// Python tokens: names, strings, numbers, operators and the layout of a Python text, as far as a reader needs them who
// looks for calls and definitions. Python 3.8 to 3.14, f-strings with what they embed.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostic.h"

namespace rynd::project {

enum class PythonTokenKind : uint8_t {
  name,  // keywords too
  number,
  string,         // with prefix and quotes; bytes too
  symbol,         // one operator or bracket
  fstring_begin,  // f" (or t"); the tokens of its expressions follow, without the texts between them
  fstring_end,
  newline,  // the end of a logical line
  indent,   // before the first line of a deeper block
  dedent,   // after the last one, one for each block that ends
};

struct PythonToken {
  PythonTokenKind kind = PythonTokenKind::symbol;
  uint32_t begin = 0;  // bytes in the source; newline, indent and dedent are empty
  uint32_t end = 0;

  std::string_view text(std::string_view source) const { return source.substr(begin, end - begin); }
};

// The tokens of [begin, end) of a source; a newline and all dedents at the end. Fails with RYND1039 for an open string,
// a bracket without its partner, or a line that is indented like none above it.
Result<std::vector<PythonToken>> tokenize_python(const SourcePtr& source, uint32_t begin, uint32_t end);

// The value of a string token; false for bytes.
bool read_python_string(std::string_view token, std::string& value);

}  // namespace rynd::project

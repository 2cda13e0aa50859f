// Tokens: where comments, strings, names and punctuation lie in a SQL text. It never fails: an unclosed string or
// comment reaches to the end and says so.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace rynd::sql {

enum class TokenKind : uint8_t {
  word,
  quoted_name,
  string,
  dollar_string,
  number,
  parameter,
  symbol,
  line_comment,
  block_comment
};

struct Token {
  TokenKind kind = TokenKind::symbol;
  uint32_t begin = 0;  // bytes
  uint32_t end = 0;
  bool closed = true;  // false: a string, quoted name or comment that the text's end cut off

  std::string_view text(std::string_view sql) const { return sql.substr(begin, end - begin); }
  bool is_comment() const { return kind == TokenKind::line_comment || kind == TokenKind::block_comment; }
};

// White space is not a token. Strings: '...' with '' inside, E'...' with backslashes, $tag$...$tag$; block comments
// nest, as in PostgreSQL and DuckDB. Symbols are single bytes, but for :: and the like of operator characters, which
// are one.
std::vector<Token> tokenize(std::string_view sql);

}  // namespace rynd::sql

// Lexer: a template's text to tokens: data, the braces, and what stands between them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "jinja.h"

namespace rynd::jinja {

enum class TokenKind : uint8_t {
  data,
  variable_begin,
  variable_end,
  block_begin,
  block_end,
  name,
  string,
  integer,
  real,
  add,
  sub,
  mul,
  div,
  floordiv,
  mod,
  pow,
  tilde,
  lparen,
  rparen,
  lbracket,
  rbracket,
  lbrace,
  rbrace,
  eq,
  ne,
  lt,
  lteq,
  gt,
  gteq,
  assign,
  dot,
  colon,
  comma,
  semicolon,
  pipe,
  error,  // stands where reading went wrong; Lexed::errors has the words
  eof,
};

// Offsets are bytes in the source. The end of the text stands at the last token, as Jinja counts lines there.
struct Token {
  TokenKind kind = TokenKind::eof;
  uint32_t begin = 0;
  uint32_t end = 0;
};

struct LexError {
  uint32_t token = 0;  // the error token's index
  std::string message;
};

struct Lexed {
  std::vector<Token> tokens;
  std::vector<LexError> errors;
};

// Whitespace control is done: data tokens hold what is printed (but for line ends, see normalized()).
Lexed lex(std::string_view source, Part part, const Options& options);
// Only the inside of an expression.
Lexed lex_expression(std::string_view source, Part part);

// "end of print statement", ",": what messages call a kind of token.
std::string_view describe(TokenKind kind);
// Line ends as Jinja writes them: \r\n and \r become \n.
std::string normalized(std::string_view text);
// The value of a string literal with its quotes, escapes resolved as Python does.
std::string unescaped(std::string_view literal);

}  // namespace rynd::jinja

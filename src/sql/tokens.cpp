// Tokens: the scanner. Follows DuckDB's lexer, which is PostgreSQL's.
#include "sql/tokens.h"

#include <algorithm>
#include <cctype>
#include <utility>

namespace rynd::sql {
namespace {

constexpr bool is_digit(unsigned char c) { return c >= '0' && c <= '9'; }
constexpr bool is_word_start(unsigned char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c >= 0x80;
}
constexpr bool is_word(unsigned char c) { return is_word_start(c) || is_digit(c) || c == '$'; }
constexpr bool is_space(unsigned char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
constexpr bool is_operator(char c) { return std::string_view("+-*/<>=~!@#%^&|?:").find(c) != std::string_view::npos; }

class Scanner {
 public:
  explicit Scanner(std::string_view sql) : sql_(sql) {}

  std::vector<Token> run() {
    while (true) {
      while (at_ < sql_.size() && is_space(sql_[at_])) ++at_;
      if (at_ >= sql_.size()) return std::move(tokens_);
      begin_ = at_;
      closed_ = true;
      const TokenKind kind = scan();
      tokens_.push_back({kind, static_cast<uint32_t>(begin_), static_cast<uint32_t>(at_), closed_});
    }
  }

 private:
  char peek(size_t ahead = 0) const { return at_ + ahead < sql_.size() ? sql_[at_ + ahead] : '\0'; }

  TokenKind scan() {
    const char c = peek();
    if (c == '-' && peek(1) == '-') return line_comment();
    if (c == '/' && peek(1) == '*') return block_comment();
    if (c == '\'') return quoted('\'', false, TokenKind::string);
    if (c == '"') return quoted('"', false, TokenKind::quoted_name);
    if ((c == 'e' || c == 'E') && peek(1) == '\'') return ++at_, quoted('\'', true, TokenKind::string);
    if ((c == 'x' || c == 'X' || c == 'b' || c == 'B') && peek(1) == '\'')
      return ++at_, quoted('\'', false, TokenKind::string);
    if (c == '$') return dollar();
    if (is_digit(c) || (c == '.' && is_digit(peek(1)))) return number();
    if (is_word_start(c)) return word();
    if (c == '?') return ++at_, TokenKind::parameter;
    return symbol();
  }

  TokenKind line_comment() {
    at_ = std::min(sql_.find_first_of("\r\n", at_), sql_.size());
    return TokenKind::line_comment;
  }

  TokenKind block_comment() {
    int depth = 0;
    while (at_ < sql_.size()) {
      if (peek() == '/' && peek(1) == '*') {
        ++depth, at_ += 2;
      } else if (peek() == '*' && peek(1) == '/') {
        at_ += 2;
        if (--depth == 0) return TokenKind::block_comment;
      } else {
        ++at_;
      }
    }
    closed_ = false;
    return TokenKind::block_comment;
  }

  TokenKind quoted(char quote, bool backslashes, TokenKind kind) {
    for (++at_; at_ < sql_.size(); ++at_) {
      if (backslashes && peek() == '\\') {
        ++at_;
      } else if (peek() == quote) {
        ++at_;
        if (peek() != quote) return kind;
      }
    }
    at_ = sql_.size();
    closed_ = false;
    return kind;
  }

  // $tag$ ... $tag$, or a parameter: $1, $name.
  TokenKind dollar() {
    size_t end = at_ + 1;
    while (end < sql_.size() && is_word(sql_[end]) && sql_[end] != '$') ++end;
    const bool numbered = end > at_ + 1 && is_digit(sql_[at_ + 1]);
    if (end < sql_.size() && sql_[end] == '$' && !numbered) {
      const std::string_view tag = sql_.substr(at_, end + 1 - at_);
      const size_t close = sql_.find(tag, end + 1);
      closed_ = close != std::string_view::npos;
      at_ = closed_ ? close + tag.size() : sql_.size();
      return TokenKind::dollar_string;
    }
    if (end == at_ + 1) return ++at_, TokenKind::symbol;
    at_ = end;
    return TokenKind::parameter;
  }

  TokenKind number() {
    const auto digits = [&] {
      while (std::isalnum(static_cast<unsigned char>(peek())) || peek() == '_') ++at_;
    };
    const auto exponent = [&] {
      const char last = sql_[at_ - 1];
      if ((last == 'e' || last == 'E') && (peek() == '+' || peek() == '-') && is_digit(peek(1))) ++at_, digits();
    };
    digits();
    if (at_ > begin_) exponent();
    if (peek() == '.' && peek(1) != '.') ++at_, digits(), exponent();
    return TokenKind::number;
  }

  TokenKind word() {
    while (at_ < sql_.size() && is_word(sql_[at_])) ++at_;
    return TokenKind::word;
  }

  // Operators run together as far as no comment starts in them.
  TokenKind symbol() {
    if (!is_operator(peek())) return ++at_, TokenKind::symbol;
    do {
      ++at_;
    } while (is_operator(peek()) && peek() != '?' && !(peek() == '-' && peek(1) == '-') &&
             !(peek() == '/' && peek(1) == '*'));
    return TokenKind::symbol;
  }

  std::string_view sql_;
  size_t at_ = 0;
  size_t begin_ = 0;
  bool closed_ = true;
  std::vector<Token> tokens_;
};

}  // namespace

std::vector<Token> tokenize(std::string_view sql) { return Scanner(sql).run(); }

}  // namespace rynd::sql

// Lexer: finds tags in text and tokens in tags.
#include "lexer.h"

#include <algorithm>
#include <array>

#include "text.h"

namespace rynd::jinja {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_hex(char c) { return is_digit(c) || ((c | 32) >= 'a' && (c | 32) <= 'f'); }

class Lexer {
 public:
  Lexer(std::string_view source, Part part, const Options& options)
      : all_(source),
        options_(options),
        at_(part.begin),
        end_(std::min<size_t>(part.end, source.size())),
        begin_(part.begin) {}

  Lexed run() {
    drop_last_newline();
    lexed_.tokens.reserve((end_ - at_) / 6 + 8);
    while (at_ < end_) read_data();
    finish();
    return std::move(lexed_);
  }

  Lexed run_expression() {
    read_inside(TokenKind::eof, false);
    finish();
    return std::move(lexed_);
  }

 private:
  std::string_view rest() const { return all_.substr(at_, end_ - at_); }
  char peek(size_t ahead = 0) const { return at_ + ahead < end_ ? all_[at_ + ahead] : '\0'; }

  void drop_last_newline() {
    if (options_.keep_trailing_newline || end_ == at_) return;
    if (all_[end_ - 1] == '\n') {
      --end_;
      if (end_ > at_ && all_[end_ - 1] == '\r') --end_;
    } else if (all_[end_ - 1] == '\r') {
      --end_;
    }
  }

  void push(TokenKind kind, size_t begin, size_t end) {
    lexed_.tokens.push_back({kind, static_cast<uint32_t>(begin), static_cast<uint32_t>(end)});
  }

  void finish() {
    const uint32_t at = lexed_.tokens.empty() ? static_cast<uint32_t>(begin_) : lexed_.tokens.back().begin;
    push(TokenKind::eof, at, lexed_.tokens.empty() ? at : lexed_.tokens.back().end);
  }

  void error(size_t begin, size_t end, std::string message) {
    lexed_.errors.push_back({static_cast<uint32_t>(lexed_.tokens.size()), std::move(message)});
    push(TokenKind::error, begin, end);
  }

  void skip_space() { at_ = end_ - text::strip_left(rest()).size(); }

  // Text up to the next tag, then that tag.
  void read_data() {
    size_t open = at_;
    while (true) {
      open = all_.find('{', open);
      if (open == std::string_view::npos || open + 1 >= end_) {
        push_data(at_, end_, false, '\0');
        at_ = end_;
        return;
      }
      const char next = all_[open + 1];
      if (next == '{' || next == '%' || next == '#') break;
      ++open;
    }
    const char kind = all_[open + 1];
    const char mark = open + 2 < end_ ? all_[open + 2] : '\0';
    const bool sign = mark == '-' || mark == '+';
    push_data(at_, open, kind != '{', sign ? mark : '\0');
    at_ = open + 2 + (sign ? 1 : 0);
    if (kind == '#') return read_comment(open);
    if (kind == '%' && read_raw(open)) return;
    push(kind == '{' ? TokenKind::variable_begin : TokenKind::block_begin, open, at_);
    read_inside(kind == '{' ? TokenKind::variable_end : TokenKind::block_end, true);
  }

  // Data before a tag: '-' takes the whitespace, lstrip_blocks takes that of the tag's line.
  void push_data(size_t begin, size_t end, bool may_lstrip, char mark) {
    if (mark == '-') {
      end = begin + text::strip_right(all_.substr(begin, end - begin)).size();
    } else if (options_.lstrip_blocks && may_lstrip && mark != '+') {
      size_t line = end;
      while (line > begin && (all_[line - 1] == ' ' || all_[line - 1] == '\t')) --line;
      const bool at_line_start = line == begin ? line == begin_ || all_[line - 1] == '\n' : all_[line - 1] == '\n';
      if (at_line_start) end = line;
    }
    if (end > begin) push(TokenKind::data, begin, end);
  }

  // After a tag's end: '-' takes the whitespace that follows, trim_blocks one newline.
  void after_tag(bool minus, bool block, bool plus = false) {
    if (minus) {
      skip_space();
    } else if (block && options_.trim_blocks && !plus && peek() == '\n') {
      ++at_;
    }
  }

  void read_comment(size_t open) {
    const size_t close = all_.find("#}", at_);
    if (close == std::string_view::npos || close + 2 > end_) {
      error(open, end_, "Missing end of comment tag");
      at_ = end_;
      return;
    }
    const char mark = close > open + 2 ? all_[close - 1] : '\0';
    at_ = close + 2;
    after_tag(mark == '-' && close - 1 >= open + 2, true, mark == '+');
  }

  // "raw" and "%}" at a place; the place after, and whether it ends in "-%}".
  bool match_tag(size_t& at, std::string_view word, bool& minus, bool& plus) const {
    const std::string_view tail = all_.substr(at, end_ - at);
    const std::string_view named = text::strip_left(tail);
    if (!named.starts_with(word)) return false;
    std::string_view after = text::strip_left(named.substr(word.size()));
    minus = after.starts_with('-');
    plus = after.starts_with('+') && word == "endraw";
    if (minus || plus) after.remove_prefix(1);
    if (!after.starts_with("%}")) return false;
    at = end_ - after.size() + 2;
    return true;
  }

  bool read_raw(size_t open) {
    bool minus = false;
    bool plus = false;
    size_t body = at_;
    if (!match_tag(body, "raw", minus, plus)) return false;
    at_ = body;
    if (minus) skip_space();
    body = at_;
    for (size_t close = all_.find("{%", body); close != std::string_view::npos && close < end_;
         close = all_.find("{%", close + 1)) {
      size_t after = close + 2;
      const char mark = after < end_ ? all_[after] : '\0';
      if (mark == '-' || mark == '+') ++after;
      if (!match_tag(after, "endraw", minus, plus)) continue;
      push_data(body, close, true, mark);
      at_ = after;
      after_tag(minus, true, plus);
      return true;
    }
    error(open, end_, "Missing end of raw directive");
    at_ = end_;
    return true;
  }

  // Tokens up to the closing brace; brackets hide it.
  void read_inside(TokenKind closing, bool in_tag) {
    std::string open;
    while (at_ < end_) {
      skip_space();
      if (at_ >= end_) return;
      if (in_tag && open.empty() && read_closing(closing)) return;
      if (!read_token(open)) {
        resynchronize(closing);
        return;
      }
    }
  }

  bool read_closing(TokenKind closing) {
    const bool sign = peek() == '-' || (closing == TokenKind::block_end && peek() == '+');
    const std::string_view close = closing == TokenKind::block_end ? "%}" : "}}";
    if (!rest().substr(sign ? 1 : 0).starts_with(close)) return false;
    const char mark = peek();
    const size_t begin = at_;
    at_ += close.size() + (sign ? 1 : 0);
    push(closing, begin, at_);
    after_tag(sign && mark == '-', closing == TokenKind::block_end, mark == '+');
    return true;
  }

  // After an error: everything up to the next closing brace is skipped, so that later tags are still read.
  void resynchronize(TokenKind closing) {
    if (closing == TokenKind::eof) {
      at_ = end_;
      return;
    }
    const size_t close = all_.find(closing == TokenKind::block_end ? "%}" : "}}", at_);
    if (close == std::string_view::npos || close + 2 > end_) {
      at_ = end_;
      return;
    }
    push(closing, close, close + 2);
    at_ = close + 2;
  }

  bool read_token(std::string& open) {
    const char c = peek();
    if (is_digit(c)) return read_number();
    if (c == '"' || c == '\'') return read_string(c);
    if (text::is_word(text::point(rest(), 0).code)) return read_name();
    return read_operator(open);
  }

  size_t digits(size_t from) const {
    size_t at = from;
    while (at < end_ && (is_digit(all_[at]) || (all_[at] == '_' && at > from && is_digit(all_[at - 1]) &&
                                                at + 1 < end_ && is_digit(all_[at + 1]))))
      ++at;
    return at;
  }

  bool read_number() {
    const size_t begin = at_;
    size_t at = digits(at_);
    bool real = false;
    if (begin == 0 || all_[begin - 1] != '.') {
      if (at + 1 < end_ && all_[at] == '.' && is_digit(all_[at + 1])) {
        at = digits(at + 1);
        real = true;
      }
      if (at < end_ && (all_[at] | 32) == 'e') {
        size_t exponent = at + 1;
        if (exponent < end_ && (all_[exponent] == '+' || all_[exponent] == '-')) ++exponent;
        if (exponent < end_ && is_digit(all_[exponent])) {
          at = digits(exponent);
          real = true;
        }
      }
    }
    if (!real) at = integer_end(begin);
    at_ = at;
    push(real ? TokenKind::real : TokenKind::integer, begin, at);
    return true;
  }

  size_t integer_end(size_t begin) const {
    if (all_[begin] == '0' && begin + 1 < end_) {
      const char mark = static_cast<char>(all_[begin + 1] | 32);
      size_t at = begin + 2;
      const auto run = [&](auto&& valid) {
        while (at < end_ && (valid(all_[at]) || (all_[at] == '_' && at + 1 < end_ && valid(all_[at + 1])))) ++at;
        return at;
      };
      if (mark == 'x' && at < end_ && (is_hex(all_[at]) || all_[at] == '_')) return run(is_hex);
      if (mark == 'o' && at < end_ && all_[at] >= '0' && all_[at] < '8')
        return run([](char c) { return c >= '0' && c < '8'; });
      if (mark == 'b' && at < end_ && (all_[at] == '0' || all_[at] == '1'))
        return run([](char c) { return c == '0' || c == '1'; });
      at = begin + 1;
      return run([](char c) { return c == '0'; });
    }
    return digits(begin);
  }

  bool read_string(char quote) {
    const size_t begin = at_;
    for (size_t at = at_ + 1; at < end_; ++at) {
      if (all_[at] == '\\') {
        ++at;
      } else if (all_[at] == quote) {
        at_ = at + 1;
        push(TokenKind::string, begin, at_);
        return true;
      }
    }
    return unexpected();
  }

  bool read_name() {
    const size_t begin = at_;
    while (at_ < end_) {
      const text::Point here = text::point(rest(), 0);
      if (!text::is_word(here.code)) break;
      at_ += here.size;
    }
    push(TokenKind::name, begin, at_);
    return true;
  }

  bool unexpected() {
    const text::Point here = text::point(rest(), 0);
    const size_t offset = text::length(normalized(all_.substr(begin_, at_ - begin_)));
    error(at_, at_ + here.size,
          "unexpected char " + text::repr(all_.substr(at_, here.size)) + " at " + std::to_string(offset));
    return false;
  }

  bool read_operator(std::string& open) {
    struct Entry {
      std::string_view text;
      TokenKind kind;
    };
    static constexpr std::array<Entry, 27> operators = {
        {{"//", TokenKind::floordiv}, {"**", TokenKind::pow},      {"==", TokenKind::eq},    {"!=", TokenKind::ne},
         {">=", TokenKind::gteq},     {"<=", TokenKind::lteq},     {"+", TokenKind::add},    {"-", TokenKind::sub},
         {"/", TokenKind::div},       {"*", TokenKind::mul},       {"%", TokenKind::mod},    {"~", TokenKind::tilde},
         {"[", TokenKind::lbracket},  {"]", TokenKind::rbracket},  {"(", TokenKind::lparen}, {")", TokenKind::rparen},
         {"{", TokenKind::lbrace},    {"}", TokenKind::rbrace},    {">", TokenKind::gt},     {"<", TokenKind::lt},
         {"=", TokenKind::assign},    {".", TokenKind::dot},       {":", TokenKind::colon},  {"|", TokenKind::pipe},
         {",", TokenKind::comma},     {";", TokenKind::semicolon}, {"", TokenKind::eof}}};
    for (const Entry& entry : operators) {
      if (entry.text.empty()) break;
      if (!rest().starts_with(entry.text)) continue;
      const char c = entry.text[0];
      if (entry.text.size() == 1 && !balance(c, open)) return false;
      push(entry.kind, at_, at_ + entry.text.size());
      at_ += entry.text.size();
      return true;
    }
    return unexpected();
  }

  // Keeps the brackets that are open, as their closing ones.
  bool balance(char c, std::string& open) {
    if (c == '(' || c == '[' || c == '{') {
      open += c == '(' ? ')' : c == '[' ? ']' : '}';
    } else if (c == ')' || c == ']' || c == '}') {
      if (open.empty()) {
        error(at_, at_ + 1, "unexpected '" + std::string(1, c) + "'");
        return false;
      }
      if (open.back() != c) {
        error(at_, at_ + 1, "unexpected '" + std::string(1, c) + "', expected '" + open.back() + "'");
        return false;
      }
      open.pop_back();
    }
    return true;
  }

  const std::string_view all_;
  const Options& options_;
  size_t at_;
  size_t end_;
  const size_t begin_;
  Lexed lexed_;
};

uint32_t hex_value(std::string_view digits) {
  uint32_t value = 0;
  for (const char c : digits) value = value * 16 + static_cast<uint32_t>(is_digit(c) ? c - '0' : (c | 32) - 'a' + 10);
  return value;
}

// The escape after a backslash at `at`; the place after it.
size_t append_escape(std::string& out, std::string_view body, size_t at) {
  static constexpr std::string_view letters = "abfnrtv\\'\"";
  static constexpr std::string_view values = "\a\b\f\n\r\t\v\\'\"";
  const char c = body[at];
  if (const size_t simple = letters.find(c); simple != std::string_view::npos) {
    out += values[simple];
    return at + 1;
  }
  if (c == '\n') return at + 1;
  if (c >= '0' && c < '8') {
    uint32_t code = 0;
    size_t used = 0;
    while (used < 3 && at + used < body.size() && body[at + used] >= '0' && body[at + used] < '8') {
      code = code * 8 + static_cast<uint32_t>(body[at + used++] - '0');
    }
    text::append(out, code);
    return at + used;
  }
  const size_t width = c == 'x' ? 2 : c == 'u' ? 4 : c == 'U' ? 8 : 0;
  const std::string_view digits = body.substr(at + 1, width);
  if (width > 0 && digits.size() == width && std::ranges::all_of(digits, is_hex) && hex_value(digits) < 0x110000) {
    text::append(out, hex_value(digits));
    return at + 1 + width;
  }
  out += '\\';
  return at;
}

// In the order of TokenKind, as Jinja2 calls them in its messages.
constexpr std::string_view token_words[] = {"template data / text",
                                            "begin of print statement",
                                            "end of print statement",
                                            "begin of statement block",
                                            "end of statement block",
                                            "name",
                                            "string",
                                            "integer",
                                            "float",
                                            "+",
                                            "-",
                                            "*",
                                            "/",
                                            "//",
                                            "%",
                                            "**",
                                            "~",
                                            "(",
                                            ")",
                                            "[",
                                            "]",
                                            "{",
                                            "}",
                                            "==",
                                            "!=",
                                            "<",
                                            "<=",
                                            ">",
                                            ">=",
                                            "=",
                                            ".",
                                            ":",
                                            ",",
                                            ";",
                                            "|",
                                            "error",
                                            "end of template"};
static_assert(std::size(token_words) == static_cast<size_t>(TokenKind::eof) + 1);

}  // namespace

Lexed lex(std::string_view source, Part part, const Options& options) { return Lexer(source, part, options).run(); }

Lexed lex_expression(std::string_view source, Part part) {
  const Options options;
  return Lexer(source, part, options).run_expression();
}

std::string_view describe(TokenKind kind) { return token_words[static_cast<size_t>(kind)]; }

std::string normalized(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (size_t at = 0; at < text.size(); ++at) {
    if (text[at] != '\r') {
      out += text[at];
    } else {
      out += '\n';
      if (at + 1 < text.size() && text[at + 1] == '\n') ++at;
    }
  }
  return out;
}

std::string unescaped(std::string_view literal) {
  const std::string_view raw = literal.substr(1, literal.size() - 2);
  if (raw.find_first_of("\\\r") == std::string_view::npos) return std::string(raw);
  const std::string body = normalized(raw);
  std::string out;
  for (size_t at = 0; at < body.size();) {
    if (body[at] == '\\' && at + 1 < body.size()) {
      at = append_escape(out, body, at + 1);
    } else {
      out += body[at++];
    }
  }
  return out;
}

}  // namespace rynd::jinja

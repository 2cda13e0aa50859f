// Python tokens: see the header.
#include "load/python_tokens.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

#include "base/text.h"
#include "base/unicode.h"

namespace rynd::project {

namespace {

bool is_name_start(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || static_cast<unsigned char>(c) >= 0x80;
}
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_name_part(char c) { return is_name_start(c) || is_digit(c); }

constexpr std::array<std::string_view, 26> long_symbols = {
    "**=", "//=", ">>=", "<<=", "...", "->", ":=", "==", "!=", "<=", ">=", "**", "//",
    "<<",  ">>",  "+=",  "-=",  "*=",  "/=", "%=", "@=", "&=", "|=", "^=", "<>", "||"};

// Letters before the quote of a string: r, b, u, f, t in Python's combinations.
struct Prefix {
  bool raw = false;
  bool bytes = false;
  bool formatted = false;
};
std::optional<Prefix> prefix_of(std::string_view letters) {
  if (letters.size() > 2) return {};
  Prefix prefix;
  for (char c : lower(letters)) {
    if (c == 'r') {
      prefix.raw = true;
    } else if (c == 'b') {
      prefix.bytes = true;
    } else if (c == 'f' || c == 't') {
      prefix.formatted = true;
    } else if (c != 'u') {
      return {};
    }
  }
  return prefix;
}

class Tokenizer {
 public:
  Tokenizer(const SourcePtr& source, uint32_t begin, uint32_t end)
      : source_(source), text_(source->text().substr(0, end)), at_(begin) {}

  Result<std::vector<PythonToken>> run() {
    start_line();
    while (!failure_ && at_ < text_.size()) step();
    if (!failure_ && !brackets_.empty()) fail_at(brackets_.back(), brackets_.back() + 1, "this bracket is not closed");
    if (failure_) return fail(std::move(*failure_));
    end_line();
    for (; indents_.size() > 1; indents_.pop_back()) add(PythonTokenKind::dedent, at_);
    return std::move(tokens_);
  }

 private:
  char peek(size_t ahead = 0) const { return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0'; }
  bool follows(std::string_view word) const { return text_.substr(at_, word.size()) == word; }
  void add(PythonTokenKind kind, uint32_t begin) { tokens_.push_back({kind, begin, at_}); }

  void fail_at(uint32_t begin, uint32_t end, std::string what) {
    if (failure_) return;
    failure_ = Diagnostic{.code = Code::python_syntax,
                          .message = "this is not valid Python: " + what,
                          .span = {source_, begin, std::min<uint32_t>(end, static_cast<uint32_t>(text_.size()))}};
  }

  void end_line() {
    const bool open = !tokens_.empty() && tokens_.back().kind != PythonTokenKind::newline &&
                      tokens_.back().kind != PythonTokenKind::dedent;
    if (open) add(PythonTokenKind::newline, at_);
  }

  // Measures the indentation of the next line that holds something.
  void start_line() {
    uint32_t column = 0;
    while (at_ < text_.size()) {
      const char c = peek();
      if (c == ' ') {
        ++column;
      } else if (c == '\t') {
        column = (column / 8 + 1) * 8;
      } else if (c == '\n' || c == '\r' || c == '\f') {
        column = 0;
      } else if (c == '#') {
        skip_comment();
        continue;
      } else {
        break;
      }
      ++at_;
    }
    if (at_ >= text_.size()) return;
    if (column > indents_.back()) {
      indents_.push_back(column);
      add(PythonTokenKind::indent, at_);
      return;
    }
    for (; column < indents_.back(); indents_.pop_back()) add(PythonTokenKind::dedent, at_);
    if (column != indents_.back()) fail_at(at_, at_ + 1, "this line is indented like none above it");
  }

  void skip_comment() {
    while (at_ < text_.size() && peek() != '\n') ++at_;
  }

  // One token, or what stands between two.
  void step() {
    const char c = peek();
    if (c == '\n') {
      ++at_;
      if (!brackets_.empty()) return;
      --at_;
      end_line();
      ++at_;
      start_line();
    } else if (c == ' ' || c == '\t' || c == '\r' || c == '\f') {
      ++at_;
    } else if (c == '#') {
      skip_comment();
    } else if (c == '\\' && (peek(1) == '\n' || (peek(1) == '\r' && peek(2) == '\n'))) {
      at_ += peek(1) == '\r' ? 3 : 2;
    } else if (c == '"' || c == '\'') {
      string(at_, {});
    } else if (is_name_start(c)) {
      name();
    } else if (is_digit(c) || (c == '.' && is_digit(peek(1)))) {
      number();
    } else {
      symbol();
    }
  }

  void name() {
    const uint32_t begin = at_;
    while (at_ < text_.size() && is_name_part(peek())) ++at_;
    if (peek() == '"' || peek() == '\'') {
      if (auto prefix = prefix_of(text_.substr(begin, at_ - begin))) {
        string(begin, *prefix);
        return;
      }
    }
    add(PythonTokenKind::name, begin);
  }

  // Also "1e-5", "0xff", "1_000", "2j"; the reader of literals decides what is one.
  void number() {
    const uint32_t begin = at_;
    while (at_ < text_.size() && (is_name_part(peek()) || peek() == '.')) {
      const bool exponent = (peek() == 'e' || peek() == 'E') && (peek(1) == '+' || peek(1) == '-');
      const bool hexadecimal = text_[begin] == '0' && (text_[begin + 1] == 'x' || text_[begin + 1] == 'X');
      at_ += exponent && !hexadecimal ? 2 : 1;
    }
    add(PythonTokenKind::number, begin);
  }

  void symbol() {
    const uint32_t begin = at_;
    const char c = peek();
    for (std::string_view known : long_symbols) {
      if (!follows(known)) continue;
      at_ += static_cast<uint32_t>(known.size());
      add(PythonTokenKind::symbol, begin);
      return;
    }
    if (c == '(' || c == '[' || c == '{') brackets_.push_back(at_);
    if (c == ')' || c == ']' || c == '}') close_bracket(c);
    ++at_;
    add(PythonTokenKind::symbol, begin);
  }

  void close_bracket(char c) {
    const char partner = c == ')' ? '(' : c == ']' ? '[' : '{';
    if (brackets_.empty() || text_[brackets_.back()] != partner) {
      fail_at(at_, at_ + 1, fmt::format("this '{}' closes nothing", c));
    } else {
      brackets_.pop_back();
    }
  }

  // From the quote on; `begin` is where its prefix begins.
  void string(uint32_t begin, Prefix prefix) {
    const char quote = peek();
    const bool triple = peek(1) == quote && peek(2) == quote;
    at_ += triple ? 3 : 1;
    if (prefix.formatted) add(PythonTokenKind::fstring_begin, begin);
    while (!failure_) {
      if (at_ >= text_.size() || (!triple && peek() == '\n')) {
        fail_at(begin, at_, "this string has no end");
      } else if (peek() == quote && (!triple || (peek(1) == quote && peek(2) == quote))) {
        at_ += triple ? 3 : 1;
        add(prefix.formatted ? PythonTokenKind::fstring_end : PythonTokenKind::string, prefix.formatted ? at_ : begin);
        return;
      } else if (peek() == '\\' && at_ + 1 < text_.size()) {
        at_ += 2;
      } else if (prefix.formatted && peek() == '{') {
        replacement();
      } else {
        ++at_;
      }
    }
  }

  // {expression!r:format} of an f-string; "{{" is a brace.
  void replacement() {
    if (peek(1) == '{') {
      at_ += 2;
      return;
    }
    const size_t depth = brackets_.size();
    symbol();
    while (!failure_ && brackets_.size() > depth) {
      if (at_ >= text_.size()) {
        fail_at(brackets_.back(), brackets_.back() + 1, "this brace of an f-string is not closed");
      } else if (brackets_.size() == depth + 1 && (peek() == ':' || (peek() == '!' && peek(1) != '='))) {
        format(depth);
      } else {
        step();
      }
    }
  }

  // After the colon: text, and replacements in it.
  void format(size_t depth) {
    while (!failure_ && at_ < text_.size()) {
      if (peek() == '}') {
        symbol();
        if (brackets_.size() == depth) return;
      } else if (peek() == '{') {
        replacement();
      } else {
        ++at_;
      }
    }
  }

  const SourcePtr& source_;
  std::string_view text_;
  uint32_t at_;
  std::vector<PythonToken> tokens_;
  std::vector<uint32_t> brackets_;  // where the open ones are
  std::vector<uint32_t> indents_{0};
  std::optional<Diagnostic> failure_;
};

// The value of a backslash and what follows it, from `at`, which is moved past it.
void unescape(std::string_view text, size_t& at, std::string& into) {
  const char c = text[at + 1];
  const auto digits = [&](size_t from, size_t count, int base) {
    uint32_t code = 0;
    size_t i = 0;
    for (; i < count && from + i < text.size(); ++i) {
      const char digit = text[from + i];
      const int value = digit >= '0' && digit <= '9'   ? digit - '0'
                        : digit >= 'a' && digit <= 'f' ? digit - 'a' + 10
                        : digit >= 'A' && digit <= 'F' ? digit - 'A' + 10
                                                       : 99;
      if (value >= base) break;
      code = code * static_cast<uint32_t>(base) + static_cast<uint32_t>(value);
    }
    unicode::append(into, code);
    return i;
  };
  static constexpr std::string_view letters = "abfnrtv\\'\"", meanings = "\a\b\f\n\r\t\v\\'\"";
  if (const size_t known = letters.find(c); known != std::string_view::npos) {
    into += meanings[known];
    at += 2;
  } else if (c == '\n') {
    at += 2;
  } else if (c == 'x' || c == 'u' || c == 'U') {
    at += 2 + digits(at + 2, c == 'x' ? 2 : c == 'u' ? 4 : 8, 16);
  } else if (c >= '0' && c <= '7') {
    at += 1 + digits(at + 1, 3, 8);
  } else {
    into += '\\';
    ++at;
  }
}

}  // namespace

Result<std::vector<PythonToken>> tokenize_python(const SourcePtr& source, uint32_t begin, uint32_t end) {
  return Tokenizer(source, begin, end).run();
}

bool read_python_string(std::string_view token, std::string& value) {
  const size_t quote = token.find_first_of("\"'");
  const auto prefix = prefix_of(token.substr(0, quote));
  if (!prefix || prefix->bytes) return false;
  const bool triple =
      token.substr(quote).size() >= 6 && token[quote + 1] == token[quote] && token[quote + 2] == token[quote];
  const size_t width = triple ? 3 : 1;
  const std::string_view body = token.substr(quote + width, token.size() - quote - 2 * width);
  for (size_t at = 0; at < body.size();) {
    if (body[at] == '\\' && !prefix->raw && at + 1 < body.size()) {
      unescape(body, at, value);
    } else {
      value += body[at++];
    }
  }
  return true;
}

}  // namespace rynd::project

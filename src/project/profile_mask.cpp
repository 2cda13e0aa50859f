// ProfileMask: see the header.
#include "profile_mask.h"

#include <algorithm>
#include <array>

namespace rynd::project {

namespace {

constexpr std::array<std::string_view, 11> harmless = {
    "target", "type", "path", "database", "schema", "threads", "name", "extensions", "repo", "alias", "read_only"};
// What a harmless path or name does not have, and a URL or connection string with a password does.
constexpr std::string_view suspicious = "=@?&";

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r'; }

class Mask {
 public:
  explicit Mask(std::string_view yaml) : text_(yaml) {}

  std::string run() {
    while (at_ < text_.size()) line();
    return std::move(text_);
  }

 private:
  char peek(size_t ahead = 0) const { return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0'; }
  bool ends_word(size_t at) const { return at >= text_.size() || text_[at] == '\n' || is_blank(text_[at]); }
  size_t line_end() const { return std::min(text_.find('\n', at_), text_.size()); }

  // Whether what stands before `end` may be read: a value of a harmless key.
  bool is_shown(size_t end) const {
    return shown_ && std::string_view(text_).substr(at_, end - at_).find_first_of(suspicious) == std::string_view::npos;
  }

  void star_to(size_t end) {
    for (; at_ < end; ++at_) {
      if (text_[at_] != '\n' && !is_blank(text_[at_])) text_[at_] = '*';
    }
  }

  void line() {
    const size_t begin = at_;
    while (is_blank(peek())) ++at_;
    // Deeper than a key whose value has begun beside it: more of that value.
    const bool continues = flows_ == 0 && value_indent_ != none && (at_ - begin > value_indent_ || at_ == line_end());
    if (continues) {
      if (!is_shown(line_end())) star_to(line_end());
    } else {
      value_indent_ = none;
      while (peek() == '-' && ends_word(at_ + 1)) {
        ++at_;
        while (is_blank(peek())) ++at_;
      }
      key_may_begin_ = flows_ == 0 || key_may_begin_;
      const size_t indent = at_ - begin;
      while (at_ < text_.size() && peek() != '\n') part(indent);
    }
    at_ = std::min(line_end() + 1, text_.size());
  }

  // A key, a value, or what stands between them.
  void part(size_t indent) {
    const char c = peek();
    if (is_blank(c)) {
      ++at_;
    } else if (c == '#' && (at_ == 0 || text_[at_ - 1] == '\n' || is_blank(text_[at_ - 1]))) {
      star_to(line_end());
    } else if (c == '{' || c == '[') {
      ++flows_;
      key_may_begin_ = true;
      ++at_;
    } else if (flows_ > 0 && (c == '}' || c == ']')) {
      --flows_;
      ++at_;
    } else if (flows_ > 0 && c == ',') {
      key_may_begin_ = true;
      ++at_;
    } else {
      word(indent);
    }
  }

  void word(size_t indent) {
    const bool quoted = peek() == '"' || peek() == '\'';
    const size_t end = quoted ? quote_end() : plain_end();
    if (key_may_begin_ && end < text_.size() && text_[end] == ':' && ends_word(end + 1)) {
      const std::string_view key = std::string_view(text_).substr(at_ + quoted, end - at_ - 2 * quoted);
      shown_ = std::ranges::find(harmless, key) != harmless.end();
      at_ = end + 1;
      key_may_begin_ = false;
      while (is_blank(peek())) ++at_;
      while (peek() == '&' || peek() == '!') {  // an anchor, a tag
        while (!ends_word(at_)) ++at_;
        while (is_blank(peek())) ++at_;
      }
      const bool value_begins = peek() != '\n' && peek() != '#' && peek() != '{' && peek() != '[';
      if (flows_ == 0 && value_begins) value_indent_ = indent;
      return;
    }
    key_may_begin_ = false;
    const bool alias = peek() == '*';
    if (alias || is_shown(end))
      at_ = end;
    else
      star_to(end);
  }

  // Past the closing quote; the text's end where there is none.
  size_t quote_end() const {
    const char quote = peek();
    for (size_t at = at_ + 1; at < text_.size(); ++at) {
      if (text_[at] == '\\' && quote == '"') {
        ++at;
      } else if (text_[at] == quote) {
        if (quote == '"' || at + 1 >= text_.size() || text_[at + 1] != '\'') return at + 1;
        ++at;
      }
    }
    return text_.size();
  }

  // A key's word, or a value: to the line's end in block style, to the next separator in flow style.
  size_t plain_end() const {
    const size_t end = line_end();
    for (size_t at = at_; at < end; ++at) {
      if (key_may_begin_ && text_[at] == ':' && ends_word(at + 1)) return at;
      if (flows_ > 0 && (text_[at] == ',' || text_[at] == '}' || text_[at] == ']')) return at;
      if (is_blank(text_[at]) && at + 1 < end && text_[at + 1] == '#') return at;
      if (at == at_ && text_[at] == '*') return std::min(text_.find_first_of(" \t\r\n,}]", at), end);
    }
    return end;
  }

  static constexpr size_t none = std::string::npos;

  std::string text_;
  size_t at_ = 0;
  size_t flows_ = 0;            // open braces and brackets
  size_t value_indent_ = none;  // of the key whose value began beside it
  bool key_may_begin_ = true;
  bool shown_ = false;  // the last key's values are harmless
};

}  // namespace

std::string without_secrets(std::string_view yaml) { return Mask(yaml).run(); }

}  // namespace rynd::project

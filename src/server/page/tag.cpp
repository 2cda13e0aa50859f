// Tag: a small hand-written scanner; positions are bytes in the page's file.
#include "page/tag.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace rynd::server {

namespace {

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }
bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
bool is_word(char c) { return is_upper(c) || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-'; }

bool is_number(std::string_view text) {
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size();
}

class TagScanner {
 public:
  TagScanner(const SourcePtr& source, uint32_t at, uint32_t limit)
      : source_(source), text_(source->text().substr(0, limit)), begin_(at), at_(at) {}

  std::optional<Tag> read() {
    if (peek() != '<') return std::nullopt;
    ++at_;
    if (peek() == '/') tag_.closing = true, ++at_;
    if (!is_upper(peek())) return std::nullopt;
    const uint32_t name = at_;
    while (is_word(peek())) ++at_;
    tag_.name = text_.substr(name, at_ - name);
    tag_.name_span = {source_, name, at_};
    while (attribute()) {
    }
    tag_.span = {source_, begin_, at_};
    return std::move(tag_);
  }

 private:
  char peek(uint32_t ahead = 0) const { return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0'; }
  void skip_space() {
    while (is_space(peek())) ++at_;
  }
  // A paragraph ends there, and so does a tag whose '>' was forgotten.
  bool at_empty_line(uint32_t from) const {
    const std::string_view space = text_.substr(from, at_ - from);
    return std::ranges::count(space, '\n') > 1;
  }

  void complain(uint32_t begin, uint32_t end, std::string message, std::string label, std::string help = {}) {
    tag_.errors.push_back({.code = Code::page_tag_syntax,
                           .message = std::move(message),
                           .span = {source_, begin, end},
                           .label = std::move(label),
                           .help = std::move(help)});
  }

  // Goes on after the tag's line, so that one missing '>' does not swallow the page.
  void give_up(std::string message, std::string label, std::string help = {}) {
    complain(begin_, tag_.name_span.end, std::move(message), std::move(label), std::move(help));
    at_ = begin_;
    while (at_ < text_.size() && text_[at_] != '\n') ++at_;
    tag_.self_closing = true;
  }

  // One attribute, or the end of the tag: then false.
  bool attribute() {
    const uint32_t before = at_;
    skip_space();
    if (peek() == '>') return ++at_, false;
    if (peek() == '/' && peek(1) == '>') return tag_.self_closing = true, at_ += 2, false;
    if (at_ >= text_.size() || peek() == '<' || at_empty_line(before)) {
      return give_up(fmt::format("the tag '<{}' has no end", tag_.name), "starts here",
                     "end it with '/>', or with '>' and a closing tag"),
             false;
    }
    if (!is_word(peek())) {
      const uint32_t begin = at_;
      while (at_ < text_.size() && !is_space(peek()) && peek() != '>' && peek() != '/') ++at_;
      if (at_ == begin) ++at_;
      complain(begin, at_, fmt::format("'{}' is not an attribute of a tag", text_.substr(begin, at_ - begin)),
               "expected name=value");
      return true;
    }
    Attribute attribute;
    const uint32_t name = at_;
    while (is_word(peek())) ++at_;
    attribute.name = text_.substr(name, at_ - name);
    attribute.name_span = attribute.value_span = {source_, name, at_};
    attribute.value = {AttributeValue::Kind::boolean, "true", {}};
    const uint32_t after_name = at_;
    skip_space();
    if (peek() != '=') {
      at_ = after_name;
    } else {
      ++at_;
      skip_space();
      if (!value(attribute)) return false;
    }
    tag_.attributes.push_back(std::move(attribute));
    return true;
  }

  bool value(Attribute& attribute) {
    const uint32_t begin = at_;
    if (peek() == '"' || peek() == '\'') {
      std::optional<std::string> text = quoted();
      if (!text) return give_up(fmt::format("a quote in the tag '<{}' is not closed", tag_.name), "in this tag"), false;
      attribute.value = {AttributeValue::Kind::text, std::move(*text), {}};
      attribute.value_span = {source_, begin + 1, at_ - 1};
      return true;
    }
    if (peek() == '{') return braces(attribute);
    while (at_ < text_.size() && !is_space(peek()) && peek() != '>' && !(peek() == '/' && peek(1) == '>')) ++at_;
    attribute.value = bare(text_.substr(begin, at_ - begin));
    attribute.value_span = {source_, begin, at_};
    return true;
  }

  static AttributeValue bare(std::string_view word) {
    using enum AttributeValue::Kind;
    const auto kind = word == "true" || word == "false" ? boolean : is_number(word) ? number : text;
    return {kind, std::string(word), {}};
  }

  // At a quote; its text, or nothing where the file ends first.
  std::optional<std::string> quoted() {
    const char quote = peek();
    const uint32_t begin = ++at_;
    while (at_ < text_.size() && text_[at_] != quote) ++at_;
    if (at_ >= text_.size()) return std::nullopt;
    return std::string(text_.substr(begin, at_++ - begin));
  }

  bool braces(Attribute& attribute) {
    const uint32_t begin = at_++;
    const std::optional<AttributeValue> value = expression();
    skip_space();
    if (value && peek() == '}') {
      ++at_;
      attribute.value = *value;
      attribute.value_span = {source_, begin + 1, at_ - 1};
      return true;
    }
    while (at_ < text_.size() && peek() != '}' && peek() != '\n') ++at_;
    const bool closed = peek() == '}';
    complain(begin, closed ? at_ + 1 : at_,
             fmt::format("'{}' of '<{}>' is not a value that a page can have", attribute.name, tag_.name),
             closed ? "a page runs no program" : "'}' is missing",
             "write {query_name}, {'text'}, {12}, {true} or {['a', 'b']}");
    if (closed) ++at_;
    return true;
  }

  std::optional<AttributeValue> expression() {
    using enum AttributeValue::Kind;
    skip_space();
    if (peek() == '[') return list_expression();
    if (peek() == '"' || peek() == '\'' || peek() == '`') {
      std::optional<std::string> string = quoted();
      if (!string) return std::nullopt;
      return AttributeValue{text, std::move(*string), {}};
    }
    const uint32_t begin = at_;
    while (is_word(peek()) || peek() == '.' || peek() == '+') ++at_;
    const std::string_view word = text_.substr(begin, at_ - begin);
    if (word.empty()) return std::nullopt;
    AttributeValue value = bare(word);
    if (value.kind == text) value.kind = reference;
    return value;
  }

  std::optional<AttributeValue> list_expression() {
    AttributeValue list{AttributeValue::Kind::list, {}, {}};
    ++at_;
    for (skip_space(); peek() != ']'; skip_space()) {
      const std::optional<AttributeValue> item = expression();
      if (!item || item->kind == AttributeValue::Kind::list) return std::nullopt;
      list.items.push_back(item->text);
      skip_space();
      if (peek() == ',')
        ++at_;
      else if (peek() != ']')
        return std::nullopt;
    }
    ++at_;
    return list;
  }

  const SourcePtr& source_;
  std::string_view text_;
  uint32_t begin_;
  uint32_t at_;
  Tag tag_;
};

}  // namespace

std::optional<Tag> read_tag(const SourcePtr& source, uint32_t at, uint32_t limit) {
  return TagScanner(source, at, limit).read();
}

}  // namespace rynd::server

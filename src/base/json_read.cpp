// JSON reader: RFC 8259 by recursive descent, each value and key with its byte offsets.
#include <charconv>
#include <cmath>
#include <unordered_map>

#include "base/json.h"
#include "unicode.h"

namespace rynd::json {
namespace {

// Deeper texts are refused: nodes are destroyed recursively, and nobody writes them by hand.
constexpr int max_depth = 500;

// The place and words of the first error; thrown inside this file only, so that every step need not look back.
struct Failure {
  size_t begin, end;
  std::string message;
};

class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  Node document() {
    if (text_.starts_with("\xEF\xBB\xBF")) at_ = 3;
    skip_space();
    if (at_ == text_.size()) fail_here("expected a value, found the end of the text");
    Node root = value(0);
    skip_space();
    if (at_ < text_.size()) fail_here("expected the end of the text, found " + found());
    return root;
  }

 private:
  [[noreturn]] void fail_at(size_t begin, size_t end, std::string message) const {
    throw Failure{begin, std::min(end, text_.size()), std::move(message)};
  }
  [[noreturn]] void fail_here(std::string message) const { fail_at(at_, at_ + 1, std::move(message)); }

  char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }

  std::string found() const {
    if (at_ >= text_.size()) return "the end of the text";
    auto c = static_cast<unsigned char>(text_[at_]);
    if (c < 0x20) return "a control character";
    return "'" + std::string(text_.substr(at_, unicode::length(c))) + "'";
  }

  void skip_space() {
    while (at_ < text_.size()) {
      char c = text_[at_];
      if (c != ' ' && c != '\n' && c != '\r' && c != '\t') return;
      ++at_;
    }
  }

  Node value(int depth) {
    if (depth > max_depth) fail_here("nested deeper than " + std::to_string(max_depth) + " levels");
    Node node;
    size_t begin = at_;
    switch (peek()) {
      case '{':
        object(node, depth);
        break;
      case '[':
        array(node, depth);
        break;
      case '"':
        node.kind = Node::Kind::string;
        node.quoted = true;
        node.text = string();
        break;
      case 't':
        word("true", node = Node::of(true));
        break;
      case 'f':
        word("false", node = Node::of(false));
        break;
      case 'n':
        word("null", node);
        break;
      default:
        number(node);
        break;
    }
    node.begin = static_cast<uint32_t>(begin);
    node.end = static_cast<uint32_t>(at_);
    return node;
  }

  void word(std::string_view expected, Node& node) {
    if (text_.substr(at_, expected.size()) != expected) fail_here("expected a value, found " + found());
    node.text = expected;
    at_ += expected.size();
  }

  void array(Node& node, int depth) {
    node.kind = Node::Kind::sequence;
    ++at_;
    skip_space();
    if (peek() == ']') {
      ++at_;
      return;
    }
    while (true) {
      node.items.push_back(value(depth + 1));
      skip_space();
      if (peek() == ']') break;
      if (peek() != ',') fail_here("expected ',' or ']', found " + found());
      ++at_;
      skip_space();
    }
    ++at_;
  }

  void object(Node& node, int depth) {
    node.kind = Node::Kind::mapping;
    ++at_;
    skip_space();
    if (peek() == '}') {
      ++at_;
      return;
    }
    while (true) {
      if (peek() != '"') fail_here("expected a key in double quotes, found " + found());
      Entry entry;
      entry.key_begin = static_cast<uint32_t>(at_);
      entry.key = string();
      entry.key_end = static_cast<uint32_t>(at_);
      skip_space();
      if (peek() != ':') fail_here("expected ':' after the key, found " + found());
      ++at_;
      skip_space();
      entry.value = value(depth + 1);
      node.entries.push_back(std::move(entry));
      skip_space();
      if (peek() == '}') break;
      if (peek() != ',') fail_here("expected ',' or '}', found " + found());
      ++at_;
      skip_space();
    }
    ++at_;
    keep_last_of_equal_keys(node);
  }

  // As Python, JavaScript and PostgreSQL do.
  static void keep_last_of_equal_keys(Node& node) {
    std::unordered_map<std::string_view, size_t> last;
    for (size_t i = 0; i < node.entries.size(); ++i) last[node.entries[i].key] = i;
    if (last.size() == node.entries.size()) return;
    List<Entry> kept;
    std::vector<bool> keep(node.entries.size());
    for (const auto& [key, i] : last) keep[i] = true;
    for (size_t i = 0; i < keep.size(); ++i) {
      if (keep[i]) kept.push_back(std::move(node.entries[i]));
    }
    node.entries = std::move(kept);
  }

  bool digits() {
    size_t begin = at_;
    while (peek() >= '0' && peek() <= '9') ++at_;
    return at_ > begin;
  }

  void number(Node& node) {
    size_t begin = at_;
    if (peek() == '-') ++at_;
    bool whole = true;
    size_t first = at_;
    if (!digits()) {
      at_ = begin;
      fail_here("expected a value, found " + found());
    }
    if (text_[first] == '0' && at_ > first + 1) fail_at(begin, at_, "a number cannot start with 0");
    if (peek() == '.') {
      whole = false;
      ++at_;
      if (!digits()) fail_here("expected a digit after '.', found " + found());
    }
    if (peek() == 'e' || peek() == 'E') {
      whole = false;
      ++at_;
      if (peek() == '+' || peek() == '-') ++at_;
      if (!digits()) fail_here("expected a digit in the exponent, found " + found());
    }
    node.text = text_.substr(begin, at_ - begin);
    const char* end = node.text.data() + node.text.size();
    if (whole && std::from_chars(node.text.data(), end, node.integer).ec == std::errc{}) {
      node.kind = Node::Kind::integer;
      return;
    }
    node.kind = Node::Kind::real;
    node.integer = 0;
    if (std::from_chars(node.text.data(), end, node.real).ec != std::errc{}) {
      node.real = node.text.find("e-") == std::string::npos && node.text.find("E-") == std::string::npos ? HUGE_VAL : 0;
      if (node.text[0] == '-') node.real = -node.real;
    }
  }

  std::string string() {
    size_t begin = at_++;
    std::string value;
    while (true) {
      size_t run = at_;
      while (at_ < text_.size() && plain(text_[at_])) ++at_;
      value += text_.substr(run, at_ - run);
      if (at_ >= text_.size()) fail_at(begin, begin + 1, "this string has no closing quote");
      auto c = static_cast<unsigned char>(text_[at_]);
      if (c == '"') break;
      if (c == '\n') fail_at(begin, at_, "this string has no closing quote on its line");
      if (c < 0x20) fail_here("a control character in a string must be written as \\u00" + hex_byte(c));
      if (c == '\\')
        escape(value);
      else
        utf8(value);
    }
    ++at_;
    return value;
  }

  static bool plain(char c) {
    auto byte = static_cast<unsigned char>(c);
    return byte >= 0x20 && byte < 0x80 && byte != '"' && byte != '\\';
  }

  static std::string hex_byte(unsigned char c) {
    constexpr std::string_view hex_digits = "0123456789abcdef";
    return {hex_digits[c >> 4], hex_digits[c & 15]};
  }

  void utf8(std::string& value) {
    size_t size = unicode::valid_sequence(text_.substr(at_));
    if (size == 0) fail_here("this is not UTF-8");
    value += text_.substr(at_, size);
    at_ += size;
  }

  void escape(std::string& value) {
    size_t begin = at_++;
    char c = peek();
    ++at_;
    switch (c) {
      case '"':
      case '\\':
      case '/':
        value += c;
        return;
      case 'b':
        value += '\b';
        return;
      case 'f':
        value += '\f';
        return;
      case 'n':
        value += '\n';
        return;
      case 'r':
        value += '\r';
        return;
      case 't':
        value += '\t';
        return;
      case 'u':
        break;
      default:
        fail_at(begin, at_, "this escape is not one of JSON's");
    }
    char32_t unit = hex4(begin);
    bool high = unit >= 0xD800 && unit < 0xDC00;
    if (high && text_.substr(at_, 2) == "\\u") {
      size_t second = at_;
      at_ += 2;
      char32_t low = hex4(second);
      if (low >= 0xDC00 && low < 0xE000)
        unit = 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00);
      else
        at_ = second;
    }
    // Half a surrogate pair has no UTF-8 form.
    unicode::append(value, unit >= 0xD800 && unit < 0xE000 ? 0xFFFD : unit);
  }

  char32_t hex4(size_t begin) {
    unsigned unit = 0;
    std::string_view digits = text_.substr(std::min(at_, text_.size()), 4);
    auto result = std::from_chars(digits.data(), digits.data() + digits.size(), unit, 16);
    if (digits.size() < 4 || result.ptr != digits.data() + 4)
      fail_at(begin, at_ + 4, "\\u needs four hexadecimal digits");
    at_ += 4;
    return unit;
  }

  std::string_view text_;
  size_t at_ = 0;
};

}  // namespace

Result<Document> read(SourcePtr source) {
  try {
    Document document{source, {}};
    document.root = Reader(source->text()).document();
    return document;
  } catch (const Failure& failure) {
    return fail({.code = Code::json_syntax,
                 .message = "this is not valid JSON: " + failure.message,
                 .span = {source, static_cast<uint32_t>(failure.begin), static_cast<uint32_t>(failure.end)}});
  }
}

}  // namespace rynd::json

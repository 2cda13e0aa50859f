// Python literal: see the header.
#include "load/python_literal.h"

#include <charconv>

#include "base/json.h"
#include "base/text.h"

namespace rynd::project {

namespace {

// "1_000", "0xff", "1e3"; nothing for "2j" or "1.2.3".
std::optional<Node> number(std::string_view written) {
  std::string digits = lower(replace_all(written, "_", ""));
  int base = 10;
  std::string_view body = digits;
  if (digits.size() > 2 && digits[0] == '0') {
    base = digits[1] == 'x' ? 16 : digits[1] == 'o' ? 8 : digits[1] == 'b' ? 2 : 10;
    if (base != 10) body.remove_prefix(2);
  }
  int64_t integer = 0;
  auto [end, error] = std::from_chars(body.data(), body.data() + body.size(), integer, base);
  if (error == std::errc() && end == body.data() + body.size()) return Node::of(integer);
  double real = 0;
  auto [real_end, real_error] = std::from_chars(body.data(), body.data() + body.size(), real);
  if (base != 10 || real_error != std::errc() || real_end != body.data() + body.size()) return {};
  Node node = Node::of_real(real);
  if (body.find_first_not_of("0123456789") == std::string_view::npos) node.text = body;  // too large for an integer
  return node;
}

class Reader {
 public:
  Reader(std::string_view source, std::span<const PythonToken> tokens, size_t& at)
      : source_(source), tokens_(tokens), at_(at) {}

  std::optional<Node> value() {
    if (at_ >= tokens_.size()) return {};
    const PythonToken& token = tokens_[at_];
    switch (token.kind) {
      case PythonTokenKind::string:
        return text();
      case PythonTokenKind::number:
        return take(number(token.text(source_)));
      case PythonTokenKind::name:
        return named(token.text(source_));
      case PythonTokenKind::symbol:
        return signed_or_collection(token.text(source_));
      default:
        return {};
    }
  }

 private:
  bool is(std::string_view symbol) const {
    return at_ < tokens_.size() && tokens_[at_].kind == PythonTokenKind::symbol && tokens_[at_].text(source_) == symbol;
  }
  std::optional<Node> take(std::optional<Node> node) {
    if (node) ++at_;
    return node;
  }

  // Neighbours are one text.
  std::optional<Node> text() {
    std::string value;
    for (; at_ < tokens_.size() && tokens_[at_].kind == PythonTokenKind::string; ++at_) {
      if (!read_python_string(tokens_[at_].text(source_), value)) return {};
    }
    if (at_ < tokens_.size() && tokens_[at_].kind == PythonTokenKind::fstring_begin) return {};
    return Node::of(std::move(value));
  }

  std::optional<Node> named(std::string_view name) {
    if (name == "True" || name == "False") return take(Node::of(name == "True"));
    if (name == "None") return take(Node());
    return {};
  }

  std::optional<Node> signed_or_collection(std::string_view symbol) {
    if (symbol == "(" || symbol == "[") return sequence(symbol == "(" ? ")" : "]");
    if (symbol == "{") return braces();
    if (symbol != "-" && symbol != "+") return {};
    ++at_;
    if (at_ >= tokens_.size() || tokens_[at_].kind != PythonTokenKind::number) return {};
    auto node = take(number(tokens_[at_].text(source_)));
    if (!node || symbol == "+") return node;
    if (node->kind == Node::Kind::integer) return Node::of(-node->integer);
    node->real = -node->real;
    if (!node->text.empty()) node->text.insert(0, "-");
    return node;
  }

  // A bracketed value without a comma is that value.
  std::optional<Node> sequence(std::string_view close) {
    ++at_;
    Node list = Node::list();
    bool comma = false;
    while (!is(close)) {
      auto item = value();
      if (!item) return {};
      list.items.push_back(std::move(*item));
      if (is(close)) break;
      if (!is(",")) return {};
      comma = true;
      ++at_;
    }
    ++at_;
    if (close == ")" && !comma && list.items.size() == 1) return std::move(list.items.front());
    return list;
  }

  std::optional<Node> braces() {
    ++at_;
    Node map = Node::map(), set = Node::list();
    while (!is("}")) {
      auto key = value();
      if (!key) return {};
      if (is(":")) {
        ++at_;
        auto entry = value();
        if (!entry || !key->is_scalar() || !set.items.empty()) return {};
        map.set(key_text(*key), std::move(*entry));
      } else if (map.entries.empty()) {
        set.items.push_back(std::move(*key));
      } else {
        return {};
      }
      if (is("}")) break;
      if (!is(",")) return {};
      ++at_;
    }
    ++at_;
    return set.items.empty() ? map : set;
  }

  static std::string key_text(const Node& key) {
    if (key.kind == Node::Kind::boolean) return key.boolean ? "True" : "False";
    return key.is_null() ? "None" : key.is_string() ? key.text : json::write(key);
  }

  std::string_view source_;
  std::span<const PythonToken> tokens_;
  size_t& at_;
};

}  // namespace

std::optional<Node> read_python_literal(std::string_view source, std::span<const PythonToken> tokens, size_t& at) {
  return Reader(source, tokens, at).value();
}

}  // namespace rynd::project

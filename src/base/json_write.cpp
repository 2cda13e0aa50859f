// JSON writer: nodes as text, numbers so that reading them back gives the same.
#include <array>
#include <charconv>
#include <cmath>

#include "base/json.h"

namespace rynd::json {

std::string_view short_escape(char32_t character) {
  switch (character) {
    case '"':
      return "\\\"";
    case '\\':
      return "\\\\";
    case '\n':
      return "\\n";
    case '\r':
      return "\\r";
    case '\t':
      return "\\t";
    case '\f':
      return "\\f";
    case '\b':
      return "\\b";
    default:
      return {};
  }
}

namespace {

constexpr std::array<bool, 256> plain_bytes = [] {
  std::array<bool, 256> plain{};
  for (int byte = 0x20; byte < 256; ++byte) plain[byte] = byte != 0x7F && byte != '"' && byte != '\\';
  return plain;
}();

bool is_plain(char c) { return plain_bytes[static_cast<unsigned char>(c)]; }

void write_escaped(std::string& out, char c) {
  constexpr std::string_view hex_digits = "0123456789abcdef";
  const auto byte = static_cast<unsigned char>(c);
  if (const std::string_view escape = short_escape(byte); !escape.empty()) {
    out += escape;
    return;
  }
  out += "\\u00";
  out += hex_digits[byte >> 4];
  out += hex_digits[byte & 15];
}

void write_string(std::string& out, std::string_view text) {
  out += '"';
  while (!text.empty()) {
    size_t plain = 0;
    while (plain < text.size() && is_plain(text[plain])) ++plain;
    out += text.substr(0, plain);
    if (plain == text.size()) break;
    write_escaped(out, text[plain]);
    text.remove_prefix(plain + 1);
  }
  out += '"';
}

// The shortest digits that are read back the same, with an exponent where Python's repr has one. JSON has no word for
// infinities and NaN: null, as JavaScript writes them.
void write_real(std::string& out, double value) {
  if (!std::isfinite(value)) {
    out += "null";
    return;
  }
  char digits[32];
  bool fixed = value == 0 || (std::fabs(value) >= 1e-4 && std::fabs(value) < 1e16);
  auto format = fixed ? std::chars_format::fixed : std::chars_format::scientific;
  auto end = std::to_chars(digits, digits + sizeof digits, value, format).ptr;
  std::string_view text(digits, end - digits);
  out += text;
  if (text.find_first_of(".e") == std::string_view::npos) out += ".0";
}

// An integer that does not fit 64 bits: a real that keeps its digits.
bool is_long_integer(const Node& node) {
  const std::string& text = node.text;
  if (std::fabs(node.real) < 0x1p63) return false;
  size_t first = text.starts_with("-") ? 1 : 0;
  return text.size() > first && text.find_first_not_of("0123456789", first) == std::string::npos;
}

class Writer {
 public:
  Writer(std::string& out, int indent) : out_(out), indent_(indent) {}

  void write(const Node& node, int depth) {
    switch (node.kind) {
      case Node::Kind::null:
        out_ += "null";
        break;
      case Node::Kind::boolean:
        out_ += node.boolean ? "true" : "false";
        break;
      case Node::Kind::integer:
        out_ += std::to_string(node.integer);
        break;
      case Node::Kind::real:
        if (is_long_integer(node))
          out_ += node.text;
        else
          write_real(out_, node.real);
        break;
      case Node::Kind::string:
        write_string(out_, node.text);
        break;
      case Node::Kind::sequence:
        write_items(node, depth);
        break;
      case Node::Kind::mapping:
        write_entries(node, depth);
        break;
    }
  }

 private:
  void new_line(int depth) {
    if (indent_ > 0) out_ += "\n" + std::string(static_cast<size_t>(indent_) * depth, ' ');
  }
  void separate() { out_ += indent_ > 0 ? "," : ", "; }

  void write_items(const Node& node, int depth) {
    out_ += '[';
    for (size_t i = 0; i < node.items.size(); ++i) {
      if (i > 0) separate();
      new_line(depth + 1);
      write(node.items[i], depth + 1);
    }
    if (!node.items.empty()) new_line(depth);
    out_ += ']';
  }

  void write_entries(const Node& node, int depth) {
    out_ += '{';
    for (size_t i = 0; i < node.entries.size(); ++i) {
      if (i > 0) separate();
      new_line(depth + 1);
      write_string(out_, node.entries[i].key);
      out_ += ": ";
      write(node.entries[i].value, depth + 1);
    }
    if (!node.entries.empty()) new_line(depth);
    out_ += '}';
  }

  std::string& out_;
  int indent_;
};

}  // namespace

std::string write(const Node& node, int indent) {
  std::string text;
  Writer(text, indent).write(node, 0);
  return text;
}

void Stream::begin(std::string_view key) {
  if (!first_) text_ += ", ";
  if (depth_ == 0) return;
  write_string(text_, key);
  text_ += ": ";
}

void Stream::open(std::string_view key) {
  begin(key);
  text_ += '{';
  first_ = true;
  ++depth_;
}

void Stream::add(std::string_view key, const Node& value) {
  add(key, [&](std::string& text) { write_to(text, value); });
}

void Stream::add(std::string_view key, const std::function<void(std::string&)>& append) {
  begin(key);
  append(text_);
  out_(text_);
  text_.clear();
  first_ = false;
}

void Stream::close() {
  text_ += '}';
  first_ = false;
  if (--depth_ > 0) return;
  out_(text_);
  text_.clear();
}

void write_to(std::string& text, const Node& node) { Writer(text, 0).write(node, 0); }

void quote_to(std::string& json, std::string_view text) { write_string(json, text); }

std::string quote(std::string_view text) {
  std::string quoted;
  write_string(quoted, text);
  return quoted;
}

}  // namespace rynd::json

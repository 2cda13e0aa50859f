// YAML writer: block style, quoted where reading it back would give something else.
#include <algorithm>
#include <cmath>

#include "base/json.h"
#include "base/text.h"
#include "base/yaml.h"
#include "yaml_scalar.h"

namespace rynd::yaml {
namespace {

bool plain_safe(std::string_view text) {
  constexpr std::string_view indicators = "-?:,[]{}#&*!|>'\"%@`= ";
  if (text.empty() || text == "<<" || !stays_string(text)) return false;
  bool dash_word = text.size() > 1 && text[0] == '-' && text[1] != ' ' && text[1] != '-';
  if (indicators.find(text[0]) != std::string_view::npos && !dash_word) return false;
  if (text.back() == ' ' || text.back() == ':' || text.starts_with("...")) return false;
  if (text.find(": ") != std::string_view::npos || text.find(" #") != std::string_view::npos) return false;
  return std::none_of(text.begin(), text.end(), [](char c) {
    auto byte = static_cast<unsigned char>(c);
    return byte < 0x20 || byte == 0x7F;
  });
}

// A text of several lines that a literal block can hold: no line of it is only spaces or ends in them.
bool literal_safe(std::string_view text) {
  if (text.find('\n') == std::string_view::npos || text.starts_with(' ') || text.starts_with('\n')) return false;
  for (const auto& line : split(text, '\n')) {
    if (line.ends_with(' ')) return false;
  }
  return std::none_of(text.begin(), text.end(), [](char c) {
    auto byte = static_cast<unsigned char>(c);
    return (byte < 0x20 && c != '\n') || byte == 0x7F;
  });
}

std::string scalar_text(const std::string& text) {
  if (plain_safe(text)) return text;
  bool simple = std::none_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20; });
  if (simple && text.find('\x7F') == std::string::npos) return "'" + replace_all(text, "'", "''") + "'";
  return json::quote(text);
}

std::string real_text(const Node& node) {
  if (std::isnan(node.real)) return ".nan";
  if (std::isinf(node.real)) return node.real < 0 ? "-.inf" : ".inf";
  std::string text = json::write(node);
  // YAML 1.1 wants a point in the mantissa: 1e+20 would be read as text.
  size_t exponent = text.find('e');
  if (exponent != std::string::npos && text.find('.') == std::string::npos) text.insert(exponent, ".0");
  return text;
}

class Writer {
 public:
  void root(const Node& node) {
    if (is_block(node))
      block(node, 0);
    else
      out_ += inline_text(node, 0) + "\n";
  }
  std::string take() { return std::move(out_); }

 private:
  static bool is_block(const Node& node) { return !node.items.empty() || !node.entries.empty(); }

  std::string inline_text(const Node& node, int indent) {
    switch (node.kind) {
      case Node::Kind::null:
        return "null";
      case Node::Kind::boolean:
        return node.boolean ? "true" : "false";
      case Node::Kind::integer:
        return std::to_string(node.integer);
      case Node::Kind::real:
        return real_text(node);
      case Node::Kind::sequence:
        return "[]";
      case Node::Kind::mapping:
        return "{}";
      case Node::Kind::string:
        break;
    }
    return literal_safe(node.text) ? literal(node.text, indent) : scalar_text(node.text);
  }

  static std::string literal(const std::string& text, int indent) {
    size_t newlines = text.size() - std::min(text.size(), text.find_last_not_of('\n') + 1);
    std::string block = newlines == 0 ? "|-" : newlines == 1 ? "|" : "|+";
    auto lines = split(text, '\n');
    if (newlines > 0) lines.pop_back();
    for (const auto& line : lines) {
      block += "\n";
      if (!line.empty()) block += std::string(indent + 2, ' ') + line;
    }
    return block;
  }

  void block(const Node& node, int indent, bool first_is_indented = false) {
    std::string margin(indent, ' ');
    bool skip_margin = first_is_indented;
    for (const auto& item : node.items) {
      out_ += (skip_margin ? "" : margin) + "- ";
      skip_margin = false;
      if (is_block(item))
        block(item, indent + 2, true);
      else
        out_ += inline_text(item, indent) + "\n";
    }
    for (const auto& entry : node.entries) {
      out_ += (skip_margin ? "" : margin) + scalar_text(entry.key) + ":";
      skip_margin = false;
      if (is_block(entry.value)) {
        out_ += "\n";
        block(entry.value, indent + 2);
      } else {
        out_ += " " + inline_text(entry.value, indent) + "\n";
      }
    }
  }

  std::string out_;
};

}  // namespace

std::string write(const Node& node) {
  Writer writer;
  writer.root(node);
  return writer.take();
}

}  // namespace rynd::yaml

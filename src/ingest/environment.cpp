// Environment: puts the values of environment variables into a source's file, and keeps them out of every message.
#include "environment.h"

#include <algorithm>
#include <optional>
#include <regex>

#include "base/text.h"

namespace rynd::ingest {
namespace {

// Shorter ones would blot out ordinary words: a port, a number of rows, "dev".
constexpr size_t shortest_secret = 4;

bool holds_placeholders(std::string_view key) {
  return key == "path" || key == "params" || key == "json" || key == "headers" || key == "endpoint";
}

class Expansion {
 public:
  Expansion(Document& document, Process& process, std::vector<Secret>& secrets, Diagnostics& problems)
      : document_(document), process_(process), secrets_(secrets), problems_(problems) {}

  void node(Node& node, bool in_template) {
    if (node.is_mapping() && is_reference(node)) {
      reference(node, in_template);
      return;
    }
    if (node.is_string()) text(node, in_template);
    for (auto& item : node.items) this->node(item, in_template);
    for (auto& entry : node.entries) this->node(entry.value, in_template || holds_placeholders(entry.key));
  }

 private:
  static bool is_reference(const Node& node) {
    const Node* name = node.find("env");
    size_t known = (name ? 1 : 0) + (node.find("default") ? 1 : 0);
    return name && name->is_scalar() && known == node.entries.size();
  }

  std::string value(const std::string& name, const std::string* fallback, const Node& where, bool in_template) {
    std::optional<std::string> found = process_.environment(name);
    // As in a shell, ":-" also stands in for an empty value.
    if (found && (!found->empty() || !fallback)) {
      if (found->size() >= shortest_secret) secrets_.push_back({*found, name});
      return in_template ? replace_all(replace_all(*found, "{", "{{"), "}", "}}") : *found;
    }
    if (fallback) return *fallback;
    problems_.push_back({.code = Code::ingest_environment,
                         .message = "the environment variable '" + name + "' is not set",
                         .span = document_.span(where),
                         .help = "set it, or give a default: ${" + name + ":-...}"});
    // Its name stands in, so that nothing more is said of a value that only seems to be missing.
    return name;
  }

  void reference(Node& node, bool in_template) {
    const Node* fallback = node.find("default");
    std::string text = value(node.find("env")->text, fallback ? &fallback->text : nullptr, node, in_template);
    Node expanded = Node::of(std::move(text));
    expanded.begin = node.begin;
    expanded.end = node.end;
    node = std::move(expanded);
  }

  // dbt's {{ env_var('NAME', 'default') }}, for that is what its users write.
  void env_var(Node& node, bool in_template) {
    static const std::regex call(R"(\{\{\s*env_var\(\s*['"]([^'"]+)['"]\s*(?:,\s*['"]([^'"]*)['"]\s*)?\)\s*\}\})");
    std::smatch found;
    std::string rest = std::move(node.text), result;
    while (std::regex_search(rest, found, call)) {
      std::string fallback = found[2];
      result += found.prefix().str() + value(found[1], found[2].matched ? &fallback : nullptr, node, in_template);
      rest = found.suffix();
    }
    node.text = result + rest;
  }

  void text(Node& node, bool in_template) {
    if (node.text.find("env_var") != std::string::npos) env_var(node, in_template);
    std::string result;
    std::string_view rest = node.text;
    for (size_t at; (at = rest.find("${")) != std::string_view::npos;) {
      size_t close = rest.find('}', at);
      if (close == std::string_view::npos) break;
      result += rest.substr(0, at);
      std::string_view inner = rest.substr(at + 2, close - at - 2);
      size_t mark = inner.find(":-");
      std::string fallback(mark == std::string_view::npos ? "" : inner.substr(mark + 2));
      result += value(std::string(inner.substr(0, mark)), mark == std::string_view::npos ? nullptr : &fallback, node,
                      in_template);
      rest.remove_prefix(close + 1);
    }
    node.text = result + std::string(rest);
  }

  Document& document_;
  Process& process_;
  std::vector<Secret>& secrets_;
  Diagnostics& problems_;
};

}  // namespace

void expand_environment(Document& document, Process& process, std::vector<Secret>& secrets, Diagnostics& problems) {
  Expansion(document, process, secrets, problems).node(document.root, false);
  // The longest first: one may contain another.
  std::sort(secrets.begin(), secrets.end(), [](const Secret& a, const Secret& b) {
    return a.value.size() != b.value.size() ? a.value.size() > b.value.size() : a.name < b.name;
  });
}

std::string redact(std::string text, const std::vector<Secret>& secrets) {
  for (const auto& secret : secrets) {
    if (text.find(secret.value) != std::string::npos) text = replace_all(text, secret.value, "${" + secret.name + "}");
  }
  return text;
}

void redact(Diagnostic& diagnostic, const std::vector<Secret>& secrets) {
  diagnostic.message = redact(std::move(diagnostic.message), secrets);
  diagnostic.label = redact(std::move(diagnostic.label), secrets);
  diagnostic.help = redact(std::move(diagnostic.help), secrets);
  for (auto& note : diagnostic.notes) note = redact(std::move(note), secrets);
  for (auto& label : diagnostic.related) label.text = redact(std::move(label.text), secrets);
}

}  // namespace rynd::ingest

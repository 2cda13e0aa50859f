// BaseContext: names for YAML values; rendering of YAML trees.
#include <algorithm>

#include "base/suggest.h"
#include "project/context.h"

namespace rynd::project {

using jinja::Outcome;
using jinja::Value;

std::optional<Value> BaseContext::lookup(std::string_view name) {
  if (name == "target") {
    globals_.asked(Question::target, "");
    return jinja::from_node(project().profile.target);
  }
  if (name == "invocation_args_dict") {
    globals_.asked(Question::moment, "");
    return jinja::from_node(project().invocation_args);
  }
  if (const Value* value = globals_.find(name)) return *value;
  return {};
}

const Node* BaseContext::find_variable(std::string_view name) const {
  if (const Node* value = var_override(name)) return value;
  globals_.asked(Question::variable, package_ + "\n" + std::string(name));
  return globals_.find_var(package_, name);
}

Outcome<Value> BaseContext::variable(const std::string& name, const Value& fallback) {
  if (const Node* found = find_variable(name)) {
    bool is_template = found->is_string() && found->text.find('{') != std::string::npos;
    if (is_template && renders_vars()) return render_text(found->text);
    return jinja::from_node(*found);
  }
  if (!fallback.is_missing()) return fallback;
  if (missing_var_is_none()) return Value();
  Diagnostic problem{.code = Code::var_missing, .message = "the variable '" + name + "' is not set"};
  auto known = globals_.var_names(package_);
  problem.label = did_you_mean(name, known);
  problem.help = "set it under 'vars:' in dbt_project.yml, with --vars, or give a default: var('" + name + "', ...)";
  return jinja::raise(std::move(problem));
}

Outcome<Value> BaseContext::render_text(const std::string& text) {
  auto compiled = jinja::Environment().compile(make_source("<text>", text));
  if (!compiled) return jinja::raise(compiled.error().front());
  auto rendered = jinja::render(*compiled, shared_from_this());
  if (!rendered) return jinja::raise(rendered.error());
  return Value(std::move(*rendered));
}

namespace {

bool has_template(std::string_view text) {
  return text.find("{{") != std::string_view::npos || text.find("{%") != std::string_view::npos ||
         text.find("{#") != std::string_view::npos;
}

// dbt renders every text, and a template's own last line break is none of its text.
Node without_last_line_break(const Node& value) {
  Node result = value;
  if (result.text.ends_with('\n')) result.text.pop_back();
  return result;
}

class YamlRenderer {
 public:
  YamlRenderer(const SourcePtr& source, const std::shared_ptr<BaseContext>& context, const SkipPath& skip)
      : source_(source), context_(context), skip_(skip) {}

  Node render(const Node& value) {
    switch (value.kind) {
      case Node::Kind::string:
        return text(value);
      case Node::Kind::sequence: {
        Node result = shell(value);
        for (size_t i = 0; i < value.items.size(); ++i) {
          path_.push_back(std::to_string(i));
          result.items.push_back(render(value.items[i]));
          path_.pop_back();
        }
        return result;
      }
      case Node::Kind::mapping: {
        Node result = shell(value);
        for (const auto& entry : value.entries) {
          path_.push_back(entry.key);
          result.entries.push_back({entry.key, entry.key_begin, entry.key_end, render(entry.value)});
          path_.pop_back();
        }
        return result;
      }
      default:
        return value;
    }
  }
  Diagnostics problems;

 private:
  static Node shell(const Node& value) {
    Node result;
    result.kind = value.kind;
    result.begin = value.begin;
    result.end = value.end;
    return result;
  }

  // Spans of a template in a plain or quoted scalar of one line are exact: its text stands in the file as it is.
  jinja::Part part_of(const Node& value) const {
    std::string_view file = source_->text();
    if (value.end > file.size()) return {};
    size_t at = file.substr(0, value.end).find(value.text, value.begin);
    if (at == std::string_view::npos) return {};
    return {static_cast<uint32_t>(at), static_cast<uint32_t>(at + value.text.size())};
  }

  Node text(const Node& value) {
    if (skip_ && skip_(path_)) return value;
    if (!has_template(value.text)) return without_last_line_break(value);
    jinja::Part part = part_of(value);
    bool in_file = part.end != UINT32_MAX;
    auto compiled = in_file ? jinja::Environment().compile(source_, part)
                            : jinja::Environment().compile(make_source(source_->name(), value.text));
    if (!compiled) {
      add(compiled.error(), in_file, value);
      return value;
    }
    auto rendered = jinja::render_native(*compiled, context_);
    if (!rendered) {
      add({rendered.error()}, in_file, value);
      return value;
    }
    auto node = jinja::to_node(*rendered);
    if (!node) {
      add({jinja::to_diagnostic(node.error())}, false, value);
      return value;
    }
    node->begin = value.begin;
    node->end = value.end;
    return *node;
  }

  void add(Diagnostics found, bool in_file, const Node& value) {
    for (auto& problem : found) {
      if (!in_file || !problem.span) problem.span = {source_, value.begin, value.end};
      problems.push_back(std::move(problem));
    }
  }

  const SourcePtr& source_;
  const std::shared_ptr<BaseContext>& context_;
  const SkipPath& skip_;
  std::vector<std::string> path_;
};

// Most YAML has no template at all.
bool any_template(const Node& value) {
  if (value.is_string()) return has_template(value.text) || value.text.ends_with('\n');
  return std::any_of(value.items.begin(), value.items.end(), any_template) ||
         std::any_of(value.entries.begin(), value.entries.end(), [](const Entry& e) { return any_template(e.value); });
}

}  // namespace

Checked<Node> render_yaml(const Node& value, const SourcePtr& source, const std::shared_ptr<BaseContext>& context,
                          const SkipPath& skip) {
  if (!any_template(value)) return value;
  YamlRenderer renderer(source, context, skip);
  Node result = renderer.render(value);
  if (!renderer.problems.empty()) return fail_all(std::move(renderer.problems));
  return result;
}

}  // namespace rynd::project

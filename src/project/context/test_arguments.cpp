// Test arguments: rendering.
#include "context/test_arguments.h"

#include "base/text.h"

namespace rynd::project {

namespace {

bool is_call(std::string_view text) {
  text = trim(text);
  for (std::string_view name : {"ref", "source", "var", "env_var", "doc"}) {
    if (text.starts_with(name) && text.ends_with(')') && trim(text.substr(name.size())).starts_with('(')) return true;
  }
  return false;
}

Result<jinja::Value> render_text(const std::string& given, const std::shared_ptr<NodeContext>& context) {
  std::string text = is_call(given) ? "{{ " + given + " }}" : given;
  if (text.find('{') == std::string::npos) {
    if (text.ends_with('\n')) text.pop_back();  // as a template ends
    return jinja::Value(text);
  }
  auto compiled = jinja::Environment().compile(make_source("<test argument>", text));
  if (!compiled) return fail(compiled.error().front());
  jinja::RenderOptions options;
  if (!context->executes()) options.undefined = jinja::UndefinedMode::permissive;
  return jinja::render_native(*compiled, context, options);
}

Result<jinja::Value> render(const Node& value, const std::shared_ptr<NodeContext>& context) {
  if (value.is_string()) return render_text(value.text, context);
  if (value.is_sequence()) {
    std::vector<jinja::Value> items;
    for (const auto& item : value.items) {
      auto one = render(item, context);
      if (!one) return one;
      items.push_back(std::move(*one));
    }
    return jinja::Value::list(std::move(items));
  }
  if (!value.is_mapping()) return jinja::from_node(value);
  jinja::Value dict = jinja::Value::dict();
  for (const auto& entry : value.entries) {
    auto one = render(entry.value, context);
    if (!one) return one;
    dict.as_dict().set(std::string_view(entry.key), std::move(*one));
  }
  return dict;
}

}  // namespace

Result<jinja::Value> render_test_arguments(const Node& kwargs, const std::shared_ptr<NodeContext>& context) {
  jinja::Value arguments = jinja::Value::dict();
  for (const auto& entry : kwargs.entries) {
    auto value =
        entry.key == "column_name" ? Result<jinja::Value>(jinja::from_node(entry.value)) : render(entry.value, context);
    if (!value) return value;
    arguments.as_dict().set(std::string_view(entry.key), std::move(*value));
  }
  return arguments;
}

}  // namespace rynd::project

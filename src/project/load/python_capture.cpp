// Capture of a model in Python: its dbt.ref(), dbt.source() and dbt.config() calls do what the same calls of a template
// do, and dbt.config.get() leaves its keys in the configuration, from where the compiled code takes their values.
#include <fmt/format.h>

#include "load/build.h"
#include "load/python_model.h"

namespace rynd::project {

namespace {

class Capture {
 public:
  Capture(Build& build, NodeContext& context) : build_(build), context_(context) {}

  void call(const PythonCall& call) {
    switch (call.function) {
      case PythonFunction::ref:
        return ref(call);
      case PythonFunction::source:
        return source(call);
      case PythonFunction::config:
        return config(call);
      case PythonFunction::config_get:
        return key(call, "dbt.config.get", "config_keys");
      case PythonFunction::config_meta_get:
        return key(call, "dbt.config.meta_get", "meta_keys");
    }
  }

  void finish() {
    for (auto& entry : keys_.entries) context_.captured.config_calls.entries.push_back(std::move(entry));
  }

 private:
  void wrong(Code code, std::string message, const PythonCall& call) {
    build_.problems.error(code, std::move(message), call.span);
  }

  void ref(const PythonCall& call) {
    Ref ref{.span = call.span};
    bool fits = !call.positional.empty() && call.positional.size() <= 2;
    for (const Node& part : call.positional) fits = fits && part.is_string();
    if (!fits) {
      return wrong(Code::ref_wrong, "dbt.ref() takes a name, or a package and a name, as texts", call);
    }
    ref.name = call.positional.back().text;
    if (call.positional.size() == 2) ref.package = call.positional.front().text;
    for (const auto& [name, value] : call.named) {
      if ((name == "v" || name == "version") && !value.is_null()) ref.version = value.text;
    }
    (void)context_.ref(ref);
  }

  void source(const PythonCall& call) {
    const auto& names = call.positional;
    if (names.size() != 2 || !names[0].is_string() || !names[1].is_string() || !call.named.empty()) {
      return wrong(Code::ref_wrong, "dbt.source() takes the name of a source and of its table, both texts", call);
    }
    (void)context_.source({names[0].text, names[1].text, call.span});
  }

  void config(const PythonCall& call) {
    const bool one_mapping = call.positional.size() == 1 && call.positional[0].is_mapping() && call.named.empty();
    if (!call.positional.empty() && !one_mapping) {
      return wrong(Code::config_wrong, "dbt.config() takes keyword arguments, or one dict", call);
    }
    auto& entries = context_.captured.config_calls.entries;
    if (one_mapping) {
      entries.append(call.positional[0].entries.begin(), call.positional[0].entries.end());
    }
    for (const auto& [name, value] : call.named) entries.push_back({name, 0, 0, value});
  }

  // dbt's names: config_keys_used with config_keys_defaults, meta_keys_used with meta_keys_defaults.
  void key(const PythonCall& call, std::string_view function, const std::string& list) {
    std::vector<Node> arguments = call.positional;
    for (const auto& [name, value] : call.named) {
      if (name == "default" && arguments.size() == 1) arguments.push_back(value);
    }
    if (arguments.empty() || arguments.size() > 2 || !arguments[0].is_string()) {
      return wrong(Code::config_wrong,
                   fmt::format("{}() takes a key, a text, and a default that may be left out", function), call);
    }
    for (std::string_view kind : {"config_keys", "meta_keys"}) {
      if (keys_.find(std::string(kind) + "_used")) continue;
      keys_.set(std::string(kind) + "_used", Node::list());
      keys_.set(std::string(kind) + "_defaults", Node::list());
    }
    const auto add = [&](const std::string& name, Node value) {
      for (auto& entry : keys_.entries) {
        if (entry.key == name) entry.value.items.push_back(std::move(value));
      }
    };
    add(list + "_used", arguments[0]);
    add(list + "_defaults", arguments.size() == 2 ? arguments[1] : Node());
  }

  Build& build_;
  NodeContext& context_;
  Node keys_ = Node::map();
};

// Where dbt would render something in the text, which it refuses; nothing, where there is no such place.
Span first_tag(const Resource& resource) {
  const SourcePtr& source = resource.span.source;
  auto compiled = jinja::Environment().compile(source, {resource.span.begin, resource.span.end});
  if (compiled && compiled->is_plain()) return {};
  const size_t at = [&] {
    size_t first = resource.raw_code.size();
    for (std::string_view tag : {"{{", "{%", "{#"}) first = std::min(first, resource.raw_code.find(tag));
    return first;
  }();
  const auto begin = resource.span.begin + static_cast<uint32_t>(at);
  return {source, begin, begin + 2};
}

}  // namespace

void capture_python(Build& build, Draft& draft) {
  const Resource& resource = draft.resource;
  if (const Span tag = first_tag(resource)) {
    build.problems
        .error(Code::python_wrong, fmt::format("'{}' is written in Python, and has Jinja in it", resource.name), tag)
        .help = "use dbt.ref(), dbt.source() and dbt.config.get() in place of templates";
    return;
  }
  auto calls = read_python_model(resource.span.source, resource.span.begin, resource.span.end);
  if (!calls) {
    build.problems.add(std::move(calls.error()));
    return;
  }
  auto context = std::make_shared<NodeContext>(*build.globals, &resource, resource.package);
  Capture capture(build, *context);
  for (const auto& call : *calls) capture.call(call);
  capture.finish();
  draft.captured = std::move(context->captured);
}

}  // namespace rynd::project

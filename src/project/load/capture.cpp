// Capture: what a node's template asks for, found by rendering it as dbt does while parsing, or read from its text
// where every expression is one call with literal arguments, which gives the same.
#include <algorithm>
#include <array>

#include "load/build.h"

namespace rynd::project {

namespace {

constexpr std::array<std::string_view, 4> literal_functions = {"ref", "source", "config", "var"};

bool all_literal(const jinja::UsedCall& call) {
  if (call.spreads) return false;
  auto is_literal = [](const auto& value) { return value.has_value(); };
  return std::all_of(call.positional.begin(), call.positional.end(), is_literal) &&
         std::all_of(call.named.begin(), call.named.end(), [](const auto& named) { return named.second.has_value(); });
}

// Each "{{ ... }}" of the text is exactly one of the calls, and there is no tag and no comment.
bool is_plain_calls(std::string_view text, const std::vector<jinja::UsedCall>& calls) {
  if (text.find("{%") != std::string_view::npos || text.find("{#") != std::string_view::npos) return false;
  size_t opened = 0;
  for (size_t at = text.find("{{"); at != std::string_view::npos; at = text.find("{{", at + 2)) ++opened;
  if (opened != calls.size()) return false;
  for (const auto& call : calls) {
    std::string_view source = call.span.source->text();
    size_t begin = call.span.begin, end = call.span.end;
    while (begin > 0 && std::isspace(static_cast<unsigned char>(source[begin - 1]))) --begin;
    if (begin > 0 && (source[begin - 1] == '-' || source[begin - 1] == '+')) --begin;
    while (end < source.size() && std::isspace(static_cast<unsigned char>(source[end]))) ++end;
    if (end < source.size() && (source[end] == '-' || source[end] == '+')) ++end;
    if (begin < 2 || source.substr(begin - 2, 2) != "{{" || source.substr(end, 2) != "}}") return false;
  }
  return true;
}

bool can_be_read(const Build& build, const Draft& draft) {
  const auto& uses = draft.resource.compiled.uses();
  for (const auto& call : uses.calls) {
    bool known = std::find(literal_functions.begin(), literal_functions.end(), call.name) != literal_functions.end();
    if (!known || !all_literal(call)) return false;
    if (build.project.macro_index.find(draft.resource.package, call.name))
      return false;  // a project's own ref() or the like
    if (call.name == "var" && call.positional.size() < 2 && call.named.empty()) return false;  // may be missing
  }
  return is_plain_calls(draft.resource.raw_code, uses.calls);
}

// The call with its arguments, as a template would make it.
jinja::Outcome<jinja::Value> replay(NodeContext& context, const jinja::UsedCall& call) {
  auto function = context.lookup(call.name);
  if (!function) return jinja::Value();
  std::vector<jinja::Value> positional;
  for (const auto& value : call.positional) positional.push_back(*value);
  if (call.name == "ref" || call.name == "source") {
    if (call.name == "source") {
      if (positional.size() != 2 || !positional[0].is_string() || !positional[1].is_string()) {
        return jinja::raise("TypeError", "source");
      }
      return context.source({positional[0].str(), positional[1].str(), call.span});
    }
    Ref ref;
    if (positional.empty() || positional.size() > 2) return jinja::raise("TypeError", "ref");
    for (const auto& value : positional) {
      if (!value.is_string()) return jinja::raise("TypeError", "ref");
    }
    ref.name = positional.back().str();
    if (positional.size() == 2) ref.package = positional.front().str();
    for (const auto& [key, value] : call.named) {
      if ((key == "v" || key == "version") && !value->is_none()) ref.version = value->str();
    }
    ref.span = call.span;
    return context.ref(ref);
  }
  if (call.name == "config") {
    if (positional.size() == 1 && call.named.empty()) return context.configure(positional[0]);
    if (!positional.empty()) return jinja::raise("TypeError", "config");
    jinja::Value options = jinja::Value::dict();
    for (const auto& [key, value] : call.named) options.as_dict().set(std::string_view(key), *value);
    return context.configure(options);
  }
  return jinja::Value();
}

bool read_calls(Build& build, Draft& draft, const std::shared_ptr<NodeContext>& context) {
  if (!can_be_read(build, draft)) return false;
  for (const auto& call : draft.resource.compiled.uses().calls) {
    if (!replay(*context, call)) {
      context->captured = {};
      return false;
    }
  }
  return true;
}

}  // namespace

jinja::Template compile(Build& build, const SourcePtr& source, jinja::Part part) {
  auto compiled = jinja::Environment().compile(source, part);
  if (compiled) return std::move(*compiled);
  build.problems.add(std::move(compiled.error()));
  return {};
}

void capture(Build& build, Draft& draft) {
  if (!draft.resource.compiled || draft.resource.compiled.is_plain()) return;
  auto context = std::make_shared<NodeContext>(*build.globals, &draft.resource, draft.resource.package);
  if (!read_calls(build, draft, context)) {
    auto rendered = jinja::render(draft.resource.compiled, context, build.first_rendering());
    if (!rendered) build.add_rendering_problem(std::move(rendered.error()));
  }
  draft.captured = std::move(context->captured);
}

}  // namespace rynd::project

// Static calls: read by the template language's own parser.
#include "load/static_call.h"

#include "base/text.h"

namespace rynd::project {

std::optional<StaticCall> read_static_call(std::string_view text) {
  text = trim(text);
  if (text.starts_with("{{") && text.ends_with("}}")) text = trim(text.substr(2, text.size() - 4));
  auto compiled = jinja::Environment().compile(make_source("<call>", "{{ " + std::string(text) + " }}"));
  if (!compiled || compiled->uses().calls.size() != 1) return {};
  const auto& call = compiled->uses().calls.front();
  std::vector<std::string> arguments;
  for (const auto& value : call.positional) {
    if (!value || !value->is_string()) return {};
    arguments.push_back(value->str());
  }
  if (call.name == "source" && arguments.size() == 2) return SourceRef{arguments[0], arguments[1], {}};
  if (call.name == "metric" && (arguments.size() == 1 || arguments.size() == 2)) return MetricName{arguments.back()};
  if (call.name != "ref" || arguments.empty() || arguments.size() > 2) return {};
  Ref ref;
  ref.name = arguments.back();
  if (arguments.size() == 2) ref.package = arguments.front();
  for (const auto& [key, value] : call.named) {
    if ((key == "v" || key == "version") && value) ref.version = value->str();
  }
  return ref;
}

}  // namespace rynd::project

// Selector: JSONPath as far as dlt's data_selector uses it: names, [n], ['name'], [*], $.
#include "selector.h"

#include <charconv>

namespace rynd::ingest {
namespace {

std::unexpected<Diagnostic> failure(std::string_view text) {
  return fail({.code = Code::ingest_wrong_value,
               .message = "'" + std::string(text) + "' is no path to a value",
               .help = "paths look like data.items, $.rows[0].values or pages[*].rows"});
}

// What stands in one pair of brackets.
bool bracket(std::string_view inner, Selector& selector) {
  if (inner == "*") {
    selector.steps.emplace_back(Selector::Every{});
    return true;
  }
  bool quoted = inner.size() >= 2 && (inner.front() == '\'' || inner.front() == '"') && inner.back() == inner.front();
  if (quoted) {
    selector.steps.emplace_back(std::string(inner.substr(1, inner.size() - 2)));
    return true;
  }
  size_t index = 0;
  auto end = inner.data() + inner.size();
  if (inner.empty() || std::from_chars(inner.data(), end, index).ptr != end) return false;
  selector.steps.emplace_back(index);
  return true;
}

}  // namespace

Result<Selector> Selector::parse(std::string_view text) {
  Selector selector;
  size_t at = text.starts_with('$') ? 1 : 0;
  while (at < text.size()) {
    if (text[at] == '.') {
      ++at;
      if (at >= text.size()) return failure(text);
    }
    if (text[at] == '[') {
      size_t close = text.find(']', at);
      if (close == std::string_view::npos || !bracket(text.substr(at + 1, close - at - 1), selector))
        return failure(text);
      at = close + 1;
      continue;
    }
    size_t end = text.find_first_of(".[", at);
    std::string_view name = text.substr(at, end == std::string_view::npos ? end : end - at);
    if (name.empty()) return failure(text);
    if (name == "*")
      selector.steps.emplace_back(Every{});
    else
      selector.steps.emplace_back(std::string(name));
    at = end == std::string_view::npos ? text.size() : end;
  }
  return selector;
}

}  // namespace rynd::ingest

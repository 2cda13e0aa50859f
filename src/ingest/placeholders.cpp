// Placeholders: {partition}, {incremental.start_value} and {resources.parent.field} in the texts of a source's file.
#include "placeholders.h"

#include "base/text.h"

namespace rynd::ingest {

std::vector<Placeholder> placeholders(std::string_view text) {
  std::vector<Placeholder> found;
  for (size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '{' && at + 1 < text.size() && text[at + 1] == '{') {
      ++at;
    } else if (text[at] == '{') {
      size_t close = text.find('}', at);
      if (close == std::string_view::npos) break;
      found.push_back({std::string(trim(text.substr(at + 1, close - at - 1))), at, close + 1});
      at = close;
    }
  }
  return found;
}

std::string fill(std::string_view text, const std::function<std::optional<std::string>(std::string_view)>& value) {
  std::string result;
  auto plain = [&result](std::string_view part) { result += replace_all(replace_all(part, "{{", "{"), "}}", "}"); };
  size_t at = 0;
  for (const auto& placeholder : placeholders(text)) {
    plain(text.substr(at, placeholder.begin - at));
    auto filled = value(placeholder.name);
    result += filled ? *filled : std::string(text.substr(placeholder.begin, placeholder.end - placeholder.begin));
    at = placeholder.end;
  }
  plain(text.substr(at));
  return result;
}

}  // namespace rynd::ingest

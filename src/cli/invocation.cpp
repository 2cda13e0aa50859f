// Invocation: the values of a parsed command line.
#include <algorithm>
#include <charconv>

#include "command.h"

namespace rynd::cli {

const Invocation::Value* Invocation::find(std::string_view flag) const {
  const auto found = std::ranges::find(values_, flag, &Value::flag);
  return found == values_.end() ? nullptr : &*found;
}

bool Invocation::given_here(std::string_view flag) const {
  const Value* value = find(flag);
  return value && value->origin == Origin::command_line;
}

std::string Invocation::text(std::string_view flag, std::string_view fallback) const {
  const Value* value = find(flag);
  if (value && !value->words.empty()) return value->words.back();
  const Flag* spec = command ? find_flag(*command, flag) : nullptr;
  return std::string(spec && !spec->fallback.empty() ? spec->fallback : fallback);
}

bool Invocation::toggle(std::string_view flag, bool fallback) const {
  return text(flag, fallback ? "true" : "false") == "true";
}

std::optional<int> Invocation::number(std::string_view flag) const {
  const std::string value = text(flag);
  int number = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
  return value.empty() || error != std::errc() ? std::nullopt : std::optional(number);
}

std::vector<std::string> Invocation::list(std::string_view flag) const {
  const Value* value = find(flag);
  return value ? value->words : std::vector<std::string>{};
}

void Invocation::set(std::string_view flag, std::vector<std::string> words, Origin origin) {
  const auto known = std::ranges::find(values_, flag, &Value::flag);
  if (known == values_.end())
    values_.push_back({flag, std::move(words), origin});
  else
    *known = {flag, std::move(words), origin};
}

void Invocation::add(std::string_view flag, std::vector<std::string> words) {
  const auto known = std::ranges::find(values_, flag, &Value::flag);
  if (known == values_.end()) return set(flag, std::move(words));
  known->words.insert(known->words.end(), words.begin(), words.end());
}

}  // namespace rynd::cli

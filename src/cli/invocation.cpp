// Invocation: the values of a parsed command line.
#include <algorithm>
#include <charconv>

#include "command.h"

namespace rynd::cli {
namespace {

template <class Values>
auto* find(Values& values, std::string_view flag) {
  const auto found = std::ranges::find_if(values, [&](const auto& value) { return value.first == flag; });
  return found == values.end() ? nullptr : &found->second;
}

}  // namespace

bool Invocation::given(std::string_view flag) const { return find(values_, flag) != nullptr; }

std::string Invocation::text(std::string_view flag, std::string_view fallback) const {
  const auto* values = find(values_, flag);
  return values && !values->empty() ? values->back() : std::string(fallback);
}

bool Invocation::toggle(std::string_view flag, bool fallback) const {
  const auto* values = find(values_, flag);
  return values && !values->empty() ? values->back() == "true" : fallback;
}

std::optional<int> Invocation::number(std::string_view flag) const {
  const std::string value = text(flag);
  int number = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
  return value.empty() || error != std::errc() ? std::nullopt : std::optional(number);
}

std::vector<std::string> Invocation::list(std::string_view flag) const {
  const auto* values = find(values_, flag);
  return values ? *values : std::vector<std::string>{};
}

void Invocation::set(std::string_view flag, std::vector<std::string> values) {
  if (auto* known = find(values_, flag))
    *known = std::move(values);
  else
    values_.emplace_back(flag, std::move(values));
}

void Invocation::add(std::string_view flag, std::vector<std::string> values) {
  if (auto* known = find(values_, flag))
    known->insert(known->end(), values.begin(), values.end());
  else
    values_.emplace_back(flag, std::move(values));
}

}  // namespace rynd::cli

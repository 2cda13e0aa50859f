// Dbt version: whether require-dbt-version lets the dbt that rynd behaves as in.
#include <array>
#include <charconv>
#include <tuple>

#include "base/text.h"
#include "load/opening.h"

namespace rynd::project {

namespace {

constexpr std::array<int, 3> own_version = {1, 12, 6};

std::array<int, 3> numbers(std::string_view text) {
  std::array<int, 3> result = {0, 0, 0};
  auto parts = split(text.substr(0, text.find_first_of("-ab+")), '.');
  for (size_t i = 0; i < parts.size() && i < result.size(); ++i) {
    std::from_chars(parts[i].data(), parts[i].data() + parts[i].size(), result[i]);
  }
  return result;
}

bool fits(std::string_view condition) {
  condition = trim(condition);
  std::string_view op = "=";
  for (std::string_view known : {">=", "<=", "!=", "==", ">", "<", "="}) {
    if (!condition.starts_with(known)) continue;
    op = known;
    condition.remove_prefix(known.size());
    break;
  }
  auto wanted = numbers(trim(condition));
  if (op == ">=") return own_version >= wanted;
  if (op == "<=") return own_version <= wanted;
  if (op == ">") return own_version > wanted;
  if (op == "<") return own_version < wanted;
  if (op == "!=") return own_version != wanted;
  return own_version == wanted;
}

}  // namespace

std::optional<std::string> version_refusal(const Node& wanted) {
  std::vector<std::string> conditions;
  auto add = [&](const Node& node) {
    for (auto& part : split(node.text, ',')) conditions.push_back(std::move(part));
  };
  if (wanted.is_scalar() && !wanted.is_null()) add(wanted);
  for (const auto& item : wanted.items) add(item);
  for (const auto& condition : conditions) {
    if (!fits(condition)) return std::string(trim(condition));
  }
  return {};
}

}  // namespace rynd::project

// .env and require-dbt-version: two small formats.
#include <array>
#include <charconv>
#include <tuple>

#include "base/text.h"
#include "load/opening.h"

namespace rynd::project {

namespace {

bool is_name(std::string_view name) {
  if (name.empty() || std::isdigit(static_cast<unsigned char>(name[0]))) return false;
  for (unsigned char c : name) {
    if (!std::isalnum(c) && c != '_' && c != '.') return false;
  }
  return true;
}

// Single quotes keep all, double quotes know \n, \t, \" and \\; a bare value ends at " #".
std::string value_of(std::string_view text) {
  text = trim(text);
  if (text.size() >= 2 && text.front() == '\'' && text.back() == '\'')
    return std::string(text.substr(1, text.size() - 2));
  if (text.size() < 2 || text.front() != '"' || text.back() != '"') {
    auto comment = text.find(" #");
    return std::string(trim(text.substr(0, comment)));
  }
  std::string value;
  text = text.substr(1, text.size() - 2);
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\' || i + 1 == text.size()) {
      value += text[i];
      continue;
    }
    char c = text[++i];
    value += c == 'n' ? '\n' : c == 't' ? '\t' : c;
  }
  return value;
}

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

Node read_dotenv(const SourcePtr& source, Problems& problems) {
  Node values = Node::map();
  uint32_t begin = 0;
  for (const auto& line : split(source->text(), '\n')) {
    uint32_t at = begin;
    begin += static_cast<uint32_t>(line.size()) + 1;
    std::string_view text = trim(line);
    if (text.empty() || text.starts_with('#')) continue;
    if (text.starts_with("export ")) text = trim(text.substr(7));
    auto equals = text.find('=');
    std::string name(trim(text.substr(0, equals)));
    if (equals == std::string_view::npos || !is_name(name)) {
      problems
          .warning(Code::dotenv_wrong, "this line sets nothing", {source, at, at + static_cast<uint32_t>(line.size())})
          .help = "NAME=value";
      continue;
    }
    values.set(name, Node::of(value_of(text.substr(equals + 1))));
  }
  return values;
}

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

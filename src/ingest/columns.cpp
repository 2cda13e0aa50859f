// Columns: their names in the warehouse, and which of two types holds the values of both.
#include "columns.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace rynd::ingest {
namespace {

bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

// "rentalStart" -> "rental_Start", "HTTPCode" -> "HTTP_Code"
std::string split_camel_case(std::string_view name) {
  std::string result;
  for (size_t i = 0; i < name.size(); ++i) {
    bool starts_word = is_upper(name[i]) && i > 0 && name[i - 1] != '_' &&
                       (is_lower(name[i - 1]) || is_digit(name[i - 1]) ||
                        (is_upper(name[i - 1]) && i + 1 < name.size() && is_lower(name[i + 1])));
    if (starts_word) result += '_';
    result += name[i];
  }
  return result;
}

enum class Family { number, time, other };

Family family(std::string_view type) {
  constexpr std::array<std::string_view, 12> number_types{"TINYINT", "SMALLINT", "INTEGER",   "BIGINT",
                                                          "HUGEINT", "UTINYINT", "USMALLINT", "UINTEGER",
                                                          "UBIGINT", "UHUGEINT", "FLOAT",     "DOUBLE"};
  if (std::find(number_types.begin(), number_types.end(), type) != number_types.end() || type.starts_with("DECIMAL")) {
    return Family::number;
  }
  return type == "DATE" || type.starts_with("TIMESTAMP") ? Family::time : Family::other;
}

}  // namespace

bool is_integer_type(std::string_view type) {
  return family(type) == Family::number && type != "FLOAT" && type != "DOUBLE" && !type.starts_with("DECIMAL");
}

std::string column_name(std::string_view name, Naming naming) {
  if (naming == Naming::direct) return std::string(name);
  size_t begin = name.find_first_not_of(" \t\r\n");
  if (begin == std::string_view::npos) return "_empty";
  name = name.substr(begin, name.find_last_not_of(" \t\r\n") - begin + 1);
  std::string result;
  for (char c : split_camel_case(name)) {
    if (is_upper(c))
      c = static_cast<char>(c + 32);
    else if (c == '+' || c == '*')
      c = 'x';
    else if (c == '@')
      c = 'a';
    else if (c == '|')
      c = 'l';
    else if (!is_lower(c) && !is_digit(c) && static_cast<unsigned char>(c) < 0x80)
      c = '_';
    // Letters beyond ASCII stay as they are: DuckDB takes them, and a name of only underscores would say nothing.
    if (c != '_' || result.empty() || result.back() != '_') result += c;
  }
  if (is_digit(result.front())) result.insert(result.begin(), '_');
  if (result.size() > 1 && result.back() == '_') result.back() = 'x';
  return result;
}

std::string column_path_name(std::string_view path, char separator, Naming naming) {
  std::string name;
  for (const auto& part : split(path, separator)) name += (name.empty() ? "" : "__") + column_name(part, naming);
  return name;
}

std::optional<std::string> Types::canonical(const std::string& type) {
  auto [known, is_new] = canonical_.try_emplace(type);
  if (!is_new) return known->second;
  // A type is a name with arguments; anything else would be SQL of somebody's own.
  bool harmless = type.find_first_of(";'\"") == std::string::npos && type.find("--") == std::string::npos;
  if (harmless && !type.empty()) {
    auto described = connection_.describe("SELECT CAST(NULL AS " + type + ") AS x");
    if (described && described->size() == 1) known->second = described->front().type;
  }
  return known->second;
}

std::optional<std::string> Types::widened(const std::string& known, const std::string& incoming) {
  if (known == incoming || known == "VARCHAR") return known;
  if (known == "JSON") return known;
  if (family(known) == Family::other || family(known) != family(incoming)) return std::nullopt;
  auto both =
      connection_.describe("SELECT CAST(NULL AS " + known + ") AS x UNION ALL SELECT CAST(NULL AS " + incoming + ")");
  if (!both || both->size() != 1) return std::nullopt;
  return both->front().type;
}

}  // namespace rynd::ingest

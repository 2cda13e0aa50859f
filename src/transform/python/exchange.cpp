// Exchange: see the header.
#include "python/exchange.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.h"
#include "sql/quote.h"
#include "sql/tokens.h"

namespace rynd::transform {

namespace {

// DuckDB writes the first two as DOUBLE, an INTERVAL without its microseconds and never a negative one, and a time
// without its zone.
constexpr std::array<std::string_view, 6> as_text = {"HUGEINT", "UHUGEINT", "BIGNUM",
                                                     "BIT",     "INTERVAL", "TIME WITH TIME ZONE"};

// A word that something follows is a field's name.
bool ends_type(std::string_view rest) {
  rest = trim(rest);
  return rest.empty() || rest.front() == ',' || rest.front() == ')' || rest.front() == '[';
}

std::string list(std::span<const engine::Column> columns, const auto& type_of) {
  std::vector<std::string> parts;
  for (size_t i = 0; i < columns.size(); ++i) {
    const std::string name = sql::identifier(columns[i].name);
    const std::string type = type_of(i);
    parts.push_back(type.empty() ? name : fmt::format("cast({0} as {1}) as {0}", name, type));
  }
  return join(parts, ", ");
}

}  // namespace

std::string portable_type(std::string_view type) {
  std::string result;
  uint32_t done = 0;
  for (const auto& token : sql::tokenize(type)) {
    if (token.kind != sql::TokenKind::word || token.begin < done) continue;
    for (std::string_view name : as_text) {
      if (type.substr(token.begin, name.size()) != name || !ends_type(type.substr(token.begin + name.size()))) continue;
      result += type.substr(done, token.begin - done);
      result += "VARCHAR";
      done = token.begin + static_cast<uint32_t>(name.size());
      break;
    }
  }
  return result + std::string(type.substr(done));
}

std::string select_list_for_file(std::span<const engine::Column> columns) {
  return list(columns, [&](size_t i) {
    std::string portable = portable_type(columns[i].type);
    return portable == columns[i].type ? std::string() : portable;
  });
}

std::string select_from_file(const std::string& file, std::span<const engine::Column> columns,
                             std::span<const engine::Column> there) {
  const auto type_of = [&](size_t i) {
    return i < there.size() && there[i].type == columns[i].type ? std::string() : columns[i].type;
  };
  return fmt::format("select {} from read_parquet({})", list(columns, type_of), sql::literal(file));
}

std::string select_from_file(const std::string& file) {
  return fmt::format("select * from read_parquet({})", sql::literal(file));
}

}  // namespace rynd::transform

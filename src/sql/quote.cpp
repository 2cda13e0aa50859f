// Quote: identifiers and literals as SQL text.
#include "sql/quote.h"

#include <algorithm>
#include <string_view>

#include "base/text.h"

namespace rynd::sql {
namespace {

// DuckDB 1.5.5's keywords that are not "unreserved": duckdb_keywords(). Sorted.
// clang-format off
constexpr std::string_view reserved_words[] = {
    "all", "analyse", "analyze", "and", "anti", "any", "array", "as", "asc", "asof", "asymmetric", "at",
    "authorization", "between", "bigint", "binary", "bit", "boolean", "both", "by", "case", "cast", "char",
    "character", "check", "coalesce", "collate", "collation", "column", "columns", "concurrently", "constraint",
    "create", "cross", "dec", "decimal", "default", "deferrable", "desc", "describe", "distinct", "do", "else", "end",
    "except", "exists", "extract", "false", "fetch", "float", "for", "foreign", "freeze", "from", "full", "generated",
    "glob", "group", "grouping", "grouping_id", "having", "ilike", "in", "initially", "inner", "inout", "int",
    "integer", "intersect", "interval", "into", "is", "isnull", "join", "lambda", "lateral", "leading", "left",
    "like", "limit", "map", "national", "natural", "nchar", "none", "not", "notnull", "null", "nullif", "numeric",
    "offset", "on", "only", "or", "order", "out", "outer", "overlaps", "overlay", "pivot", "pivot_longer",
    "pivot_wider", "placing", "position", "positional", "precision", "primary", "qualify", "real", "references",
    "returning", "right", "row", "select", "semi", "setof", "show", "similar", "smallint", "some", "struct",
    "substring", "summarize", "symmetric", "table", "tablesample", "then", "time", "timestamp", "to", "trailing",
    "treat", "trim", "true", "try_cast", "union", "unique", "unpack", "unpivot", "using", "values", "varchar",
    "variadic", "verbose", "when", "where", "window", "with", "xmlattributes", "xmlconcat", "xmlelement", "xmlexists",
    "xmlforest", "xmlnamespaces", "xmlparse", "xmlpi", "xmlroot", "xmlserialize", "xmltable"
};
// clang-format on
static_assert(std::ranges::is_sorted(reserved_words));

std::string wrap(std::string_view text, char quote) {
  std::string out(1, quote);
  for (const char c : text) {
    out += c;
    if (c == quote) out += c;
  }
  out += quote;
  return out;
}

}  // namespace

std::string identifier(std::string_view name) { return wrap(name, '"'); }

std::string identifier_if_needed(std::string_view name) {
  const auto plain = [](char c) { return (c >= 'a' && c <= 'z') || c == '_' || (c >= '0' && c <= '9'); };
  const bool starts_well = !name.empty() && !(name[0] >= '0' && name[0] <= '9');
  if (starts_well && std::ranges::all_of(name, plain) && !is_reserved(name)) return std::string(name);
  return identifier(name);
}

std::string literal(std::string_view text) { return wrap(text, '\''); }

std::string qualified(std::string_view database, std::string_view schema, std::string_view name) {
  std::string out;
  for (const std::string_view part : {database, schema, name}) {
    if (part.empty()) continue;
    if (!out.empty()) out += '.';
    out += identifier(part);
  }
  return out;
}

bool is_reserved(std::string_view word) {
  const std::string folded = lower(word);
  return std::ranges::binary_search(reserved_words, std::string_view(folded));
}

}  // namespace rynd::sql

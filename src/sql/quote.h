// Quote: identifiers and literals as SQL text.
#pragma once

#include <string>
#include <string_view>

namespace rynd::sql {

// "name" with quotes doubled: always quoted.
std::string identifier(std::string_view name);
// Quoted only where it must be: not [a-z_][a-z0-9_]*, or a reserved word of DuckDB's.
std::string identifier_if_needed(std::string_view name);
// 'text' with quotes doubled.
std::string literal(std::string_view text);
// "database"."schema"."name"; empty parts are left out.
std::string qualified(std::string_view database, std::string_view schema, std::string_view name);
// Whether a bare word would be taken for a keyword where a column or table name stands.
bool is_reserved(std::string_view word);

}  // namespace rynd::sql

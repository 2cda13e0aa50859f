// Statements: a SQL text cut at the semicolons that end statements.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace rynd::sql {

struct Statement {
  uint32_t begin = 0;  // bytes, without the white space and comments before the first word
  uint32_t end = 0;    // without the semicolon and what follows the last token

  std::string_view text(std::string_view sql) const { return sql.substr(begin, end - begin); }
};

// Those that hold anything but comments. Semicolons in strings, comments and quoted names do not count.
std::vector<Statement> split_statements(std::string_view sql);

// The text without a semicolon at its end, and without the comments after it: what can stand inside parentheses.
std::string_view without_final_semicolon(std::string_view sql);

}  // namespace rynd::sql

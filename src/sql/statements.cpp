// Statements: cutting a SQL text at semicolons.
#include "sql/statements.h"

#include "sql/tokens.h"

namespace rynd::sql {

std::vector<Statement> split_statements(std::string_view sql) {
  std::vector<Statement> statements;
  bool open = false;
  for (const Token& token : tokenize(sql)) {
    if (token.is_comment()) continue;
    if (token.kind == TokenKind::symbol && sql[token.begin] == ';') {
      open = false;
    } else if (open) {
      statements.back().end = token.end;
    } else {
      statements.push_back({token.begin, token.end});
      open = true;
    }
  }
  return statements;
}

std::string_view without_final_semicolon(std::string_view sql) {
  const std::vector<Token> tokens = tokenize(sql);
  size_t end = 0;
  for (const Token& token : tokens) {
    if (!token.is_comment() && token.text(sql) != ";") end = token.end;
  }
  return sql.substr(0, end);
}

}  // namespace rynd::sql

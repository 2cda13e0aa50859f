// SQL fuzzer: any bytes can be scanned; tokens cover the text in order, statements lie within it, quoting survives
// scanning.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "base/text.h"
#include "sql/lineage.h"
#include "sql/quote.h"
#include "sql/statements.h"
#include "sql/tokens.h"

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace rynd::sql;
  const std::string_view sql(reinterpret_cast<const char*>(data), size);
  uint32_t last = 0;
  for (const Token& token : tokenize(sql)) {
    require(token.begin >= last && token.begin < token.end && token.end <= size);
    require(rynd::trim(sql.substr(last, token.begin - last)).empty());
    last = token.end;
  }
  require(rynd::trim(sql.substr(last)).empty());
  for (const Statement& statement : split_statements(sql)) {
    require(statement.begin < statement.end && statement.end <= size);
    require(split_statements(statement.text(sql)).size() == 1);
  }
  require(split_statements(without_final_semicolon(sql)).size() == split_statements(sql).size());
  const std::string quoted = identifier(sql) + literal(sql);
  if (sql.find('\0') == std::string_view::npos) require(tokenize(quoted).size() == 2);
  (void)lineage(sql);
  return 0;
}

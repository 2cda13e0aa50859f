// Clock: see the header.
#include "sql/clock.h"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "base/text.h"
#include "sql/tokens.h"

namespace rynd::sql {
namespace {

// Words that are the time by themselves.
constexpr std::array<std::string_view, 5> bare = {"current_timestamp", "current_date", "current_time", "localtimestamp",
                                                  "localtime"};
// Names that are the time when called.
constexpr std::array<std::string_view, 8> called = {"now",
                                                    "today",
                                                    "transaction_timestamp",
                                                    "get_current_timestamp",
                                                    "get_current_time",
                                                    "current_localtime",
                                                    "current_localtimestamp",
                                                    "age"};

}  // namespace

bool reads_clock(std::string_view sql) {
  std::vector<Token> tokens = tokenize(sql);
  std::erase_if(tokens, [](const Token& token) { return token.is_comment(); });
  for (size_t i = 0; i < tokens.size(); ++i) {
    if (tokens[i].kind != TokenKind::word) continue;
    const std::string word = lower(tokens[i].text(sql));
    if (std::ranges::find(bare, word) != bare.end()) return true;
    const bool is_call = i + 1 < tokens.size() && tokens[i + 1].text(sql) == "(";
    if (is_call && std::ranges::find(called, word) != called.end()) return true;
  }
  return false;
}

}  // namespace rynd::sql

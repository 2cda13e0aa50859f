// Alias: see the header.
#include "sql/alias.h"

#include <vector>

#include "base/text.h"
#include "sql/tokens.h"

namespace rynd::sql {

namespace {

class Query {
 public:
  explicit Query(std::string_view text) : text_(text), tokens_(tokenize(text)) {
    std::erase_if(tokens_, [](const Token& token) { return token.is_comment(); });
  }

  std::optional<Aliased> what_is(std::string_view alias) const {
    if (auto expression = expression_named(alias)) return expression;
    for (size_t i = 1; i < tokens_.size(); ++i) {
      if (!names(i, alias) || is_symbol(i + 1, ".")) continue;
      const size_t renamed = is_word(i - 1, "as") && i > 1 ? i - 2 : i - 1;
      if (auto table = table_ending_at(renamed)) return table;
      if (auto table = table_ending_at(i)) return table;
    }
    return {};
  }

 private:
  std::string_view at(size_t i) const { return tokens_[i].text(text_); }
  bool is_word(size_t i, std::string_view word) const {
    return i < tokens_.size() && tokens_[i].kind == TokenKind::word && iequals(at(i), word);
  }
  bool is_symbol(size_t i, std::string_view symbol) const { return i < tokens_.size() && at(i) == symbol; }
  bool is_name(size_t i) const {
    return tokens_[i].kind == TokenKind::word || tokens_[i].kind == TokenKind::quoted_name;
  }
  std::string name(size_t i) const {
    const std::string_view text = at(i);
    return tokens_[i].kind == TokenKind::quoted_name ? replace_all(text.substr(1, text.size() - 2), "\"\"", "\"")
                                                     : std::string(text);
  }
  bool names(size_t i, std::string_view wanted) const { return is_name(i) && iequals(name(i), wanted); }
  // Whether a table stands at `i`: after FROM or JOIN, or a comma of the FROM clause.
  bool is_table(size_t i) const {
    if (i == 0) return false;
    if (is_word(i - 1, "from") || is_word(i - 1, "join")) return true;
    if (!is_symbol(i - 1, ",")) return false;
    for (size_t before = i - 1; before-- > 0;) {
      if (is_word(before, "from")) return true;
      if (is_word(before, "select") || is_word(before, "where") || is_word(before, "by")) return false;
    }
    return false;
  }

  // The closing partner of the bracket at `open`; the token after the last one where there is none.
  size_t closing(size_t open) const {
    int depth = 0;
    for (size_t i = open; i < tokens_.size(); ++i) {
      if (is_symbol(i, "(")) ++depth;
      if (is_symbol(i, ")") && --depth == 0) return i;
    }
    return tokens_.size();
  }

  // "name as (...)" in the query's own WITH: all that stands before its end is needed to read it.
  std::optional<Aliased> expression_named(std::string_view wanted) const {
    if (!is_word(0, "with")) return {};
    size_t i = is_word(1, "recursive") ? 2 : 1;
    while (i < tokens_.size() && is_name(i)) {
      const size_t named = i++;
      if (is_symbol(i, "(")) i = closing(i) + 1;
      if (!is_word(i, "as")) return {};
      while (i < tokens_.size() && !is_symbol(i, "(")) ++i;
      i = closing(i);
      if (i >= tokens_.size()) return {};
      if (names(named, wanted)) {
        return Aliased{name(named),
                       std::string(text_.substr(0, tokens_[i].end)) + " select * from " + std::string(at(named))};
      }
      if (!is_symbol(++i, ",")) return {};
      ++i;
    }
    return {};
  }

  std::optional<Aliased> table_ending_at(size_t last) const {
    if (!is_name(last)) return {};
    size_t first = last;
    while (first >= 2 && is_symbol(first - 1, ".") && is_name(first - 2)) first -= 2;
    if (!is_table(first) || is_symbol(last + 1, "(")) return {};
    if (first == last) {
      if (auto expression = expression_named(name(last))) return expression;
    }
    const auto path = text_.substr(tokens_[first].begin, tokens_[last].end - tokens_[first].begin);
    return Aliased{name(last), "select * from " + std::string(path)};
  }

  std::string_view text_;
  std::vector<Token> tokens_;
};

}  // namespace

std::optional<Aliased> what_is(std::string_view query, std::string_view alias) { return Query(query).what_is(alias); }

}  // namespace rynd::sql

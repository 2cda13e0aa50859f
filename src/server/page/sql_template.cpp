// SqlTemplate: the tokens of sql/ say where strings, quoted names and comments lie; what is left is plain SQL.
#include "page/sql_template.h"

#include <fmt/format.h>

#include <optional>

#include "base/text.h"
#include "sql/tokens.h"

namespace rynd::server {

namespace {

class SqlSplitter {
 public:
  SqlSplitter(const SourcePtr& source, uint32_t begin, uint32_t end, Diagnostics& errors)
      : source_(source), text_(source->text().substr(0, end)), begin_(begin), text_begin_(begin), errors_(errors) {}

  std::vector<QueryPart> split() {
    const std::vector<sql::Token> tokens = sql::tokenize(text_.substr(begin_));
    auto token = tokens.begin();
    for (size_t at = text_.find("${", begin_); at != std::string_view::npos; at = text_.find("${", at)) {
      while (token != tokens.end() && (begin_ + token->end <= at || is_plain(*token))) ++token;
      if (token == tokens.end() || begin_ + token->begin > at) {
        at = plain(static_cast<uint32_t>(at));
        continue;
      }
      if (token->kind == sql::TokenKind::string) literal(*token);
      if (token->kind == sql::TokenKind::quoted_name) refuse_name(*token);
      at = begin_ + token->end;
    }
    finish_text(static_cast<uint32_t>(text_.size()));
    return std::move(parts_);
  }

 private:
  static bool is_plain(const sql::Token& token) {
    using enum sql::TokenKind;
    return !token.is_comment() && token.kind != string && token.kind != dollar_string && token.kind != quoted_name;
  }

  void finish_text(uint32_t until) {
    if (until > text_begin_) parts_.push_back({.span = {source_, text_begin_, until}});
  }

  uint32_t plain(uint32_t begin) {
    std::optional<QueryPart> part = placeholder(begin);
    if (!part) return begin + 2;
    finish_text(begin);
    text_begin_ = part->span.end;
    parts_.push_back(std::move(*part));
    return text_begin_;
  }

  void refuse_name(const sql::Token& token) {
    complain(begin_ + token.begin, begin_ + token.end, "a reader's choice cannot become a name in SQL",
             "inside a quoted name", "inputs are bound as values; choose with 'case ${inputs.x.value} when ...'");
  }

  // A string with an input in it becomes pieces, to be joined with ||.
  void literal(const sql::Token& token) {
    const uint32_t open = begin_ + token.begin;
    const uint32_t close = begin_ + token.end - (token.closed ? 1 : 0);
    auto piece = static_cast<uint32_t>(text_.find('\'', open) + 1);
    std::vector<QueryPart> pieces;
    for (size_t at = text_.find("${", piece); at < close; at = text_.find("${", at)) {
      const auto begin = static_cast<uint32_t>(at);
      at += 2;
      std::optional<QueryPart> part = placeholder(begin);
      if (!part) continue;
      if (part->kind == QueryPart::Kind::query) {
        complain(begin, part->span.end, fmt::format("the query '{}' stands inside a string", part->name),
                 "write it without the quotes");
        continue;
      }
      if (begin > piece) pieces.push_back({.span = {source_, piece, begin}});
      at = piece = part->span.end;
      pieces.push_back(std::move(*part));
    }
    if (pieces.empty()) return;
    if (close > piece) pieces.push_back({.span = {source_, piece, close}});
    finish_text(open);
    text_begin_ = begin_ + token.end;
    parts_.push_back(
        {.kind = QueryPart::Kind::literal, .pieces = std::move(pieces), .span = {source_, open, text_begin_}});
  }

  // At "${"; nothing where it is not one of ours.
  std::optional<QueryPart> placeholder(uint32_t begin) {
    const size_t close = text_.find('}', begin);
    if (close == std::string_view::npos) {
      complain(begin, begin + 2, "'${' has no '}'", "opened here");
      return std::nullopt;
    }
    const std::string_view inside = trim(text_.substr(begin + 2, close - begin - 2));
    const std::vector<std::string> words = rynd::split(inside, '.');
    QueryPart part{.span = {source_, begin, static_cast<uint32_t>(close + 1)}};
    if (words.size() == 1 && !words[0].empty() && words[0] != "inputs") {
      part.kind = QueryPart::Kind::query;
      part.name = words[0];
      return part;
    }
    if (words[0] == "inputs" && (words.size() == 2 || words.size() == 3) && !words[1].empty()) {
      part.kind = QueryPart::Kind::input;
      part.name = words[1];
      if (words.size() == 3) part.field = words[2];
      return part;
    }
    complain(begin, part.span.end, fmt::format("'${{{}}}' is neither a query nor an input", inside), "not understood",
             "write ${query_name}, ${inputs.name.value}, ${inputs.name.start} or ${inputs.name.end}");
    return std::nullopt;
  }

  void complain(uint32_t begin, uint32_t end, std::string message, std::string label, std::string help = {}) {
    errors_.push_back({.code = Code::page_placeholder,
                       .message = std::move(message),
                       .span = {source_, begin, end},
                       .label = std::move(label),
                       .help = std::move(help)});
  }

  const SourcePtr& source_;
  std::string_view text_;  // up to the SQL's end
  uint32_t begin_;
  uint32_t text_begin_;  // of the text part that is being collected
  std::vector<QueryPart> parts_;
  Diagnostics& errors_;
};

}  // namespace

std::vector<QueryPart> split_sql(const SourcePtr& source, uint32_t begin, uint32_t end, Diagnostics& errors) {
  return SqlSplitter(source, begin, end, errors).split();
}

}  // namespace rynd::server

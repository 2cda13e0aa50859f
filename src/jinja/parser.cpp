// Parser: the token stream, texts and tags in their order, and how reading goes on after a mistake.
#include "parser.h"

#include <algorithm>
#include <array>

#include "text.h"

namespace rynd::jinja {
namespace {

// Tags with a body, whose end tag is "end" and their name.
bool has_body(std::string_view keyword) {
  static constexpr std::array<std::string_view, 12> names = {"if",     "for",       "macro",           "call",
                                                             "filter", "with",      "block",           "autoescape",
                                                             "test",   "data_test", "materialization", "docs"};
  return keyword == "snapshot" || std::ranges::find(names, keyword) != names.end();
}

}  // namespace

Parser::Nesting::Nesting(Parser& parser) : parser_(parser) {
  constexpr int deepest = 150;
  if (parser.depth_ >= deepest) parser.fail("too many nested blocks or parentheses");
  ++parser.depth_;
}

Parser::Parser(const SourcePtr& source, Lexed lexed, Tree& tree)
    : source_(source),
      all_(source->text()),
      tokens_(std::move(lexed.tokens)),
      lex_errors_(std::move(lexed.errors)),
      tree_(tree) {}

void Parser::parse_template() { tree_.body = subparse({}); }

void Parser::parse_expression_only() {
  try {
    if (is(TokenKind::error)) fail("");
    tree_.expression = parse_tuple(false, true, {}, false);
    if (!is(TokenKind::eof)) fail("expected end of expression, got '" + described(current()) + "'");
  } catch (SyntaxError& error) {
    record(std::move(error));
  }
}

void Parser::record(SyntaxError error) {
  // One mistake a place: what follows from the first is noise.
  if (!errors_.empty() && errors_.back().begin == error.begin) return;
  errors_.push_back(std::move(error));
}

Token Parser::next() {
  const Token token = tokens_[at_];
  if (at_ + 1 < tokens_.size()) ++at_;
  if (is(TokenKind::error)) fail("");
  return token;
}

bool Parser::is_any_name(const Names& names) const {
  return is(TokenKind::name) && std::ranges::find(names, text(current())) != names.end();
}

bool Parser::skip(TokenKind kind) {
  if (!is(kind)) return false;
  next();
  return true;
}

bool Parser::skip_name(std::string_view name) {
  if (!is_name(name)) return false;
  next();
  return true;
}

Token Parser::expect(TokenKind kind) {
  if (!is(kind)) fail_expected(describe(kind));
  return next();
}

Token Parser::expect_name(std::string_view name) {
  if (!is_name(name)) fail_expected(name);
  return next();
}

std::string Parser::described(const Token& token) const {
  return token.kind == TokenKind::name ? std::string(text(token)) : std::string(describe(token.kind));
}

void Parser::fail(std::string message) const { fail_at(std::move(message), current()); }

void Parser::fail_at(std::string message, const Token& token) const {
  if (token.kind == TokenKind::error) {
    const auto index = static_cast<uint32_t>(&token - tokens_.data());
    for (const LexError& error : lex_errors_) {
      if (error.token == index) message = error.message;
    }
  }
  throw SyntaxError{Code::template_syntax, std::move(message), token.begin, token.end};
}

void Parser::fail_expected(std::string_view what) const {
  if (is(TokenKind::eof)) fail("unexpected end of template, expected '" + std::string(what) + "'.");
  fail("expected token " + text::repr(what) + ", got " + text::repr(described(current())));
}

std::string Parser::looking_for(std::string_view name) const {
  std::string message;
  if (!ends_.empty() && !ends_.back().empty()) {
    std::string looking;
    for (const std::string_view end : ends_.back()) {
      looking += (looking.empty() ? "'" : " or '") + std::string(end) + "'";
    }
    const bool expected = !name.empty() && std::ranges::any_of(ends_, [&](const Names& ends) {
      return std::ranges::find(ends, name) != ends.end();
    });
    message += expected
                   ? " You probably made a nesting mistake. Jinja is expecting this tag, but currently looking for " +
                         looking + "."
                   : " Jinja was looking for the following tags: " + looking + ".";
  }
  if (!tags_.empty()) {
    message += " The innermost block that needs to be closed is '" + std::string(tags_.back().name) + "'.";
  }
  return message;
}

void Parser::fail_tag(std::string_view name) const {
  throw SyntaxError{Code::template_syntax, "Encountered unknown tag '" + std::string(name) + "'." + looking_for(name),
                    current().begin, current().end};
}

void Parser::fail_end() const {
  SyntaxError error{Code::template_syntax, "Unexpected end of template." + looking_for(""), current().begin,
                    current().end};
  if (!tags_.empty()) {
    error.related.push_back({{source_, tags_.back().begin, tags_.back().end},
                             "this '" + std::string(tags_.back().name) + "' is not closed"});
  }
  throw error;
}

void Parser::skip_to(TokenKind kind) {
  while (tokens_[at_].kind != kind && tokens_[at_].kind != TokenKind::eof && at_ + 1 < tokens_.size()) ++at_;
}

Stmt* Parser::parse_text() {
  Stmt statement;
  statement.begin = current().begin;
  statement.end = current().end;
  next();
  return tree_.make(statement);
}

Stmt* Parser::parse_output() {
  Stmt statement;
  statement.kind = StmtKind::output;
  statement.begin = current().begin;
  try {
    next();
    statement.a = parse_tuple(false, true, {}, false);
    statement.end = current().end;
    expect(TokenKind::variable_end);
    return tree_.make(statement);
  } catch (SyntaxError& error) {
    record(std::move(error));
    skip_to(TokenKind::variable_end);
    if (at_ + 1 < tokens_.size()) ++at_;
    return nullptr;
  }
}

Body Parser::subparse(const Names& ends) {
  std::vector<Stmt*> body;
  while (!is(TokenKind::eof)) {
    Stmt* statement = nullptr;
    if (is(TokenKind::error)) {
      try {
        fail("");
      } catch (SyntaxError& error) {
        record(std::move(error));
      }
      if (at_ + 1 < tokens_.size()) ++at_;
    } else if (is(TokenKind::data)) {
      try {
        statement = parse_text();
      } catch (SyntaxError&) {
        // The token after the text is a mistake: the next turn says so.
      }
    } else if (is(TokenKind::variable_begin)) {
      statement = parse_output();
    } else if (is(TokenKind::block_begin)) {
      if (!ends.empty() && look().kind == TokenKind::name && std::ranges::find(ends, text(look())) != ends.end()) {
        ++at_;
        return tree_.keep(body);
      }
      statement = parse_tag();
    } else {
      ++at_;  // what a mistake left behind
    }
    if (statement) body.push_back(statement);
  }
  return tree_.keep(body);
}

// A tag and, where it has one, its block; nullptr after a mistake, which is recorded and stepped over.
Stmt* Parser::parse_tag() {
  Stmt statement;
  statement.begin = current().begin;
  std::string_view keyword;
  const size_t open = tags_.size();
  const size_t open_ends = ends_.size();
  const int depth = depth_;
  try {
    next();
    if (!is(TokenKind::name)) fail("tag name expected");
    keyword = text(current());
    const Nesting nesting(*this);
    Stmt* result = parse_statement(statement, keyword);
    result->end = current().end;
    tags_.resize(open);
    expect(TokenKind::block_end);
    return result;
  } catch (SyntaxError& error) {
    const bool at_end = is(TokenKind::eof) && error.message.starts_with("Unexpected end of template.");
    if (!at_end || errors_.empty()) record(std::move(error));
    depth_ = depth;
    ends_.resize(open_ends);
    recover(keyword, open);
    tags_.resize(open);
    return nullptr;
  }
}

// Steps over the rest of a tag that went wrong, and of its block.
void Parser::recover(std::string_view keyword, size_t open_tags) {
  const std::string end = "end" + std::string(keyword);
  const bool closed = at_ > 0 && tokens_[at_ - 1].kind == TokenKind::name && text(tokens_[at_ - 1]) == end;
  const bool opened = tags_.size() > open_tags && !closed && (has_body(keyword));
  skip_to(TokenKind::block_end);
  if (at_ + 1 < tokens_.size()) ++at_;
  if (!opened) return;
  const Names ends = {"elif", "else", end};
  while (!is(TokenKind::eof)) {
    ends_.push_back(ends);
    subparse(ends);
    ends_.pop_back();
    if (is(TokenKind::eof)) return;
    const bool last = is_name(end);
    skip_to(TokenKind::block_end);
    if (at_ + 1 < tokens_.size()) ++at_;
    if (last) return;
  }
}

}  // namespace rynd::jinja

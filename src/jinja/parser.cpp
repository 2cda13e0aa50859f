// Parser: the token stream, statements and their blocks.
#include "parser.h"

#include <algorithm>
#include <array>
#include <set>

#include "text.h"

namespace rynd::jinja {
namespace {

// Tags with a body, whose end tag is "end" and their name.
bool has_body(std::string_view keyword) {
  static constexpr std::array<std::string_view, 12> names = {"if", "for", "macro", "call", "filter", "with", "block",
                                                             "autoescape", "test", "data_test", "materialization", "docs"};
  return keyword == "snapshot" || std::ranges::find(names, keyword) != names.end();
}

}  // namespace

Parser::Nesting::Nesting(Parser& parser) : parser_(parser) {
  constexpr int deepest = 150;
  if (parser.depth_ >= deepest) parser.fail("too many nested blocks or parentheses");
  ++parser.depth_;
}

Parser::Parser(const SourcePtr& source, Lexed lexed, Tree& tree)
    : source_(source), all_(source->text()), tokens_(std::move(lexed.tokens)), lex_errors_(std::move(lexed.errors)), tree_(tree) {}

void Parser::parse_template() {
  std::vector<Stmt*> all;
  tree_.body = subparse({});
}

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
    message += expected ? " You probably made a nesting mistake. Jinja is expecting this tag, but currently looking for " +
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
  SyntaxError error{Code::template_syntax, "Unexpected end of template." + looking_for(""), current().begin, current().end};
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
      if (!ends.empty() && look().kind == TokenKind::name &&
          std::ranges::find(ends, text(look())) != ends.end()) {
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

Stmt* Parser::parse_statement(Stmt statement, std::string_view keyword) {
  static constexpr std::array<std::string_view, 4> loaders = {"include", "import", "from", "extends"};
  tags_.push_back({keyword, current().begin, current().end});
  if (keyword == "if") return parse_if(statement);
  if (keyword == "for") return parse_for(statement);
  if (keyword == "set") return parse_set(statement);
  if (keyword == "macro") return parse_macro(statement, DefinitionKind::macro);
  if (keyword == "test" || keyword == "data_test") return parse_macro(statement, DefinitionKind::test);
  if (keyword == "materialization") return parse_materialization(statement);
  if (keyword == "call") return parse_call_block(statement);
  if (keyword == "filter") return parse_filter_block(statement);
  if (keyword == "with") return parse_with(statement);
  if (keyword == "block") return parse_block(statement);
  if (keyword == "print") return parse_print(statement);
  if (keyword == "autoescape" || keyword == "docs" || keyword == "snapshot") return parse_named_scope(statement, keyword);
  if (std::ranges::find(loaders, keyword) != loaders.end()) return parse_loader(statement, keyword);
  if (keyword == "do") {
    next();
    statement.kind = StmtKind::do_;
    statement.a = parse_tuple(false, true, {}, false);
    return tree_.make(statement);
  }
  if (keyword == "break" || keyword == "continue") {
    next();
    statement.kind = keyword == "break" ? StmtKind::break_ : StmtKind::continue_;
    return tree_.make(statement);
  }
  tags_.pop_back();
  fail_tag(keyword);
}

// Up to one of the end tags, whose name is then the current token.
Body Parser::parse_statements(const Names& ends) {
  skip(TokenKind::colon);
  expect(TokenKind::block_end);
  ends_.push_back(ends);
  const Body body = subparse(ends);
  if (is(TokenKind::eof)) fail_end();
  ends_.pop_back();
  return body;
}

Stmt* Parser::parse_if(Stmt statement) {
  next();
  statement.kind = StmtKind::if_;
  std::vector<Branch> branches;
  while (true) {
    Branch branch;
    branch.condition = parse_tuple(false, false, {}, false);
    branch.body = parse_statements({"elif", "else", "endif"});
    branches.push_back(branch);
    const std::string_view word = text(next());
    if (word == "elif") continue;
    if (word == "else") {
      statement.other = parse_statements({"endif"});
      next();
    }
    break;
  }
  statement.branches = tree_.keep(branches);
  return tree_.make(statement);
}

Stmt* Parser::parse_for(Stmt statement) {
  next();
  statement.kind = StmtKind::for_;
  statement.target = parse_target(true, false, {"in"});
  expect_name("in");
  statement.a = parse_tuple(false, false, {"recursive"}, false);
  if (skip_name("if")) statement.b = parse_expression();
  statement.recursive = skip_name("recursive");
  statement.body = parse_statements({"endfor", "else"});
  if (text(next()) == "else") {
    statement.other = parse_statements({"endfor"});
    next();
  }
  return tree_.make(statement);
}

void Parser::check_target(const Expr& target) const {
  if (target.kind == ExprKind::name || target.kind == ExprKind::namespace_target) return;
  if (target.kind == ExprKind::tuple) {
    for (const Expr* item : target.items) check_target(*item);
    return;
  }
  static constexpr std::array<std::string_view, 20> names = {
      "const", "name", "list", "tuple", "dict", "getattr", "getitem", "getitem", "call", "filter", "test",
      "not",   "neg",  "pos",  "add",   "concat", "compare", "and",   "or",      "condexpr"};
  throw SyntaxError{Code::template_syntax,
                    "can't assign to '" + std::string(names[static_cast<size_t>(target.kind)]) + "'", target.begin, target.end};
}

Expr* Parser::parse_target(bool with_tuple, bool with_namespace, const Names& ends) {
  Expr* target = nullptr;
  if (with_tuple) {
    target = parse_tuple(true, true, ends, false, with_namespace);
  } else {
    target = parse_primary();
  }
  check_target(*target);
  return target;
}

Stmt* Parser::parse_set(Stmt statement) {
  next();
  statement.target = parse_target(true, true, {});
  if (skip(TokenKind::assign)) {
    statement.kind = StmtKind::set;
    statement.a = parse_tuple(false, true, {}, false);
    return tree_.make(statement);
  }
  statement.kind = StmtKind::set_block;
  statement.a = parse_filter(nullptr, false);
  statement.body = parse_statements({"endset"});
  next();
  return tree_.make(statement);
}

Stmt* Parser::parse_with(Stmt statement) {
  next();
  statement.kind = StmtKind::with;
  std::vector<Expr*> targets;
  std::vector<Expr*> values;
  while (!is(TokenKind::block_end)) {
    if (!targets.empty()) expect(TokenKind::comma);
    targets.push_back(parse_target(true, false, {}));
    expect(TokenKind::assign);
    values.push_back(parse_expression());
  }
  statement.targets = tree_.keep(targets);
  statement.values = tree_.keep(values);
  statement.body = parse_statements({"endwith"});
  next();
  return tree_.make(statement);
}

std::string_view Parser::parse_type() {
  const uint32_t begin = current().begin;
  expect(TokenKind::name);
  while (skip(TokenKind::dot)) expect(TokenKind::name);
  if (skip(TokenKind::lbracket)) {
    parse_type();
    while (skip(TokenKind::comma)) parse_type();
    expect(TokenKind::rbracket);
  }
  return all_.substr(begin, last_end() - begin);
}

std::span<MacroParameter> Parser::parse_signature() {
  std::vector<MacroParameter> parameters;
  expect(TokenKind::lparen);
  bool defaults = false;
  while (!is(TokenKind::rparen)) {
    if (!parameters.empty()) expect(TokenKind::comma);
    MacroParameter parameter;
    parameter.begin = current().begin;
    parameter.name = text(expect(TokenKind::name));
    if (skip(TokenKind::colon)) parameter.type = parse_type();
    if (skip(TokenKind::assign)) {
      parameter.fallback = parse_expression();
      defaults = true;
    } else if (defaults) {
      fail("non-default argument follows default argument");
    }
    parameter.end = last_end();
    parameters.push_back(parameter);
  }
  expect(TokenKind::rparen);
  return tree_.keep(parameters);
}

void Parser::parse_definition_body(Definition& definition, std::string_view end) {
  definition.body_begin = current().end;
  definition.body = parse_statements({end});
  definition.body_end = tokens_[at_ - 1].begin;
  next();
  definition.end = current().end;
}

Stmt* Parser::parse_macro(Stmt statement, DefinitionKind kind) {
  statement.kind = StmtKind::macro;
  const std::string end = "end" + std::string(text(next()));
  Definition definition;
  definition.kind = kind;
  const Token name = expect(TokenKind::name);
  definition.name = text(name);
  static constexpr std::array<std::string_view, 6> constants = {"true", "false", "none", "True", "False", "None"};
  if (std::ranges::find(constants, definition.name) != constants.end()) fail_at("can't assign to 'const'", name);
  definition.parameters = parse_signature();
  parse_definition_body(definition, end);
  statement.definition = tree_.make(definition);
  return tree_.make(statement);
}

Stmt* Parser::parse_materialization(Stmt statement) {
  next();
  statement.kind = StmtKind::macro;
  Definition definition;
  definition.kind = DefinitionKind::materialization;
  definition.name = text(expect(TokenKind::name));
  std::vector<std::string_view> languages;
  while (skip(TokenKind::comma)) {
    const Token option = expect(TokenKind::name);
    if (text(option) == "default") continue;
    expect(TokenKind::assign);
    const Expr* value = parse_expression();
    const auto string = [&](const Expr* expr) {
      if (expr->kind != ExprKind::constant || !tree_.constants[expr->number].is_string()) {
        fail_at("expected a string for '" + std::string(text(option)) + "' of a materialization", option);
      }
      return all_.substr(expr->begin + 1, expr->end - expr->begin - 2);
    };
    if (text(option) == "adapter") {
      definition.adapter = string(value);
    } else if (text(option) == "supported_languages" && value->kind == ExprKind::list) {
      for (const Expr* item : value->items) languages.push_back(string(item));
    } else {
      fail_at("a materialization takes 'default', 'adapter' and 'supported_languages', not '" + std::string(text(option)) + "'",
              option);
    }
  }
  definition.languages = tree_.keep(languages);
  parse_definition_body(definition, "endmaterialization");
  statement.definition = tree_.make(definition);
  return tree_.make(statement);
}

Stmt* Parser::parse_call_block(Stmt statement) {
  next();
  statement.kind = StmtKind::call_block;
  Definition definition;
  definition.kind = DefinitionKind::caller;
  if (is(TokenKind::lparen)) definition.parameters = parse_signature();
  statement.a = parse_expression();
  if (statement.a->kind != ExprKind::call) fail("expected call");
  parse_definition_body(definition, "endcall");
  statement.definition = tree_.make(definition);
  return tree_.make(statement);
}

Stmt* Parser::parse_filter_block(Stmt statement) {
  next();
  statement.kind = StmtKind::filter_block;
  statement.a = parse_filter(nullptr, true);
  statement.body = parse_statements({"endfilter"});
  next();
  return tree_.make(statement);
}

Stmt* Parser::parse_block(Stmt statement) {
  next();
  statement.kind = StmtKind::block;
  statement.name = text(expect(TokenKind::name));
  statement.scoped = skip_name("scoped");
  skip_name("required");
  if (is(TokenKind::sub)) {
    fail("Block names in Jinja have to be valid Python identifiers and may not contain hyphens, use an underscore instead.");
  }
  statement.body = parse_statements({"endblock"});
  next();
  skip_name(statement.name);
  return tree_.make(statement);
}

Stmt* Parser::parse_print(Stmt statement) {
  next();
  statement.kind = StmtKind::scope;
  std::vector<Stmt*> outputs;
  while (!is(TokenKind::block_end)) {
    if (!outputs.empty()) expect(TokenKind::comma);
    Stmt output;
    output.kind = StmtKind::output;
    output.begin = current().begin;
    output.a = parse_expression();
    output.end = last_end();
    outputs.push_back(tree_.make(output));
  }
  statement.body = tree_.keep(outputs);
  return tree_.make(statement);
}

// include, import, from and extends are read, so that they can fail when they are reached: there is no loader.
Stmt* Parser::parse_loader(Stmt statement, std::string_view keyword) {
  next();
  statement.kind = StmtKind::loader;
  statement.a = parse_expression();
  if (keyword == "from") {
    expect_name("import");
  } else if (keyword == "import") {
    expect_name("as");
  }
  skip_to(TokenKind::block_end);
  return tree_.make(statement);
}

Stmt* Parser::parse_named_scope(Stmt statement, std::string_view keyword) {
  next();
  const std::string end = "end" + std::string(keyword);
  statement.kind = keyword == "docs" ? StmtKind::docs : StmtKind::scope;
  if (keyword == "autoescape") {
    statement.a = parse_expression();
  } else {
    statement.name = text(expect(TokenKind::name));
    while (keyword == "snapshot" && skip(TokenKind::dot)) expect(TokenKind::name);
  }
  statement.body = parse_statements({end});
  next();
  return tree_.make(statement);
}

}  // namespace rynd::jinja

// Parser: the statements, each with its block.
#include <algorithm>
#include <array>

#include "parser.h"
#include "text.h"

namespace rynd::jinja {

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
  if (keyword == "autoescape" || keyword == "docs" || keyword == "snapshot")
    return parse_named_scope(statement, keyword);
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
      "const", "name", "list", "tuple", "dict", "getattr", "getitem", "getitem", "call", "filter",
      "test",  "not",  "neg",  "pos",   "add",  "concat",  "compare", "and",     "or",   "condexpr"};
  throw SyntaxError{Code::template_syntax,
                    "can't assign to '" + std::string(names[static_cast<size_t>(target.kind)]) + "'", target.begin,
                    target.end};
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
      fail_at("a materialization takes 'default', 'adapter' and 'supported_languages', not '" +
                  std::string(text(option)) + "'",
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
    fail(
        "Block names in Jinja have to be valid Python identifiers and may not contain hyphens, use an underscore "
        "instead.");
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

// Parser: what operators work on: names, literals, subscripts, calls, filters and tests.
#include <algorithm>
#include <array>

#include "number.h"
#include "parser.h"
#include "text.h"

namespace rynd::jinja {

Expr* Parser::node(ExprKind kind, uint32_t begin) {
  Expr expr;
  expr.kind = kind;
  expr.begin = begin;
  return tree_.make(expr);
}

Expr* Parser::done(Expr* expr) const {
  expr->end = last_end();
  return expr;
}

Expr* Parser::constant(Value value, uint32_t begin) {
  Expr* expr = node(ExprKind::constant, begin);
  expr->number = static_cast<uint32_t>(tree_.constants.size());
  tree_.constants.push_back(std::move(value));
  return done(expr);
}

Expr* Parser::parse_primary() {
  switch (kind()) {
    case TokenKind::name:
      return parse_name();
    case TokenKind::string:
      return parse_string();
    case TokenKind::integer:
      return parse_integer();
    case TokenKind::real: {
      const Token token = next();
      return constant(Value(parse_real(text(token)).value_or(0)), token.begin);
    }
    case TokenKind::lparen: {
      const uint32_t begin = next().begin;
      Expr* expr = parse_tuple(false, true, {}, true);
      expect(TokenKind::rparen);
      expr->begin = begin;
      return done(expr);
    }
    case TokenKind::lbracket:
      return parse_list();
    case TokenKind::lbrace:
      return parse_dict();
    default:
      fail("unexpected " + text::repr(described(current())));
  }
}

Expr* Parser::parse_name() {
  const Token token = next();
  const std::string_view name = text(token);
  if (name == "true" || name == "True") return constant(Value(true), token.begin);
  if (name == "false" || name == "False") return constant(Value(false), token.begin);
  if (name == "none" || name == "None") return constant(Value(), token.begin);
  Expr* expr = node(ExprKind::name, token.begin);
  expr->name = name;
  return done(expr);
}

Expr* Parser::parse_string() {
  const uint32_t begin = current().begin;
  std::string value = unescaped(text(next()));
  while (is(TokenKind::string)) value += unescaped(text(next()));
  return constant(Value(std::move(value)), begin);
}

Expr* Parser::parse_integer() {
  const Token token = next();
  return constant(jinja::parse_integer(text(token), 0).value_or(Value(0)), token.begin);
}

Expr* Parser::parse_list() {
  const uint32_t begin = next().begin;
  std::vector<Expr*> items;
  while (!is(TokenKind::rbracket)) {
    if (!items.empty()) expect(TokenKind::comma);
    if (is(TokenKind::rbracket)) break;
    items.push_back(parse_expression());
  }
  expect(TokenKind::rbracket);
  Expr* expr = node(ExprKind::list, begin);
  expr->items = tree_.keep(items);
  return done(expr);
}

Expr* Parser::parse_dict() {
  const uint32_t begin = next().begin;
  std::vector<Expr*> items;
  while (!is(TokenKind::rbrace)) {
    if (!items.empty()) expect(TokenKind::comma);
    if (is(TokenKind::rbrace)) break;
    items.push_back(parse_expression());
    expect(TokenKind::colon);
    items.push_back(parse_expression());
  }
  expect(TokenKind::rbrace);
  Expr* expr = node(ExprKind::dict, begin);
  expr->items = tree_.keep(items);
  return done(expr);
}

Expr* Parser::parse_postfix(Expr* expr) {
  for (size_t chain = 0;; ++chain) {
    if (chain > longest_chain) fail("the expression is too long");
    if (is(TokenKind::dot) || is(TokenKind::lbracket)) {
      expr = parse_subscript(expr);
    } else if (is(TokenKind::lparen)) {
      expr = parse_call(expr);
    } else {
      return expr;
    }
  }
}

Expr* Parser::parse_filters_and_tests(Expr* expr) {
  for (size_t chain = 0;; ++chain) {
    if (chain > longest_chain) fail("the expression is too long");
    if (is(TokenKind::pipe)) {
      expr = parse_filter(expr, false);
    } else if (is_name("is")) {
      expr = parse_test(expr);
    } else if (is(TokenKind::lparen)) {
      expr = parse_call(expr);
    } else {
      return expr;
    }
  }
}

Expr* Parser::parse_subscript(Expr* object) {
  if (is(TokenKind::lbracket)) return parse_index(object);
  next();
  const Token token = next();
  if (token.kind == TokenKind::name) {
    Expr* expr = node(ExprKind::attr, object->begin);
    expr->a = object;
    expr->name = text(token);
    return done(expr);
  }
  if (token.kind != TokenKind::integer) fail_at("expected name or number", token);
  Expr* expr = node(ExprKind::item, object->begin);
  expr->a = object;
  expr->b = constant(jinja::parse_integer(text(token)).value_or(Value(0)), token.begin);
  return done(expr);
}

Expr* Parser::parse_index(Expr* object) {
  next();
  std::vector<Expr*> keys;
  Expr* slice = nullptr;
  while (!is(TokenKind::rbracket)) {
    if (!keys.empty()) expect(TokenKind::comma);
    const uint32_t begin = current().begin;
    std::vector<Expr*> bounds;
    if (!is(TokenKind::colon)) bounds.push_back(parse_expression());
    if (!is(TokenKind::colon)) {
      keys.push_back(bounds[0]);
      continue;
    }
    bounds.resize(1);
    while (skip(TokenKind::colon) && bounds.size() < 3) {
      const bool left_out = is(TokenKind::colon) || is(TokenKind::rbracket) || is(TokenKind::comma);
      bounds.push_back(left_out ? nullptr : parse_expression());
    }
    bounds.resize(3);
    slice = node(ExprKind::slice, begin);
    slice->a = object;
    slice->items = tree_.keep(bounds);
    keys.push_back(done(slice));
  }
  expect(TokenKind::rbracket);
  if (keys.empty()) fail("unexpected ']'");
  if (slice && keys.size() == 1) {
    slice->begin = object->begin;
    return done(slice);
  }
  if (slice) fail("a slice cannot be part of a tuple of keys");
  Expr* expr = node(ExprKind::item, object->begin);
  expr->a = object;
  if (keys.size() == 1) {
    expr->b = keys[0];
  } else {
    expr->b = node(ExprKind::tuple, keys[0]->begin);
    expr->b->items = tree_.keep(keys);
    done(expr->b);
  }
  return done(expr);
}

Expr* Parser::parse_call(Expr* callee) {
  Expr* expr = node(ExprKind::call, callee->begin);
  expr->a = callee;
  expr->arguments = parse_arguments();
  return done(expr);
}

void Parser::parse_argument(std::vector<Expr*>& positional, std::vector<NamedArgument>& named,
                            CallArguments& arguments) {
  const auto ensure = [&](bool condition) {
    if (!condition) fail("invalid syntax for function call expression");
  };
  if (is(TokenKind::mul)) {
    ensure(!arguments.spread && !arguments.spread_named);
    next();
    arguments.spread = parse_expression();
  } else if (is(TokenKind::pow)) {
    ensure(!arguments.spread_named);
    next();
    arguments.spread_named = parse_expression();
  } else if (is(TokenKind::name) && look().kind == TokenKind::assign) {
    ensure(!arguments.spread_named);
    const std::string_view name = text(next());
    next();
    named.push_back({name, parse_expression()});
  } else {
    ensure(!arguments.spread && !arguments.spread_named && named.empty());
    positional.push_back(parse_expression());
  }
}

CallArguments* Parser::parse_arguments() {
  expect(TokenKind::lparen);
  std::vector<Expr*> positional;
  std::vector<NamedArgument> named;
  CallArguments arguments;
  bool first = true;
  while (!is(TokenKind::rparen)) {
    if (!first) {
      expect(TokenKind::comma);
      if (is(TokenKind::rparen)) break;
    }
    first = false;
    parse_argument(positional, named, arguments);
  }
  expect(TokenKind::rparen);
  arguments.positional = tree_.keep(positional);
  arguments.named = tree_.keep(named);
  return tree_.make(arguments);
}

std::string_view Parser::parse_dotted_name() {
  const uint32_t begin = expect(TokenKind::name).begin;
  while (skip(TokenKind::dot)) expect(TokenKind::name);
  return all_.substr(begin, last_end() - begin);
}

Expr* Parser::parse_filter(Expr* value, bool inline_start) {
  while (is(TokenKind::pipe) || inline_start) {
    if (!inline_start) next();
    inline_start = false;
    Expr* expr = node(ExprKind::filter, value ? value->begin : current().begin);
    expr->a = value;
    expr->name = parse_dotted_name();
    expr->arguments = is(TokenKind::lparen) ? parse_arguments() : tree_.make(CallArguments{});
    value = done(expr);
  }
  return value;
}

Expr* Parser::parse_test(Expr* value) {
  next();
  const bool negated = skip_name("not");
  Expr* expr = node(ExprKind::test, value->begin);
  expr->a = value;
  expr->name = parse_dotted_name();
  static constexpr std::array<TokenKind, 7> starts = {TokenKind::name,  TokenKind::string, TokenKind::integer,
                                                      TokenKind::real,  TokenKind::lparen, TokenKind::lbracket,
                                                      TokenKind::lbrace};
  CallArguments arguments;
  if (is(TokenKind::lparen)) {
    expr->arguments = parse_arguments();
  } else {
    if (std::ranges::find(starts, kind()) != starts.end() && !is_any_name({"else", "or", "and"})) {
      if (is_name("is")) fail("You cannot chain multiple tests with is");
      arguments.positional = tree_.keep(std::vector<Expr*>{parse_postfix(parse_primary())});
    }
    expr->arguments = tree_.make(arguments);
  }
  done(expr);
  if (!negated) return expr;
  Expr* not_expr = node(ExprKind::unary_not, expr->begin);
  not_expr->a = expr;
  return done(not_expr);
}

Expr* Parser::parse_tuple(bool simple, bool with_condition, const Names& ends, bool parenthesized,
                          bool with_namespace) {
  const uint32_t begin = current().begin;
  const auto parse_one = [&]() -> Expr* {
    if (!simple) return parse_expression(with_condition);
    if (with_namespace && is(TokenKind::name) && look().kind == TokenKind::dot) {
      Expr* target = node(ExprKind::namespace_target, current().begin);
      target->name = text(next());
      next();
      target->attribute = text(expect(TokenKind::name));
      return done(target);
    }
    return parse_primary();
  };
  std::vector<Expr*> items;
  bool is_tuple = false;
  while (true) {
    if (!items.empty()) expect(TokenKind::comma);
    if (is(TokenKind::variable_end) || is(TokenKind::block_end) || is(TokenKind::rparen) || is_any_name(ends)) break;
    if (is(TokenKind::eof) && is_tuple) break;
    items.push_back(parse_one());
    if (!is(TokenKind::comma)) break;
    is_tuple = true;
  }
  if (!is_tuple) {
    if (!items.empty()) return items[0];
    if (!parenthesized) fail("Expected an expression, got " + text::repr(described(current())));
  }
  Expr* expr = node(ExprKind::tuple, begin);
  expr->items = tree_.keep(items);
  return done(expr);
}

}  // namespace rynd::jinja

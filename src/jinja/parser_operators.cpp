// Parser: operators by their precedence, from conditions down to signs.
#include "parser.h"

namespace rynd::jinja {
namespace {

std::optional<CompareOp> compare_op(TokenKind kind) {
  switch (kind) {
    case TokenKind::eq:
      return CompareOp::equal;
    case TokenKind::ne:
      return CompareOp::not_equal;
    case TokenKind::lt:
      return CompareOp::less;
    case TokenKind::lteq:
      return CompareOp::less_equal;
    case TokenKind::gt:
      return CompareOp::greater;
    case TokenKind::gteq:
      return CompareOp::greater_equal;
    default:
      return std::nullopt;
  }
}

std::optional<Operator> product_op(TokenKind kind) {
  switch (kind) {
    case TokenKind::mul:
      return Operator::multiply;
    case TokenKind::div:
      return Operator::divide;
    case TokenKind::floordiv:
      return Operator::floor_divide;
    case TokenKind::mod:
      return Operator::modulo;
    default:
      return std::nullopt;
  }
}

}  // namespace

Expr* Parser::parse_expression(bool with_condition) { return with_condition ? parse_condition() : parse_or(); }

Expr* Parser::parse_condition() {
  const Nesting nesting(*this);
  const uint32_t begin = current().begin;
  Expr* value = parse_or();
  size_t chain = 0;
  while (skip_name("if")) {
    if (++chain > longest_chain) fail("the expression is too long");
    Expr* expr = node(ExprKind::conditional, begin);
    expr->a = value;
    expr->b = parse_or();
    if (skip_name("else")) expr->c = parse_condition();
    value = done(expr);
  }
  return value;
}

Expr* Parser::parse_or() {
  const uint32_t begin = current().begin;
  Expr* left = parse_and();
  for (size_t chain = 0; skip_name("or"); ++chain) {
    if (chain > longest_chain) fail("the expression is too long");
    Expr* expr = node(ExprKind::logical_or, begin);
    expr->a = left;
    expr->b = parse_and();
    left = done(expr);
  }
  return left;
}

Expr* Parser::parse_and() {
  const uint32_t begin = current().begin;
  Expr* left = parse_not();
  for (size_t chain = 0; skip_name("and"); ++chain) {
    if (chain > longest_chain) fail("the expression is too long");
    Expr* expr = node(ExprKind::logical_and, begin);
    expr->a = left;
    expr->b = parse_not();
    left = done(expr);
  }
  return left;
}

Expr* Parser::parse_not() {
  if (!is_name("not")) return parse_compare();
  const Nesting nesting(*this);
  Expr* expr = node(ExprKind::unary_not, current().begin);
  next();
  expr->a = parse_not();
  return done(expr);
}

Expr* Parser::parse_compare() {
  const uint32_t begin = current().begin;
  Expr* first = parse_sum();
  std::vector<Expr*> operands;
  std::vector<CompareOp> operators;
  while (true) {
    if (const auto op = compare_op(kind())) {
      next();
      operators.push_back(*op);
    } else if (is_name("in")) {
      next();
      operators.push_back(CompareOp::in);
    } else if (is_name("not") && look().kind == TokenKind::name && text(look()) == "in") {
      next();
      next();
      operators.push_back(CompareOp::not_in);
    } else {
      break;
    }
    operands.push_back(parse_sum());
  }
  if (operands.empty()) return first;
  Expr* expr = node(ExprKind::compare, begin);
  expr->a = first;
  expr->items = tree_.keep(operands);
  expr->operators = tree_.keep(operators);
  return done(expr);
}

Expr* Parser::parse_sum() {
  const uint32_t begin = current().begin;
  Expr* left = parse_concat();
  for (size_t chain = 0; is(TokenKind::add) || is(TokenKind::sub); ++chain) {
    if (chain > longest_chain) fail("the expression is too long");
    Expr* expr = node(ExprKind::arithmetic, begin);
    expr->op = next().kind == TokenKind::add ? Operator::add : Operator::subtract;
    expr->a = left;
    expr->b = parse_concat();
    left = done(expr);
  }
  return left;
}

Expr* Parser::parse_concat() {
  const uint32_t begin = current().begin;
  Expr* first = parse_product();
  if (!is(TokenKind::tilde)) return first;
  std::vector<Expr*> items = {first};
  while (skip(TokenKind::tilde)) items.push_back(parse_product());
  Expr* expr = node(ExprKind::concat, begin);
  expr->items = tree_.keep(items);
  return done(expr);
}

Expr* Parser::parse_product() {
  const uint32_t begin = current().begin;
  Expr* left = parse_power();
  size_t chain = 0;
  while (const auto op = product_op(kind())) {
    if (++chain > longest_chain) fail("the expression is too long");
    next();
    Expr* expr = node(ExprKind::arithmetic, begin);
    expr->op = *op;
    expr->a = left;
    expr->b = parse_power();
    left = done(expr);
  }
  return left;
}

Expr* Parser::parse_power() {
  const uint32_t begin = current().begin;
  Expr* left = parse_unary();
  for (size_t chain = 0; skip(TokenKind::pow); ++chain) {
    if (chain > longest_chain) fail("the expression is too long");
    Expr* expr = node(ExprKind::arithmetic, begin);
    expr->op = Operator::power;
    expr->a = left;
    expr->b = parse_unary();
    left = done(expr);
  }
  return left;
}

Expr* Parser::parse_unary(bool with_filter) {
  Expr* expr = nullptr;
  if (is(TokenKind::sub) || is(TokenKind::add)) {
    const Nesting nesting(*this);
    expr = node(is(TokenKind::sub) ? ExprKind::negate : ExprKind::positive, current().begin);
    next();
    expr->a = parse_unary(false);
    done(expr);
  } else {
    expr = parse_primary();
  }
  expr = parse_postfix(expr);
  return with_filter ? parse_filters_and_tests(expr) : expr;
}

}  // namespace rynd::jinja

// Parser: tokens to a tree, with Jinja's words for every mistake, going on after each.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "ast.h"
#include "base/diagnostic.h"
#include "lexer.h"

namespace rynd::jinja {

// A mistake in the text; thrown where it is found, caught at the tag around it.
struct SyntaxError {
  Code code = Code::template_syntax;
  std::string message;
  uint32_t begin = 0;
  uint32_t end = 0;
  std::vector<Label> related = {};
  std::string label = {};
};

class Parser {
 public:
  Parser(const SourcePtr& source, Lexed lexed, Tree& tree);

  // The tree's body; errors() tells whether it is whole.
  void parse_template();
  // The tree's expression.
  void parse_expression_only();
  std::vector<SyntaxError>& errors() { return errors_; }

 private:
  // Operators in a row: the tree leans left and is walked by recursion.
  static constexpr size_t longest_chain = 4000;

  // Refuses templates so deep that reading them would exhaust the stack.
  class Nesting {
   public:
    explicit Nesting(Parser& parser);
    ~Nesting() { --parser_.depth_; }

   private:
    Parser& parser_;
  };
  struct OpenTag {
    std::string_view name;
    uint32_t begin;
    uint32_t end;
  };
  using Names = std::vector<std::string_view>;

  // Tokens.
  const Token& current() const { return tokens_[at_]; }
  TokenKind kind() const { return tokens_[at_].kind; }
  const Token& look() const { return tokens_[at_ + 1 < tokens_.size() ? at_ + 1 : at_]; }
  std::string_view text(const Token& token) const { return all_.substr(token.begin, token.end - token.begin); }
  Token next();
  bool is(TokenKind kind) const { return this->kind() == kind; }
  bool is_name(std::string_view name) const { return is(TokenKind::name) && text(current()) == name; }
  bool is_any_name(const Names& names) const;
  bool skip(TokenKind kind);
  bool skip_name(std::string_view name);
  Token expect(TokenKind kind);
  Token expect_name(std::string_view name);
  std::string described(const Token& token) const;
  [[noreturn]] void fail(std::string message) const;
  [[noreturn]] void fail_at(std::string message, const Token& token) const;
  [[noreturn]] void fail_expected(std::string_view what) const;
  uint32_t last_end() const { return at_ == 0 ? 0 : tokens_[at_ - 1].end; }

  // Statements.
  Body subparse(const Names& ends);
  Body parse_statements(const Names& ends);
  Stmt* parse_text();
  Stmt* parse_output();
  Stmt* parse_tag();
  Stmt* parse_statement(Stmt statement, std::string_view keyword);
  Stmt* parse_if(Stmt statement);
  Stmt* parse_for(Stmt statement);
  Stmt* parse_set(Stmt statement);
  Stmt* parse_with(Stmt statement);
  Stmt* parse_macro(Stmt statement, DefinitionKind kind);
  Stmt* parse_materialization(Stmt statement);
  Stmt* parse_call_block(Stmt statement);
  Stmt* parse_filter_block(Stmt statement);
  Stmt* parse_block(Stmt statement);
  Stmt* parse_print(Stmt statement);
  Stmt* parse_loader(Stmt statement, std::string_view keyword);
  Stmt* parse_named_scope(Stmt statement, std::string_view keyword);
  void parse_definition_body(Definition& definition, std::string_view end);
  std::span<MacroParameter> parse_signature();
  std::string_view parse_type();
  Expr* parse_target(bool with_tuple, bool with_namespace, const Names& ends);
  void check_target(const Expr& target) const;
  [[noreturn]] void fail_tag(std::string_view name) const;
  [[noreturn]] void fail_end() const;
  std::string looking_for(std::string_view name) const;
  void recover(std::string_view keyword, size_t tags);
  void skip_to(TokenKind kind);
  void record(SyntaxError error);

  // Expressions.
  Expr* node(ExprKind kind, uint32_t begin);
  Expr* done(Expr* expr) const;
  Expr* constant(Value value, uint32_t begin);
  Expr* parse_expression(bool with_condition = true);
  Expr* parse_condition();
  Expr* parse_or();
  Expr* parse_and();
  Expr* parse_not();
  Expr* parse_compare();
  Expr* parse_sum();
  Expr* parse_concat();
  Expr* parse_product();
  Expr* parse_power();
  Expr* parse_unary(bool with_filter = true);
  Expr* parse_primary();
  Expr* parse_name();
  Expr* parse_string();
  Expr* parse_integer();
  Expr* parse_list();
  Expr* parse_dict();
  Expr* parse_postfix(Expr* expr);
  Expr* parse_filters_and_tests(Expr* expr);
  Expr* parse_subscript(Expr* object);
  Expr* parse_index(Expr* object);
  Expr* parse_call(Expr* callee);
  Expr* parse_filter(Expr* value, bool inline_start);
  Expr* parse_test(Expr* value);
  CallArguments* parse_arguments();
  void parse_argument(std::vector<Expr*>& positional, std::vector<NamedArgument>& named, CallArguments& arguments);
  Expr* parse_tuple(bool simple, bool with_condition, const Names& ends, bool parenthesized,
                    bool with_namespace = false);
  std::string_view parse_dotted_name();

  const SourcePtr source_;
  const std::string_view all_;
  const std::vector<Token> tokens_;
  const std::vector<LexError> lex_errors_;
  Tree& tree_;
  size_t at_ = 0;
  int depth_ = 0;
  std::vector<OpenTag> tags_;
  std::vector<Names> ends_;
  std::vector<SyntaxError> errors_;
};

}  // namespace rynd::jinja

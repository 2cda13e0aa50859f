// Compiler: a tree to code.
#pragma once

#include <memory>
#include <unordered_map>
#include <vector>

#include "ast.h"
#include "parser.h"
#include "program.h"
#include "scope.h"

namespace rynd::jinja {

class Compiler {
 public:
  Compiler(SourcePtr source, const Options& options);
  // The code; mistakes that only show here (unknown filters, blocks defined twice) are in errors().
  std::shared_ptr<const Program> compile(Tree& tree);
  std::vector<SyntaxError>& errors() { return errors_; }

 private:
  struct Loop {
    std::vector<size_t> breaks;
    size_t top = 0;
    size_t captures = 0;  // open when the loop began
  };
  // A function being written.
  struct Unit {
    uint32_t number = 0;
    uint32_t outer = 0;
    uint16_t next_slot = 0;
    int depth = 0;
    int deepest = 0;
    size_t captures_open = 0;
    std::vector<Loop> loops;
    std::vector<Variable*> captured;
    std::vector<bool> cells;
    uint32_t begin = 0;
    uint32_t end = 0;
  };

  // Emitting.
  CodeFunction& function() { return code_->functions[unit_->number]; }
  size_t emit(Op op, uint32_t c = 0, uint16_t b = 0, uint8_t a = 0);
  void adjust(int values);
  void place(uint32_t begin, uint32_t end);
  void place(const Expr& expr) { place(expr.begin, expr.end); }
  size_t here() { return function().code.size(); }
  void patch(size_t at) { function().code[at].c = static_cast<uint32_t>(here()); }
  uint16_t new_slot();
  uint32_t name_index(std::string_view name);
  uint32_t global_index(std::string_view name);
  uint32_t constant_index(Value value);
  uint32_t text_index(std::string_view text);
  Unit& open_unit(uint32_t number);
  void close_unit(Unit& unit);

  // Variables.
  uint16_t slot(Variable& variable);
  uint16_t captured(Unit& unit, Variable& variable);
  const Variable& base(const Variable& variable) const;
  void load(std::string_view name);
  void load_raw(Variable& variable);
  void store(Variable& variable);
  void enter(Scope& scope, bool fresh_frame);
  void bind(const Expr& target);

  // Statements.
  void compile(const Body& body);
  void compile(Stmt& statement);
  void compile_text(const Stmt& statement);
  void compile_set(Stmt& statement);
  void compile_set_block(Stmt& statement);
  void compile_if(Stmt& statement);
  void compile_for(Stmt& statement);
  void compile_recursive_for(Stmt& statement);
  void compile_loop(Stmt& statement);
  void compile_filtered_items(Stmt& statement);
  void check_loop_target(const Stmt& statement);
  void compile_macro(Stmt& statement);
  uint32_t compile_definition(Stmt& statement);
  void compile_parameters(const Definition& definition, Scope& scope);
  void describe_macro(const Stmt& statement, uint32_t function);
  void compile_call_block(Stmt& statement);
  void compile_with(Stmt& statement);
  void compile_block(Stmt& statement);
  void compile_scope(Stmt& statement);
  void leave_loop(bool again, const Stmt& statement);

  // Expressions.
  void compile(const Expr& expr);
  void compile_optional(const Expr* expr);
  void compile_items(const Expr& expr);
  void compile_name(const Expr& expr);
  void compile_attr(const Expr& expr, bool in_chain);
  void compile_object(const Expr& expr);
  bool compile_loop_attr(const Expr& expr);
  bool compile_self_attr(const Expr& expr);
  void find_blocks(const Body& body);
  void compile_slice(const Expr& expr);
  void compile_call(const Expr& expr, int caller = -1);
  void compile_filter(const Expr& expr);
  void compile_test(const Expr& expr);
  void compile_native(const Expr& expr, bool filter);
  void compile_compare(const Expr& expr);
  void compile_logical(const Expr& expr);
  void compile_conditional(const Expr& expr);
  // Arguments on the stack; where they are not all plain, the shape's index plus one.
  uint32_t compile_arguments(const CallArguments& arguments, uint16_t& count, int caller = -1,
                             bool value_first = false);

  // Uses.
  std::string dotted(const Expr& expr) const;
  void record_name(const Expr& expr);
  void record_call(const Expr& expr);
  std::optional<Value> literal(const Expr& expr) const;

  void fail(Code code, std::string message, uint32_t begin, uint32_t end);

  const SourcePtr source_;
  const std::string_view all_;
  const Options options_;
  Tree* tree_ = nullptr;
  std::shared_ptr<Program> code_;
  std::vector<std::unique_ptr<Unit>> units_;
  Unit* unit_ = nullptr;
  Scope* scope_ = nullptr;
  bool soft_ = false;  // in a condition: an unknown filter fails only when it is reached
  bool autoescape_ = false;
  std::vector<Uses*> uses_;
  std::unordered_map<std::string_view, uint32_t> blocks_;  // and their functions
  std::unordered_map<std::string_view, uint32_t> name_indexes_;
  std::unordered_map<std::string_view, uint32_t> global_indexes_;
  std::vector<SyntaxError> errors_;
};

}  // namespace rynd::jinja

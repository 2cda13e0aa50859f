// Tests: what stands after `is`.
#include <algorithm>
#include <array>

#include "filters.h"
#include "number.h"
#include "operations.h"
#include "text.h"

namespace rynd::jinja {
namespace {

bool is_text(const Value& value) { return value.is_string() || value.as<Markup>(); }

bool has_case(const Value& value, std::string_view method) {
  const Value text = soft_text(value);
  return call_native(*find_native(string_methods(), method), text, {}).truth();
}

Value compares(const Bound& bound, Comparison comparison) { return compare_values(comparison, bound.self, bound[0]); }

Value remainder_is(const Bound& bound, const Value& divisor, int64_t wanted) {
  return operate(Operator::modulo, bound.self, divisor) == Value(wanted);
}

bool is_callable(const Value& value) { return value.is_object() && value.as_object().is_callable(); }

bool is_sequence(const Value& value) {
  if (value.is_undefined()) return true;  // it has a length and items: none
  if (value.is_string() || value.is_list() || value.is_tuple() || value.is_dict()) return true;
  return value.is_object() && value.as_object().is_sequence();
}

bool is_mapping(const Value& value) { return value.is_dict() || (value.is_object() && value.as_object().is_mapping()); }

bool is_number(const Value& value) {
  return value.is_number() ||
         (value.is_object() && value.as_object().to_real() && value.type_name() == "decimal.Decimal");
}

Value equal(const Bound& bound) { return bound.self == bound[0]; }
Value not_equal(const Bound& bound) { return !(bound.self == bound[0]); }
Value at_least(const Bound& bound) { return compares(bound, Comparison::greater_equal); }
Value more(const Bound& bound) { return compares(bound, Comparison::greater); }
Value at_most(const Bound& bound) { return compares(bound, Comparison::less_equal); }
Value fewer(const Bound& bound) { return compares(bound, Comparison::less); }

constexpr std::array<Native, 39> natives = {{
    {"!=", "ne", "other", not_equal},
    {"<", "lt", "other", fewer},
    {"<=", "le", "other", at_most},
    {"==", "eq", "other", equal},
    {">", "gt", "other", more},
    {">=", "ge", "other", at_least},
    {"boolean", "test_boolean", "", [](const Bound& b) -> Value { return b.self.is_bool(); }},
    {"callable", "callable", "", [](const Bound& b) -> Value { return is_callable(b.self); }},
    {"defined", "test_defined", "", [](const Bound& b) -> Value { return !b.self.is_undefined(); }},
    {"divisibleby", "test_divisibleby", "num", [](const Bound& b) { return remainder_is(b, b[0], 0); }},
    {"eq", "eq", "other", equal},
    {"equalto", "eq", "other", equal},
    {"escaped", "test_escaped", "", [](const Bound& b) -> Value { return b.self.as<Markup>() != nullptr; }},
    {"even", "test_even", "", [](const Bound& b) { return remainder_is(b, Value(2), 0); }},
    {"false", "test_false", "", [](const Bound& b) -> Value { return b.self.is_bool() && !b.self.as_bool(); }},
    {"filter", "test_filter", "",
     [](const Bound& b) -> Value { return is_text(b.self) && find_filter(soft_text(b.self)); }},
    {"float", "test_float", "", [](const Bound& b) -> Value { return b.self.is_real(); }},
    {"ge", "ge", "other", at_least},
    {"greaterthan", "gt", "other", more},
    {"gt", "gt", "other", more},
    {"in", "test_in", "seq", [](const Bound& b) -> Value { return in(b.self, b[0]); }},
    {"integer", "test_integer", "", [](const Bound& b) -> Value { return b.self.is_integer(); }},
    {"iterable", "test_iterable", "",
     [](const Bound& b) -> Value { return b.self.is_undefined() || is_iterable(b.self); }},
    {"le", "le", "other", at_most},
    {"lessthan", "lt", "other", fewer},
    {"lower", "test_lower", "", [](const Bound& b) -> Value { return has_case(b.self, "islower"); }},
    {"lt", "lt", "other", fewer},
    {"mapping", "test_mapping", "", [](const Bound& b) -> Value { return is_mapping(b.self); }},
    {"ne", "ne", "other", not_equal},
    {"none", "test_none", "", [](const Bound& b) -> Value { return b.self.is_none(); }},
    {"number", "test_number", "", [](const Bound& b) -> Value { return is_number(b.self); }},
    {"odd", "test_odd", "", [](const Bound& b) { return remainder_is(b, Value(2), 1); }},
    {"sameas", "test_sameas", "other", [](const Bound& b) -> Value { return b.self.is_same(b[0]); }},
    {"sequence", "test_sequence", "", [](const Bound& b) -> Value { return is_sequence(b.self); }},
    {"string", "test_string", "", [](const Bound& b) -> Value { return is_text(b.self); }},
    {"test", "test_test", "", [](const Bound& b) -> Value { return is_text(b.self) && find_test(soft_text(b.self)); }},
    {"true", "test_true", "", [](const Bound& b) -> Value { return b.self.is_bool() && b.self.as_bool(); }},
    {"undefined", "test_undefined", "", [](const Bound& b) -> Value { return b.self.is_undefined(); }},
    {"upper", "test_upper", "", [](const Bound& b) -> Value { return has_case(b.self, "isupper"); }},
}};

}  // namespace

const Native* find_test(std::string_view name) { return find_native(natives, name); }

std::vector<std::string> test_names() {
  std::vector<std::string> names;
  for (const Native& test : natives) names.emplace_back(test.name);
  return names;
}

const Native& test_called(std::string_view name) {
  if (const Native* found = find_test(name)) return *found;
  throw_error("TemplateRuntimeError", "No test named " + text::repr(name) + ".");
}

}  // namespace rynd::jinja

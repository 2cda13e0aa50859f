// Number: Python's arithmetic on integers of any size, booleans and floats, and how numbers are written.
#pragma once

#include <boost/multiprecision/cpp_int.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "object.h"
#include "value.h"

namespace rynd::jinja {

using Big = boost::multiprecision::cpp_int;

// An integer that does not fit 64 bits.
class LargeInteger final : public Counted {
 public:
  explicit LargeInteger(Big number) : value(std::move(number)) {}
  const Big value;
};

Value make_integer(Big number);
// Of an integer or boolean.
Big to_big(const Value& value);
// Of any number; large integers are rounded, and throw OverflowError when no float is so large.
double to_real(const Value& value);

// All throw Python's exceptions; both operands are numbers (is_number()).
Value number_operate(Operator op, const Value& a, const Value& b);
Value number_negate(const Value& a);
std::partial_ordering number_compare(const Value& a, const Value& b);
uint64_t number_hash(const Value& a);

std::string real_repr(double value);
void write_integer(std::string& out, int64_t value);
// Python's round(x, digits) of a float, half to even on the decimal digits.
double real_round(double value, int digits);
// int("..."), float("..."): nothing where Python raises ValueError. Underscores and spaces around are as there.
std::optional<Value> parse_integer(std::string_view text, int base = 10);
std::optional<double> parse_real(std::string_view text);
// int(x) of a float; throws for nan and infinity.
Value real_to_integer(double value);

}  // namespace rynd::jinja

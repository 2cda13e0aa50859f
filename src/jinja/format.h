// Format: Python's two ways to write values into text: "%5.2f" % x and "{:>10}".format(x).
#pragma once

#include <string>
#include <string_view>

#include "value.h"

namespace rynd::jinja {

// `format % arguments`. All throw Python's exceptions.
std::string percent_format(std::string_view format, const Value& arguments);
// format(value, spec): what stands after the colon.
std::string format_value(const Value& value, std::string_view spec);

// The parts of a number before signs and padding are put to them.
struct NumberText {
  bool negative = false;
  std::string prefix;  // "0x"
  std::string digits;  // with point, exponent and percent sign
};
// Of an integer or boolean: type one of d b o x X, or c for the character.
NumberText integer_text(const Value& value, char type, bool alternate);
// Type one of e E f F g G %, or '\0' for the shortest that reads back; precision -1: the type's own.
NumberText real_text(double value, char type, int precision, bool alternate);
// Separators between groups of digits before the point: three, or four for b o x.
std::string grouped_digits(std::string_view digits, char separator, size_t group);

}  // namespace rynd::jinja

// NativeValue: what a text in YAML gives: a value where it is one expression, else a string.
#pragma once

#include <string_view>
#include <vector>

#include "native.h"
#include "value.h"

namespace rynd::jinja {

// From the values that a render printed one by one. Throws where as_bool or as_number was asked for and is not there.
Value native_value(std::vector<Value> printed);
// as_native, as_bool, as_number, as_text: marks in YAML, nothing elsewhere.
Value mark_value(const Bound& arguments, std::string_view filter);
// Python's ast.literal_eval; nothing where it raises.
std::optional<Value> literal_value(std::string_view text);

}  // namespace rynd::jinja

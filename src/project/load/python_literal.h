// Python literal: a value as Python's ast.literal_eval reads it: texts, numbers, True, False, None, and lists, tuples,
// sets and dicts of those.
#pragma once

#include <optional>
#include <span>

#include "base/node.h"
#include "load/python_tokens.h"

namespace rynd::project {

// The value that begins at `at`, which is moved past it; nothing, where there is none: `at` is then at the token that
// is no part of a literal. Bytes and complex numbers are none; the keys of a dict are texts, numbers as they are
// printed.
std::optional<Node> read_python_literal(std::string_view source, std::span<const PythonToken> tokens, size_t& at);

}  // namespace rynd::project

// Diagnostic: the one error type, from the YAML reader to the SQL binder. Plain data; render.h prints it.
#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <utility>
#include <vector>

#include "base/source.h"

namespace rynd {

enum class Severity : uint8_t { error, warning, note };

// Numbers are stable for ever: printed as RYNDnnnn, and found in codes.def.
enum class Code : uint16_t {
#define RYND_CODE(number, name, title) name = number,
#include "base/codes.def"
};

// "RYND0110"
std::string code_text(Code code);
// What the kind of problem is, from codes.def; "" for a number that is not registered.
std::string code_title(Code code);

// A second place that explains the first, with its own words.
struct Label {
  Span span;
  std::string text;
};

struct Diagnostic {
  Severity severity = Severity::error;
  Code code = Code::internal;
  // One line, lower case, no full stop; names in single quotes: "model 'a' selects 'b', which 'c' does not have".
  std::string message;
  Span span = {};
  // Stands beside the carets: "did you mean 'trips_total'?"
  std::string label = {};
  std::vector<Label> related = {};
  // What else is known: "columns of x: a, b"; printed as "= ..." lines.
  std::vector<std::string> notes = {};
  // What to do about it, in a sentence or a command.
  std::string help = {};
};

using Diagnostics = std::vector<Diagnostic>;

// What can fail by input, in one way.
template <class T>
using Result = std::expected<T, Diagnostic>;
// What can fail by input in several ways at once, all of them reported. Never unexpected with an empty list.
template <class T>
using Checked = std::expected<T, Diagnostics>;

inline std::unexpected<Diagnostic> fail(Diagnostic diagnostic) {
  return std::unexpected<Diagnostic>(std::move(diagnostic));
}
inline std::unexpected<Diagnostics> fail_all(Diagnostics diagnostics) {
  return std::unexpected<Diagnostics>(std::move(diagnostics));
}

// Errors before warnings never matter; by file name, then place, so that one run always prints the same.
void sort_by_place(Diagnostics& diagnostics);
bool has_errors(const Diagnostics& diagnostics);

}  // namespace rynd

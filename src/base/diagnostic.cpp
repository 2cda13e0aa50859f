// Diagnostic: the registry of codes, and the order in which problems are told.
#include "base/diagnostic.h"

#include <algorithm>
#include <cstdio>

namespace rynd {

std::string code_text(Code code) {
  char text[16];
  std::snprintf(text, sizeof text, "RYND%04u", static_cast<unsigned>(code));
  return text;
}

std::string code_title(Code code) {
  switch (code) {
#define RYND_CODE(number, name, title) \
  case Code::name:                     \
    return title;
#include "base/codes.def"
  }
  return "";
}

void sort_by_place(Diagnostics& diagnostics) {
  std::stable_sort(diagnostics.begin(), diagnostics.end(), [](const Diagnostic& a, const Diagnostic& b) {
    if (!a.span || !b.span) return !a.span && b.span;
    if (int order = a.span.source->name().compare(b.span.source->name())) return order < 0;
    return a.span.begin < b.span.begin;
  });
}

bool has_errors(const Diagnostics& diagnostics) {
  return std::any_of(diagnostics.begin(), diagnostics.end(),
                     [](const Diagnostic& d) { return d.severity == Severity::error; });
}

}  // namespace rynd

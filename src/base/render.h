// Render: a diagnostic for people, for machines and for a log.
#pragma once

#include <string>

#include "base/diagnostic.h"

namespace rynd {

struct TextStyle {
  bool color = false;
  int width = 100;  // columns; longer source lines are cut around the span
};

// The drawn form of design/style.md: "error[RYND1301]: ..." with place, source line, carets, notes and help.
// Ends in a newline; several are separated by a blank line.
std::string render_text(const Diagnostic& diagnostic, const TextStyle& style = {});
std::string render_text(const Diagnostics& diagnostics, const TextStyle& style = {});

// {"code","severity","message","file","line","column","end_line","end_column","notes":[],"help"}, one line, no newline.
// Unknown places are null.
std::string render_json(const Diagnostic& diagnostic);
// A JSON array of them.
std::string render_json(const Diagnostics& diagnostics);

// One line: "error RYND1301 models/a.sql:7:9 message; help: ..."
std::string render_log(const Diagnostic& diagnostic);

}  // namespace rynd

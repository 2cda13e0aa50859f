// Environment: puts the values of environment variables into a source's file, and keeps them out of every message.
#pragma once

#include <string>
#include <vector>

#include "base/diagnostic.h"
#include "base/node.h"
#include "base/process.h"
#include "ingest/source.h"

namespace rynd::ingest {

// Replaces ${NAME}, ${NAME:-default}, {{ env_var('NAME', 'default') }} and {env: NAME, default: ...} in all values.
// Below the keys whose texts hold placeholders, braces of a value are doubled, so that they stand for themselves. Unset
// variables are problems.
void expand_environment(Document& document, Process& process, std::vector<Secret>& secrets, Diagnostics& problems);

// The text with every secret written as ${NAME}.
std::string redact(std::string text, const std::vector<Secret>& secrets);
// Message, label, notes and help of each.
void redact(Diagnostic& diagnostic, const std::vector<Secret>& secrets);

}  // namespace rynd::ingest

// Cli: the program's command line, from its words to the exit code.
#pragma once

#include <string>
#include <vector>

namespace rynd::cli {

struct Session;

// Runs `rynd WORDS...`; returns the exit code. Never throws.
int run(const std::vector<std::string>& words, Session& session);

// The whole program: terminal, real doors, Ctrl-C.
int program(int count, char** words);

}  // namespace rynd::cli

// Witness: told of everything that reading a file asks for beside the file's own text. What was made of a file stays
// right for as long as the text and all the answers stay the same (load/partial/).
#pragma once

#include <cstdint>
#include <string_view>

namespace rynd::project {

// What is asked for, and what its name is.
enum class Question : uint8_t {
  environment,  // an environment variable
  variable,     // package and name of a var, a line feed between
  flag,         // flags.NAME
  target,       // the template's `target`; no name
  macro,        // all macros that have this name, in any package
  doc,          // all documentation blocks that have this name
  fixture,      // a fixture's contents, by its package and name
  file,         // a file's contents, by its path from the project's folder
  node,         // the files that define a model, seed, snapshot, ... of this name
  patch,        // what properties files say of nodes defined under this name
  moment,       // something that is different each time: the clock, the invocation's id; or something was said aloud
};
inline constexpr int question_count = 11;

class Witness {
 public:
  virtual ~Witness() = default;
  virtual void asked(Question question, std::string_view name) = 0;
};

}  // namespace rynd::project

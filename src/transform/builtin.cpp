// Builtin: the macro library that the build put into the binary, as the project reads it.
#include <deque>
#include <string>
#include <vector>

#include "embedded_macros.h"
#include "transform.h"

namespace rynd::transform {

std::span<const project::BuiltinFile> builtin_macros() {
  struct Library {
    std::deque<std::string> paths;
    std::vector<project::BuiltinFile> files;
  };
  static const Library library = [] {
    Library made;
    for (const EmbeddedFile& file : embedded_macros()) {
      const size_t slash = file.path.find('/');
      made.paths.push_back("macros" + std::string(file.path.substr(slash)));
      made.files.push_back({file.path.substr(0, slash), made.paths.back(), file.bytes});
    }
    return made;
  }();
  return library.files;
}

}  // namespace rynd::transform

// EmbeddedFile: a file that the build put into the binary (cmake/embed.cmake).
#pragma once

#include <string_view>

namespace rynd {

struct EmbeddedFile {
  std::string_view path;   // relative to the embedded folder, '/'-separated
  std::string_view bytes;  // lives as long as the program
};

}  // namespace rynd

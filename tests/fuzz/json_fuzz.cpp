// Fuzzes the JSON reader and writer: no text may crash them, and what is written is read back.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "base/json.h"
#include "base/render.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace rynd;
  auto document = json::read(make_source("fuzz.json", std::string(reinterpret_cast<const char*>(data), size)));
  if (!document) {
    render_text(document.error());
    return 0;
  }
  std::string text = json::write(document->root);
  auto again = json::read(make_source("again.json", text));
  if (!again || json::write(again->root) != text || json::write(again->root, 2) != json::write(document->root, 2))
    std::abort();
  return 0;
}

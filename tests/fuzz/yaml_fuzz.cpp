// Fuzzes the YAML reader and writer: no text may crash them, every place lies in the text, and what is written is read
// back.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "base/json.h"
#include "base/render.h"
#include "base/yaml.h"

namespace {

using namespace rynd;

void expect(bool holds) {
  if (!holds) std::abort();
}

void check_places(const Document& document, const Node& node) {
  expect(node.begin <= node.end && node.end <= document.source->text().size());
  for (const auto& item : node.items) check_places(document, item);
  for (const auto& entry : node.entries) {
    expect(entry.key_begin <= entry.key_end && entry.key_end <= document.source->text().size());
    check_places(document, entry.value);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  auto source = make_source("fuzz.yml", std::string(reinterpret_cast<const char*>(data), size));
  auto document = yaml::read(source);
  if (!document) {
    expect(!document.error().empty());
    render_text(document.error());
    render_json(document.error());
    return 0;
  }
  check_places(*document, document->root);
  auto again = yaml::read(make_source("again.yml", yaml::write(document->root)));
  expect(again.has_value());
  expect(json::write(again->root) == json::write(document->root));
  return 0;
}

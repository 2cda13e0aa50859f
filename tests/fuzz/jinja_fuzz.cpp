// Jinja fuzzer: any bytes either fail to compile with diagnostics whose places lie in the text, or render in bounded
// time.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "base/source.h"
#include "jinja/jinja.h"

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

// No long ranges: a template may not loop for long.
class SmallContext final : public rynd::jinja::Context {
 public:
  std::optional<rynd::jinja::Value> lookup(std::string_view name) override {
    using namespace rynd::jinja;
    if (name == "range" || name == "lipsum") return Value();
    if (name == "d") {
      const Value dict = Value::dict();
      dict.as_dict().set("a", Value::list({1, "b", 2.5}));
      return dict;
    }
    if (name == "return") return return_function();
    return std::nullopt;
  }
};

void check(const rynd::Diagnostics& diagnostics, size_t size) {
  require(!diagnostics.empty());
  for (const rynd::Diagnostic& diagnostic : diagnostics) {
    require(!diagnostic.message.empty());
    require(diagnostic.span.begin <= diagnostic.span.end && diagnostic.span.end <= size);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace rynd;
  if (size > 4096) return 0;
  const SourcePtr source = make_source("fuzz", std::string(reinterpret_cast<const char*>(data), size));
  if (const auto blocks = jinja::scan_blocks(source)) {
    for (const jinja::Block& block : *blocks) require(block.body.begin <= block.body.end && block.body.end <= size);
  } else {
    check(blocks.error(), size);
  }
  (void)jinja::Environment().compile_macros(source);
  const auto compiled = jinja::Environment({.bind_macro_names = true}).compile(source);
  if (!compiled) {
    check(compiled.error(), size);
    return 0;
  }
  const auto context = std::make_shared<SmallContext>();
  jinja::SourceMap map;
  const auto text = jinja::render(*compiled, context, {.map = &map});
  if (!text) return 0;
  size_t at = 0;
  for (const jinja::Segment& segment : map.segments) {
    require(segment.begin >= at && segment.begin + segment.size <= text->size());
    at = segment.begin + segment.size;
  }
  return 0;
}

// Tag: reads one component tag, such as <LineChart data={orders} x=month/>, out of a page's text.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/diagnostic.h"
#include "page/page.h"

namespace rynd::server {

struct Tag {
  std::string name;
  bool closing = false;       // </Grid>
  bool self_closing = false;  // <Value ... />
  std::vector<Attribute> attributes;
  Span span;
  Span name_span;
  Diagnostics errors;  // the tag is usable up to where it went wrong
};

// The tag that starts at byte `at`, where there is a '<' or '</' followed by an upper-case letter; nothing elsewhere.
// A tag that does not end before `limit` is an error (RYND0708) and ends with its line.
std::optional<Tag> read_tag(const SourcePtr& source, uint32_t at, uint32_t limit);

}  // namespace rynd::server

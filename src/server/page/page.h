// Page: what one pages/*.md file says: its text, queries, components and inputs, each with its place. Plain data.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostic.h"
#include "base/source.h"

namespace rynd::server {

struct ComponentSpec;

// What stands after `name=` in a tag.
struct AttributeValue {
  enum class Kind : uint8_t {
    text,       // x=month, x="month", x={'month'}
    number,     // y_max={10}; `text` has it as written
    boolean,    // sort={false}, and a bare `sort`
    list,       // y={['a', 'b']}, in `items`
    reference,  // data={orders}, in `text`
  };
  Kind kind = Kind::text;
  std::string text;
  std::vector<std::string> items;
};

struct Attribute {
  std::string name;
  AttributeValue value;
  Span name_span;
  Span value_span;  // the name where there is no value
};

// A tag of a page, in the order of the file; its id is its place in Page::components.
struct Component {
  const ComponentSpec* spec = nullptr;  // null where the name is not known: drawn as its diagnostic
  std::string name;                     // as written: "LineChart"
  std::vector<Attribute> attributes;
  std::vector<uint32_t> children;  // directly inside, in order
  std::optional<uint32_t> parent;
  std::string html;  // what stands inside a container, with slots for its children
  Span span;         // the opening tag
  Span name_span;

  const Attribute* find(std::string_view attribute) const;
  // The attribute's text; "" where it is not given.
  std::string_view text(std::string_view attribute) const;
};

// A stretch of a query's SQL.
struct QueryPart {
  enum class Kind : uint8_t {
    text,     // goes to the warehouse as it is
    query,    // ${name}: that query in parentheses
    input,    // ${inputs.name}, ${inputs.name.field}: a bound value
    literal,  // a string with inputs in it: `pieces` (text without the quotes, and inputs), to be joined with ||
  };
  Kind kind = Kind::text;
  std::string name;   // of the query or the input
  std::string field;  // of an input: "value", "label", "start", "end"; "" where not given
  std::vector<QueryPart> pieces;
  Span span;  // in the page's file
};

// A ```sql name fence.
struct Query {
  std::string name;
  std::vector<QueryPart> parts;
  Span span;  // the SQL between the fences
  Span name_span;
  // Filled by the check; both with what the queries it stands on use, in order of first use.
  std::vector<std::string> queries;
  std::vector<std::string> inputs;
  bool usable = true;  // false where it, or a query below it, has an error that was found without running it
};

struct Page {
  std::string name;  // the path below pages/ without ".md": "index", "sales/regions"
  SourcePtr source;
  std::string title;  // front matter's, else the first heading's, else made of the name
  std::string description;
  std::optional<int64_t> position;  // sidebar_position
  bool hide_title = false;
  std::string html;  // with <rynd-slot n="ID"></rynd-slot> for each component at its top level
  std::vector<Component> components;
  std::vector<Query> queries;
  Diagnostics diagnostics;

  const Query* query(std::string_view name) const;
  // The Dropdown or DateRange of that name.
  const Component* input(std::string_view name) const;
};

// Never fails: what is wrong is in the page's diagnostics, and the rest of it works.
Page read_page(std::string name, SourcePtr source);

}  // namespace rynd::server

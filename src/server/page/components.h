// Components: which tags a page may use, with their attributes. Reader, check and documentation go by this table.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace rynd::server {

enum class AttributeType : uint8_t {
  query,    // {name} of a query of the page
  column,   // a column of the component's query
  columns,  // one or several
  text,
  number,
  boolean,
  choice,  // one of `choices`
};

struct AttributeSpec {
  std::string_view name;
  AttributeType type;
  bool required = false;
  std::string_view text;          // one sentence for the manual
  std::string_view choices = {};  // separated by '|'
};

enum class ComponentKind : uint8_t {
  chart,
  table,
  value,      // one number
  input,      // has a name, and a value that queries use
  container,  // Markdown inside
  part,       // only inside its parent
};

struct ComponentSpec {
  std::string_view name;
  ComponentKind kind;
  std::string_view parent;  // of a part
  std::string_view text;
  std::span<const AttributeSpec> attributes;

  const AttributeSpec* find(std::string_view attribute) const;
  std::vector<std::string> attribute_names() const;
};

std::span<const ComponentSpec> components();
// nullptr where there is none; exact case.
const ComponentSpec* find_component(std::string_view name);
std::vector<std::string> component_names();

}  // namespace rynd::server

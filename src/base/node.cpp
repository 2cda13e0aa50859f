// Node: looking into and building what a YAML or JSON text says.
#include "base/node.h"

#include <algorithm>

namespace rynd {

const Entry* Node::find_entry(std::string_view key) const {
  auto found = std::find_if(entries.begin(), entries.end(), [key](const Entry& entry) { return entry.key == key; });
  return found == entries.end() ? nullptr : &*found;
}

const Node* Node::find(std::string_view key) const {
  const Entry* entry = find_entry(key);
  return entry ? &entry->value : nullptr;
}

Node Node::of(std::string value) {
  Node node;
  node.kind = Kind::string;
  node.text = std::move(value);
  return node;
}

Node Node::of(int64_t value) {
  Node node;
  node.kind = Kind::integer;
  node.integer = value;
  node.text = std::to_string(value);
  return node;
}

Node Node::of(bool value) {
  Node node;
  node.kind = Kind::boolean;
  node.boolean = value;
  node.text = value ? "true" : "false";
  return node;
}

Node Node::of_real(double value) {
  Node node;
  node.kind = Kind::real;
  node.real = value;
  return node;
}

Node Node::map() {
  Node node;
  node.kind = Kind::mapping;
  return node;
}

Node Node::list() {
  Node node;
  node.kind = Kind::sequence;
  return node;
}

void Node::add(std::string key, Node value) {
  kind = Kind::mapping;
  entries.push_back(Entry{std::move(key), 0, 0, std::move(value)});
}

Node& Node::set(std::string key, Node value) {
  kind = Kind::mapping;
  for (auto& entry : entries) {
    if (entry.key == key) return entry.value = std::move(value);
  }
  entries.push_back(Entry{std::move(key), 0, 0, std::move(value)});
  return entries.back().value;
}

}  // namespace rynd

// Node: what a YAML or JSON text says, each value and key with its place.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/list.h"
#include "base/source.h"

namespace rynd {

struct Entry;

// A value read from YAML or JSON. Offsets are bytes in the document's source.
struct Node {
  enum class Kind : uint8_t { null, boolean, integer, real, string, sequence, mapping };

  Kind kind = Kind::null;
  bool quoted = false;   // a scalar that was quoted or a block: stays a string whatever it looks like
  bool boolean = false;  // kind boolean
  uint32_t begin = 0;
  uint32_t end = 0;
  int64_t integer = 0;  // kind integer; one that does not fit is kind real with its digits in `text`
  double real = 0;      // kind real
  std::string text;     // a scalar's text as written (without quotes, escapes resolved); a string's value
  List<Node> items;     // kind sequence
  List<Entry> entries;  // kind mapping, in the order of the file

  Node();
  Node(const Node& other);
  Node(Node&& other) noexcept;
  Node& operator=(const Node& other);
  Node& operator=(Node&& other) noexcept;
  ~Node();

  bool is_null() const { return kind == Kind::null; }
  bool is_string() const { return kind == Kind::string; }
  bool is_scalar() const { return kind != Kind::sequence && kind != Kind::mapping; }
  bool is_sequence() const { return kind == Kind::sequence; }
  bool is_mapping() const { return kind == Kind::mapping; }
  // The value of a key; nullptr where this is no mapping or has no such key.
  const Node* find(std::string_view key) const;
  const Entry* find_entry(std::string_view key) const;

  static Node of(std::string value);
  static Node of(const char* value);  // else a literal would become a boolean
  static Node of(std::string_view value);
  static Node of(int64_t value);
  static Node of(int value);
  static Node of(bool value);
  static Node of_real(double value);
  static Node map();
  static Node list();
  // Adds a key that a mapping does not have.
  void add(std::string key, Node value);
  // Sets or replaces a key of a mapping; returns the value's place in it.
  Node& set(std::string key, Node value);
};

struct Entry {
  std::string key;
  uint32_t key_begin = 0;
  uint32_t key_end = 0;
  Node value;
};

// Here, where Entry is whole.
inline Node::Node() = default;
inline Node::Node(const Node& other) = default;
inline Node::Node(Node&& other) noexcept = default;
inline Node& Node::operator=(const Node& other) = default;
inline Node& Node::operator=(Node&& other) noexcept = default;
inline Node::~Node() = default;
inline Node Node::of(const char* value) { return of(std::string(value)); }
inline Node Node::of(int value) { return of(static_cast<int64_t>(value)); }
inline Node Node::of(std::string_view value) { return of(std::string(value)); }

// A whole file: its source and its root. An empty file has a null root.
struct Document {
  SourcePtr source;
  Node root;

  Span span(const Node& node) const { return {source, node.begin, node.end}; }
  Span key_span(const Entry& entry) const { return {source, entry.key_begin, entry.key_end}; }
};

}  // namespace rynd

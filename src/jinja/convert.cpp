// Convert: values from and to what YAML and JSON say.
#include <cmath>

#include "base/json.h"
#include "modules.h"
#include "number.h"
#include "objects.h"
#include "operations.h"
#include "text.h"

namespace rynd::jinja {
namespace {

[[noreturn]] void throw_unwritable(const Value& value) {
  const std::string_view name = value.type_name();
  const size_t dot = name.rfind('.');
  throw_type("Object of type " + std::string(dot == std::string_view::npos ? name : name.substr(dot + 1)) +
             " is not JSON serializable");
}

constexpr int deepest = 200;

void check_depth(int depth) {
  if (depth > deepest) throw_value("Circular reference detected");
}

std::string key_text(const Value& key) {
  if (key.is_string()) return key.str();
  if (key.is_bool()) return key.as_bool() ? "true" : "false";
  if (key.is_none()) return "null";
  if (key.is_number()) return key.repr();
  throw_type("keys must be str, int, float, bool or None, not " + std::string(key.type_name()));
}

void quote(std::string& out, std::string_view string) {
  static constexpr char digits[] = "0123456789abcdef";
  const auto unit = [&](uint32_t code) {
    out += "\\u";
    for (int shift = 12; shift >= 0; shift -= 4) out += digits[code >> shift & 15];
  };
  out += '"';
  for (size_t at = 0; at < string.size();) {
    const text::Point here = text::point(string, at);
    at += here.size;
    if (const std::string_view escape = json::short_escape(here.code); !escape.empty()) {
      out += escape;
    } else if (here.code >= 0x10000) {
      unit(0xD800 + ((here.code - 0x10000) >> 10));
      unit(0xDC00 + ((here.code - 0x10000) & 0x3FF));
    } else if (here.code < 32 || here.code > 126) {
      unit(here.code);
    } else {
      out += static_cast<char>(here.code);
    }
  }
  out += '"';
}

void write(std::string& out, const Value& value, bool sort_keys, int depth);

void write_dict(std::string& out, const Dict& dict, bool sort_keys, int depth) {
  std::vector<const Table::Entry*> entries;
  for (const Table::Entry& entry : dict.entries()) {
    if (!entry.key.is_missing()) entries.push_back(&entry);
  }
  if (sort_keys) {
    std::ranges::stable_sort(entries,
                             [](const Table::Entry* a, const Table::Entry* b) { return less(a->key, b->key); });
  }
  out += '{';
  for (size_t at = 0; at < entries.size(); ++at) {
    if (at > 0) out += ", ";
    quote(out, key_text(entries[at]->key));
    out += ": ";
    write(out, entries[at]->value, sort_keys, depth + 1);
  }
  out += '}';
}

void write(std::string& out, const Value& value, bool sort_keys, int depth) {
  check_depth(depth);
  const auto write_items = [&](const std::vector<Value>& items) {
    out += '[';
    for (size_t at = 0; at < items.size(); ++at) {
      if (at > 0) out += ", ";
      write(out, items[at], sort_keys, depth + 1);
    }
    out += ']';
  };
  if (value.is_string()) return quote(out, value.as_string());
  if (value.is_none()) return void(out += "null");
  if (value.is_bool()) return void(out += value.as_bool() ? "true" : "false");
  if (value.is_integer()) return value.write_repr(out);
  if (value.is_real()) {
    const double real = value.as_real();
    out += std::isnan(real) ? "NaN" : std::isinf(real) ? (real < 0 ? "-Infinity" : "Infinity") : real_repr(real);
    return;
  }
  if (value.is_list()) return write_items(value.as_list().items);
  if (value.is_tuple()) return write_items(value.as_tuple().items);
  if (value.is_dict()) return write_dict(out, value.as_dict(), sort_keys, depth);
  if (value.is_object()) {
    if (const std::optional<Value> other = take(value.as_object().to_jsonable()))
      return write(out, *other, sort_keys, depth + 1);
  }
  throw_unwritable(value);
}

// Python's isoformat().
std::string iso_text(const Value& value) {
  std::string text = value.str();
  if (as_datetime(value)) std::ranges::replace(text, ' ', 'T');
  return text;
}

Node node_of(const Value& value, int depth) {
  check_depth(depth);
  const auto list_of = [&](const std::vector<Value>& items) {
    Node node = Node::list();
    for (const Value& item : items) node.items.push_back(node_of(item, depth + 1));
    return node;
  };
  switch (value.kind()) {
    case Value::Kind::none:
    case Value::Kind::missing:
    case Value::Kind::undefined:
      return {};
    case Value::Kind::boolean:
      return Node::of(value.as_bool());
    case Value::Kind::integer:
      return Node::of(value.as_int());
    case Value::Kind::real:
      return Node::of_real(value.as_real());
    case Value::Kind::large_integer: {
      Node node = Node::of_real(to_real(value));
      node.text = value.str();
      return node;
    }
    case Value::Kind::short_text:
    case Value::Kind::long_text:
      return Node::of(value.str());
    case Value::Kind::list:
      return list_of(value.as_list().items);
    case Value::Kind::tuple:
      return list_of(value.as_tuple().items);
    case Value::Kind::set:
      return list_of(items_of(value));
    case Value::Kind::dict: {
      Node node = Node::map();
      for (const Table::Entry& entry : value.as_dict().entries()) {
        if (!entry.key.is_missing()) node.set(key_text(entry.key), node_of(entry.value, depth + 1));
      }
      return node;
    }
    case Value::Kind::object:
      if (const std::optional<Value> other = take(value.as_object().to_jsonable())) return node_of(*other, depth + 1);
      if (const std::optional<std::string> number = as_decimal(value)) {
        Node node = Node::of_real(std::strtod(number->c_str(), nullptr));
        node.text = *number;
        return node;
      }
      if (is_date_like(value)) return Node::of(iso_text(value));
      if (!value.as_object().is_callable() && value.as_object().is_iterable()) return list_of(items_of(value));
      break;
  }
  throw_unwritable(value);
}

}  // namespace

Value from_node(const Node& node) {
  switch (node.kind) {
    case Node::Kind::null:
      return {};
    case Node::Kind::boolean:
      return node.boolean;
    case Node::Kind::integer:
      return node.integer;
    case Node::Kind::real:
      if (node.text.find_first_not_of("+-0123456789") == std::string::npos) {
        if (std::optional<Value> integer = parse_integer(node.text)) return std::move(*integer);
      }
      return node.real;
    case Node::Kind::string:
      return node.text;
    case Node::Kind::sequence: {
      std::vector<Value> items;
      items.reserve(node.items.size());
      for (const Node& item : node.items) items.push_back(from_node(item));
      return Value::list(std::move(items));
    }
    case Node::Kind::mapping: {
      Value dict = Value::dict();
      for (const Entry& entry : node.entries) dict.as_dict().set(entry.key, from_node(entry.value));
      return dict;
    }
  }
  return {};
}

Outcome<Node> to_node(const Value& value) {
  return guard([&] { return node_of(value, 0); });
}

Outcome<std::string> to_json(const Value& value, bool sort_keys) {
  return guard([&] {
    std::string out;
    write(out, value, sort_keys, 0);
    return out;
  });
}

}  // namespace rynd::jinja

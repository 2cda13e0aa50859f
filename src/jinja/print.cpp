// Print: Python's str() and repr() of every kind of value.
#include <algorithm>

#include "number.h"
#include "object.h"
#include "operations.h"
#include "text.h"
#include "value.h"

namespace rynd::jinja {
namespace {

// The containers being written, to stop at one that holds itself.
using Open = std::vector<const Counted*>;

void write(std::string& out, const Value& value, Open& open);

template <class Items, class Write>
void write_items(std::string& out, const Items& items, Write&& write_one) {
  bool first = true;
  for (const auto& item : items) {
    if (!first) out += ", ";
    first = false;
    write_one(item);
  }
}

void write_dict(std::string& out, const Dict& dict, Open& open) {
  out += '{';
  bool first = true;
  for (const Table::Entry& entry : dict.entries()) {
    if (entry.key.is_missing()) continue;
    if (!first) out += ", ";
    first = false;
    write(out, entry.key, open);
    out += ": ";
    write(out, entry.value, open);
  }
  out += '}';
}

void write_set(std::string& out, const Set& set, Open& open) {
  if (set.empty()) {
    out += "set()";
    return;
  }
  out += '{';
  bool first = true;
  for (const Table::Entry& entry : set.entries()) {
    if (entry.key.is_missing()) continue;
    if (!first) out += ", ";
    first = false;
    write(out, entry.key, open);
  }
  out += '}';
}

void write_container(std::string& out, const Value& value, Open& open) {
  const auto write_one = [&](const Value& item) { write(out, item, open); };
  if (value.is_list()) {
    out += '[';
    write_items(out, value.as_list().items, write_one);
    out += ']';
  } else if (value.is_tuple()) {
    out += '(';
    write_items(out, value.as_tuple().items, write_one);
    out += value.as_tuple().items.size() == 1 ? ",)" : ")";
  } else if (value.is_dict()) {
    write_dict(out, value.as_dict(), open);
  } else {
    write_set(out, value.as_set(), open);
  }
}

void write(std::string& out, const Value& value, Open& open) {
  if (value.kind() < Value::Kind::list || value.is_object()) return value.write_repr(out);
  if (std::ranges::find(open, value.pointer()) != open.end()) {
    out += value.is_list() ? "[...]" : value.is_tuple() ? "(...)" : value.is_dict() ? "{...}" : "set(...)";
    return;
  }
  open.push_back(value.pointer());
  write_container(out, value, open);
  open.pop_back();
}

}  // namespace

void Value::write_str(std::string& out) const {
  switch (kind_) {
    case Kind::short_text:
    case Kind::long_text:
      out.append(as_string());
      return;
    case Kind::integer:
      write_integer(out, as_int());
      return;
    case Kind::undefined:
    case Kind::missing:
      return;
    case Kind::object:
      out += as_object().str();
      return;
    default:
      write_repr(out);
      return;
  }
}

void Value::write_repr(std::string& out) const {
  switch (kind_) {
    case Kind::missing:
    case Kind::undefined:
      out += "Undefined";
      return;
    case Kind::none:
      out += "None";
      return;
    case Kind::boolean:
      out += as_bool() ? "True" : "False";
      return;
    case Kind::integer:
      write_integer(out, as_int());
      return;
    case Kind::real:
      out += real_repr(as_real());
      return;
    case Kind::short_text:
    case Kind::long_text:
      text::write_repr(out, as_string());
      return;
    case Kind::large_integer:
      out += as_large().value.str();
      return;
    case Kind::object:
      out += as_object().repr();
      return;
    default:
      break;
  }
  Open open;
  write(out, *this, open);
}

std::string Value::str() const {
  if (is_string()) return std::string(as_string());
  std::string out;
  write_str(out);
  return out;
}

std::string Value::repr() const {
  std::string out;
  write_repr(out);
  return out;
}

}  // namespace rynd::jinja

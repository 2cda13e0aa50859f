// Compare: equality, order and hashes, as Python has them between all kinds.
#include "number.h"
#include "object.h"
#include "operations.h"
#include "value.h"

namespace rynd::jinja {
namespace {

constexpr int deepest = 200;  // a list may hold itself

bool equal(const Value& a, const Value& b, int depth);

bool equal_items(const std::vector<Value>& a, const std::vector<Value>& b, int depth) {
  if (a.size() != b.size()) return false;
  for (size_t at = 0; at < a.size() && at < b.size(); ++at) {
    if (!a[at].is_same(b[at]) && !equal(a[at], b[at], depth)) return false;
  }
  return true;
}

bool equal_dicts(const Dict& a, const Dict& b, int depth) {
  if (a.size() != b.size()) return false;
  for (const Table::Entry& entry : a.entries()) {
    if (entry.key.is_missing()) continue;
    const Value* other = b.find(entry.key, entry.hash);
    if (!other || (!entry.value.is_same(*other) && !equal(entry.value, *other, depth))) return false;
  }
  return true;
}

bool equal_sets(const Set& a, const Set& b) {
  if (a.size() != b.size()) return false;
  for (const Table::Entry& entry : a.entries()) {
    if (!entry.key.is_missing() && !b.find(entry.key, entry.hash)) return false;
  }
  return true;
}

bool equal(const Value& a, const Value& b, int depth) {
  if (a.is_string() && b.is_string()) return a.as_string() == b.as_string();
  if (a.is_number() && b.is_number()) return number_compare(a, b) == 0;
  if (a.is_object()) return a.as_object().equals(b) || (b.is_object() && b.as_object().equals(a));
  if (b.is_object()) return b.as_object().equals(a);
  if (a.kind() != b.kind()) return false;
  if (depth > deepest) throw_error("RecursionError", "maximum recursion depth exceeded in comparison");
  switch (a.kind()) {
    case Value::Kind::none:
    case Value::Kind::missing:
    case Value::Kind::undefined:
      return true;
    case Value::Kind::list:
      return equal_items(a.as_list().items, b.as_list().items, depth + 1);
    case Value::Kind::tuple:
      return equal_items(a.as_tuple().items, b.as_tuple().items, depth + 1);
    case Value::Kind::dict:
      return equal_dicts(a.as_dict(), b.as_dict(), depth + 1);
    case Value::Kind::set:
      return equal_sets(a.as_set(), b.as_set());
    default:
      return false;
  }
}

std::string_view symbol(Comparison op) {
  switch (op) {
    case Comparison::less:
      return "<";
    case Comparison::less_equal:
      return "<=";
    case Comparison::greater:
      return ">";
    case Comparison::greater_equal:
      return ">=";
    case Comparison::equal:
      return "==";
    case Comparison::not_equal:
      return "!=";
  }
  return "";
}

[[noreturn]] void throw_unordered(Comparison op, const Value& a, const Value& b) {
  const auto last_name = [](const Value& value) {
    const std::string_view name = value.type_name();
    const size_t dot = name.rfind('.');
    return std::string(dot == std::string_view::npos ? name : name.substr(dot + 1));
  };
  if (a.is_undefined()) throw_undefined(a);
  if (b.is_undefined()) throw_undefined(b);
  throw_type("'" + std::string(symbol(op)) + "' not supported between instances of '" + last_name(a) + "' and '" +
             (b.is_object() && b.type_name().starts_with("datetime.") ? std::string(b.type_name()) : last_name(b)) +
             "'");
}

std::partial_ordering order(Comparison op, const Value& a, const Value& b, int depth);

std::partial_ordering order_items(Comparison op, const std::vector<Value>& a, const std::vector<Value>& b, int depth) {
  const size_t shared = std::min(a.size(), b.size());
  for (size_t at = 0; at < shared; ++at) {
    if (!a[at].is_same(b[at]) && !equal(a[at], b[at], depth)) return order(op, a[at], b[at], depth);
  }
  return a.size() <=> b.size();
}

std::partial_ordering order_sets(const Set& a, const Set& b) {
  const auto within = [](const Set& small, const Set& large) {
    for (const Table::Entry& entry : small.entries()) {
      if (!entry.key.is_missing() && !large.find(entry.key, entry.hash)) return false;
    }
    return true;
  };
  const bool below = within(a, b);
  const bool above = within(b, a);
  if (below && above) return std::partial_ordering::equivalent;
  return below   ? std::partial_ordering::less
         : above ? std::partial_ordering::greater
                 : std::partial_ordering::unordered;
}

std::partial_ordering order(Comparison op, const Value& a, const Value& b, int depth) {
  if (a.is_string() && b.is_string()) return a.as_string() <=> b.as_string();
  if (a.is_number() && b.is_number()) return number_compare(a, b);
  if (depth > deepest) throw_error("RecursionError", "maximum recursion depth exceeded in comparison");
  if (a.is_list() && b.is_list()) return order_items(op, a.as_list().items, b.as_list().items, depth + 1);
  if (a.is_tuple() && b.is_tuple()) return order_items(op, a.as_tuple().items, b.as_tuple().items, depth + 1);
  if (a.is_set() && b.is_set()) return order_sets(a.as_set(), b.as_set());
  if (a.is_object()) {
    if (const auto found = a.as_object().compare(b)) return *found;
  }
  if (b.is_object()) {
    if (const auto found = b.as_object().compare(a)) return 0 <=> *found;
  }
  throw_unordered(op, a, b);
}

uint64_t hash_items(const std::vector<Value>& items) {
  uint64_t state = 0x345678;
  for (const Value& item : items) state = (state ^ hash_of(item)) * 0x9E3779B97F4A7C15ULL + 0x7F4A7C15;
  return state;
}

}  // namespace

bool compare_values(Comparison op, const Value& a, const Value& b) {
  switch (op) {
    case Comparison::equal:
      return equal(a, b, 0);
    case Comparison::not_equal:
      return !equal(a, b, 0);
    case Comparison::less:
      return order(op, a, b, 0) < 0;
    case Comparison::less_equal:
      return order(op, a, b, 0) <= 0;
    case Comparison::greater:
      return order(op, a, b, 0) > 0;
    case Comparison::greater_equal:
      return order(op, a, b, 0) >= 0;
  }
  return false;
}

bool less(const Value& a, const Value& b) { return order(Comparison::less, a, b, 0) < 0; }

uint64_t hash_of(const Value& value) {
  switch (value.kind()) {
    case Value::Kind::missing:
    case Value::Kind::none:
      return 0x5EED;
    case Value::Kind::undefined:
      return 0x5EEE;
    case Value::Kind::boolean:
    case Value::Kind::integer:
    case Value::Kind::real:
    case Value::Kind::large_integer:
      return number_hash(value);
    case Value::Kind::short_text:
    case Value::Kind::long_text:
      return hash_text(value.as_string());
    case Value::Kind::tuple:
      return hash_items(value.as_tuple().items);
    case Value::Kind::object:
      if (const auto found = value.as_object().hash()) return *found;
      break;
    default:
      break;
  }
  throw_type("unhashable type: '" + std::string(value.type_name()) + "'");
}

bool operator==(const Value& a, const Value& b) {
  const Outcome<bool> result = guard([&] { return equal(a, b, 0); });
  return result && *result;
}

Outcome<std::partial_ordering> compare(const Value& a, const Value& b) {
  return guard([&] { return order(Comparison::less, a, b, 0); });
}

Outcome<uint64_t> hash(const Value& value) {
  return guard([&] { return hash_of(value); });
}

}  // namespace rynd::jinja

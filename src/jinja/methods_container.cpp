// Methods of lists, tuples, dicts, sets and numbers.
#include <algorithm>
#include <array>
#include <cmath>

#include "native.h"
#include "number.h"
#include "objects.h"
#include "operations.h"
#include "text.h"

namespace rynd::jinja {
namespace {

std::vector<Value>& items(const Bound& bound) { return bound.self.as_list().items; }
Dict& dict(const Bound& bound) { return bound.self.as_dict(); }
Set& set(const Bound& bound) { return bound.self.as_set(); }

// What sort and sorted do: stable, by a key, and an error of a comparison ends it.
void sort_values(std::vector<Value>& values, const Value& key, bool reverse) {
  std::vector<std::pair<Value, Value>> keyed;
  keyed.reserve(values.size());
  for (Value& value : values) {
    Value by = key.is_none() ? value : take(call(key, {value}));
    keyed.emplace_back(std::move(by), std::move(value));
  }
  if (reverse) std::ranges::reverse(keyed);
  std::ranges::stable_sort(keyed, [](const auto& a, const auto& b) { return less(a.first, b.first); });
  if (reverse) std::ranges::reverse(keyed);
  for (size_t i = 0; i < values.size(); ++i) values[i] = std::move(keyed[i].second);
}

size_t position_in(const std::vector<Value>& values, const Bound& bound, std::string_view problem) {
  const auto size = static_cast<int64_t>(values.size());
  const auto clamp = [&](int64_t index) { return std::clamp(index < 0 ? index + size : index, int64_t{0}, size); };
  for (int64_t i = clamp(bound.integer(1, 0)); i < clamp(bound.integer(2, size)); ++i) {
    if (values[static_cast<size_t>(i)] == bound[0]) return static_cast<size_t>(i);
  }
  throw_value(std::string(problem));
}

Value list_append(const Bound& bound) {
  items(bound).push_back(bound[0]);
  return {};
}

Value list_extend(const Bound& bound) {
  std::vector<Value> more = items_of(bound[0]);
  items(bound).insert(items(bound).end(), more.begin(), more.end());
  return {};
}

Value list_insert(const Bound& bound) {
  const auto size = static_cast<int64_t>(items(bound).size());
  const int64_t index = bound.integer(0, 0);
  items(bound).insert(items(bound).begin() + std::clamp(index < 0 ? index + size : index, int64_t{0}, size), bound[1]);
  return {};
}

Value list_pop(const Bound& bound) {
  const auto size = static_cast<int64_t>(items(bound).size());
  if (size == 0) throw_error("IndexError", "pop from empty list");
  int64_t index = bound.integer(0, -1);
  if (index < 0) index += size;
  if (index < 0 || index >= size) throw_error("IndexError", "pop index out of range");
  Value value = items(bound)[static_cast<size_t>(index)];
  items(bound).erase(items(bound).begin() + index);
  return value;
}

Value list_remove(const Bound& bound) {
  const auto at = std::ranges::find_if(items(bound), [&](const Value& value) { return value == bound[0]; });
  if (at == items(bound).end()) throw_value("list.remove(x): x not in list");
  items(bound).erase(at);
  return {};
}

Value list_sort(const Bound& bound) {
  std::vector<Value> values = items(bound);
  sort_values(values, bound.value(0), bound.flag(1));
  items(bound) = std::move(values);
  return {};
}

Value list_index(const Bound& bound) {
  return static_cast<int64_t>(position_in(items(bound), bound, bound[0].repr() + " is not in list"));
}

int64_t count_equal(const std::vector<Value>& values, const Value& wanted) {
  return std::ranges::count_if(values, [&](const Value& value) { return value == wanted; });
}

constexpr std::array<Native, 11> list_natives = {{
    {"append", "list.append", "object", list_append},
    {"clear", "list.clear", "", [](const Bound& b) { return items(b).clear(), Value(); }},
    {"copy", "list.copy", "", [](const Bound& b) { return Value::list(items(b)); }},
    {"count", "list.count", "value", [](const Bound& b) -> Value { return count_equal(items(b), b[0]); }},
    {"extend", "list.extend", "iterable", list_extend},
    {"index", "index", "value start= stop=", list_index},
    {"insert", "insert", "index object", list_insert},
    {"pop", "pop", "index=", list_pop},
    {"remove", "list.remove", "value", list_remove},
    {"reverse", "list.reverse", "", [](const Bound& b) { return std::ranges::reverse(items(b)), Value(); }},
    {"sort", "sort", "key= reverse=", list_sort},
}};

constexpr std::array<Native, 2> tuple_natives = {{
    {"count", "tuple.count", "value",
     [](const Bound& b) -> Value { return count_equal(b.self.as_tuple().items, b[0]); }},
    {"index", "index", "value start= stop=",
     [](const Bound& b) -> Value {
       return static_cast<int64_t>(position_in(b.self.as_tuple().items, b, "tuple.index(x): x not in tuple"));
     }},
}};

void update_dict(Dict& target, const Value& source) {
  if (source.is_dict()) {
    // A dict may be updated with itself.
    const std::vector<Table::Entry> entries = source.as_dict().entries();
    for (const Table::Entry& entry : entries) {
      if (!entry.key.is_missing()) target.set(entry.key, entry.hash, entry.value);
    }
    return;
  }
  if (source.is_object() && source.as_object().is_mapping()) {
    for (const Value& key : items_of(source)) take(target.set(key, subscript(source, key, false)));
    return;
  }
  size_t index = 0;
  for (const Value& pair : items_of(source)) {
    const std::vector<Value> two = items_of(pair);
    if (two.size() != 2) {
      throw_value("dictionary update sequence element #" + std::to_string(index) + " has length " +
                  std::to_string(two.size()) + "; 2 is required");
    }
    take(target.set(two[0], two[1]));
    ++index;
  }
}

Value dict_update(const Bound& bound) {
  if (bound.all.size() > 1) throw_type("update expected at most 1 argument, got " + std::to_string(bound.all.size()));
  if (bound.all.size() == 1) update_dict(dict(bound), bound.all[0]);
  for (size_t i = 0; i < bound.all.named_size(); ++i) dict(bound).set(bound.all.name(i), bound.all.named(i));
  return {};
}

Value dict_get(const Bound& bound) {
  const Value* found = take(dict(bound).find(bound[0]));
  return found ? *found : bound.value(1);
}

Value dict_pop(const Bound& bound) {
  const Value* found = take(dict(bound).find(bound[0]));
  if (!found) {
    if (bound.has(1)) return bound[1];
    throw_error("KeyError", bound[0].repr());
  }
  Value value = *found;
  dict(bound).erase(bound[0], hash_of(bound[0]));
  return value;
}

Value dict_pop_item(const Bound& bound) {
  const std::vector<Table::Entry>& entries = dict(bound).entries();
  for (size_t i = entries.size(); i-- > 0;) {
    if (entries[i].key.is_missing()) continue;
    const Table::Entry last = entries[i];
    dict(bound).erase(last.key, last.hash);
    return Value::tuple({last.key, last.value});
  }
  throw_error("KeyError", "'popitem(): dictionary is empty'");
}

Value dict_set_default(const Bound& bound) {
  if (const Value* found = take(dict(bound).find(bound[0]))) return *found;
  Value value = bound.value(1);
  take(dict(bound).set(bound[0], value));
  return value;
}

Value dict_copy(const Bound& bound) {
  Value copy = Value::dict();
  update_dict(copy.as_dict(), bound.self);
  return copy;
}

Value dict_from_keys(const Bound& bound) {
  Value made = Value::dict();
  for (const Value& key : items_of(bound[0])) take(made.as_dict().set(key, bound.value(1)));
  return made;
}

Value view(const Bound& bound, DictView::Part part) { return make<DictView>(bound.self, part); }

constexpr std::array<Native, 11> dict_natives = {{
    {"clear", "dict.clear", "", [](const Bound& b) { return dict(b).clear(), Value(); }},
    {"copy", "dict.copy", "", dict_copy},
    {"fromkeys", "fromkeys", "iterable value=", dict_from_keys},
    {"get", "get", "key default=", dict_get},
    {"items", "dict.items", "", [](const Bound& b) { return view(b, DictView::Part::items); }},
    {"keys", "dict.keys", "", [](const Bound& b) { return view(b, DictView::Part::keys); }},
    {"pop", "pop", "key default=", dict_pop},
    {"popitem", "dict.popitem", "", dict_pop_item},
    {"setdefault", "setdefault", "key default=", dict_set_default},
    {"update", "update", "*", dict_update},
    {"values", "dict.values", "", [](const Bound& b) { return view(b, DictView::Part::values); }},
}};

void add_all(Set& target, const Value& source) {
  for (const Value& item : items_of(source)) take(target.set(item, Value()));
}

Value copy_of(const Set& source) {
  Value copy = Value::set();
  for (const Table::Entry& entry : source.entries()) {
    if (!entry.key.is_missing()) copy.as_set().set(entry.key, entry.hash, {});
  }
  return copy;
}

Value union_of(const Bound& bound) {
  Value result = copy_of(set(bound));
  for (const Value& other : bound.all.positional()) add_all(result.as_set(), other);
  return result;
}

// The items for which being in the other is as wanted.
Value filtered(const Set& source, const Value& other, bool wanted) {
  Value others = Value::set();
  add_all(others.as_set(), other);
  Value result = Value::set();
  for (const Table::Entry& entry : source.entries()) {
    if (!entry.key.is_missing() && (others.as_set().find(entry.key, entry.hash) != nullptr) == wanted) {
      result.as_set().set(entry.key, entry.hash, {});
    }
  }
  return result;
}

Value filtered_by_all(const Bound& bound, bool wanted) {
  Value result = copy_of(set(bound));
  for (const Value& other : bound.all.positional()) result = filtered(result.as_set(), other, wanted);
  return result;
}

Value symmetric(const Bound& bound) {
  Value others = Value::set();
  add_all(others.as_set(), bound[0]);
  Value result = filtered(set(bound), bound[0], false);
  add_all(result.as_set(), filtered(others.as_set(), bound.self, false));
  return result;
}

bool contains_all(const Set& outer, const Value& inner) {
  for (const Value& item : items_of(inner)) {
    if (!outer.find(item, hash_of(item))) return false;
  }
  return true;
}

Value is_subset(const Bound& bound) {
  Value others = Value::set();
  add_all(others.as_set(), bound[0]);
  return contains_all(others.as_set(), bound.self);
}

Value set_remove(const Bound& bound, bool must_exist) {
  if (!set(bound).erase(bound[0], hash_of(bound[0])) && must_exist) throw_error("KeyError", bound[0].repr());
  return {};
}

Value set_pop(const Bound& bound) {
  for (const Table::Entry& entry : set(bound).entries()) {
    if (entry.key.is_missing()) continue;
    const Value key = entry.key;
    set(bound).erase(key, hash_of(key));
    return key;
  }
  throw_error("KeyError", "'pop from an empty set'");
}

Value set_update(const Bound& bound) {
  for (const Value& other : bound.all.positional()) add_all(set(bound), other);
  return {};
}

constexpr std::array<Native, 14> set_natives = {{
    {"add", "set.add", "element", [](const Bound& b) { return take(set(b).set(b[0], Value())), Value(); }},
    {"clear", "set.clear", "", [](const Bound& b) { return set(b).clear(), Value(); }},
    {"copy", "set.copy", "", [](const Bound& b) { return copy_of(set(b)); }},
    {"difference", "set.difference", "*", [](const Bound& b) { return filtered_by_all(b, false); }},
    {"discard", "set.discard", "element", [](const Bound& b) { return set_remove(b, false); }},
    {"intersection", "set.intersection", "*", [](const Bound& b) { return filtered_by_all(b, true); }},
    {"isdisjoint", "set.isdisjoint", "other",
     [](const Bound& b) -> Value { return filtered(set(b), b[0], true).as_set().empty(); }},
    {"issubset", "set.issubset", "other", is_subset},
    {"issuperset", "set.issuperset", "other", [](const Bound& b) -> Value { return contains_all(set(b), b[0]); }},
    {"pop", "set.pop", "", set_pop},
    {"remove", "set.remove", "element", [](const Bound& b) { return set_remove(b, true); }},
    {"symmetric_difference", "set.symmetric_difference", "other", symmetric},
    {"union", "set.union", "*", union_of},
    {"update", "set.update", "*", set_update},
}};

Value bit_length(const Bound& bound) {
  if (bound.self.is_real()) throw_error("AttributeError", "'float' object has no attribute 'bit_length'");
  const Big number = abs(to_big(bound.self));
  return number == 0 ? Value(0) : Value(static_cast<int64_t>(msb(number)) + 1);
}

Value is_integer(const Bound& bound) {
  return !bound.self.is_real() || std::floor(bound.self.as_real()) == bound.self.as_real();
}

// The fraction that a number is, in lowest terms.
Value integer_ratio(const Bound& bound) {
  if (!bound.self.is_real()) return Value::tuple({make_integer(to_big(bound.self)), 1});
  const double real = bound.self.as_real();
  if (std::isnan(real)) throw_value("cannot convert NaN to integer ratio");
  if (std::isinf(real)) throw_error("OverflowError", "cannot convert Infinity to integer ratio");
  int exponent = 0;
  Big numerator(std::ldexp(std::frexp(real, &exponent), 53));
  Big denominator = 1;
  exponent -= 53;
  if (exponent >= 0) {
    numerator <<= exponent;
  } else {
    denominator <<= -exponent;
  }
  const Big shared = gcd(numerator, denominator);
  return Value::tuple({make_integer(numerator / shared), make_integer(denominator / shared)});
}

constexpr std::array<Native, 4> number_natives = {{
    {"as_integer_ratio", "as_integer_ratio", "", integer_ratio},
    {"bit_length", "int.bit_length", "", bit_length},
    {"conjugate", "conjugate", "", [](const Bound& b) { return b.self; }},
    {"is_integer", "float.is_integer", "", is_integer},
}};

}  // namespace

std::span<const Native> list_methods() { return list_natives; }
std::span<const Native> tuple_methods() { return tuple_natives; }
std::span<const Native> dict_methods() { return dict_natives; }
std::span<const Native> set_methods() { return set_natives; }
std::span<const Native> number_methods() { return number_natives; }

}  // namespace rynd::jinja

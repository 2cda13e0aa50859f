// Filters over sequences that look at all their items.
#include <algorithm>
#include <array>
#include <random>

#include "filters.h"
#include "number.h"
#include "objects.h"
#include "operations.h"
#include "text.h"

namespace rynd::jinja {
namespace {

// What groupby gives: a pair that also has names.
class Group final : public Object {
 public:
  Group(Value grouper, Value list) : grouper_(std::move(grouper)), list_(std::move(list)) {}
  std::string_view type_name() const override { return "tuple"; }
  Outcome<std::optional<Value>> attr(std::string_view name) override {
    if (name == "grouper") return grouper_;
    if (name == "list") return list_;
    return std::nullopt;
  }
  Outcome<std::optional<Value>> item(const Value& key) override {
    if (!key.is_int() || key.as_int() < -2 || key.as_int() > 1) return std::nullopt;
    return key.as_int() == 0 || key.as_int() == -2 ? grouper_ : list_;
  }
  Outcome<IteratorPtr> iterate() override { return jinja::iterate({grouper_, list_}); }
  bool is_iterable() const override { return true; }
  bool is_sequence() const override { return true; }
  std::optional<size_t> length() override { return 2; }
  std::string repr() override { return "(" + grouper_.repr() + ", " + list_.repr() + ")"; }
  bool equals(const Value& other) override { return other == Value::tuple({grouper_, list_}); }

 private:
  const Value grouper_;
  const Value list_;
};

Value batch(const Bound& bound) {
  const int64_t size = std::max<int64_t>(1, bound.integer(0, 1));
  std::vector<Value> rows;
  std::vector<Value> row;
  for (const Value& item : items_of(bound.self)) {
    if (static_cast<int64_t>(row.size()) == size) rows.push_back(Value::list(std::exchange(row, {})));
    row.push_back(item);
  }
  if (!row.empty()) {
    if (bound.is_given(1)) check_room(size, sizeof(Value));
    if (bound.is_given(1)) row.resize(static_cast<size_t>(size), bound[1]);
    rows.push_back(Value::list(std::move(row)));
  }
  return Value::list(std::move(rows));
}

Value slice(const Bound& bound) {
  const std::vector<Value> items = items_of(bound.self);
  const int64_t count = bound.integer(0, 1);
  if (count == 0) throw_error("ZeroDivisionError", "integer division or modulo by zero");
  const auto slices = static_cast<size_t>(std::max<int64_t>(0, count));
  std::vector<Value> rows;
  size_t at = 0;
  for (size_t i = 0; i < slices; ++i) {
    const size_t size = items.size() / slices + (i < items.size() % slices ? 1 : 0);
    std::vector<Value> row(items.begin() + static_cast<ptrdiff_t>(at),
                           items.begin() + static_cast<ptrdiff_t>(at + size));
    at += size;
    if (bound.is_given(1) && i >= items.size() % slices) row.push_back(bound[1]);
    rows.push_back(Value::list(std::move(row)));
  }
  return Value::list(std::move(rows));
}

std::vector<Value> dict_pairs(const Value& dict) {
  std::vector<Value> pairs;
  for (const Table::Entry& entry : dict.as_dict().entries()) {
    if (!entry.key.is_missing()) pairs.push_back(Value::tuple({entry.key, entry.value}));
  }
  return pairs;
}

void sort_by_keys(std::vector<Value>& items, const std::vector<std::vector<Value>>& keys, bool reverse) {
  std::vector<size_t> order(items.size());
  for (size_t i = 0; i < order.size(); ++i) order[i] = reverse ? order.size() - 1 - i : i;
  std::ranges::stable_sort(order, [&](size_t a, size_t b) {
    for (size_t part = 0; part < keys[a].size(); ++part) {
      if (keys[a][part] == keys[b][part]) continue;
      return less(keys[a][part], keys[b][part]);
    }
    return false;
  });
  if (reverse) std::ranges::reverse(order);
  std::vector<Value> sorted;
  sorted.reserve(items.size());
  for (const size_t index : order) sorted.push_back(std::move(items[index]));
  items = std::move(sorted);
}

Value dict_sort(const Bound& bound) {
  const std::string by = bound.has(1) ? bound[1].str() : "key";
  if (by != "key" && by != "value")
    throw_error("FilterArgumentError", "You can only sort by either \"key\" or \"value\"");
  if (!bound.self.is_dict())
    throw_error("AttributeError", "'" + std::string(bound.self.type_name()) + "' object has no attribute 'items'");
  std::vector<Value> pairs = dict_pairs(bound.self);
  std::vector<std::vector<Value>> keys;
  for (const Value& pair : pairs)
    keys.push_back({fold_case(pair.as_tuple().items[by == "key" ? 0 : 1], bound.flag(0))});
  sort_by_keys(pairs, keys, bound.flag(2));
  return Value::list(std::move(pairs));
}

// "a,b.c" sorts by several.
std::vector<AttributePath> paths_of(const Value& attribute) {
  std::vector<AttributePath> paths;
  if (!attribute.is_string()) {
    paths.emplace_back(attribute);
    return paths;
  }
  std::string_view rest = attribute.as_string();
  for (;;) {
    const size_t comma = rest.find(',');
    paths.emplace_back(Value(rest.substr(0, comma)));
    if (comma == std::string_view::npos) return paths;
    rest.remove_prefix(comma + 1);
  }
}

Value sort(const Bound& bound) {
  std::vector<Value> items = items_of(bound.self);
  const std::vector<AttributePath> paths = paths_of(bound.value(2));
  std::vector<std::vector<Value>> keys;
  for (const Value& item : items) {
    std::vector<Value>& key = keys.emplace_back();
    for (const AttributePath& path : paths) key.push_back(fold_case(path.of(item), bound.flag(1)));
  }
  sort_by_keys(items, keys, bound.flag(0));
  return Value::list(std::move(items));
}

Value group_by(const Bound& bound) {
  const AttributePath path(bound[0], bound.is_given(1) ? bound[1] : Value::missing());
  const bool case_sensitive = bound.flag(2);
  std::vector<Value> items = items_of(bound.self);
  std::vector<std::vector<Value>> keys;
  for (const Value& item : items) keys.push_back({fold_case(path.of(item), case_sensitive)});
  sort_by_keys(items, keys, false);
  std::vector<Value> groups;
  std::vector<Value> members;
  Value current = Value::missing();
  const auto close = [&] {
    if (members.empty()) return;
    // The group is named by its first member, whose case is the one to show.
    Value name = path.of(members.front());
    groups.push_back(make<Group>(std::move(name), Value::list(std::exchange(members, {}))));
  };
  for (Value& item : items) {
    const Value key = fold_case(path.of(item), case_sensitive);
    if (current.is_missing() || !(key == current)) close();
    current = key;
    members.push_back(std::move(item));
  }
  close();
  return Value::list(std::move(groups));
}

Value unique(const Bound& bound) {
  const AttributePath path(bound.value(1));
  Value seen = Value::set();
  std::vector<Value> kept;
  for (const Value& item : items_of(bound.self)) {
    const Value key = fold_case(path.of(item), bound.flag(0));
    const uint64_t hash = hash_of(key);
    if (seen.as_set().find(key, hash)) continue;
    seen.as_set().set(key, hash, {});
    kept.push_back(item);
  }
  return generator("do_unique", [kept = std::move(kept), at = size_t{0}]() mutable -> std::optional<Value> {
    if (at == kept.size()) return std::nullopt;
    return kept[at++];
  });
}

Value extreme(const Bound& bound, bool greatest) {
  const AttributePath path(bound.value(1));
  const std::vector<Value> items = items_of(bound.self);
  if (items.empty()) return Value::undefined_because("No aggregated item, sequence was empty.");
  size_t best = 0;
  Value best_key = fold_case(path.of(items[0]), bound.flag(0));
  for (size_t i = 1; i < items.size(); ++i) {
    Value key = fold_case(path.of(items[i]), bound.flag(0));
    if (compare_values(greatest ? Comparison::greater : Comparison::less, key, best_key)) {
      best = i;
      best_key = std::move(key);
    }
  }
  return items[best];
}

Value first(const Bound& bound) {
  const IteratorPtr items = iterator_of(bound.self);
  std::optional<Value> item = next(*items);
  return item ? std::move(*item) : Value::undefined_because("No first item, sequence was empty.");
}

Value last(const Bound& bound) {
  const std::vector<Value> items = items_of(bound.self);
  return items.empty() ? Value::undefined_because("No last item, sequence was empty.") : items.back();
}

Value random(const Bound& bound) {
  const std::vector<Value> items = items_of(bound.self);
  if (items.empty()) return Value::undefined_because("No random item, sequence was empty.");
  std::random_device source;
  return items[std::uniform_int_distribution<size_t>(0, items.size() - 1)(source)];
}

Value join(const Bound& bound) {
  const std::string separator = bound.has(0) ? soft_text(bound[0]) : "";
  const AttributePath path(bound.value(1));
  std::string out;
  bool started = false;
  for (const Value& item : items_of(bound.self)) {
    if (started) out += separator;
    started = true;
    out += soft_text(path.of(item));
  }
  return out;
}

Value reverse(const Bound& bound) {
  if (bound.self.is_string()) return slice(bound.self, Value(), Value(), Value(-1));
  if (!is_iterable(bound.self)) throw_error("FilterArgumentError", "argument must be iterable");
  std::vector<Value> items = items_of(bound.self);
  return generator("reversed", [items = std::move(items)]() mutable -> std::optional<Value> {
    if (items.empty()) return std::nullopt;
    Value item = std::move(items.back());
    items.pop_back();
    return item;
  });
}

Value sum(const Bound& bound) {
  const AttributePath path(bound.value(0));
  Value total = bound.value(1, 0);
  for (const Value& item : items_of(bound.self)) total = operate(Operator::add, total, path.of(item));
  return total;
}

Value items(const Bound& bound) {
  if (bound.self.is_undefined()) return Value::list();
  if (!bound.self.is_dict()) throw_type("Can only get item pairs from a mapping.");
  return generator("do_items", [pairs = dict_pairs(bound.self), at = size_t{0}]() mutable -> std::optional<Value> {
    if (at == pairs.size()) return std::nullopt;
    return pairs[at++];
  });
}

Value length(const Bound& bound) { return static_cast<int64_t>(length_of(bound.self)); }

constexpr std::array<Native, 18> natives = {{
    {"batch", "do_batch", "linecount fill_with=", batch},
    {"count", "len", "", length},
    {"dictsort", "do_dictsort", "case_sensitive= by= reverse=", dict_sort},
    {"first", "do_first", "", first},
    {"groupby", "do_groupby", "attribute default= case_sensitive=", group_by},
    {"items", "do_items", "", items},
    {"join", "do_join", "d= attribute=", join},
    {"last", "do_last", "", last},
    {"length", "len", "", length},
    {"list", "do_list", "", [](const Bound& b) { return Value::list(items_of(b.self)); }},
    {"max", "do_max", "case_sensitive= attribute=", [](const Bound& b) { return extreme(b, true); }},
    {"min", "do_min", "case_sensitive= attribute=", [](const Bound& b) { return extreme(b, false); }},
    {"random", "do_random", "", random},
    {"reverse", "do_reverse", "", reverse},
    {"slice", "do_slice", "slices fill_with=", static_cast<Value (*)(const Bound&)>(slice)},
    {"sort", "do_sort", "reverse= case_sensitive= attribute=", sort},
    {"sum", "do_sum", "attribute= start=", sum},
    {"unique", "do_unique", "case_sensitive= attribute=", unique},
}};

bool is_number_text(std::string_view part) {
  return !part.empty() && part.find_first_not_of("0123456789") == std::string_view::npos;
}

}  // namespace

AttributePath::AttributePath(const Value& path, Value fallback) : fallback_(std::move(fallback)) {
  if (path.is_none()) return;
  if (!path.is_string()) {
    parts_.push_back(path);
    return;
  }
  std::string_view rest = path.as_string();
  for (;;) {
    const size_t dot = rest.find('.');
    const std::string_view part = rest.substr(0, dot);
    parts_.push_back(is_number_text(part) ? *parse_integer(part) : Value(part));
    if (dot == std::string_view::npos) return;
    rest.remove_prefix(dot + 1);
  }
}

Value AttributePath::of(const Value& value) const {
  Value at = value;
  for (const Value& part : parts_) {
    at = subscript(at, part, false);
    if (at.is_undefined() && !fallback_.is_missing()) at = fallback_;
  }
  return at;
}

Value fold_case(const Value& value, bool case_sensitive) {
  return !case_sensitive && value.is_string() ? Value(text::lower(value.as_string())) : value;
}

std::span<const Native> sequence_filters() { return natives; }

}  // namespace rynd::jinja

// Access: attributes, items, slices, iteration and calls, by the rules of Jinja's sandbox.
#include <algorithm>
#include <array>

#include "native.h"
#include "number.h"
#include "objects.h"
#include "operations.h"
#include "text.h"

namespace rynd::jinja {
namespace {

// What every Python object has and the sandbox hides.
bool is_hidden_attribute(std::string_view name) {
  static constexpr std::array<std::string_view, 24> names = {
      "__class__",   "__delattr__",      "__dict__",        "__dir__", "__doc__",  "__eq__",     "__format__",
      "__ge__",      "__getattribute__", "__globals__",     "__gt__",  "__hash__", "__init__",   "__init_subclass__",
      "__le__",      "__lt__",           "__module__",      "__ne__",  "__new__",  "__reduce__", "__repr__",
      "__setattr__", "__str__",          "__subclasshook__"};
  return name.starts_with("__") && std::ranges::find(names, name) != names.end();
}

std::string last_name(std::string_view name) {
  const size_t dot = name.rfind('.');
  return std::string(dot == std::string_view::npos ? name : name.substr(dot + 1));
}

Value unsafe_attribute(const Value& object, std::string_view name) {
  std::string message = "access to attribute " + text::repr(name) + " of " + text::repr(last_name(object.type_name())) +
                        " object is unsafe.";
  return Value(make<UndefinedName>(Value(name), Value(std::move(message)), "SecurityError", false));
}

Value permissive_or_throw(const Value& undefined) {
  if (undefined.as_undefined()->permissive) return undefined;
  throw_undefined(undefined);
}

template <class Items>
const Value* element(const Items& items, const Value& key) {
  if (!key.is_int() && !key.is_bool()) return nullptr;
  const int64_t index = key.as_int() < 0 ? key.as_int() + static_cast<int64_t>(items.size()) : key.as_int();
  return index >= 0 && static_cast<size_t>(index) < items.size() ? &items[static_cast<size_t>(index)] : nullptr;
}

std::optional<Value> character(std::string_view string, const Value& key) {
  if (!key.is_int() && !key.is_bool()) return std::nullopt;
  const auto size = static_cast<int64_t>(text::length(string));
  const int64_t index = key.as_int() < 0 ? key.as_int() + size : key.as_int();
  if (index < 0 || index >= size) return std::nullopt;
  return Value(text::part(string, static_cast<size_t>(index), static_cast<size_t>(index) + 1));
}

// Nothing: LookupError or TypeError, which the sandbox turns into a look for an attribute.
std::optional<Value> plain_item(const Value& object, const Value& key) {
  const Value* found = nullptr;
  switch (object.kind()) {
    case Value::Kind::list:
      found = element(object.as_list().items, key);
      break;
    case Value::Kind::tuple:
      found = element(object.as_tuple().items, key);
      break;
    case Value::Kind::dict:
      if (const Outcome<Value*> looked = object.as_dict().find(key)) found = *looked;
      break;
    case Value::Kind::short_text:
    case Value::Kind::long_text:
      return character(object.as_string(), key);
    case Value::Kind::object:
      return take(object.as_object().item(key));
    default:
      break;
  }
  return found ? std::optional<Value>(*found) : std::nullopt;
}

std::optional<Value> guarded_attribute(const Value& object, std::string_view name) {
  if (name.starts_with('_') && is_hidden_attribute(name)) return unsafe_attribute(object, name);
  std::optional<Value> found = plain_attribute(object, name);
  if (found && name.starts_with('_')) return unsafe_attribute(object, name);
  return found;
}

class SharedIterator final : public Iterator {
 public:
  explicit SharedIterator(Value sequence) : sequence_(std::move(sequence)) {}
  Outcome<std::optional<Value>> next() override {
    const std::vector<Value>& items = sequence_.is_list() ? sequence_.as_list().items : sequence_.as_tuple().items;
    if (at_ >= items.size()) return std::nullopt;
    return items[at_++];
  }

 private:
  const Value sequence_;
  size_t at_ = 0;
};

class KeyIterator final : public Iterator {
 public:
  KeyIterator(Value owner, const Table& table) : owner_(std::move(owner)), table_(table), size_(table.size()) {}
  Outcome<std::optional<Value>> next() override {
    if (table_.size() != size_) {
      return raise("RuntimeError",
                   owner_.is_dict() ? "dictionary changed size during iteration" : "Set changed size during iteration");
    }
    while (at_ < table_.entries().size()) {
      const Value& key = table_.entries()[at_++].key;
      if (!key.is_missing()) return key;
    }
    return std::nullopt;
  }

 private:
  const Value owner_;
  const Table& table_;
  const size_t size_;
  size_t at_ = 0;
};

class CharacterIterator final : public Iterator {
 public:
  explicit CharacterIterator(Value string) : string_(std::move(string)) {}
  Outcome<std::optional<Value>> next() override {
    const std::string_view all = string_.as_string();
    if (at_ == all.size()) return std::nullopt;
    const size_t size = text::point(all, at_).size;
    at_ += size;
    return Value(all.substr(at_ - size, size));
  }

 private:
  const Value string_;
  size_t at_ = 0;
};

std::vector<Value> sliced(const std::vector<Value>& items, const SliceRange& range) {
  std::vector<Value> out;
  out.reserve(range.count());
  int64_t at = range.start;
  for (size_t left = range.count(); left > 0; --left, at += range.step) out.push_back(items[static_cast<size_t>(at)]);
  return out;
}

Value sliced_text(std::string_view string, const SliceRange& range) {
  if (range.step == 1) {
    return Value(
        text::part(string, static_cast<size_t>(range.start), static_cast<size_t>(std::max(range.start, range.stop))));
  }
  std::vector<std::string_view> points;
  for (size_t at = 0; at < string.size();) {
    const size_t size = text::point(string, at).size;
    points.push_back(string.substr(at, size));
    at += size;
  }
  std::string out;
  int64_t at = range.start;
  for (size_t left = range.count(); left > 0; --left, at += range.step) out += points[static_cast<size_t>(at)];
  return Value(std::move(out));
}

int64_t slice_bound(const Value& value) {
  if (value.is_int() || value.is_bool()) return value.as_int();
  if (value.is_integer()) return value.as_large().value < 0 ? INT64_MIN / 2 : INT64_MAX / 2;
  if (value.is_undefined()) throw_undefined(value);
  throw_type("slice indices must be integers or None or have an __index__ method");
}

}  // namespace

std::string describe_type(const Value& value) {
  if (value.is_none()) return "None";
  return std::string(value.type_name()) + " object";
}

Value make_undefined_attr(const Value& object, const Value& name, bool permissive) {
  Ref<UndefinedName> undefined = make<UndefinedName>(name, object, "UndefinedError", permissive);
  undefined->of_object = true;
  return Value(std::move(undefined));
}

std::string UndefinedName::message() const {
  if (of_object && name.is_string()) return text::repr(describe_type(explanation)) + " has no attribute " + name.repr();
  if (of_object) return describe_type(explanation) + " has no element " + name.repr();
  return explanation.is_missing() ? "'" + name.str() + "' is undefined" : explanation.str();
}

void throw_undefined(const Value& undefined) {
  const UndefinedName& name = *undefined.as_undefined();
  throw_error(std::string(name.type), name.message());
}

std::optional<Value> plain_attribute(const Value& object, std::string_view name) {
  if (object.is_object()) return take(object.as_object().attr(name));
  if (object.is_undefined()) return permissive_or_throw(object);
  if (object.is_number() && (name == "real" || name == "numerator"))
    return object.is_bool() ? Value(object.as_int()) : object;
  if (object.is_number() && (name == "imag" || (name == "denominator" && !object.is_real()))) {
    if (object.is_real()) return Value(0.0);
    return Value(name == "imag" ? 0 : 1);
  }
  const Native* method = find_method(object.kind(), name);
  return method ? std::optional<Value>(bound_method(*method, object)) : std::nullopt;
}

Value attribute(const Value& object, std::string_view name, uint64_t name_hash, bool permissive) {
  if (object.is_undefined()) return permissive_or_throw(object);
  if (std::optional<Value> found = guarded_attribute(object, name)) return std::move(*found);
  if (object.is_dict()) {
    if (const Value* found = object.as_dict().find(name, name_hash)) return *found;
  } else if (object.is_object()) {
    if (std::optional<Value> found = take(object.as_object().item(Value(name)))) return std::move(*found);
  }
  return make_undefined_attr(object, Value(name), permissive);
}

Value subscript(const Value& object, const Value& key, bool permissive) {
  if (object.is_undefined()) return permissive_or_throw(object);
  if (std::optional<Value> found = plain_item(object, key)) return std::move(*found);
  if (key.is_string()) {
    if (std::optional<Value> found = guarded_attribute(object, key.as_string())) return std::move(*found);
  }
  return make_undefined_attr(object, key, permissive);
}

size_t SliceRange::count() const {
  if (step > 0) return start >= stop ? 0 : static_cast<size_t>((stop - start - 1) / step + 1);
  return start <= stop ? 0 : static_cast<size_t>((start - stop - 1) / -step + 1);
}

SliceRange slice_range(const Value& start, const Value& stop, const Value& step, size_t length) {
  const auto size = static_cast<int64_t>(length);
  SliceRange range;
  range.step = step.is_none() ? 1 : slice_bound(step);
  if (range.step == 0) throw_value("slice step cannot be zero");
  const int64_t lowest = range.step > 0 ? 0 : -1;
  const int64_t highest = range.step > 0 ? size : size - 1;
  const auto clamp = [&](const Value& bound, int64_t fallback) {
    if (bound.is_none()) return fallback;
    const int64_t index = slice_bound(bound);
    return std::clamp(index < 0 ? index + size : index, lowest, highest);
  };
  range.start = clamp(start, range.step > 0 ? lowest : highest);
  range.stop = clamp(stop, range.step > 0 ? highest : lowest);
  return range;
}

Value slice(const Value& object, const Value& start, const Value& stop, const Value& step) {
  switch (object.kind()) {
    case Value::Kind::list: {
      const std::vector<Value>& items = object.as_list().items;
      return Value::list(sliced(items, slice_range(start, stop, step, items.size())));
    }
    case Value::Kind::tuple: {
      const std::vector<Value>& items = object.as_tuple().items;
      return Value::tuple(sliced(items, slice_range(start, stop, step, items.size())));
    }
    case Value::Kind::short_text:
    case Value::Kind::long_text:
      return sliced_text(object.as_string(), slice_range(start, stop, step, text::length(object.as_string())));
    case Value::Kind::undefined:
      return permissive_or_throw(object);
    case Value::Kind::dict:
      throw_type("unhashable type: 'slice'");
    default:
      break;
  }
  if (Range* range = object.as<Range>()) return range->slice(slice_range(start, stop, step, range->size()));
  if (object.is_object() && object.as_object().is_sequence()) {
    const std::vector<Value> items = items_of(object);
    return Value::list(sliced(items, slice_range(start, stop, step, items.size())));
  }
  throw_type("'" + std::string(object.type_name()) + "' object is not subscriptable");
}

size_t length_of(const Value& value) {
  switch (value.kind()) {
    case Value::Kind::short_text:
    case Value::Kind::long_text:
      return text::length(value.as_string());
    case Value::Kind::list:
      return value.as_list().items.size();
    case Value::Kind::tuple:
      return value.as_tuple().items.size();
    case Value::Kind::dict:
      return value.as_dict().size();
    case Value::Kind::set:
      return value.as_set().size();
    case Value::Kind::undefined:
      return 0;
    case Value::Kind::object:
      if (const auto found = value.as_object().length()) return *found;
      break;
    default:
      break;
  }
  throw_type("object of type '" + std::string(value.type_name()) + "' has no len()");
}

bool is_iterable(const Value& value) {
  switch (value.kind()) {
    case Value::Kind::short_text:
    case Value::Kind::long_text:
    case Value::Kind::list:
    case Value::Kind::tuple:
    case Value::Kind::dict:
    case Value::Kind::set:
    case Value::Kind::undefined:
      return true;
    case Value::Kind::object:
      return value.as_object().is_iterable();
    default:
      return false;
  }
}

IteratorPtr iterator_of(const Value& value) {
  switch (value.kind()) {
    case Value::Kind::list:
    case Value::Kind::tuple:
      return std::make_unique<SharedIterator>(value);
    case Value::Kind::dict:
      return std::make_unique<KeyIterator>(value, value.as_dict());
    case Value::Kind::set:
      return std::make_unique<KeyIterator>(value, value.as_set());
    case Value::Kind::short_text:
    case Value::Kind::long_text:
      return std::make_unique<CharacterIterator>(value);
    case Value::Kind::undefined:
      return iterate({});
    case Value::Kind::object:
      return take(value.as_object().iterate());
    default:
      throw_type("'" + std::string(value.type_name()) + "' object is not iterable");
  }
}

std::optional<Value> next(Iterator& iterator) { return take(iterator.next()); }

std::vector<Value> items_of(const Value& value) {
  if (value.is_list()) return value.as_list().items;
  if (value.is_tuple()) return value.as_tuple().items;
  std::vector<Value> items;
  const IteratorPtr iterator = iterator_of(value);
  while (std::optional<Value> item = next(*iterator)) items.push_back(std::move(*item));
  return items;
}

bool in(const Value& item, const Value& container) {
  switch (container.kind()) {
    case Value::Kind::dict:
      return take(container.as_dict().find(item)) != nullptr;
    case Value::Kind::set:
      return take(container.as_set().find(item)) != nullptr;
    case Value::Kind::short_text:
    case Value::Kind::long_text:
      if (!item.is_string()) {
        throw_type("'in <string>' requires string as left operand, not " + last_name(item.type_name()));
      }
      return container.as_string().find(item.as_string()) != std::string_view::npos;
    case Value::Kind::object:
      if (const auto found = take(container.as_object().contains(item))) return *found;
      break;
    default:
      break;
  }
  if (!is_iterable(container)) {
    throw_type("argument of type '" + std::string(container.type_name()) + "' is not iterable");
  }
  const IteratorPtr iterator = iterator_of(container);
  while (const std::optional<Value> other = next(*iterator)) {
    if (other->is_same(item) || compare_values(Comparison::equal, *other, item)) return true;
  }
  return false;
}

Value call_value(const Value& callee, const Arguments& arguments) {
  if (callee.is_object() && callee.as_object().is_callable()) return take(callee.as_object().call(arguments));
  if (callee.is_undefined()) return permissive_or_throw(callee);
  throw_type("'" + std::string(callee.type_name()) + "' object is not callable");
}

Outcome<Value> get_attr(const Value& object, std::string_view name) {
  return guard([&] { return attribute(object, name, hash_text(name), false); });
}
Outcome<Value> get_item(const Value& object, const Value& key) {
  return guard([&] { return subscript(object, key, false); });
}
Outcome<size_t> length(const Value& value) {
  return guard([&] { return length_of(value); });
}
Outcome<std::vector<Value>> to_vector(const Value& iterable) {
  return guard([&] { return items_of(iterable); });
}
Outcome<bool> contains(const Value& container, const Value& item) {
  return guard([&] { return in(item, container); });
}
Outcome<Value> call(const Value& callee, std::vector<Value> positional,
                    std::vector<std::pair<std::string, Value>> named) {
  std::vector<Value> names;
  std::vector<Value> values;
  for (auto& [name, value] : named) {
    names.emplace_back(name);
    values.push_back(std::move(value));
  }
  return guard([&] { return call_value(callee, Arguments(positional, names, values)); });
}

}  // namespace rynd::jinja

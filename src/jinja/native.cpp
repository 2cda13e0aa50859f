// Native: binding arguments to the parameters of built-ins, with Python's complaints.
#include "native.h"

#include <algorithm>

#include "operations.h"

namespace rynd::jinja {
namespace {

std::string times(size_t count, std::string_view word) {
  return std::to_string(count) + " " + std::string(word) + (count == 1 ? "" : "s");
}

[[noreturn]] void throw_too_many(const Native& native, size_t given) {
  // Filters and tests are functions of Python that take the value as their first argument, and count it.
  const bool counts_self = native.python_name.starts_with("do_") || native.python_name.starts_with("test_");
  const size_t most = native.signature.count + (counts_self ? 1u : 0u);
  const size_t least = native.signature.required + (counts_self ? 1u : 0u);
  given += counts_self ? 1 : 0;
  std::string takes = times(most, "positional argument");
  if (least < most) takes = "from " + std::to_string(least) + " to " + takes;
  throw_type(std::string(native.python_name) + "() takes " + takes + " but " + std::to_string(given) +
             (given == 1 ? " was" : " were") + " given");
}

void bind_named(const Native& native, const Arguments& arguments, Bound& bound) {
  const Signature& signature = native.signature;
  for (size_t at = 0; at < arguments.named_size(); ++at) {
    size_t place = 0;
    while (place < signature.count && signature.names[place] != arguments.name(at)) ++place;
    if (place == signature.count) {
      throw_type(std::string(native.python_name) + "() got an unexpected keyword argument '" +
                 std::string(arguments.name(at)) + "'");
    }
    if (bound.values[place]) {
      throw_type(std::string(native.python_name) + "() got multiple values for argument '" +
                 std::string(arguments.name(at)) + "'");
    }
    bound.values[place] = &arguments.named(at);
  }
}

class BoundMethod final : public Object {
 public:
  BoundMethod(const Native& method, Value self) : method_(method), self_(std::move(self)) {}
  std::string_view type_name() const override { return "builtin_function_or_method"; }
  bool is_callable() const override { return true; }
  Outcome<Value> call(const Arguments& arguments) override {
    return guard([&] { return call_native(method_, self_, arguments); });
  }
  std::string repr() override {
    if (self_.is_none()) return "<function " + std::string(method_.name) + ">";
    return "<built-in method " + std::string(method_.name) + " of " + std::string(self_.type_name()) + " object>";
  }

 private:
  const Native& method_;
  const Value self_;
};

}  // namespace

int64_t Bound::integer(size_t index, int64_t fallback) const {
  if (!has(index)) return fallback;
  const Value& value = *values[index];
  if (value.is_int() || value.is_bool()) return value.as_int();
  if (value.is_undefined()) throw_undefined(value);
  if (value.is_integer()) throw_error("OverflowError", "Python int too large to convert to C ssize_t");
  throw_type("'" + std::string(value.type_name()) + "' object cannot be interpreted as an integer");
}

std::string_view Bound::string(size_t index, std::string_view fallback) const {
  if (!has(index)) return fallback;
  const Value& value = *values[index];
  if (!value.is_string()) throw_type("expected str, not " + std::string(value.type_name()));
  return value.as_string();
}

Value call_native(const Native& native, const Value& self, const Arguments& arguments) {
  Bound bound{self, {}, arguments};
  const Signature& signature = native.signature;
  if (signature.open) return native.run(bound);
  if (arguments.size() > signature.count) throw_too_many(native, arguments.size());
  for (size_t at = 0; at < arguments.size(); ++at) bound.values[at] = &arguments[at];
  if (arguments.named_size() > 0) bind_named(native, arguments, bound);
  for (size_t at = 0; at < signature.required; ++at) {
    if (!bound.values[at]) {
      throw_type(std::string(native.python_name) + "() missing 1 required positional argument: '" +
                 std::string(signature.names[at]) + "'");
    }
  }
  return native.run(bound);
}

Value bound_method(const Native& method, const Value& self) { return Value(make<BoundMethod>(method, self)); }

const Native* find_native(std::span<const Native> sorted, std::string_view name) {
  const auto at = std::ranges::lower_bound(sorted, name, {}, &Native::name);
  return at != sorted.end() && at->name == name ? &*at : nullptr;
}

const Native* find_method(Value::Kind kind, std::string_view name) {
  switch (kind) {
    case Value::Kind::short_text:
    case Value::Kind::long_text:
      if (const Native* found = find_native(string_methods(), name)) return found;
      return find_native(string_format_methods(), name);
    case Value::Kind::list:
      return find_native(list_methods(), name);
    case Value::Kind::tuple:
      return find_native(tuple_methods(), name);
    case Value::Kind::dict:
      return find_native(dict_methods(), name);
    case Value::Kind::set:
      return find_native(set_methods(), name);
    case Value::Kind::integer:
    case Value::Kind::boolean:
    case Value::Kind::large_integer:
    case Value::Kind::real:
      return find_native(number_methods(), name);
    default:
      return nullptr;
  }
}

}  // namespace rynd::jinja

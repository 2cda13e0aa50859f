// Object: how things of the host enter the template language: relations, adapters, modules, functions, decimals, dates.
#pragma once

#include <functional>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "jinja/value.h"

namespace rynd::jinja {

class Context;

// A function's parameter as Python's signatures have it. No default: required.
struct Parameter {
  std::string_view name;
  std::optional<Value> fallback = {};
};

// The arguments of one call; views that live as long as the call.
class Arguments {
 public:
  Arguments() = default;
  Arguments(std::span<const Value> positional, std::span<const Value> names = {}, std::span<const Value> named = {},
            Context* context = nullptr)
      : positional_(positional), names_(names), named_(named), context_(context) {}

  std::span<const Value> positional() const { return positional_; }
  size_t size() const { return positional_.size(); }
  const Value& operator[](size_t index) const { return positional_[index]; }
  // Keyword arguments, in the order of the call.
  size_t named_size() const { return named_.size(); }
  std::string_view name(size_t index) const { return names_[index].as_string(); }
  const Value& named(size_t index) const { return named_[index]; }
  const Value* find(std::string_view name) const;
  // The context of the template that calls; nullptr for a call by the host.
  Context* context() const { return context_; }

  // One value for each parameter, by place or name. Fails with Python's TypeErrors ("f() missing 1 required positional
  // argument: 'x'", "f() got an unexpected keyword argument 'y'").
  Outcome<std::vector<Value>> bind(std::string_view function, std::span<const Parameter> parameters) const;
  Outcome<std::vector<Value>> bind(std::string_view function, std::initializer_list<Parameter> parameters) const {
    return bind(function, std::span(parameters.begin(), parameters.size()));
  }

 private:
  std::span<const Value> positional_;
  std::span<const Value> names_;
  std::span<const Value> named_;
  Context* context_ = nullptr;
};

// Walks over something once.
class Iterator {
 public:
  virtual ~Iterator() = default;
  // The next item, or nothing at the end.
  virtual Outcome<std::optional<Value>> next() = 0;
};
using IteratorPtr = std::unique_ptr<Iterator>;

// An iterator over values that are all there.
IteratorPtr iterate(std::vector<Value> values);

enum class Operator : uint8_t { add, subtract, multiply, divide, floor_divide, modulo, power };

// A class of values that the host defines. Every hook has the behaviour of a plain Python object. Objects that threads
// share must not change.
class Object : public Counted {
 public:
  // Python's qualified name of the class, in "'datetime.date object' has no attribute 'x'".
  virtual std::string_view type_name() const = 0;

  // `x.name`; nothing: the template then tries item(), and gets an undefined value.
  virtual Outcome<std::optional<Value>> attr(std::string_view name);
  // `x[key]`; nothing: the template then tries attr().
  virtual Outcome<std::optional<Value>> item(const Value& key);
  // `{% set x.name = value %}`; only what is a namespace to its users accepts it.
  virtual Outcome<void> set_attr(std::string_view name, const Value& value);
  virtual bool is_callable() const { return false; }
  virtual Outcome<Value> call(const Arguments& arguments);
  // Nothing: it cannot be iterated, or has no length.
  virtual Outcome<IteratorPtr> iterate();
  virtual bool is_iterable() const { return false; }
  virtual bool is_mapping() const { return false; }   // `is mapping`; item() by key, iterate() gives the keys
  virtual bool is_sequence() const { return false; }  // has a length and items
  virtual std::optional<size_t> length() { return std::nullopt; }
  // Nothing: `in` walks over iterate().
  virtual Outcome<std::optional<bool>> contains(const Value& item);

  virtual std::string repr();  // default: <type object>
  virtual std::string str() { return repr(); }
  virtual bool truth() { return true; }
  virtual bool equals(const Value& other);  // default: the same object
  virtual std::optional<uint64_t> hash();   // default: by identity; nothing: unhashable
  // Nothing: not ordered with it.
  virtual std::optional<std::partial_ordering> compare(const Value& other);
  // `this op other`, or `other op this` where reflected. Nothing: TypeError.
  virtual Outcome<std::optional<Value>> operate(Operator op, const Value& other, bool reflected);
  virtual Outcome<std::optional<Value>> negate();
  // `x | abs`, `x | int`, `x | float`, `x | round`, "%d" % x and the like; nothing: it is no number.
  virtual std::optional<double> to_real() { return std::nullopt; }
  virtual std::optional<Value> to_integer() { return std::nullopt; }  // towards zero
  // "{:spec}".format(x); nothing: only an empty spec is allowed.
  virtual Outcome<std::optional<std::string>> format(std::string_view spec);
  // How tojson writes it: a value that JSON has a word for. Nothing: TypeError.
  virtual Outcome<std::optional<Value>> to_jsonable();
};

using Function = std::function<Outcome<Value>(const Arguments&)>;
// A callable. `name` stands in messages and in its repr.
Value function(std::string name, Function body);
// One with a signature: the body gets one value for each parameter.
Value function(std::string name, std::vector<Parameter> parameters,
               std::function<Outcome<Value>(std::span<const Value>)> body);

// A read-only object with these attributes: a module, a namespace of functions.
Value record(std::string type_name, std::vector<std::pair<std::string, Value>> attributes);

// dbt's return(x): ends the macro that calls it with x as its value, from within loops and blocks too.
Value return_function();

}  // namespace rynd::jinja

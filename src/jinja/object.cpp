// Object: what a plain object does, functions and records of the host, binding of arguments.
#include "object.h"

#include "errors.h"
#include "operations.h"

namespace rynd::jinja {
namespace {

class ListIterator final : public Iterator {
 public:
  explicit ListIterator(std::vector<Value> values) : values_(std::move(values)) {}
  Outcome<std::optional<Value>> next() override {
    if (at_ == values_.size()) return std::nullopt;
    return values_[at_++];
  }

 private:
  const std::vector<Value> values_;
  size_t at_ = 0;
};

class FunctionObject final : public Object {
 public:
  FunctionObject(std::string name, Function body) : name_(std::move(name)), body_(std::move(body)) {}
  std::string_view type_name() const override { return "function"; }
  bool is_callable() const override { return true; }
  Outcome<Value> call(const Arguments& arguments) override { return body_(arguments); }
  std::string repr() override { return "<function " + name_ + ">"; }

 private:
  const std::string name_;
  const Function body_;
};

class Record final : public Object {
 public:
  Record(std::string type_name, std::vector<std::pair<std::string, Value>> attributes)
      : type_name_(std::move(type_name)) {
    for (auto& [name, value] : attributes) attributes_.set(name, std::move(value));
  }
  std::string_view type_name() const override { return type_name_; }
  Outcome<std::optional<Value>> attr(std::string_view name) override {
    const Value* found = attributes_.find(name);
    return found ? std::optional<Value>(*found) : std::nullopt;
  }

 private:
  const std::string type_name_;
  Table attributes_;
};

std::string missing_message(std::string_view function, const std::vector<std::string>& missing) {
  std::string message = std::string(function) + "() missing " + std::to_string(missing.size()) +
                        " required positional argument" + (missing.size() == 1 ? "" : "s") + ": ";
  for (size_t at = 0; at < missing.size(); ++at) {
    if (at > 0) message += missing.size() == 2 ? " and " : at + 1 == missing.size() ? ", and " : ", ";
    message += "'" + missing[at] + "'";
  }
  return message;
}

std::string too_many_message(std::string_view function, std::span<const Parameter> parameters, size_t given) {
  size_t required = 0;
  for (const Parameter& parameter : parameters) required += parameter.fallback ? 0 : 1;
  std::string takes = std::to_string(parameters.size());
  if (required < parameters.size()) takes = "from " + std::to_string(required) + " to " + takes;
  return std::string(function) + "() takes " + takes + " positional argument" + (parameters.size() == 1 ? "" : "s") +
         " but " + std::to_string(given) + (given == 1 ? " was" : " were") + " given";
}

}  // namespace

const Value* Arguments::find(std::string_view name) const {
  for (size_t at = 0; at < named_.size(); ++at) {
    if (names_[at].as_string() == name) return &named_[at];
  }
  return nullptr;
}

Outcome<std::vector<Value>> Arguments::bind(std::string_view function, std::span<const Parameter> parameters) const {
  if (positional_.size() > parameters.size()) {
    return raise("TypeError", too_many_message(function, parameters, positional_.size()));
  }
  std::vector<Value> values(parameters.size(), Value::missing());
  std::copy(positional_.begin(), positional_.end(), values.begin());
  for (size_t at = 0; at < named_.size(); ++at) {
    size_t place = 0;
    while (place < parameters.size() && parameters[place].name != name(at)) ++place;
    const std::string quoted = "'" + std::string(name(at)) + "'";
    if (place == parameters.size()) {
      return raise("TypeError", std::string(function) + "() got an unexpected keyword argument " + quoted);
    }
    if (!values[place].is_missing()) {
      return raise("TypeError", std::string(function) + "() got multiple values for argument " + quoted);
    }
    values[place] = named_[at];
  }
  std::vector<std::string> missing;
  for (size_t at = 0; at < parameters.size(); ++at) {
    if (!values[at].is_missing()) continue;
    if (parameters[at].fallback) {
      values[at] = *parameters[at].fallback;
    } else {
      missing.emplace_back(parameters[at].name);
    }
  }
  if (!missing.empty()) return raise("TypeError", missing_message(function, missing));
  return values;
}

Outcome<std::optional<Value>> Object::attr(std::string_view) { return std::nullopt; }
Outcome<std::optional<Value>> Object::item(const Value&) { return std::nullopt; }
Outcome<void> Object::set_attr(std::string_view, const Value&) {
  return raise("TemplateRuntimeError", "cannot assign attribute on non-namespace object");
}
Outcome<Value> Object::call(const Arguments&) {
  return raise("TypeError", "'" + std::string(type_name()) + "' object is not callable");
}
Outcome<IteratorPtr> Object::iterate() {
  return raise("TypeError", "'" + std::string(type_name()) + "' object is not iterable");
}
Outcome<std::optional<bool>> Object::contains(const Value&) { return std::nullopt; }
std::string Object::repr() { return "<" + std::string(type_name()) + " object>"; }
bool Object::equals(const Value& other) { return other.is_object() && &other.as_object() == this; }
std::optional<uint64_t> Object::hash() { return reinterpret_cast<uintptr_t>(this) * 0x9E3779B97F4A7C15ULL; }
std::optional<std::partial_ordering> Object::compare(const Value&) { return std::nullopt; }
Outcome<std::optional<Value>> Object::operate(Operator, const Value&, bool) { return std::nullopt; }
Outcome<std::optional<Value>> Object::negate() { return std::nullopt; }
Outcome<std::optional<std::string>> Object::format(std::string_view) { return std::nullopt; }
Outcome<std::optional<Value>> Object::to_jsonable() { return std::nullopt; }

IteratorPtr iterate(std::vector<Value> values) { return std::make_unique<ListIterator>(std::move(values)); }

Value function(std::string name, Function body) {
  return Value(make<FunctionObject>(std::move(name), std::move(body)));
}

Value function(std::string name, std::vector<Parameter> parameters,
               std::function<Outcome<Value>(std::span<const Value>)> body) {
  // The names are views of what the caller may drop: they are kept here.
  auto names = std::make_shared<std::vector<std::string>>();
  for (const Parameter& parameter : parameters) names->emplace_back(parameter.name);
  for (size_t at = 0; at < parameters.size(); ++at) parameters[at].name = (*names)[at];
  return function(name,
                  [name, names, parameters = std::move(parameters),
                   body = std::move(body)](const Arguments& arguments) -> Outcome<Value> {
                    Outcome<std::vector<Value>> bound = arguments.bind(name, parameters);
                    if (!bound) return std::unexpected(std::move(bound.error()));
                    return body(*bound);
                  });
}

Value record(std::string type_name, std::vector<std::pair<std::string, Value>> attributes) {
  return Value(make<Record>(std::move(type_name), std::move(attributes)));
}

}  // namespace rynd::jinja

// ContextObject: see the header.
#include "context/context_object.h"

namespace rynd::project {

namespace {

using jinja::Arguments;
using jinja::Outcome;
using jinja::Value;
using Values = std::span<const Value>;

// A name that is not there may be answered by what says which name was meant.
std::optional<Value> known(NodeContext& context, std::string_view name) {
  auto found = context.lookup(name);
  return found && !found->is_undefined() ? found : std::nullopt;
}

Outcome<Value> get(NodeContext& context, Values values) {
  auto found = known(context, values[0].str());
  return found ? *found : values[1];
}

Outcome<Value> set_default(NodeContext& context, Values values) {
  if (auto found = known(context, values[0].str())) return *found;
  context.set_name(values[0].str(), values[1]);
  return values[1];
}

// update(other, name=value, ...): a mapping, pairs, or names alone, as Python's dict takes them.
Outcome<Value> update(NodeContext& context, const Arguments& arguments) {
  Value names = Value::dict();
  if (arguments.size() > 0) {
    auto method = jinja::get_attr(names, "update");
    if (!method) return method;
    if (auto done = jinja::call(*method, {arguments[0]}); !done) return done;
  }
  for (size_t i = 0; i < arguments.named_size(); ++i) names.as_dict().set(arguments.name(i), arguments.named(i));
  for (const auto& entry : names.as_dict().entries()) {
    if (!entry.key.is_missing()) context.set_name(entry.key.str(), entry.value);
  }
  return Value();
}

class ContextObject final : public jinja::Object {
 public:
  explicit ContextObject(std::weak_ptr<NodeContext> context) : context_(std::move(context)) {}
  std::string_view type_name() const override { return "dict"; }
  bool is_mapping() const override { return true; }

  Outcome<std::optional<Value>> attr(std::string_view name) override {
    if (name == "get") return method("get", {{"key"}, {"default", Value()}}, get);
    if (name == "setdefault") return method("setdefault", {{"key"}, {"default", Value()}}, set_default);
    if (name == "update") {
      return jinja::function("update", [weak = context_](const Arguments& arguments) -> Outcome<Value> {
        auto context = weak.lock();
        return context ? update(*context, arguments) : gone();
      });
    }
    auto context = context_.lock();
    if (!context) return std::optional<Value>();
    return context->lookup(name);
  }
  // A dict has its items before its methods: `context["get"]` would be a name.
  Outcome<std::optional<Value>> item(const Value& key) override {
    auto context = context_.lock();
    if (!context || !key.is_string()) return std::optional<Value>();
    return context->lookup(key.as_string());
  }
  Outcome<std::optional<bool>> contains(const Value& item) override {
    auto context = context_.lock();
    return context && item.is_string() && known(*context, item.as_string()).has_value();
  }

 private:
  using Body = Outcome<Value> (*)(NodeContext&, Values);

  static Outcome<Value> gone() { return jinja::raise("RuntimeError", "the template of this context is gone"); }
  Value method(std::string name, std::vector<jinja::Parameter> parameters, Body body) const {
    return jinja::function(std::move(name), std::move(parameters),
                           [weak = context_, body](Values values) -> Outcome<Value> {
                             auto context = weak.lock();
                             return context ? body(*context, values) : gone();
                           });
  }

  std::weak_ptr<NodeContext> context_;
};

}  // namespace

Value make_context_object(std::weak_ptr<NodeContext> context) {
  return Value(jinja::make<ContextObject>(std::move(context)));
}

}  // namespace rynd::project

// RunResult: see the header.
#include "context/run_result.h"

#include "jinja/modules.h"
#include "jinja/object.h"
#include "project/context.h"

namespace rynd::transform {

namespace {

using jinja::Arguments;
using jinja::Outcome;
using jinja::Value;
using Attributes = std::vector<std::pair<std::string, Value>>;

Value to_dict_function(Value dict) {
  return jinja::function("to_dict", [dict = std::move(dict)](const Arguments&) -> Outcome<Value> { return dict; });
}

Value dict_of(const Attributes& attributes) {
  Value dict = Value::dict();
  for (const auto& [key, value] : attributes) dict.as_dict().set(std::string_view(key), value);
  return dict;
}

// dbt's NodeConfig: what is not configured is None, not undefined.
class ConfigObject final : public jinja::Object {
 public:
  explicit ConfigObject(Value config) : config_(std::move(config)) {}
  std::string_view type_name() const override { return "NodeConfig"; }
  Outcome<std::optional<Value>> attr(std::string_view name) override {
    if (name == "get" || name == "to_dict") return std::optional<Value>(method(name));
    if (name == "pre_hook" || name == "post_hook") return found(name == "pre_hook" ? "pre-hook" : "post-hook");
    return found(name);
  }
  bool equals(const Value& other) override {
    const auto* config = other.as<ConfigObject>();
    return config && config->config_ == config_;
  }

 private:
  std::optional<Value> found(std::string_view name) const {
    const Value* value = config_.as_dict().find(name);
    return value ? *value : Value();
  }
  Value method(std::string_view name) const {
    if (name == "to_dict") return to_dict_function(config_);
    return jinja::function("get", {{"key"}, {"default", Value()}},
                           [config = config_](std::span<const Value> values) -> Outcome<Value> {
                             const Value* value = config.as_dict().find(std::string_view(values[0].str()));
                             return value ? *value : values[1];
                           });
  }
  Value config_;
};

// A node's fields as attributes.
class NodeObject final : public jinja::Object {
 public:
  explicit NodeObject(Value node) : node_(std::move(node)) {}
  std::string_view type_name() const override { return "ParsedNode"; }
  Outcome<std::optional<Value>> attr(std::string_view name) override {
    if (name == "to_dict") return std::optional<Value>(to_dict_function(node_));
    const Value* field = node_.as_dict().find(name);
    if (!field) return std::optional<Value>();
    if (name == "config" && field->is_dict()) return Value(jinja::make<ConfigObject>(*field));
    return *field;
  }
  bool equals(const Value& other) override {
    const auto* node = other.as<NodeObject>();
    return node && node->node_ == node_;
  }

 private:
  Value node_;
};

// As Python has moments without a zone.
Value moment(Instant instant) { return jinja::make_datetime(instant.time_since_epoch().count(), false); }

struct Timings {
  std::vector<Value> objects;
  std::vector<Value> dicts;
};

Timings timings_of(const NodeResult& result) {
  Timings timings;
  for (const auto& timing : result.timing) {
    Value dict = dict_of({{"name", Value(timing.name)},
                          {"started_at", Value(iso8601(timing.started_at))},
                          {"completed_at", Value(iso8601(timing.completed_at))}});
    timings.objects.push_back(jinja::record("TimingInfo", {{"name", Value(timing.name)},
                                                           {"started_at", moment(timing.started_at)},
                                                           {"completed_at", moment(timing.completed_at)},
                                                           {"to_dict", to_dict_function(dict)}}));
    timings.dicts.push_back(std::move(dict));
  }
  return timings;
}

}  // namespace

Value run_result_value(const project::Project& project, const NodeResult& result) {
  const bool known = result.id < project.resources.size();
  Value node = known ? jinja::from_node(project::manifest_entry(project, project.at(result.id))) : Value();
  if (node.is_dict() && result.compiled)
    node.as_dict().set(std::string_view("compiled_code"), Value(result.compiled_code));
  Attributes attributes = {
      {"status", Value(name_of(result.status))},
      {"thread_id", Value(result.thread_id)},
      {"execution_time", Value(result.execution_time)},
      {"adapter_response", jinja::from_node(result.adapter_response)},
      {"message", result.message.empty() ? Value() : Value(result.message)},
      {"failures", result.failures ? Value(*result.failures) : Value()},
      {"unique_id", Value(result.unique_id)},
  };
  Timings timings = timings_of(result);
  Value dict = dict_of(attributes);
  dict.as_dict().set(std::string_view("timing"), Value::list(std::move(timings.dicts)));
  dict.as_dict().set(std::string_view("node"), node);
  attributes.emplace_back("timing", Value::list(std::move(timings.objects)));
  attributes.emplace_back("node", node.is_dict() ? Value(jinja::make<NodeObject>(node)) : node);
  attributes.emplace_back("to_dict", to_dict_function(std::move(dict)));
  return jinja::record("RunResult", std::move(attributes));
}

}  // namespace rynd::transform

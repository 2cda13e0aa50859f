// NodeContext: macros, ref, source, config, this and adapter as they are while parsing.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/suggest.h"
#include "base/text.h"
#include "context/adapter.h"
#include "context/context_object.h"
#include "context/resolver.h"
#include "context/test_arguments.h"
#include "project/context.h"

namespace rynd::project {

namespace {

using jinja::Arguments;
using jinja::Outcome;
using jinja::Value;

NodeContext* context_of(const Arguments& arguments) { return dynamic_cast<NodeContext*>(arguments.context()); }

std::unexpected<jinja::Exception> wrong(std::string message) {
  return jinja::raise(Diagnostic{.code = Code::ref_wrong, .message = std::move(message)});
}

// ref('name'), ref('package', 'name'), version= or v=
Outcome<Ref> read_ref(const Arguments& arguments, std::string_view function) {
  Ref ref;
  for (const Value& value : arguments.positional()) {
    if (!value.is_string()) {
      return wrong(fmt::format("{}() takes the name of a resource as a text, not {}", function, value.repr()));
    }
  }
  if (arguments.size() == 1) {
    ref.name = arguments[0].str();
  } else if (arguments.size() == 2) {
    ref.package = arguments[0].str();
    ref.name = arguments[1].str();
  } else {
    return wrong(
        fmt::format("{}() takes a name, or a package and a name; it got {} arguments", function, arguments.size()));
  }
  for (size_t i = 0; i < arguments.named_size(); ++i) {
    if (arguments.name(i) != "version" && arguments.name(i) != "v") continue;
    if (!arguments.named(i).is_none()) ref.version = arguments.named(i).str();
  }
  return ref;
}

Outcome<Value> call_ref(const Arguments& arguments) {
  auto ref = read_ref(arguments, "ref");
  if (!ref) return std::unexpected(ref.error());
  auto* context = context_of(arguments);
  return context ? context->ref(*ref) : Outcome<Value>(wrong("ref() cannot be used here"));
}

Outcome<Value> call_metric(const Arguments& arguments) {
  auto metric = read_ref(arguments, "metric");
  if (!metric) return std::unexpected(metric.error());
  auto* context = context_of(arguments);
  return context ? context->metric(*metric) : Outcome<Value>(wrong("metric() cannot be used here"));
}

Outcome<Value> call_function(const Arguments& arguments) {
  auto function = read_ref(arguments, "function");
  if (!function) return std::unexpected(function.error());
  auto* context = context_of(arguments);
  return context ? context->function(*function) : Outcome<Value>(wrong("function() cannot be used here"));
}

Outcome<Value> call_source(const Arguments& arguments) {
  if (arguments.size() != 2 || !arguments[0].is_string() || !arguments[1].is_string()) {
    return wrong("source() takes the name of a source and of its table, both texts");
  }
  auto* context = context_of(arguments);
  if (!context) return wrong("source() cannot be used here");
  return context->source({arguments[0].str(), arguments[1].str(), {}});
}

// config(...), config.get, config.require, config.set, config.meta_get, config.persist_relation_docs, ...
class ConfigObject final : public jinja::Object {
 public:
  std::string_view type_name() const override { return "config"; }
  bool is_callable() const override { return true; }

  Outcome<Value> call(const Arguments& arguments) override {
    auto* context = context_of(arguments);
    if (!context) return wrong("config() cannot be used here");
    if (arguments.size() == 1 && arguments.named_size() == 0) return context->configure(arguments[0]);
    if (arguments.size() != 0) {
      return wrong("config() takes keyword arguments, or one mapping: config(materialized='table')");
    }
    Value options = Value::dict();
    for (size_t i = 0; i < arguments.named_size(); ++i) options.as_dict().set(arguments.name(i), arguments.named(i));
    return context->configure(options);
  }

  Outcome<std::optional<Value>> attr(std::string_view name) override {
    if (name == "get") return getter("get", false, false);
    if (name == "require") return getter("require", false, true);
    if (name == "meta_get") return getter("meta_get", true, false);
    if (name == "meta_require") return getter("meta_require", true, true);
    if (name == "set") return setter();
    if (name == "persist_relation_docs") return persist("persist_relation_docs", "relation");
    if (name == "persist_column_docs") return persist("persist_column_docs", "columns");
    return std::optional<Value>();
  }

 private:
  static std::optional<Value> getter(std::string name, bool of_meta, bool required) {
    return jinja::function(name, [name, of_meta, required](const Arguments& arguments) -> Outcome<Value> {
      auto values = arguments.bind(name, {{"name"}, {"default", Value()}, {"validator", Value()}});
      if (!values) return std::unexpected(values.error());
      auto* context = context_of(arguments);
      if (!context || !context->executes()) return Value("");
      std::string key = (*values)[0].str();
      auto found = context->config_value(key, of_meta);
      if (!found && required) {
        return jinja::raise(
            Diagnostic{.code = Code::config_wrong, .message = "the required config '" + key + "' is not set"});
      }
      Value result = found ? *found : (*values)[1];
      if (!(*values)[2].is_none() && found) {
        if (auto checked = jinja::call((*values)[2], {result}); !checked) return std::unexpected(checked.error());
      }
      return result;
    });
  }

  static std::optional<Value> setter() {
    return jinja::function("set", [](const Arguments& arguments) -> Outcome<Value> {
      auto values = arguments.bind("set", {{"name"}, {"value"}});
      if (!values) return std::unexpected(values.error());
      auto* context = context_of(arguments);
      if (!context) return Value("");
      Value options = Value::dict();
      options.as_dict().set(std::string_view((*values)[0].str()), (*values)[1]);
      return context->configure(options);
    });
  }

  static std::optional<Value> persist(std::string name, std::string_view key) {
    return jinja::function(name, [key](const Arguments& arguments) -> Outcome<Value> {
      auto* context = context_of(arguments);
      if (!context || !context->executes()) return Value(false);
      auto docs = context->config_value("persist_docs", false);
      const Value* wanted = docs && docs->is_dict() ? docs->as_dict().find(key) : nullptr;
      return wanted ? *wanted : Value(false);
    });
  }
};

// `dbt_utils` in `dbt_utils.star(...)`: a package's macros by name.
class MacroScope final : public jinja::Object {
 public:
  MacroScope(std::weak_ptr<BaseContext> context, std::string scope)
      : context_(std::move(context)), scope_(std::move(scope)) {}
  std::string_view type_name() const override { return "MacroNamespace"; }
  // By item, not by attribute: names that begin with '_' are macros too.
  Outcome<std::optional<Value>> item(const Value& key) override {
    auto context = std::dynamic_pointer_cast<NodeContext>(context_.lock());
    if (!context || !key.is_string()) return std::optional<Value>();
    std::string name = key.str();
    if (auto value = context->macro_override(scope_ + "." + name)) return value;
    if (auto id = context->project().macro_index.find_in(scope_, name)) return context->macro(*id);
    return Value::undefined_because(fmt::format("'{}' has no macro '{}'", scope_, name));
  }

 private:
  std::weak_ptr<BaseContext> context_;
  std::string scope_;
};

const Value& config_object() {
  static const Value value(jinja::make<ConfigObject>());
  return value;
}

// What a template of a node has besides macros, by the names that people type.
constexpr std::array<std::string_view, 21> member_names = {
    "adapter", "builtins", "config", "context", "env_var", "exceptions", "execute",
    "flags",   "graph",    "log",    "model",   "modules", "print",      "ref",
    "return",  "source",   "target", "this",    "var",     "metric",     "load_result"};

// A misspelt name: undefined as any name that is not there, but it says what is near or, as dbt does, what to look at.
std::optional<Value> near_name(const MacroIndex& index, const std::string& package, std::string_view name) {
  for (std::string_view own : {"range", "dict", "lipsum", "cycler", "joiner", "namespace"}) {
    if (name == own) return std::nullopt;
  }
  std::vector<std::string> names = index.names(package);
  names.insert(names.end(), member_names.begin(), member_names.end());
  std::string hint = did_you_mean(name, names);
  if (hint.empty()) hint = "if it is a macro, check its name, or install its package with 'rynd deps'";
  return Value::undefined_because(fmt::format("'{}' is undefined; {}", name, hint));
}

void note(std::vector<MacroId>& list, MacroId id) {
  if (std::find(list.begin(), list.end(), id) == list.end()) list.push_back(id);
}

}  // namespace

std::optional<Value> NodeContext::lookup(std::string_view name) {
  if (!own_names_.empty()) {
    if (auto own = own_names_.find(name); own != own_names_.end()) return own->second;
  }
  if (auto value = macro_override(name)) return value;
  if (auto id = project().macro_index.find(package_, name)) return macro(*id);
  if (auto value = member(name)) return value;
  if (project().macro_index.is_scope(name)) return Value(jinja::make<MacroScope>(weak_from_this(), std::string(name)));
  if (auto value = BaseContext::lookup(name)) return value;
  return executes() ? near_name(project().macro_index, package_, name) : std::nullopt;
}

std::optional<Value> NodeContext::member(std::string_view name) {
  if (name == "ref" || name == "source" || name == "metric" || name == "function") return resolver(name);
  if (name == "config") return config_object();
  if (name == "builtins") {
    Value builtins = Value::dict();
    for (const std::string_view one : {"ref", "source", "metric", "function"})
      builtins.as_dict().set(Value(std::string(one)), resolver(one));
    builtins.as_dict().set(Value("config"), config_object());
    return builtins;
  }
  if (name == "adapter") return make_adapter(weak_from_this());
  if (name == "execute") return Value(executes());
  if (name == "this") return this_relation();
  if (name == "model") return model();
  if (name == "database") return Value(node_ ? node_->database : project().profile.database);
  if (name == "schema") return Value(node_ ? node_->schema : project().profile.schema);
  if (name == "graph") return graph();
  if (name == "context") return make_context_object(std::static_pointer_cast<NodeContext>(shared_from_this()));
  if (name == "api") {
    return jinja::record("api", {{"Relation", relation_class(quoting(project().root().settings.quoting))},
                                 {"Column", globals().column_class()}});
  }
  if (name == "column") return globals().column_class();
  if (name == "pre_hooks" || name == "post_hooks") return hooks(name == "pre_hooks" ? "pre-hook" : "post-hook");
  if (name == "sql" || name == "compiled_code" || name == "defer_relation") return Value();
  if (name == "selected_resources") return Value::list();
  if (name == test_arguments_name && node_ && node_->test) return test_arguments();
  return parse_time_function(name);
}

Value NodeContext::resolver(std::string_view name) {
  auto call = name == "ref"        ? call_ref
              : name == "source"   ? call_source
              : name == "function" ? call_function
                                   : call_metric;
  return make_resolver(std::string(name), call, std::static_pointer_cast<NodeContext>(shared_from_this()));
}

Value NodeContext::test_arguments() {
  auto self = std::static_pointer_cast<NodeContext>(shared_from_this());
  auto arguments = render_test_arguments(node_->test->kwargs, self);
  return arguments ? *arguments : Value::undefined_because(arguments.error().message);
}

// Results of statements do not exist while parsing.
std::optional<Value> NodeContext::parse_time_function(std::string_view name) {
  for (std::string_view known : {"store_result", "store_raw_result", "write", "submit_python_job"}) {
    if (name == known)
      return jinja::function(std::string(name), [](const Arguments&) -> Outcome<Value> { return Value(""); });
  }
  if (name == "load_result" || name == "load_agate_table") {
    return jinja::function(std::string(name), [](const Arguments&) -> Outcome<Value> { return Value(); });
  }
  return {};
}

Value NodeContext::hooks(std::string_view key) {
  const Node* value = node_ ? node_->config.find(key) : nullptr;
  return value ? jinja::from_node(*value) : Value::list();
}

Value NodeContext::graph() {
  Value graph = Value::dict();
  for (std::string_view key : {"nodes", "sources", "exposures", "metrics", "groups", "semantic_models", "saved_queries",
                               "unit_tests", "functions"}) {
    graph.as_dict().set(key, Value::dict());
  }
  return graph;
}

Value NodeContext::model() {
  if (!model_) model_ = node_ ? jinja::from_node(manifest_entry(project(), *node_)) : Value();
  return *model_;
}

Value NodeContext::this_relation() {
  if (!node_ || node_->type == ResourceType::operation) return Value();
  return make_relation(relation_name(*node_, project().root().settings.quoting));
}

Outcome<Value> NodeContext::ref(const Ref& ref) {
  captured.refs.push_back(ref);
  return this_relation();
}

Outcome<Value> NodeContext::source(const SourceRef& source) {
  captured.sources.push_back(source);
  return this_relation();
}

Outcome<Value> NodeContext::metric(const Ref& metric) {
  captured.metrics.push_back(metric);
  return Value(metric.name);
}

Outcome<Value> NodeContext::function(const Ref& function) {
  captured.functions.push_back(function);
  return this_relation();
}

Outcome<Value> NodeContext::configure(const Value& options) {
  if (executes()) return Value("");
  if (!options.is_dict()) return wrong("config() takes keyword arguments or one mapping, not " + options.repr());
  for (const auto& entry : options.as_dict().entries()) {
    if (entry.key.is_missing()) continue;
    auto node = jinja::to_node(entry.value);
    if (!node) return std::unexpected(node.error());
    captured.config_calls.entries.push_back({entry.key.str(), 0, 0, std::move(*node)});
  }
  return Value("");
}

std::optional<Value> NodeContext::config_value(std::string_view key, bool of_meta) {
  if (!node_) return {};
  const Node* found = of_meta ? node_->meta.find(key) : node_->config.find(key);
  if (!found) return {};
  return jinja::from_node(*found);
}

std::optional<Value> NodeContext::adapter_attribute(std::string_view name) {
  return parse_time_adapter(name, project());
}

Value NodeContext::macro(MacroId id) {
  if (macro_stack().empty()) note(captured.macros, id);
  const Macro& macro = project().macros[id];
  return jinja::make_macro(macro.compiled, macro.index, shared_from_this(), macro.unique_id);
}

std::optional<Value> NodeContext::find_macro(std::string_view name) {
  auto dot = name.find('.');
  const auto& index = project().macro_index;
  auto id = dot == std::string_view::npos ? index.find(package_, name)
                                          : index.find_in(name.substr(0, dot), name.substr(dot + 1));
  if (!id) return {};
  return macro(*id);
}

Outcome<Value> NodeContext::dispatch(std::string_view name, std::string_view macro_namespace) {
  const auto& index = project().macro_index;
  if (auto dot = name.find('.'); dot != std::string_view::npos) {
    Diagnostic problem{.code = Code::macro_missing,
                       .message = fmt::format("adapter.dispatch() takes a bare name, not '{}'", name)};
    problem.help =
        fmt::format("adapter.dispatch('{}', macro_namespace='{}')", name.substr(dot + 1), name.substr(0, dot));
    return jinja::raise(std::move(problem));
  }
  if (!macro_namespace.empty()) {
    if (auto value = macro_override(fmt::format("{}.{}", macro_namespace, name))) return *value;
  }
  if (auto id = index.dispatch(package_, name, macro_namespace)) return macro(*id);
  Diagnostic problem{
      .code = Code::macro_missing,
      .message = macro_namespace.empty()
                     ? fmt::format("no macro implements '{}' for this warehouse", name)
                     : fmt::format("no macro of '{}' implements '{}' for this warehouse", macro_namespace, name)};
  auto candidates = index.dispatch_candidates(name, macro_namespace);
  problem.notes.push_back("looked for: " + join(candidates, ", "));
  return jinja::raise(std::move(problem));
}

}  // namespace rynd::project

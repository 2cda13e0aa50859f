// Globals: the template names that mean the same for every node of a project.
#include <fmt/format.h>

#include "base/text.h"
#include "context/functions.h"
#include "jinja/modules.h"
#include "project/context.h"

namespace rynd::project {

namespace {

using jinja::Arguments;
using jinja::Outcome;
using jinja::Value;

// The dbt whose behaviour templates see.
constexpr std::string_view dbt_version = "1.12.6";
constexpr std::string_view secret_prefix = "DBT_ENV_SECRET";
constexpr std::string_view metadata_prefix = "DBT_ENV_CUSTOM_ENV_";

// flags.FULL_REFRESH, flags.which, ...: any case; a name nobody set is undefined.
class Flags final : public jinja::Object {
 public:
  Flags(const Globals& globals, const Node& values) : globals_(globals), values_(values) {}
  std::string_view type_name() const override { return "Flags"; }
  Outcome<std::optional<Value>> attr(std::string_view name) override {
    if (name == "get") {
      Value self(jinja::Ref<Flags>::share(this));
      return jinja::function("get", {{"name"}, {"default", Value()}},
                             [self](std::span<const Value> values) -> Outcome<Value> {
                               auto found = self.as<Flags>()->attr(values[0].str());
                               if (!found) return std::unexpected(found.error());
                               return *found ? **found : values[1];
                             });
    }
    const std::string wanted = upper(name);
    globals_.asked(Question::flag, wanted);
    const Node* value = values_.find(wanted);
    if (!value) return std::optional<Value>();
    return jinja::from_node(*value);
  }
  Outcome<std::optional<Value>> item(const Value& key) override {
    if (!key.is_string()) return std::optional<Value>();
    return attr(key.as_string());
  }

 private:
  const Globals& globals_;
  const Node& values_;
};

// `var`: callable, and var.has_var.
class Var final : public jinja::Object {
 public:
  std::string_view type_name() const override { return "Var"; }
  bool is_callable() const override { return true; }
  Outcome<Value> call(const Arguments& arguments) override {
    auto* context = dynamic_cast<BaseContext*>(arguments.context());
    auto values = arguments.bind("var", {{"var_name"}, {"default", Value::missing()}});
    if (!values) return std::unexpected(values.error());
    if (!context) return jinja::raise("RuntimeError", "var() needs a template");
    return context->variable((*values)[0].str(), (*values)[1]);
  }
  Outcome<std::optional<Value>> attr(std::string_view name) override {
    if (name != "has_var") return std::optional<Value>();
    return jinja::function("has_var", [](const Arguments& arguments) -> Outcome<Value> {
      auto* context = dynamic_cast<BaseContext*>(arguments.context());
      auto values = arguments.bind("has_var", {{"var_name"}});
      if (!values) return std::unexpected(values.error());
      return Value(context && context->find_variable((*values)[0].str()) != nullptr);
    });
  }
};

Outcome<Value> env_var(const Arguments& arguments) {
  auto* context = dynamic_cast<BaseContext*>(arguments.context());
  auto values = arguments.bind("env_var", {{"var"}, {"default", Value()}});
  if (!values) return std::unexpected(values.error());
  if (!context) return jinja::raise("RuntimeError", "env_var() needs a template");
  std::string name = (*values)[0].str();
  if (name.starts_with(secret_prefix) && !context->secrets_allowed) {
    Diagnostic problem{.code = Code::env_var_missing, .message = "the secret '" + name + "' may not be read here"};
    problem.notes.push_back("names that begin with DBT_ENV_SECRET are read only in profiles.yml and packages.yml");
    return jinja::raise(std::move(problem));
  }
  if (auto given = context->env_override(name)) return Value(*given);
  context->globals().asked(Question::environment, name);
  if (auto found = context->globals().world().process.environment(name)) return Value(*found);
  if (!(*values)[1].is_none()) return (*values)[1];
  Diagnostic problem{.code = Code::env_var_missing, .message = "the environment variable '" + name + "' is not set"};
  problem.help = fmt::format("set it, add it to .env, or give a default: env_var('{}', '...')", name);
  return jinja::raise(std::move(problem));
}

Outcome<Value> log(const Arguments& arguments) {
  auto* context = dynamic_cast<BaseContext*>(arguments.context());
  auto values = arguments.bind("log", {{"msg"}, {"info", Value(false)}});
  if (!values) return std::unexpected(values.error());
  if (!context) return Value("");
  context->globals().asked(Question::moment, "");
  if (context->globals().output()) context->globals().output()->log((*values)[0].str(), (*values)[1].truth());
  return Value("");
}

Outcome<Value> print(const Arguments& arguments) {
  auto* context = dynamic_cast<BaseContext*>(arguments.context());
  auto values = arguments.bind("print", {{"msg"}});
  if (!values) return std::unexpected(values.error());
  if (!context) return Value("");
  context->globals().asked(Question::moment, "");
  if (context->globals().output()) context->globals().output()->print((*values)[0].str());
  return Value("");
}

// render(text): the text as a template in the calling context.
Outcome<Value> render(const Arguments& arguments) {
  auto* context = dynamic_cast<BaseContext*>(arguments.context());
  auto values = arguments.bind("render", {{"string"}});
  if (!values) return std::unexpected(values.error());
  if (!context) return jinja::raise("RuntimeError", "render() needs a template");
  return context->render_text((*values)[0].str());
}

}  // namespace

Globals::Globals(const Project& project, World& world, TemplateOutput* output)
    : project_(project), world_(world), output_(output) {
  set("dbt_version", Value(dbt_version));
  set("project_name", Value(project.packages.empty() ? "" : project.root().name));
  set("invocation_id", Value(project.invocation_id));
  set("run_started_at", jinja::make_datetime(project.started_at.time_since_epoch().count(), true));
  set("thread_id", Value("MainThread"));
  set("execute", Value(false));
  set("flags", Value(jinja::make<Flags>(*this, project.flags)));
  set("var", Value(jinja::make<Var>()));
  set("env_var", jinja::function("env_var", env_var));
  set("log", jinja::function("log", log));
  set("print", jinja::function("print", print));
  set("render", jinja::function("render", render));
  set("return", jinja::return_function());
  set("debug", jinja::function("debug", [](const Arguments&) -> Outcome<Value> { return Value(""); }));
  set("dbt_metadata_envs", jinja::from_node(project.metadata_envs));
  set("modules", jinja::record("modules", {{"datetime", jinja::datetime_module(world.clock)},
                                           {"pytz", jinja::pytz_module()},
                                           {"re", jinja::re_module()},
                                           {"itertools", jinja::itertools_module()}}));
  for (auto& [name, value] : pure_functions()) set(name, std::move(value));
  set("exceptions", exception_functions());
  set("validation", validation_functions());
  for (const auto& package : project.packages) merge_vars(package);
}

void Globals::set(std::string_view name, Value value) {
  members_.insert_or_assign(std::string(name), std::move(value));
}

const Value* Globals::find(std::string_view name) const {
  if (witness_ && (name == "invocation_id" || name == "run_started_at" || name == "dbt_metadata_envs")) {
    witness_->asked(Question::moment, "");
  }
  auto found = members_.find(name);
  return found == members_.end() ? nullptr : &found->second;
}

// In dbt's order: --vars, then what the root says for the package, then what the root says for all, then the package's
// own.
void Globals::merge_vars(const Package& package) {
  Node merged = Node::map();
  auto add = [&](const Node& vars) {
    for (const auto& entry : vars.entries) {
      bool of_package = entry.value.is_mapping() && project_.package(entry.key) != nullptr;
      if (!of_package) merged.set(entry.key, entry.value);
    }
    const Node* own = vars.find(package.name);
    if (!own || !own->is_mapping()) return;
    for (const auto& entry : own->entries) merged.set(entry.key, entry.value);
  };
  if (&package != &project_.root()) add(package.settings.vars);
  add(project_.root().settings.vars);
  for (const auto& entry : project_.vars.entries) merged.set(entry.key, entry.value);
  auto& names = vars_[package.name];
  for (auto& entry : merged.entries) names.insert_or_assign(entry.key, std::move(entry.value));
}

const Node* Globals::find_var(std::string_view package, std::string_view name) const {
  auto scope = vars_.find(package);
  if (scope == vars_.end()) return project_.vars.find(name);
  auto found = scope->second.find(name);
  return found == scope->second.end() ? nullptr : &found->second;
}

std::vector<std::string> Globals::var_names(std::string_view package) const {
  std::vector<std::string> names;
  if (auto scope = vars_.find(package); scope != vars_.end()) {
    for (const auto& [name, value] : scope->second) names.push_back(name);
  }
  for (const auto& entry : project_.vars.entries) names.push_back(entry.key);
  return names;
}

}  // namespace rynd::project

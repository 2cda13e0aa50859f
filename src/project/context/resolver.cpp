// Resolver: see the header; the project's configuration as dbt's RuntimeConfig shows it.
#include "context/resolver.h"

namespace rynd::project {

namespace {

using jinja::Arguments;
using jinja::Outcome;
using jinja::Value;

Value texts(const std::vector<std::string>& items) {
  return Value::list(std::vector<Value>(items.begin(), items.end()));
}

Value hook_texts(const std::vector<RunHook>& hooks) {
  std::vector<Value> items;
  for (const RunHook& hook : hooks) items.emplace_back(hook.sql);
  return Value::list(std::move(items));
}

Value dispatch_rules(const std::vector<DispatchRule>& rules) {
  std::vector<Value> items;
  for (const DispatchRule& rule : rules) {
    Value entry = Value::dict();
    entry.as_dict().set(std::string_view("macro_namespace"), Value(rule.macro_namespace));
    entry.as_dict().set(std::string_view("search_order"), texts(rule.search_order));
    items.push_back(std::move(entry));
  }
  return Value::list(std::move(items));
}

// dbt's VarProvider.
Value var_provider(const Node& vars) {
  Value values = jinja::from_node(vars);
  return jinja::record(
      "VarProvider",
      {{"vars", values},
       {"to_dict", jinja::function("to_dict", [values](const Arguments&) -> Outcome<Value> { return values; })}});
}

class RuntimeConfig final : public jinja::Object {
 public:
  RuntimeConfig(const Project& project, const Package& package) : project_(project), package_(package) {}
  std::string_view type_name() const override { return "RuntimeConfig"; }

  Outcome<std::optional<Value>> attr(std::string_view name) override {
    if (auto value = of_package(name)) return value;
    return of_run(name);
  }

 private:
  std::optional<Value> of_package(std::string_view name) const {
    const Settings& settings = package_.settings;
    if (name == "project_name") return Value(package_.name);
    if (name == "version") return settings.version.empty() ? Value() : Value(settings.version);
    if (name == "project_root") return Value(std::filesystem::absolute(package_.root).lexically_normal().string());
    if (name == "model_paths") return texts(settings.model_paths);
    if (name == "macro_paths") return texts(settings.macro_paths);
    if (name == "seed_paths") return texts(settings.seed_paths);
    if (name == "test_paths") return texts(settings.test_paths);
    if (name == "analysis_paths") return texts(settings.analysis_paths);
    if (name == "snapshot_paths") return texts(settings.snapshot_paths);
    if (name == "function_paths") return texts(settings.function_paths);
    if (name == "docs_paths") return texts(settings.docs_paths);
    if (name == "asset_paths") return texts(settings.asset_paths);
    if (name == "clean_targets") return texts(settings.clean_targets);
    if (name == "target_path") return Value(settings.target_path);
    if (name == "log_path") return Value(settings.log_path);
    if (name == "packages_install_path") return Value(settings.packages_install_path);
    if (name == "quoting") return jinja::from_node(settings.quoting);
    if (name == "restrict_access") return Value(settings.restrict_access);
    if (name == "flags") return jinja::from_node(settings.flags);
    if (name == "vars") return var_provider(settings.vars);
    if (name == "dispatch") return dispatch_rules(settings.dispatch);
    if (name == "on_run_start") return hook_texts(settings.on_run_start);
    if (name == "on_run_end") return hook_texts(settings.on_run_end);
    for (std::string_view section : {"models", "seeds", "snapshots", "sources", "data_tests", "unit_tests", "metrics",
                                     "semantic_models", "saved_queries", "analyses", "exposures", "functions"}) {
      if (name != section) continue;
      const Node* written = settings.sections.find(section);
      return written ? jinja::from_node(*written) : Value::dict();
    }
    return {};
  }

  std::optional<Value> of_run(std::string_view name) const {
    const Profile& profile = project_.profile;
    if (name == "profile_name") return Value(profile.name);
    if (name == "target_name") return Value(profile.target_name);
    if (name == "threads") return Value(static_cast<int64_t>(profile.threads));
    if (name == "credentials") return jinja::from_node(profile.target);  // without secrets
    if (name == "args") return jinja::from_node(project_.invocation_args);
    if (name == "cli_vars") return jinja::from_node(project_.vars);
    if (name == "dependencies" || name == "load_dependencies") return dependencies(name);
    return {};
  }

  Value dependencies(std::string_view name) const {
    Value all = Value::dict();
    for (const Package& package : project_.packages)
      all.as_dict().set(package.name, Value(jinja::make<RuntimeConfig>(project_, package)));
    if (name == "dependencies") return all;
    return jinja::function("load_dependencies", [all](const Arguments&) -> Outcome<Value> { return all; });
  }

  const Project& project_;
  const Package& package_;
};

class Resolver final : public jinja::Object {
 public:
  Resolver(std::string name, Outcome<Value> (*call)(const Arguments&), std::weak_ptr<NodeContext> context)
      : name_(std::move(name)), call_(call), context_(std::move(context)) {}
  std::string_view type_name() const override { return name_; }
  bool is_callable() const override { return true; }
  Outcome<Value> call(const Arguments& arguments) override { return call_(arguments); }

  Outcome<std::optional<Value>> attr(std::string_view name) override {
    const auto context = context_.lock();
    if (!context) return std::optional<Value>();
    const Project& project = context->project();
    if (name == "config") {
      context->globals().asked(Question::moment, "");  // of the command as well as of the project
      return Value(jinja::make<RuntimeConfig>(project, project.root()));
    }
    if (name == "current_project") return Value(project.root().name);
    if (name == "model" || name == "Relation") {
      return name == "model" ? context->member("model") : relation_class(quoting(project.root().settings.quoting));
    }
    return std::optional<Value>();
  }

 private:
  std::string name_;
  Outcome<Value> (*call_)(const Arguments&);
  std::weak_ptr<NodeContext> context_;
};

}  // namespace

Value make_resolver(std::string name, Outcome<Value> (*call)(const Arguments&), std::weak_ptr<NodeContext> context) {
  return Value(jinja::make<Resolver>(std::move(name), call, std::move(context)));
}

}  // namespace rynd::project

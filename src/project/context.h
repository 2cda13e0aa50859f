// Contexts: what names mean in templates. BaseContext has what needs neither a node nor a warehouse; NodeContext adds
// macros, ref, source, config, this, adapter as they are while parsing. transform derives from NodeContext for the time
// when things run, and overrides the virtual members.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/world.h"
#include "jinja/jinja.h"
#include "project/project.h"
#include "project/relation.h"
#include "project/witness.h"

namespace rynd::project {

// Where log(), print() and exceptions.warn() go. Called from any thread.
class TemplateOutput {
 public:
  virtual ~TemplateOutput() = default;
  virtual void log(std::string_view text, bool info) = 0;
  virtual void print(std::string_view text) = 0;
  virtual void warn(std::string_view text) = 0;
};

// Values that are the same for every template of a project: made once, shared by all contexts and threads, never
// changed.
class Globals {
 public:
  // Before profile and macros are known (profiles.yml, dbt_project.yml) the project may be without both. The references
  // must outlive the object. `output` may be null: nothing is written then.
  Globals(const Project& project, World& world, TemplateOutput* output);
  Globals(const Globals&) = delete;  // templates' `flags` points to it
  Globals& operator=(const Globals&) = delete;

  // The member of that name: dbt_version, var, env_var, flags, modules, exceptions, fromjson, return, ...
  const jinja::Value* find(std::string_view name) const;
  const Project& project() const { return project_; }
  World& world() const { return world_; }
  TemplateOutput* output() const { return output_; }
  // api.Column, which belongs to the room that knows types; None until it is set.
  jinja::Value column_class() const {
    const jinja::Value* value = find("Column");
    return value ? *value : jinja::Value();
  }
  // Replaces or adds one. Only before the first template is rendered.
  void set(std::string_view name, jinja::Value value);

  // From now on, `witness` is told what templates ask for; null: nobody is. Not once threads share the object.
  void watch(Witness* witness) { witness_ = witness; }
  void asked(Question question, std::string_view name) const {
    if (witness_) witness_->asked(question, name);
  }

  // What var('name') is in templates of a package; nullptr where nobody sets it. Strings may be templates.
  const Node* find_var(std::string_view package, std::string_view name) const;
  std::vector<std::string> var_names(std::string_view package) const;

 private:
  struct Hash : std::hash<std::string_view> {
    using is_transparent = void;
  };
  template <class T>
  using ByName = std::unordered_map<std::string, T, Hash, std::equal_to<>>;

  void merge_vars(const Package& package);

  const Project& project_;
  World& world_;
  TemplateOutput* output_;
  Witness* witness_ = nullptr;
  ByName<jinja::Value> members_;
  ByName<ByName<Node>> vars_;  // package -> name
};

// var, env_var, target, flags, modules, exceptions and the pure functions: enough for YAML values.
class BaseContext : public jinja::Context, public std::enable_shared_from_this<BaseContext> {
 public:
  // `package` decides which vars are seen.
  BaseContext(const Globals& globals, std::string package) : globals_(globals), package_(std::move(package)) {}
  std::optional<jinja::Value> lookup(std::string_view name) override;

  const Globals& globals() const { return globals_; }
  const Project& project() const { return globals_.project(); }
  const std::string& package() const { return package_; }

  // In YAML of profiles and packages only: DBT_ENV_SECRET_* may be read.
  bool secrets_allowed = false;
  // dbt's `var` while parsing a model gives None for an unknown name; elsewhere it fails.
  virtual bool missing_var_is_none() const { return false; }
  // Templates in the values of vars are rendered for models, not for YAML.
  virtual bool renders_vars() const { return false; }
  // var(name, fallback); `fallback` is missing where none is given. Fails with RYND1009.
  jinja::Outcome<jinja::Value> variable(const std::string& name, const jinja::Value& fallback);
  const Node* find_variable(std::string_view name) const;
  // What a unit test puts in the place of a var or an environment variable; asked before the real thing.
  virtual const Node* var_override(std::string_view) const { return nullptr; }
  virtual std::optional<std::string> env_override(std::string_view) const { return std::nullopt; }
  // render(text): a text as a template of this context.
  jinja::Outcome<jinja::Value> render_text(const std::string& text);

 protected:
  const Globals& globals_;
  std::string package_;
};

// What a rendering of a node's template found out.
struct Captured {
  std::vector<Ref> refs;
  std::vector<SourceRef> sources;
  std::vector<Ref> metrics;
  std::vector<Ref> functions;
  std::vector<MacroId> macros;      // called by the template itself, each once
  Node config_calls = Node::map();  // every key of every config() call in order; a key may stand there twice
};

// For the template of a resource, a macro called on its behalf, or a hook. Parse-time behaviour: execute is false,
// ref() and source() are noted and give this node's relation, adapter methods that need a warehouse give what dbt's
// stubs give.
class NodeContext : public BaseContext {
 public:
  // `node` may be null (an operation without one). It must outlive the context. Macros are searched
  // for as a template of `package` means them.
  NodeContext(const Globals& globals, const Resource* node, std::string package)
      : BaseContext(globals, std::move(package)), node_(node) {}

  // Macros first, as in dbt (a project may override any member), then member(), then the base.
  std::optional<jinja::Value> lookup(std::string_view name) final;

  const Resource* node() const { return node_; }
  Captured captured;
  // What context.update() does: the name means this from now on, whatever it meant before.
  void set_name(std::string name, jinja::Value value) {
    own_names_.insert_or_assign(std::move(name), std::move(value));
  }

  // What ref(...), source(...), config(...) do. The default ones note the call in `captured`.
  virtual jinja::Outcome<jinja::Value> ref(const Ref& ref);
  virtual jinja::Outcome<jinja::Value> source(const SourceRef& source);
  virtual jinja::Outcome<jinja::Value> metric(const Ref& metric);
  virtual jinja::Outcome<jinja::Value> function(const Ref& function);
  virtual jinja::Outcome<jinja::Value> configure(const jinja::Value& options);
  // config.get / require / meta_get / meta_require: nothing: the key is not set.
  virtual std::optional<jinja::Value> config_value(std::string_view key, bool of_meta);
  virtual bool executes() const { return false; }
  // adapter.NAME: nothing: there is no such method. `dispatch` and `type` are answered before.
  virtual std::optional<jinja::Value> adapter_attribute(std::string_view name);
  // What a unit test puts in the place of a macro, "name" or "package.name"; asked before the real thing.
  virtual std::optional<jinja::Value> macro_override(std::string_view) { return std::nullopt; }
  // Anything else a template may ask for: this, model, graph, database, schema, sql, load_result, statement's store,
  // ...
  virtual std::optional<jinja::Value> member(std::string_view name);

  bool missing_var_is_none() const override { return !executes(); }
  bool renders_vars() const override { return true; }

  // The macro bound to this context (or what it overrides), as a callable.
  jinja::Value macro(MacroId id);
  // By name as a template of this package means it: "name" or "package.name"; nothing: there is none.
  std::optional<jinja::Value> find_macro(std::string_view name);
  jinja::Outcome<jinja::Value> dispatch(std::string_view name, std::string_view macro_namespace);

 protected:
  // The node as a mutable dict in manifest form: the template's `model`.
  virtual jinja::Value model();
  virtual jinja::Value this_relation();
  virtual jinja::Value graph();

 private:
  std::optional<jinja::Value> parse_time_function(std::string_view name);
  jinja::Value hooks(std::string_view key);
  jinja::Value test_arguments();
  jinja::Value resolver(std::string_view name);

  const Resource* node_;
  std::optional<jinja::Value> model_;
  std::map<std::string, jinja::Value, std::less<>> own_names_;
};

// The resource as dbt's manifest has it (also what `model` and `graph.nodes[...]` hold). `project` resolves ids.
Node manifest_entry(const Project& project, const Resource& resource);

// What a command made of a node's code.
struct CompiledCode {
  std::string_view code;
  std::string path;  // where it was written, below the project's folder
};
// The same, appended to a JSON text as json::write() would write it; with its compiled code, unless that is null.
void write_manifest_entry(const Project& project, const Resource& resource, const CompiledCode* compiled,
                          std::string& json);

// Tells by the keys that lead to a value whether it stays as it is; list places are their numbers.
using SkipPath = std::function<bool(const std::vector<std::string>& path)>;

// A native rendering of every string below a YAML value, as dbt renders YAML: keys stay, "{{ var('x') }}" becomes the
// var's own type. Errors have the string's place.
Checked<Node> render_yaml(const Node& value, const SourcePtr& source, const std::shared_ptr<BaseContext>& context,
                          const SkipPath& skip = {});

}  // namespace rynd::project

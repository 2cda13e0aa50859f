// RunContext: what names mean in a node's templates when it runs: refs that resolve, a warehouse behind `adapter`,
// results of statements.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "parts.h"
#include "project/context.h"
#include "session.h"
#include "transform.h"

namespace rynd::transform {

struct Batch;

class RunContext final : public project::NodeContext {
 public:
  RunContext(Runtime::Parts& parts, Session& session, const project::Resource* node, std::string package)
      : NodeContext(parts.globals, node, std::move(package)), parts_(parts), session_(session) {}

  Runtime::Parts& parts() { return parts_; }
  Session& session() { return session_; }

  jinja::Outcome<jinja::Value> ref(const project::Ref& ref) override;
  jinja::Outcome<jinja::Value> source(const project::SourceRef& source) override;
  jinja::Outcome<jinja::Value> function(const project::Ref& function) override;
  bool executes() const override { return true; }
  std::optional<jinja::Value> adapter_attribute(std::string_view name) override;
  std::optional<jinja::Value> member(std::string_view name) override;
  std::optional<jinja::Value> macro_override(std::string_view name) override;
  const Node* var_override(std::string_view name) const override;
  std::optional<std::string> env_override(std::string_view name) const override;

  // Runs dbt's macro of that name: "drop_relation" for adapter.drop_relation().
  jinja::Outcome<jinja::Value> run_macro(std::string_view name, std::vector<jinja::Value> arguments);

  // The compiled SQL, once it is known: `sql`, `compiled_code`, model.compiled_code.
  void set_compiled(const Compiled* compiled);
  const Compiled* compiled() const { return compiled_; }
  // What is sent to the warehouse for a statement of a template: a view is made without the catalogue's name, which is
  // the file's, so that it still binds where the file is renamed or attached.
  std::string sendable(const std::string& sql);
  // The compiled SQL as a view has it; errors in that text lie elsewhere in it.
  const Compiled* portable() const { return portable_ ? &*portable_ : nullptr; }
  std::string without_catalog(const std::string& sql);

  // Only for unit tests.
  const UnitOverrides* overrides = nullptr;
  bool this_was_read() const { return this_was_read_; }
  // Only for microbatch models: the window that is built, and whether it must add to the table.
  const Batch* batch = nullptr;
  bool adds = false;
  // A text that is no resource may ref anything.
  bool refs_are_free = false;
  // Names that only this render knows: results, schemas, ...
  std::vector<std::pair<std::string, jinja::Value>> extra;
  // Ephemeral parents, in the order their refs came.
  std::vector<project::ResourceId> ephemerals;
  // The one that does not compile, and keeps this node from it.
  std::optional<project::ResourceId> failed_ephemeral;
  // Of the resource's file.
  std::string absolute_path(const project::Resource& resource) const;
  Diagnostics warnings;

 protected:
  jinja::Value model() override;
  jinja::Value this_relation() override;
  jinja::Value graph() override;

 private:
  jinja::Outcome<jinja::Value> relation_of(project::ResourceId id);
  const engine::Relation* deferred_relation(project::ResourceId id) const;
  void narrow(project::RelationName& name, const project::Resource& resource) const;
  std::optional<TimeWindow> event_window() const;
  jinja::Value defer_relation();
  void note_compiled(const Compiled& compiled);
  std::optional<jinja::Value> function_member(std::string_view name);

  Runtime::Parts& parts_;
  Session& session_;
  bool this_was_read_ = false;
  const Compiled* compiled_ = nullptr;
  std::optional<Compiled> portable_;
  std::optional<jinja::Value> model_;
};

// What stands for a resource in SQL: its own relation, or the one of another environment that it is deferred to.
project::RelationName readable_name(const Runtime::Parts& parts, project::ResourceId id);

// Where target/run or target/compiled keep a node's SQL, relative to the project.
std::filesystem::path target_file(const project::Project& project, const project::Resource& resource,
                                  std::string_view kind);

// The context of the template that calls a host function; null for another.
RunContext* run_context(const jinja::Arguments& arguments);

}  // namespace rynd::transform

// Opening: what most commands begin with: the project that the options name, its selection, its warehouse.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "command.h"
#include "engine/engine.h"
#include "project/context.h"
#include "project/project.h"
#include "project/select.h"

namespace rynd::cli {

// log(), print() and warnings of templates, on the console.
std::unique_ptr<project::TemplateOutput> template_output(const Invocation& invocation, Console& console);

// The options that decide what a project says. Fails where --vars is no YAML mapping.
Checked<project::LoadOptions> load_options(const Invocation& invocation, Session& session,
                                           project::TemplateOutput* output);

// The project, its warnings reported. All that is wrong is reported, and nothing is returned, where it cannot be used.
std::shared_ptr<const project::Project> open_project(const Invocation& invocation, Session& session,
                                                     project::TemplateOutput* output);

// Settings and profile alone, for commands that need no more; reports what is wrong.
Checked<project::Opened> open_settings(const Invocation& invocation, Session& session);

// What --select, --exclude, --selector, --resource-type and --indirect-selection ask for, among `types` (empty: all);
// nothing where that is malformed, which is reported. Criteria that match nothing are warned about.
// Those among `rarely` come only with `--resource-type all` or their own name.
std::optional<project::Selection> select_nodes(const Invocation& invocation, Session& session,
                                               const project::Project& project,
                                               std::vector<project::ResourceType> types,
                                               const std::vector<project::ResourceType>& rarely = {});

// Reports a warning; false where --warn-error and its options make it an error.
bool told(Session& session, const project::Project& project, Diagnostic warning);

// The warehouse: the session's own, or the profile's, opened.
class Warehouse {
 public:
  // Reports, and is empty, where it cannot be opened.
  Warehouse(const project::Profile& profile, const std::filesystem::path& project_dir, Session& session);
  // A database of no project; never the session's own.
  Warehouse(const engine::Target& target, Session& session);
  Warehouse(const project::Project& project, Session& session) : Warehouse(project.profile, project.dir, session) {}
  explicit operator bool() const { return database_ != nullptr; }
  engine::Database& operator*() const { return *database_; }
  engine::Database* operator->() const { return database_; }
  // Whether it is closed when this goes; else others have it open, too.
  bool is_own() const { return own_ != nullptr; }

 private:
  void keep(Result<std::unique_ptr<engine::Database>> opened, Session& session);

  std::unique_ptr<engine::Database> own_;
  engine::Database* database_ = nullptr;
};

// The schemas that hold models, seeds, snapshots and sources, each once.
std::vector<engine::SchemaName> relation_schemas(const project::Project& project);

// A connection of it; null where there is none, which is reported, or where the warehouse is empty.
std::unique_ptr<engine::Connection> connect(Warehouse& warehouse, Session& session);

}  // namespace rynd::cli

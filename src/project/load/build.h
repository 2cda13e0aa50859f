// Build: a project while it is being read. Each reader adds drafts; nothing refers to a resource by id before all are
// known.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "fields.h"
#include "project/context.h"
#include "project/project.h"

namespace rynd::project {

// A properties file, its templates rendered (but for those that dbt renders later).
struct PropertiesFile {
  const Package* package = nullptr;
  std::string original_file_path;  // "models/schema.yml"
  std::string relative_path;       // "schema.yml"
  Document document;
  Node unrendered;  // where something was rendered; else null
};

// One entry of a properties file that describes a model, seed, snapshot, analysis or singular test.
struct Patch {
  const PropertiesFile* file = nullptr;
  const Node* entry = nullptr;
  ResourceType type = ResourceType::model;
  std::string name;
  bool used = false;
};

// A generic test as somebody wrote it, and what it stands on.
struct TestRequest {
  const PropertiesFile* file = nullptr;
  const Node* written = nullptr;  // "unique", or {accepted_values: {...}}
  const Node* column = nullptr;   // the column's entry; null for the whole relation
  std::vector<std::string> tags;  // of column, table and source
  std::string target_name;        // model, seed, snapshot or source table
  std::string version;            // "" without
  std::string source_name;        // "" where the target is no source
  std::string yaml_key;           // "models", "seeds", "snapshots", "sources"
  std::vector<std::string> source_fqn;
  bool quote_columns = false;
};

// A resource before its configuration is final.
struct Draft {
  Resource resource;
  Captured captured;
  const Package* package = nullptr;
  const Node* patch_config = nullptr;  // `config:` of its properties
  Node merged_patch_config;            // owned where it had to be put together
  Node inline_config = Node::map();    // of a generic test, a source, an exposure, ...
  std::string test_target;             // what a generic test stands on; "" for a source
  std::string test_version;
  std::vector<std::string> measures;  // of a metric: semantic models are found by them
  std::vector<Ref> table_names;       // of a page: names in SQL that may be relations
  bool enabled = true;
  bool absorbed = false;  // it is part of another resource now: the body of a function's overload
  ResourceId id = no_resource;
};

class Lookup;

// A file's place, contents not read.
struct FoundFile {
  const Package* package = nullptr;
  std::string folder;    // "models"
  std::string relative;  // below the folder
  std::string original_file_path() const { return folder.empty() ? relative : folder + "/" + relative; }
  std::filesystem::path on_disk() const { return package->root / folder / relative; }
  std::string printed() const { return package->prefix + original_file_path(); }
};

struct Build {
  Build(Project& into, const LoadOptions& load_options, World& the_world)
      : project(into), options(load_options), world(the_world) {}

  Project& project;
  const LoadOptions& options;
  World& world;
  Problems problems;
  std::unique_ptr<Globals> globals;
  std::map<std::string, std::shared_ptr<BaseContext>, std::less<>> yaml_contexts;

  // Files that cannot be read whole. What is missing elsewhere may stand in them, and is not told then.
  std::vector<SourcePtr> broken_files;
  bool may_be_in_broken_file(std::string_view name) const;
  // As templates are rendered for what they tell of themselves.
  jinja::RenderOptions first_rendering() const {
    return {.undefined = jinja::UndefinedMode::permissive, .stop = options.stop};
  }
  // What went wrong while a template was rendered; not where the macro or block it lacks may be in a broken file.
  void add_rendering_problem(Diagnostic problem);

  std::deque<PropertiesFile> properties;
  std::deque<Draft> drafts;
  std::unordered_map<std::string, std::vector<Draft*>> drafts_by_name;  // refable ones, tests and analyses
  std::vector<TestRequest> tests;
  std::vector<Draft*> enabled;                // by ResourceId
  std::map<std::string, SourcePtr> fixtures;  // "package.name" -> contents

  Draft& add_draft(ResourceType type, const Package& package) {
    Draft& draft = drafts.emplace_back();
    draft.package = &package;
    draft.resource.type = type;
    draft.resource.package = package.name;
    draft.resource.config = Config(type);
    draft.resource.database = project.profile.database;
    draft.resource.schema = project.profile.schema;
    return draft;
  }
  std::shared_ptr<BaseContext> yaml_context(const std::string& package) {
    auto& context = yaml_contexts[package];
    if (!context) context = std::make_shared<BaseContext>(*globals, package);
    return context;
  }
  // The text, or nullptr after noting the problem.
  SourcePtr read(const FoundFile& file);
  // All files below the given folders of a package with one of these endings, .dbtignore applied, in order.
  std::vector<FoundFile> find(const Package& package, const std::vector<std::string>& folders,
                              std::initializer_list<std::string_view> endings);

 private:
  const std::vector<FileInfo>& list(const std::filesystem::path& folder);
  const std::vector<std::string>& ignored(const Package& package);
  std::map<std::string, std::vector<FileInfo>> listings_;  // each folder is listed once
  std::map<std::string, std::vector<std::string>> ignored_;
};

// Readers, in the order load() calls them.
void read_macros(Build& build);
void read_docs(Build& build);
void read_node_files(Build& build);
void read_properties(Build& build);
void apply_properties(Build& build);
void read_sources(Build& build);
void read_ingest(Build& build);
void read_pages(Build& build);
void read_unit_tests(Build& build);
void read_other_yaml(Build& build);  // exposures, groups, metrics, semantic models, saved queries
void make_generic_tests(Build& build);
void finish_nodes(Build& build);                   // configuration, relation names
void collect(Build& build);                        // drafts to resources; duplicates
void resolve(Build& build, const Lookup& lookup);  // refs to ids, graph
void render_descriptions(Build& build);            // doc() in descriptions
void check_project(Build& build);                  // groups, access, unused configuration, primary keys

// The configuration that dbt_project.yml gives a resource, merged into `config`: the sections of one package by fqn.
void apply_project_config(Config& config, const Settings& settings, const std::vector<std::string>& fqn,
                          ResourceType type);
// "models", "data_tests", ...: the section of dbt_project.yml that configures a type.
std::string_view section_of(ResourceType type);

// Compiles a template; problems are noted.
jinja::Template compile(Build& build, const SourcePtr& source, jinja::Part part = {});
// Renders a draft's template as dbt does while parsing, or reads its calls where they are all literal.
void capture(Build& build, Draft& draft);
// The same for a model in Python, from its literal calls.
void capture_python(Build& build, Draft& draft);

// Adds a ref or a source unless one asks for the same already.
template <class Reference>
void add_once(std::vector<Reference>& references, Reference one) {
  for (const Reference& known : references) {
    if (is_same(known, one)) return;
  }
  references.push_back(std::move(one));
}

// pkg + folders of a path + name, as dbt makes fqns.
std::vector<std::string> fqn_of(const std::string& package, std::string_view path, const std::string& name);
std::string without_ending(std::string_view path);
std::string base_name(std::string_view path);
std::string folder_of(std::string_view path);  // "" without

}  // namespace rynd::project

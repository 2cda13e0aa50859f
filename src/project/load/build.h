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
#include "load/partial/questions.h"
#include "load/partial/store.h"
#include "project/context.h"
#include "project/project.h"

namespace rynd::project {

struct Contribution;
struct PropertiesFile;
class Partial;

// A generic test as somebody wrote it, and what it stands on.
struct TestRequest {
  PropertiesFile* file = nullptr;
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

// A properties file, its templates rendered (but for those that dbt renders later).
struct PropertiesFile {
  const Package* package = nullptr;
  std::string original_file_path;  // "models/schema.yml"
  std::string relative_path;       // "schema.yml"
  Document document;
  Contribution* contribution = nullptr;
  std::vector<TestRequest> tests;
  std::string patch_path() const { return package->name + "://" + original_file_path; }
};

// A resource before the graph is known.
struct Draft {
  Resource resource;
  Captured captured;
  const Package* package = nullptr;
  Contribution* contribution = nullptr;  // whose it is; null: made anew each time
  std::string file_name;                 // what its file calls it: "orders_v2" of version 2 of orders
  bool finished = false;                 // configured and named, which only the file's own words decide
  const Node* patch_config = nullptr;    // `config:` of its properties
  Node merged_patch_config;              // owned where it had to be put together
  Node inline_config = Node::map();      // of a generic test, a source, an exposure, ...
  std::string test_target;               // what a generic test stands on; "" for a source
  std::string test_version;
  std::vector<std::string> measures;  // of a metric: semantic models are found by them
  std::vector<Ref> table_names;       // of a page: names in SQL that may be relations
  bool enabled = true;
  bool absorbed = false;  // it is part of another resource now: the body of a function's overload
  ResourceId id = no_resource;
};

// What a macro's text calls.
struct MacroCall {
  std::string name;             // "star", "dbt_utils.star"; of a dispatch its first argument
  std::string macro_namespace;  // of a dispatch
  bool dispatched = false;
};
struct MacroDraft {
  Macro macro;
  std::vector<MacroCall> calls;
};

// What a properties file says of a macro.
struct MacroPatch {
  std::string package;
  std::string name;
  std::string description;
  std::string patch_path;
  Node meta = Node::map();
  Node config = Node::map();
  bool show = true;
  std::vector<MacroArgument> arguments;
};

// An entry of a properties file that describes nothing that is there.
struct UnusedEntry {
  bool is_macro = false;
  ResourceType type = ResourceType::model;
  std::string name;
  Span span;
};

class Lookup;

// A file's place, contents not read.
struct FoundFile {
  const Package* package = nullptr;
  std::string folder;    // "models"
  std::string relative;  // below the folder
  FileStamp stamp = {};
  std::string original_file_path() const { return folder.empty() ? relative : folder + "/" + relative; }
  std::filesystem::path on_disk() const { return package->root / folder / relative; }
  std::string printed() const { return package->prefix + original_file_path(); }
};

struct Build {
  Build(Project& into, const LoadOptions& load_options, World& the_world);
  ~Build();

  Project& project;
  const LoadOptions& options;
  World& world;
  Problems problems;
  std::unique_ptr<Globals> globals;
  std::map<std::string, std::shared_ptr<BaseContext>, std::less<>> yaml_contexts;

  uint64_t opening = 0;  // a hash of what the templates of dbt_project.yml files became, and of vars.yml
  // Files that cannot be read whole. What is missing elsewhere may stand in them, and is not told then.
  std::vector<SourcePtr> broken_files;
  bool may_be_in_broken_file(std::string_view name) const;
  // As templates are rendered for what they tell of themselves.
  jinja::RenderOptions first_rendering() const {
    return {.undefined = jinja::UndefinedMode::permissive, .stop = options.stop};
  }
  // What went wrong while a template was rendered; not where the macro or block it lacks may be in a broken file.
  void add_rendering_problem(Diagnostic problem);

  std::unique_ptr<Partial> partial;       // of each file, whether what it gave the last time can be taken again
  std::deque<PropertiesFile> properties;  // those that were read now
  std::deque<MacroDraft> macros;
  std::deque<Draft> drafts;
  std::unordered_map<std::string, std::vector<Draft*>> drafts_by_name;       // refable ones, tests and analyses
  std::unordered_map<std::string, std::vector<Draft*>> drafts_by_file_name;  // the same, by what their files say
  std::vector<Draft*> enabled;                                               // by ResourceId
  std::map<std::string, FoundFile> fixtures;                                 // by "package.name"

  Draft& add_draft(ResourceType type, const Package& package, Contribution* contribution);
  // Of a model, seed, snapshot, singular test or analysis: where others find it.
  void remember(Draft& draft);
  std::shared_ptr<BaseContext> yaml_context(const std::string& package);
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

// Readers, in the order load() calls them. What a file gave the last time, and would give again, is not read but taken.
void read_macros(Build& build);
void read_docs(Build& build);
void find_node_files(Build& build);
void read_properties(Build& build);
void choose(Build& build);  // which contributions are made anew
void read_node_files(Build& build);
void apply_properties(Build& build);
void read_described(Build& build);  // all that properties files define themselves
void report_unused(Build& build);   // entries of properties files that describe nothing
void read_ingest(Build& build);
void read_pages(Build& build);
void finish_nodes(Build& build);                   // configuration, relation names, descriptions
void collect(Build& build);                        // drafts to resources; duplicates
void resolve(Build& build, const Lookup& lookup);  // refs to ids, graph
void check_project(Build& build);                  // groups, access, unused configuration, primary keys

// Reads and renders one; what it says is not applied.
void read_properties_file(Build& build, Contribution& one);
// What a properties file defines itself.
void read_sources(Build& build, PropertiesFile& file);
void read_unit_tests(Build& build, PropertiesFile& file);
void read_other_yaml(Build& build, PropertiesFile& file);  // exposures, groups, metrics, semantic models, saved queries
void make_generic_tests(Build& build, PropertiesFile& file);
void describe(Build& build, Draft& draft);  // doc() in its descriptions
void describe(Build& build, MacroPatch& patch, const Span& place);

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
// A seed over this many bytes is known by its path, as dbt's maximum_seed_size_mib has it.
inline constexpr uint64_t hashed_seed_bytes = 1 << 20;

std::string without_ending(std::string_view path);
std::string base_name(std::string_view path);
std::string folder_of(std::string_view path);  // "" without

}  // namespace rynd::project

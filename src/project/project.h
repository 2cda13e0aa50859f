// Project: everything the user's files say. load() reads them all and reports every mistake it can find at once.
#pragma once

#include <filesystem>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/clock.h"
#include "base/diagnostic.h"
#include "base/world.h"
#include "jinja/value.h"
#include "project/graph.h"
#include "project/macros.h"
#include "project/profile.h"
#include "project/resource.h"
#include "project/settings.h"

namespace rynd::project {

// A macro file that comes with the program: package "dbt" or "dbt_duckdb", path "macros/etc/x.sql".
struct BuiltinFile {
  std::string_view package;
  std::string_view path;
  std::string_view text;  // lives as long as the program
};

class TemplateOutput;  // context.h

struct LoadOptions {
  std::filesystem::path project_dir = ".";
  std::optional<std::filesystem::path> profiles_dir = {};  // --profiles-dir
  std::string profile = {};                                // --profile
  std::string target = {};                                 // --target
  std::optional<int> threads = {};                         // --threads
  Node vars = Node::map();                                 // --vars
  // What `flags.NAME` answers in templates, by upper-case name ("WHICH", "FULL_REFRESH", ...); defaults are added.
  Node flags = Node::map();
  std::string invocation_id = {};  // made up where empty
  std::span<const BuiltinFile> builtins = {};
  // What templates see as api.Column while parsing.
  jinja::Value column_class = {};
  TemplateOutput* output = nullptr;  // what templates log while parsing; null: nowhere
  std::stop_token stop = {};         // ends the reading, whatever templates are doing
  std::string target_path = {};      // --target-path; "" : the project's
  // What is read is kept in target/partial_parse.rynd; files that would say the same again are not read the next time,
  // unless the flag PARTIAL_PARSE is false.
  bool keeps_parse = false;
  std::filesystem::path partial_parse_file = {};  // --partial-parse-file-path; "" : in target/
  std::string program = {};                       // which program this is: another one's files are not taken
};

struct Package {
  std::string name;
  std::filesystem::path root;  // absolute, or relative as project_dir is
  std::string prefix;          // "" for the root project, "dbt_packages/dbt_utils/" for another: before printed paths
  Settings settings;
};

// Immutable once loaded, safe to share between threads.
class Project {
 public:
  const Package& root() const { return packages.front(); }
  // By unique id; no_resource where there is none (or it is disabled).
  ResourceId find(std::string_view unique_id) const;
  const Resource& at(ResourceId id) const { return resources[id]; }
  // dbt's ref resolution for a template of `package` (own package, root, any other); no_resource where there is none.
  ResourceId resolve_ref(const Ref& ref, std::string_view package) const;
  ResourceId resolve_source(std::string_view source, std::string_view table) const;
  // What function() means in a template of `package`.
  ResourceId resolve_function(const Ref& function, std::string_view package) const;
  const Package* package(std::string_view name) const;
  // Resources of a type, in the order of loading.
  std::vector<ResourceId> of_type(ResourceType type) const;

  std::filesystem::path dir;
  std::vector<Package> packages;  // the root first, then as they depend on each other
  Profile profile;
  RyndSettings rynd;
  Node vars = Node::map();  // --vars
  Node flags = Node::map();
  Node invocation_args = Node::map();  // invocation_args_dict, and `args` of run_results.json
  Node metadata_envs = Node::map();    // DBT_ENV_CUSTOM_ENV_*, by what follows
  std::string invocation_id;
  Instant started_at;

  std::vector<Resource> resources;
  std::vector<Resource> disabled;
  std::vector<Macro> macros;
  MacroIndex macro_index;
  std::vector<Doc> docs;
  Node selectors = Node::map();  // selectors.yml: name -> {definition, description, default}
  SourcePtr selectors_source;
  Graph graph;  // ids are ResourceIds
  Diagnostics warnings;

  // The same for every reading in which all files say the same; 0: not known, for nothing is kept.
  uint64_t fingerprint = 0;

  // Filled by load().
  std::unordered_map<std::string, ResourceId> by_unique_id;
  std::unordered_map<std::string, std::vector<ResourceId>> by_ref_name;
};

// Reads dbt_project.yml (or rynd.yml alone), profile, packages, every file, and builds the graph. Never opens a
// warehouse. All errors of all files at once; warnings are in the project.
Checked<Project> load(const LoadOptions& options, World& world);

// The parts of load() that a command without a whole project needs (debug, clean, deps, init).
struct Opened {
  Settings settings;
  RyndSettings rynd;
  Profile profile;
};
Checked<Opened> open(const LoadOptions& options, World& world);

}  // namespace rynd::project

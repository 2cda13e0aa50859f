// Macros: every macro of the project and the order in which names are looked up.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/node.h"
#include "base/source.h"
#include "jinja/jinja.h"
#include "project/resource.h"
#include "project/settings.h"
#include "project/witness.h"

namespace rynd::project {

struct MacroArgument {
  std::string name;
  std::string type;
  std::string description;
};

struct Macro {
  std::string unique_id;  // "macro.pkg.name"
  std::string name;       // "test_unique" for {% test unique %}, "materialization_table_default", ...
  std::string package;
  std::string path;
  std::string original_file_path;
  std::string macro_sql;  // the whole block
  std::string description;
  Node meta = Node::map();
  Node config = Node::map();
  DocsOptions docs;
  std::string patch_path;
  std::vector<MacroArgument> arguments;
  std::vector<std::string> supported_languages;  // only a materialization's
  std::vector<MacroId> depends_on_macros;
  Span span;
  // The file's compiled template and this macro's index in it.
  jinja::Template compiled;
  uint32_t index = 0;
};

// Names to macros in dbt's order: a template's own package, the root project, packages by their name, built-ins.
class MacroIndex {
 public:
  MacroIndex() = default;
  // `internal_packages` are the built-in ones, adapter first ("dbt_duckdb", "dbt"); `adapter_types` the prefixes of
  // dispatch before "default".
  MacroIndex(std::span<const Macro> macros, std::string root_package, std::vector<std::string> packages,
             std::vector<std::string> internal_packages, std::vector<std::string> adapter_types,
             std::vector<DispatchRule> dispatch);

  // From now on, `witness` is told which names are looked for; null: nobody is. Not once threads share the object.
  void watch(Witness* witness) { witness_ = witness; }

  // What a bare name means in a template of `package`.
  std::optional<MacroId> find(std::string_view package, std::string_view name) const;
  // What `scope.name` means: `scope` a package, or "dbt" for the built-in chain.
  std::optional<MacroId> find_in(std::string_view scope, std::string_view name) const;
  // As find(), and at last any other package's: how dbt looks for a generic test's macro.
  std::optional<MacroId> find_anywhere(std::string_view package, std::string_view name) const;
  // True for a package with macros, and for "dbt".
  bool is_scope(std::string_view scope) const;
  // adapter.dispatch(name, macro_namespace) in a template of `package`: the first existing <prefix>__<name>.
  std::optional<MacroId> dispatch(std::string_view package, std::string_view name,
                                  std::string_view macro_namespace) const;
  // Every candidate dispatch() looks for, in order, as its message says them.
  std::vector<std::string> dispatch_candidates(std::string_view name, std::string_view macro_namespace) const;
  // The materialization's macro as dbt picks it: adapter before default; the root project before the node's package
  // before built-ins; a package may not replace a built-in one without the root's say-so.
  std::optional<MacroId> materialization(std::string_view package, std::string_view name) const;
  // generate_schema_name and its like: the node's package where that is not built in, else root, else built-in.
  std::optional<MacroId> generator(std::string_view package, std::string_view name) const;
  // All bare names `package` can say, for suggestions.
  std::vector<std::string> names(std::string_view package) const;

 private:
  struct Hash : std::hash<std::string_view> {
    using is_transparent = void;
  };
  template <class T>
  using ByName = std::unordered_map<std::string, T, Hash, std::equal_to<>>;
  using Names = ByName<MacroId>;

  const Names* scope(std::string_view package) const;
  std::optional<MacroId> find_among_all(std::string_view name) const;
  // Scopes to search for a namespace; "" means: as the template's own package sees it.
  std::vector<std::string> search_scopes(std::string_view macro_namespace) const;

  Witness* witness_ = nullptr;
  std::string root_;
  std::vector<std::string> packages_in_project_;
  std::vector<std::string> prefixes_;  // adapter types, then "default"
  std::vector<DispatchRule> dispatch_;
  ByName<Names> packages_;  // not the built-in ones
  Names internal_;          // the chain flattened, adapter first
  Names anywhere_;          // every bare name: root first, then packages, then built-ins
};

}  // namespace rynd::project

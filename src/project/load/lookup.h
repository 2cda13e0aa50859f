// Lookup: which draft a ref() or source() means, in dbt's order of packages.
#pragma once

#include "load/build.h"

namespace rynd::project {

class Lookup {
 public:
  explicit Lookup(Build& build);

  // The package named, or the root, the template's own, any other; the latest version where none is named.
  Draft* find(const Ref& ref, std::string_view package) const;
  Draft* find(const SourceRef& source, std::string_view package) const;
  // What function() means.
  Draft* find_function(const Ref& function, std::string_view package) const;
  bool is_disabled(const Ref& ref) const;
  bool is_disabled(const SourceRef& source) const;
  bool is_disabled_function(const Ref& function) const;
  // The versions of a model; empty where it has none.
  std::vector<std::string> versions(const std::string& name, std::string_view package) const;
  const std::vector<std::string>& names() const { return names_; }  // all that ref() can say
  const std::vector<std::string>& function_names() const { return function_names_; }
  const std::vector<std::string>& source_names() const { return source_names_; }  // "source.table"

 private:
  std::string root_;
  std::unordered_map<std::string, std::vector<Draft*>> refable_;
  std::unordered_map<std::string, std::vector<Draft*>> sources_;
  std::unordered_map<std::string, std::vector<Draft*>> functions_;
  std::set<std::string> disabled_;
  std::set<std::string> disabled_functions_;
  std::set<std::string> disabled_sources_;
  std::vector<std::string> names_;
  std::vector<std::string> source_names_;
  std::vector<std::string> function_names_;
};

}  // namespace rynd::project

// Lookup: refs and sources by name.
#include "load/lookup.h"

#include <algorithm>

namespace rynd::project {

namespace {

bool fits(const Draft& draft, const std::string& version) {
  const auto& model = draft.resource.model;
  bool versioned = model && !model->version.empty();
  if (version.empty()) return !versioned || model->version == model->latest_version;
  return versioned && model->version == version;
}

// The first that stands in the earliest package of the order; "" in the order: any.
Draft* first_in_order(const std::vector<Draft*>& candidates, const std::vector<std::string_view>& order,
                      const std::string& version) {
  for (std::string_view package : order) {
    for (Draft* draft : candidates) {
      bool here = package.empty() || draft->resource.package == package;
      if (here && draft->enabled && fits(*draft, version)) return draft;
    }
  }
  return nullptr;
}

}  // namespace

Lookup::Lookup(Build& build) : root_(build.project.root().name) {
  for (auto& draft : build.drafts) {
    const Resource& resource = draft.resource;
    if (resource.source) {
      std::string name = resource.source->source_name + "." + resource.name;
      if (draft.enabled) {
        sources_[name].push_back(&draft);
        source_names_.push_back(name);
      } else {
        disabled_sources_.insert(name);
      }
    } else if (resource.function && !draft.absorbed) {
      if (draft.enabled) {
        functions_[resource.name].push_back(&draft);
        function_names_.push_back(resource.name);
      } else {
        disabled_functions_.insert(resource.name);
      }
    } else if (resource.is_relation()) {
      if (draft.enabled) {
        refable_[resource.name].push_back(&draft);
        names_.push_back(resource.name);
      } else {
        disabled_.insert(resource.name);
      }
    }
  }
  std::sort(names_.begin(), names_.end());
  names_.erase(std::unique(names_.begin(), names_.end()), names_.end());
}

Draft* Lookup::find(const Ref& ref, std::string_view package) const {
  auto found = refable_.find(ref.name);
  if (found == refable_.end()) return nullptr;
  if (!ref.package.empty()) return first_in_order(found->second, {ref.package}, ref.version);
  return first_in_order(found->second, {root_, package, ""}, ref.version);
}

Draft* Lookup::find(const SourceRef& source, std::string_view package) const {
  auto found = sources_.find(source.source + "." + source.table);
  if (found == sources_.end()) return nullptr;
  return first_in_order(found->second, {root_, package, ""}, {});
}

// In the template's own package before the root, as in dbt.
Draft* Lookup::find_function(const Ref& function, std::string_view package) const {
  auto found = functions_.find(function.name);
  if (found == functions_.end()) return nullptr;
  if (!function.package.empty()) return first_in_order(found->second, {function.package}, {});
  return first_in_order(found->second, {package, root_, ""}, {});
}

bool Lookup::is_disabled_function(const Ref& function) const { return disabled_functions_.contains(function.name); }

bool Lookup::is_disabled(const Ref& ref) const { return disabled_.contains(ref.name); }

bool Lookup::is_disabled(const SourceRef& source) const {
  return disabled_sources_.contains(source.source + "." + source.table);
}

std::vector<std::string> Lookup::versions(const std::string& name, std::string_view package) const {
  std::vector<std::string> result;
  auto found = refable_.find(name);
  if (found == refable_.end()) return result;
  for (const Draft* draft : found->second) {
    const auto& model = draft->resource.model;
    if (draft->resource.package == package && model && !model->version.empty()) result.push_back(model->version);
  }
  return result;
}

}  // namespace rynd::project

// Project: lookups by name in what was loaded.
#include "project/project.h"

#include <algorithm>

namespace rynd::project {

ResourceId Project::find(std::string_view unique_id) const {
  auto found = by_unique_id.find(std::string(unique_id));
  return found == by_unique_id.end() ? no_resource : found->second;
}

ResourceId Project::resolve_ref(const Ref& ref, std::string_view package_name) const {
  auto found = by_ref_name.find(ref.name);
  if (found == by_ref_name.end()) return no_resource;
  auto fits = [&](const Resource& resource) {
    bool versioned = resource.model && !resource.model->version.empty();
    if (ref.version.empty()) return !versioned || resource.model->version == resource.model->latest_version;
    return versioned && resource.model->version == ref.version;
  };
  std::vector<std::string_view> order = {root().name, package_name, ""};
  if (!ref.package.empty()) order = {ref.package};
  for (std::string_view wanted : order) {
    for (ResourceId id : found->second) {
      if ((wanted.empty() || resources[id].package == wanted) && fits(resources[id])) return id;
    }
  }
  return no_resource;
}

ResourceId Project::resolve_source(std::string_view source, std::string_view table) const {
  std::string tail = "." + std::string(source) + "." + std::string(table);
  for (const auto& one : packages) {
    ResourceId id = find("source." + one.name + tail);
    if (id != no_resource) return id;
  }
  return no_resource;
}

ResourceId Project::resolve_function(const Ref& function, std::string_view package_name) const {
  std::vector<std::string> order = {std::string(package_name), root().name};
  for (const auto& one : packages) order.push_back(one.name);
  if (!function.package.empty()) order = {function.package};
  for (const auto& wanted : order) {
    ResourceId id = find("function." + wanted + "." + function.name);
    if (id != no_resource) return id;
  }
  return no_resource;
}

const Package* Project::package(std::string_view name) const {
  auto found = std::find_if(packages.begin(), packages.end(), [&](const Package& one) { return one.name == name; });
  return found == packages.end() ? nullptr : &*found;
}

std::vector<ResourceId> Project::of_type(ResourceType type) const {
  std::vector<ResourceId> ids;
  for (ResourceId id = 0; id < resources.size(); ++id) {
    if (resources[id].type == type) ids.push_back(id);
  }
  return ids;
}

bool Resource::is_relation() const {
  return type == ResourceType::model || type == ResourceType::seed || type == ResourceType::snapshot ||
         type == ResourceType::source;
}

bool Resource::is_ephemeral() const { return type == ResourceType::model && config.materialized() == "ephemeral"; }

}  // namespace rynd::project

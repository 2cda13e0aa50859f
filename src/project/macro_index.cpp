// MacroIndex: which macro a name means, by dbt's order of packages; dispatch and materializations.
#include <algorithm>
#include <utility>

#include "project/macros.h"

namespace rynd::project {

MacroIndex::MacroIndex(std::span<const Macro> macros, std::string root_package, std::vector<std::string> packages,
                       std::vector<std::string> internal_packages, std::vector<std::string> adapter_types,
                       std::vector<DispatchRule> dispatch)
    : root_(std::move(root_package)),
      packages_in_project_(std::move(packages)),
      prefixes_(std::move(adapter_types)),
      dispatch_(std::move(dispatch)) {
  prefixes_.push_back("default");
  auto internal_rank = [&](const std::string& package) {
    return std::find(internal_packages.begin(), internal_packages.end(), package) - internal_packages.begin();
  };
  const auto not_internal = static_cast<std::ptrdiff_t>(internal_packages.size());
  std::vector<std::pair<std::ptrdiff_t, MacroId>> built_in;
  for (MacroId id = 0; id < macros.size(); ++id) {
    auto rank = internal_rank(macros[id].package);
    if (rank < not_internal) {
      built_in.emplace_back(rank, id);
    } else {
      packages_[macros[id].package].insert_or_assign(macros[id].name, id);
    }
  }
  std::stable_sort(built_in.begin(), built_in.end(), [](auto& a, auto& b) { return a.first < b.first; });
  for (auto [rank, id] : built_in) internal_.emplace(macros[id].name, id);

  if (const Names* own = scope(root_)) anywhere_ = *own;
  for (const auto& package : packages_in_project_) {
    if (const Names* names = scope(package)) anywhere_.insert(names->begin(), names->end());
  }
  anywhere_.insert(internal_.begin(), internal_.end());
}

const MacroIndex::Names* MacroIndex::scope(std::string_view package) const {
  auto found = packages_.find(package);
  return found == packages_.end() ? nullptr : &found->second;
}

std::optional<MacroId> MacroIndex::find_in(std::string_view package, std::string_view name) const {
  if (witness_) witness_->asked(Question::macro, name);
  const Names* names = package == "dbt" ? &internal_ : scope(package);
  if (!names) return {};
  auto found = names->find(name);
  if (found == names->end()) return {};
  return found->second;
}

std::optional<MacroId> MacroIndex::find(std::string_view package, std::string_view name) const {
  if (auto own = find_in(package, name); own && package != "dbt") return own;
  if (package != root_) {
    if (auto of_root = find_in(root_, name)) return of_root;
  }
  return find_in("dbt", name);
}

std::optional<MacroId> MacroIndex::find_anywhere(std::string_view package, std::string_view name) const {
  if (auto own = find_in(package, name)) return own;
  return find_among_all(name);
}

std::optional<MacroId> MacroIndex::find_among_all(std::string_view name) const {
  if (witness_) witness_->asked(Question::macro, name);
  auto found = anywhere_.find(name);
  if (found == anywhere_.end()) return {};
  return found->second;
}

bool MacroIndex::is_scope(std::string_view name) const { return name == "dbt" || packages_.contains(name); }

std::vector<std::string> MacroIndex::search_scopes(std::string_view macro_namespace) const {
  if (macro_namespace.empty()) return {""};
  for (const auto& rule : dispatch_) {
    if (rule.macro_namespace == macro_namespace && !rule.search_order.empty()) return rule.search_order;
  }
  bool known = std::find(packages_in_project_.begin(), packages_in_project_.end(), macro_namespace) !=
               packages_in_project_.end();
  if (known) return {root_, std::string(macro_namespace)};
  return {""};
}

std::optional<MacroId> MacroIndex::dispatch(std::string_view package, std::string_view name,
                                            std::string_view macro_namespace) const {
  for (const auto& scope_name : search_scopes(macro_namespace)) {
    for (const auto& prefix : prefixes_) {
      std::string wanted = prefix + "__" + std::string(name);
      auto found = scope_name.empty() ? find(package, wanted) : find_in(scope_name, wanted);
      if (found) return found;
    }
  }
  return {};
}

std::vector<std::string> MacroIndex::dispatch_candidates(std::string_view name,
                                                         std::string_view macro_namespace) const {
  std::vector<std::string> result;
  for (const auto& scope_name : search_scopes(macro_namespace)) {
    for (const auto& prefix : prefixes_) {
      result.push_back((scope_name.empty() ? "" : scope_name + ".") + prefix + "__" + std::string(name));
    }
  }
  return result;
}

std::optional<MacroId> MacroIndex::materialization(std::string_view package, std::string_view name) const {
  for (const auto& prefix : prefixes_) {
    std::string wanted = "materialization_" + std::string(name) + "_" + prefix;
    if (auto of_root = find_in(root_, wanted)) return of_root;
    auto built_in = find_in("dbt", wanted);
    auto own = find_in(package, wanted);
    if (own && !built_in) return own;
    if (built_in) return built_in;
    if (auto any = find_among_all(wanted)) return any;
  }
  return {};
}

std::optional<MacroId> MacroIndex::generator(std::string_view package, std::string_view name) const {
  if (auto own = package == "dbt" ? std::nullopt : find_in(package, name)) return own;
  if (auto of_root = find_in(root_, name)) return of_root;
  return find_in("dbt", name);
}

std::vector<std::string> MacroIndex::names(std::string_view package) const {
  std::vector<std::string> result;
  auto add = [&](const Names* names) {
    if (!names) return;
    for (const auto& [name, id] : *names) result.push_back(name);
  };
  add(scope(package));
  if (package != root_) add(scope(root_));
  add(&internal_);
  std::sort(result.begin(), result.end());
  return result;
}

}  // namespace rynd::project

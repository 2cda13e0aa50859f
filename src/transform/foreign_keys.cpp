// ForeignKeys: see the header.
#include "foreign_keys.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/text.h"

namespace rynd::transform {

namespace {

using project::Resource;
using project::ResourceId;

bool is_key(std::string_view type) { return type == "primary_key" || type == "unique" || type == "foreign_key"; }

void add_keys(const Node& constraints, std::set<std::string>& types) {
  for (const auto& constraint : constraints.items) {
    const Node* type = constraint.find("type");
    if (type && is_key(type->text)) types.insert(type->text);
  }
}

struct Reference {
  std::string table;
  std::string referenced;
};

// The foreign keys between different tables of a schema; they never leave it.
Result<std::vector<Reference>> references_in(const Resource& resource, engine::Connection& connection) {
  const engine::Value schema[] = {engine::Value(resource.database), engine::Value(resource.schema)};
  auto rows = engine::fetch(connection,
                            "select distinct table_name, referenced_table from duckdb_constraints() "
                            "where constraint_type = 'FOREIGN KEY' and lower(database_name) = lower(?) "
                            "and lower(schema_name) = lower(?) and lower(table_name) <> lower(referenced_table)",
                            schema);
  if (!rows) return std::unexpected(rows.error());
  std::vector<Reference> references;
  for (const auto& row : rows->rows) references.push_back({to_text(row[0]), to_text(row[1])});
  return references;
}

const Resource* builder_of(const project::Project& project, const Resource& like, const std::string& table) {
  for (const auto& resource : project.resources) {
    if (resource.type == project::ResourceType::model && iequals(resource.alias, table) &&
        iequals(resource.schema, like.schema) && iequals(resource.database, like.database))
      return &resource;
  }
  return nullptr;
}

// Each table that leads to `target`, with the length of its longest way there.
std::map<std::string, int> distances(const std::vector<Reference>& references, const std::string& target) {
  std::map<std::string, int> found;
  std::vector<std::pair<std::string, int>> open{{target, 0}};
  while (!open.empty()) {
    const auto [table, distance] = open.back();
    open.pop_back();
    for (const auto& reference : references) {
      if (!iequals(reference.referenced, table) || iequals(reference.table, target)) continue;
      int& known = found[reference.table];
      if (known > distance || static_cast<size_t>(distance) > references.size()) continue;
      known = distance + 1;
      open.emplace_back(reference.table, known);
    }
  }
  return found;
}

class Dependents {
 public:
  Dependents(const Runtime::Parts& parts, const Resource& resource, const std::vector<Reference>& references)
      : parts_(parts), references_(references), farness_(distances(references, resource.alias)) {
    chain_.insert_or_assign(lower(resource.alias), &resource);
    for (const auto& [table, distance] : farness_) {
      order_.push_back(table);
      chain_.insert_or_assign(lower(table), builder_of(parts.project, resource, table));
    }
    std::ranges::stable_sort(order_, std::greater<>(), [&](const auto& table) { return farness_.at(table); });
  }

  Checked<std::vector<std::string>> checked(const Resource& resource) const {
    std::vector<std::string> problems;
    for (const auto& table : order_) {
      if (std::string problem = problem_of(table); !problem.empty())
        problems.push_back(fmt::format("{} ({})", table, problem));
    }
    if (problems.empty()) return order_;
    return fail_all(
        {{.code = Code::sql_dependency,
          .message = fmt::format("'{}' cannot be built anew while foreign keys refer to it: {}", resource.name,
                                 join(problems, "; ")),
          .span = resource.name_span,
          .help = "build the tables that refer to it in the same run, after it: select '" + resource.name + "+'"}});
  }

 private:
  std::string problem_of(const std::string& table) const {
    const Resource* model = chain_.at(lower(table));
    if (!model) return "not built by a model of this project";
    const auto& selected = parts_.options.selected;
    const bool is_selected =
        std::ranges::any_of(selected, [&](ResourceId id) { return &parts_.project.at(id) == model; });
    if (!is_selected) return fmt::format("model {} is not selected in this run", model->name);
    if (!comes_after(table, *model)) {
      return fmt::format(
          "model {} does not ref() the table its foreign key points at, so it may be built before it; write "
          "'to: ref(...)' in the constraint",
          model->name);
    }
    const std::string materialized = model->config.materialized();
    if (materialized == "table" || (materialized == "incremental" && wants_full_refresh(parts_, *model))) return {};
    return fmt::format("model {} is materialized as {} and would lose its data; run with --full-refresh", model->name,
                       materialized);
  }

  bool comes_after(const std::string& table, const Resource& model) const {
    return std::ranges::any_of(references_, [&](const Reference& reference) {
      if (reference.table != table) return false;
      const auto parent = chain_.find(lower(reference.referenced));
      return parent != chain_.end() && parent->second && std::ranges::any_of(model.depends_on, [&](ResourceId id) {
               return &parts_.project.at(id) == parent->second;
             });
    });
  }

  const Runtime::Parts& parts_;
  const std::vector<Reference>& references_;
  std::map<std::string, int> farness_;
  std::vector<std::string> order_;
  std::map<std::string, const Resource*> chain_;  // lower-case table to the model that builds it, null without
};

}  // namespace

std::set<std::string> key_types(const Runtime::Parts& parts, const Resource& resource, bool existing) {
  std::set<std::string> types;
  if (resource.type == project::ResourceType::model && resource.contract.enforced) {
    if (resource.model) add_keys(resource.model->constraints, types);
    for (const auto& column : resource.columns) add_keys(column.constraints, types);
  }
  if (existing) types.merge(parts.cache.keys(resource.database, resource.schema, resource.alias));
  return types;
}

std::unique_lock<std::mutex> foreign_key_turn(Runtime::Parts& parts, const Resource& resource,
                                              engine::Connection& connection) {
  const auto types = key_types(parts, resource, true);
  if (types.empty()) return {};
  std::unique_lock turn(parts.foreign_keys);
  if (types.contains("foreign_key")) return turn;
  // Asked only in turn: what another thread builds may hide its references until it commits.
  const auto references = references_in(resource, connection);
  const bool is_target = !references || std::ranges::any_of(*references, [&](const Reference& reference) {
    return iequals(reference.referenced, resource.alias);
  });
  if (is_target) return turn;
  return {};
}

Checked<std::vector<std::string>> foreign_key_dependents(const Runtime::Parts& parts, const Resource& resource,
                                                         engine::Connection& connection) {
  const auto references = references_in(resource, connection);
  if (!references) return fail_all({references.error()});
  return Dependents(parts, resource, *references).checked(resource);
}

}  // namespace rynd::transform

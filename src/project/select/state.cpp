// State: what is new or changed since an earlier manifest, as dbt's state: method compares.
#include <algorithm>
#include <optional>
#include <set>
#include <unordered_map>

#include "base/json.h"
#include "project/context.h"
#include "select/methods.h"

namespace rynd::project {

namespace {

const std::vector<std::string>& states() {
  static const std::vector<std::string> all = {"new",
                                               "old",
                                               "modified",
                                               "unmodified",
                                               "modified.body",
                                               "modified.configs",
                                               "modified.persisted_descriptions",
                                               "modified.relation",
                                               "modified.macros",
                                               "modified.contract"};
  return all;
}

// Keys that name the relation, or only label the node: not part of a configuration's comparison.
bool is_compared(std::string_view key) {
  return key != "alias" && key != "schema" && key != "database" && key != "tags" && key != "group";
}

std::string text_at(const Node& node, std::string_view key) {
  const Node* value = node.find(key);
  return value ? json::write(*value) : "null";
}

class Comparison {
 public:
  Comparison(const Project& project, const Node& manifest) : project_(project) {
    for (const char* section :
         {"nodes", "sources", "exposures", "metrics", "semantic_models", "saved_queries", "unit_tests", "functions"}) {
      const Node* nodes = manifest.find(section);
      if (!nodes) continue;
      for (const auto& entry : nodes->entries) old_.emplace(entry.key, &entry.value);
    }
    find_modified_macros(manifest);
  }

  const Node* old(const Resource& resource) const {
    auto found = old_.find(resource.unique_id);
    return found == old_.end() ? nullptr : found->second;
  }

  bool same_body(const Resource& now, const Node& before) const {
    if (now.type == ResourceType::seed) {
      const Node* checksum = before.find("checksum");
      return checksum && checksum->find("checksum") && checksum->find("checksum")->text == now.checksum.checksum;
    }
    const Node* code = before.find("raw_code");
    if (now.function && !same_signature(now, before)) return false;
    return code && code->text == now.raw_code;
  }

  bool same_signature(const Resource& now, const Node& before) const {
    const Node entry = manifest_entry(project_, now);
    return std::ranges::all_of(std::initializer_list<const char*>{"arguments", "returns"},
                               [&](const char* key) { return text_at(entry, key) == text_at(before, key); }) &&
           overload_bodies(entry) == overload_bodies(before);
  }

  // Signatures and texts; what they compile to depends on the target.
  static std::string overload_bodies(const Node& entry) {
    std::string result;
    const Node* overloads = entry.find("overloads");
    for (const Node& one : overloads ? overloads->items : List<Node>()) {
      for (const char* key : {"defined_in", "arguments", "returns", "raw_body"}) result += text_at(one, key) + "\n";
    }
    return result;
  }

  bool same_config(const Resource& now, const Node& before) const {
    const Node* config = before.find("unrendered_config");
    if (!config) return false;
    auto differs = [](const Node& a, const Node& b) {
      return std::any_of(a.entries.begin(), a.entries.end(), [&](const Entry& entry) {
        const Node* other = b.find(entry.key);
        return is_compared(entry.key) && (!other || json::write(*other) != json::write(entry.value));
      });
    };
    return !differs(now.unrendered_config, *config) && !differs(*config, now.unrendered_config);
  }

  bool same_relation(const Resource& now, const Node& before) const {
    const Node* config = before.find("unrendered_config");
    if (!config) return false;
    return std::ranges::all_of(std::initializer_list<const char*>{"database", "schema", "alias"}, [&](const char* key) {
      return text_at(now.unrendered_config, key) == text_at(*config, key);
    });
  }

  bool same_descriptions(const Resource& now, const Node& before) const {
    const Node* persisted = now.config.find("persist_docs");
    auto persists = [&](const char* key) {
      const Node* value = persisted ? persisted->find(key) : nullptr;
      return value && value->boolean;
    };
    if (persists("relation")) {
      const Node* description = before.find("description");
      if (!description || description->text != now.description) return false;
    }
    if (!persists("columns")) return true;
    const Node* columns = before.find("columns");
    for (const auto& column : now.columns) {
      const Node* known = columns ? columns->find(column.name) : nullptr;
      const Node* description = known ? known->find("description") : nullptr;
      if ((description ? description->text : "") != column.description) return false;
    }
    return true;
  }

  bool same_contract(const Resource& now, const Node& before) const {
    const Node* contract = before.find("contract");
    if (!contract) return !now.contract.enforced;
    const Node* enforced = contract->find("enforced");
    bool was_enforced = enforced && enforced->boolean;
    if (was_enforced != now.contract.enforced) return false;
    if (!was_enforced) return true;
    return text_at(contract_columns(manifest_entry(project_, now)), "columns") ==
           text_at(contract_columns(before), "columns");
  }

  bool macros_modified(const Resource& now) {
    std::set<MacroId> seen;
    return any_modified(now.depends_on_macros, seen);
  }

  bool modified(const Resource& now) {
    const Node* before = old(now);
    if (!before) return true;
    if (now.source || now.unit_test || now.type >= ResourceType::exposure)
      return yaml_modified(now, *before) || macros_modified(now);
    bool same_docs = same_descriptions(now, *before) && now.fqn == texts(*before, "fqn");
    return !same_body(now, *before) || !same_config(now, *before) || !same_relation(now, *before) || !same_docs ||
           !same_contract(now, *before) || macros_modified(now);
  }

 private:
  static std::vector<std::string> texts(const Node& node, std::string_view key) {
    std::vector<std::string> result;
    if (const Node* list = node.find(key)) {
      for (const auto& item : list->items) result.push_back(item.text);
    }
    return result;
  }

  static Node contract_columns(const Node& entry) {
    Node columns = Node::map();
    if (const Node* given = entry.find("columns")) {
      for (const auto& column : given->entries) {
        const Node* type = column.value.find("data_type");
        columns.set(column.key, type ? *type : Node());
      }
    }
    Node result = Node::map();
    result.set("columns", std::move(columns));
    return result;
  }

  // Everything but where a description changed, or a time.
  bool yaml_modified(const Resource& now, const Node& before) const {
    Node entry = manifest_entry(project_, now);
    for (std::string_view key :
         {"identifier", "schema", "database",  "quoting",  "freshness",  "loader",   "external",    "fqn",
          "given",      "expect", "overrides", "checksum", "depends_on", "type",     "owner",       "maturity",
          "url",        "label",  "model",     "measures", "dimensions", "entities", "type_params", "query_params"}) {
      const Node* value = entry.find(key);
      const Node* other = before.find(key);
      if (value && other && json::write(*value) != json::write(*other)) return true;
      bool there = value && !value->is_null(), was = other && !other->is_null();
      if (there != was) return true;
    }
    return false;
  }

  void find_modified_macros(const Node& manifest) {
    const Node* macros = manifest.find("macros");
    std::unordered_map<std::string, const Node*> before;
    if (macros) {
      for (const auto& entry : macros->entries) before.emplace(entry.key, &entry.value);
    }
    for (MacroId id = 0; id < project_.macros.size(); ++id) {
      const Macro& macro = project_.macros[id];
      auto known = before.find(macro.unique_id);
      const Node* sql = known == before.end() ? nullptr : known->second->find("macro_sql");
      if (!sql || sql->text != macro.macro_sql) modified_macros_.insert(id);
    }
  }

  bool any_modified(const std::vector<MacroId>& macros, std::set<MacroId>& seen) {
    return std::any_of(macros.begin(), macros.end(), [&](MacroId id) {
      if (!seen.insert(id).second) return false;
      return modified_macros_.contains(id) || any_modified(project_.macros[id].depends_on_macros, seen);
    });
  }

  const Project& project_;
  std::unordered_map<std::string, const Node*> old_;
  std::set<MacroId> modified_macros_;
};

bool fits(Comparison& comparison, const Resource& resource, const std::string& state) {
  const Node* before = comparison.old(resource);
  if (state == "new") return !before;
  if (state == "old") return before;
  if (state == "modified") return comparison.modified(resource);
  if (state == "unmodified") return !comparison.modified(resource);
  if (state == "modified.macros") return comparison.macros_modified(resource);
  if (!before) return true;
  if (state == "modified.body") return !comparison.same_body(resource, *before);
  if (state == "modified.configs") return !comparison.same_config(resource, *before);
  if (state == "modified.persisted_descriptions") return !comparison.same_descriptions(resource, *before);
  if (state == "modified.relation") return !comparison.same_relation(resource, *before);
  return !comparison.same_contract(resource, *before);
}

}  // namespace

Result<std::vector<ResourceId>> match_state(const Project& project, const Spec& spec, const StateInputs& inputs) {
  const std::string& state = spec.criterion.value;
  const auto& known = states();
  if (std::find(known.begin(), known.end(), state) == known.end()) {
    Diagnostic problem{.code = Code::selection_wrong, .message = "'" + state + "' is no state", .span = spec.span};
    problem.notes.push_back(
        "states: new, old, modified, unmodified, and modified. with body, configs, persisted_descriptions, relation, "
        "macros, contract");
    return fail(std::move(problem));
  }
  Comparison comparison(project, *inputs.manifest);
  std::vector<ResourceId> ids;
  for (ResourceId id = 0; id < project.resources.size(); ++id) {
    const Resource& resource = project.resources[id];
    if (resource.type == ResourceType::group || resource.type == ResourceType::page) continue;
    if (fits(comparison, resource, state)) ids.push_back(id);
  }
  return ids;
}

}  // namespace rynd::project

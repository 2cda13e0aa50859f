// Checks on the whole project: groups that exist, snapshots that are complete, configuration that applies to something;
// and the primary keys that tests tell.
#include <fmt/format.h>

#include <algorithm>

#include "base/suggest.h"
#include "load/build.h"
#include "load/deprecations.h"

namespace rynd::project {

namespace {

void check_groups(Build& build) {
  std::vector<std::string> groups;
  for (const auto& resource : build.project.resources) {
    if (resource.type == ResourceType::group) groups.push_back(resource.name);
  }
  for (const auto& resource : build.project.resources) {
    bool known = resource.group.empty() || std::find(groups.begin(), groups.end(), resource.group) != groups.end();
    if (known || resource.type == ResourceType::test || build.may_be_in_broken_file(resource.group)) continue;
    auto& problem = build.problems.error(Code::group_missing,
                                         fmt::format("{} '{}' is in group '{}', which is not there",
                                                     name_of(resource.type), resource.name, resource.group),
                                         resource.name_span);
    problem.label = did_you_mean(resource.group, groups);
    problem.help = "describe it under 'groups:' in a YAML file of models/";
  }
  for (const auto& resource : build.project.resources) {
    if (resource.model && resource.model->access == "private" && resource.group.empty()) {
      build.problems.error(Code::group_missing, fmt::format("model '{}' is private but in no group", resource.name),
                           resource.name_span);
    }
  }
}

void check_snapshots(Build& build) {
  for (const auto& resource : build.project.resources) {
    if (resource.type != ResourceType::snapshot) continue;
    const Config& config = resource.config;
    auto missing = [&](std::string message, std::string help) {
      build.problems.error(Code::snapshot_wrong, std::move(message), resource.name_span).help = std::move(help);
    };
    std::string strategy = config.text("strategy");
    const Node* key = config.find("unique_key");
    if (!key || key->is_null())
      missing(fmt::format("snapshot '{}' has no 'unique_key'", resource.name), "config(unique_key='id', ...)");
    if (strategy.empty()) {
      missing(fmt::format("snapshot '{}' has no 'strategy'", resource.name),
              "strategy='timestamp' or strategy='check'");
    } else if (strategy == "timestamp" && config.text("updated_at").empty()) {
      missing(fmt::format("snapshot '{}' with strategy 'timestamp' has no 'updated_at'", resource.name),
              "updated_at='a_column'");
    } else if (strategy == "check" && config.texts("check_cols").empty()) {
      missing(fmt::format("snapshot '{}' with strategy 'check' has no 'check_cols'", resource.name),
              "check_cols='all' or a list of columns");
    }
    if (!config.materialized().empty() && config.materialized() != "snapshot") {
      missing(fmt::format("snapshot '{}' cannot be materialized as '{}'", resource.name, config.materialized()), "");
    }
  }
}

// What places a microbatch model's rows in time; the messages are dbt's.
void check_microbatches(Build& build) {
  for (const auto& resource : build.project.resources) {
    const Config& config = resource.config;
    if (resource.type != ResourceType::model || config.materialized() != "incremental" ||
        config.text("incremental_strategy") != "microbatch")
      continue;
    auto wrong = [&](std::string_view what, std::string help) {
      build.problems
          .error(Code::microbatch_wrong, fmt::format("Microbatch model '{}' must provide {}", resource.name, what),
                 resource.name_span)
          .help = std::move(help);
    };
    auto is = [&](std::string_view key, Node::Kind kind) {
      const Node* value = config.find(key);
      return !value || value->is_null() || value->kind == kind;
    };
    if (config.text("event_time").empty())
      wrong("an 'event_time' (string) config that indicates the name of the event time column",
            "event_time='created_at': the column that places a row in time");
    if (config.text("begin").empty())
      wrong("a 'begin' (datetime) config that indicates the earliest time it is built from",
            "begin='2024-01-01': where its first batch starts");
    const std::string size = config.text("batch_size");
    if (size != "hour" && size != "day" && size != "month" && size != "year")
      wrong(fmt::format("a 'batch_size' config, not '{}'", size), "batch_size: hour, day, month or year");
    if (!is("lookback", Node::Kind::integer)) wrong("a 'lookback' that is a whole number", "lookback=1");
    if (!is("concurrent_batches", Node::Kind::boolean))
      wrong("a 'concurrent_batches' that is true or false", "concurrent_batches=false");
  }
}

// The paths below a section of dbt_project.yml that set something.
void config_paths(const Node& section, std::vector<std::string>& path, const Entry* place,
                  const std::function<void(const std::vector<std::string>&, const Entry&)>& found) {
  bool sets = false;
  for (const auto& entry : section.entries) {
    bool is_level = entry.value.is_mapping() && !entry.key.starts_with('+');
    if (is_level) {
      path.push_back(entry.key);
      config_paths(entry.value, path, &entry, found);
      path.pop_back();
    } else {
      sets = true;
    }
  }
  if (sets && !path.empty()) found(path, *place);
}

bool is_prefix(const std::vector<std::string>& path, const std::vector<std::string>& fqn) {
  return path.size() <= fqn.size() && std::equal(path.begin(), path.end(), fqn.begin());
}

// Where the value of a plain key is a mapping, dbt takes the key for a folder.
const std::vector<std::string>& mapping_keys() {
  static const std::vector<std::string> keys = {"meta",    "docs",         "contract",    "grants",
                                                "quoting", "column_types", "persist_docs"};
  return keys;
}

void check_unused_config(Build& build) {
  const Project& project = build.project;
  const Settings& settings = project.root().settings;
  for (const auto& section : settings.sections.entries) {
    if (!section.value.is_mapping()) continue;
    std::vector<const std::vector<std::string>*> fqns;
    for (const auto* list : {&project.resources, &project.disabled}) {
      for (const auto& resource : *list) {
        if (section_of(resource.type) == section.key) fqns.push_back(&resource.fqn);
      }
    }
    std::vector<std::string> path;
    config_paths(section.value, path, &section, [&](const std::vector<std::string>& at, const Entry& entry) {
      if (std::any_of(fqns.begin(), fqns.end(), [&](const auto* fqn) { return is_prefix(at, *fqn); })) return;
      std::string text = section.key;
      for (const auto& part : at) text += "." + part;
      auto& problem =
          build.problems.warning(Code::config_unused, fmt::format("configuration '{}' applies to nothing", text),
                                 {settings.source, entry.key_begin, entry.key_end});
      std::vector<std::string> siblings;
      for (const auto* fqn : fqns) {
        if (fqn->size() >= at.size() && std::equal(at.begin(), at.end() - 1, fqn->begin()))
          siblings.push_back((*fqn)[at.size() - 1]);
      }
      problem.label = did_you_mean(at.back(), siblings);
      const auto& keys = mapping_keys();
      if (std::find(keys.begin(), keys.end(), at.back()) != keys.end())
        problem.help = fmt::format("write '+{}:'", at.back());
    });
  }
}

std::vector<std::string> columns_of(const Resource& test) {
  const Node* column = test.test->kwargs.find("column_name");
  if (column && column->is_string()) return {column->text};
  std::vector<std::string> columns;
  if (const Node* list = test.test->kwargs.find("combination_of_columns")) {
    for (const auto& item : list->items) columns.push_back(item.text);
  }
  return columns;
}

std::vector<std::string> declared_key(const Resource& resource) {
  auto is_key = [](const Node& constraint) {
    const Node* type = constraint.find("type");
    return type && type->text == "primary_key";
  };
  for (const auto& constraint : resource.model->constraints.items) {
    if (!is_key(constraint)) continue;
    std::vector<std::string> columns;
    if (const Node* list = constraint.find("columns")) {
      for (const auto& item : list->items) columns.push_back(item.text);
    }
    return columns;
  }
  for (const auto& column : resource.columns) {
    if (std::any_of(column.constraints.items.begin(), column.constraints.items.end(), is_key)) return {column.name};
  }
  return {};
}

struct KeyTests {
  std::vector<std::string> unique, disabled_unique, not_null;
};

// dbt's order: constraints, columns that are unique and not null, then unique ones.
void infer_primary_keys(Project& project) {
  std::unordered_map<ResourceId, KeyTests> tests;
  auto note = [&](const Resource& test, bool enabled) {
    if (!test.test || test.test->attached == no_resource) return;
    KeyTests& known = tests[test.test->attached];
    for (auto& column : columns_of(test)) {
      if (test.test->name == "unique" || test.test->name == "unique_combination_of_columns") {
        (enabled ? known.unique : known.disabled_unique).push_back(column);
      } else if (test.test->name == "not_null") {
        known.not_null.push_back(column);
      }
    }
  };
  for (const auto& resource : project.resources) note(resource, true);
  for (const auto& resource : project.disabled) note(resource, false);
  auto has = [](const std::vector<std::string>& list, const std::string& name) {
    return std::find(list.begin(), list.end(), name) != list.end();
  };
  for (ResourceId id = 0; id < project.resources.size(); ++id) {
    Resource& resource = project.resources[id];
    if (!resource.model) continue;
    resource.model->primary_key = declared_key(resource);
    auto found = tests.find(id);
    if (!resource.model->primary_key.empty() || found == tests.end()) continue;
    const KeyTests& known = found->second;
    auto& key = resource.model->primary_key;
    for (const auto& column : known.not_null) {
      if ((has(known.unique, column) || has(known.disabled_unique, column)) && !has(key, column)) key.push_back(column);
    }
    if (key.empty()) key = known.unique;
    if (key.empty()) key = known.disabled_unique;
  }
}

}  // namespace

void check_project(Build& build) {
  check_groups(build);
  check_snapshots(build);
  check_microbatches(build);
  check_unused_config(build);
  check_deprecations(build);
  infer_primary_keys(build.project);
}

}  // namespace rynd::project

// Collect: drafts to resources with ids. Names are unique here, tables are written by one resource only, and tests
// whose subject is not there are set aside.
#include <fmt/format.h>

#include <algorithm>

#include "base/suggest.h"
#include "load/build.h"
#include "load/lookup.h"

namespace rynd::project {

namespace {

void check_unique(Build& build) {
  std::unordered_map<std::string_view, const Draft*> seen;
  for (auto& draft : build.drafts) {
    if (!draft.enabled) continue;
    const Resource& resource = draft.resource;
    auto [first, is_new] = seen.emplace(resource.unique_id, &draft);
    if (is_new) continue;
    const Resource& other = first->second->resource;
    std::string kind(name_of(resource.type));
    auto& problem = build.problems.error(
        Code::resource_duplicate,
        resource.test ? fmt::format("the test '{}' is written twice", resource.name)
                      : fmt::format("package '{}' has two {}s named '{}'", resource.package, kind, resource.name),
        resource.name_span);
    problem.related.push_back({other.name_span, "the other one"});
    problem.help =
        resource.test ? "remove one, or give one a 'name'" : "rename one of them, or disable it: config(enabled=false)";
    draft.enabled = false;
  }
}

void check_relations(Build& build) {
  std::unordered_map<std::string_view, const Draft*> seen;
  for (const auto& draft : build.drafts) {
    const Resource& resource = draft.resource;
    bool writes = resource.type == ResourceType::model || resource.type == ResourceType::seed ||
                  resource.type == ResourceType::snapshot;
    if (!draft.enabled || !writes || resource.relation_name.empty()) continue;
    auto [first, is_new] = seen.emplace(resource.relation_name, &draft);
    if (is_new) continue;
    const Resource& other = first->second->resource;
    auto& problem =
        build.problems.error(Code::relation_duplicate,
                             fmt::format("{} '{}' and {} '{}' would both write {}", name_of(other.type), other.name,
                                         name_of(resource.type), resource.name, resource.relation_name),
                             resource.name_span);
    problem.related.push_back({other.name_span, "the other one"});
    problem.help = "give one of them another 'alias' or 'schema'";
  }
}

// A test whose subject is missing or disabled does not run; a missing one is worth a warning.
void set_aside_tests(Build& build, const Lookup& lookup) {
  for (auto& draft : build.drafts) {
    Resource& resource = draft.resource;
    if (!draft.enabled || resource.type != ResourceType::test) continue;
    auto warn = [&](const std::string& target, bool disabled) {
      draft.enabled = false;
      if (disabled || !draft.test_target.empty()) return;  // a generic test's properties were warned about
      build.problems.warning(Code::ref_missing,
                             fmt::format("test '{}' does not run: there is no '{}'", resource.name, target),
                             resource.name_span);
    };
    for (const auto& ref : draft.captured.refs) {
      if (draft.enabled && !lookup.find(ref, resource.package)) warn(ref.name, lookup.is_disabled(ref));
    }
    for (const auto& source : draft.captured.sources) {
      if (draft.enabled && !lookup.find(source, resource.package)) {
        warn(source.source + "." + source.table, lookup.is_disabled(source));
      }
    }
  }
}

// A unit test of a model with versions is one test for each of them.
void expand_unit_tests(Build& build, const Lookup& lookup) {
  size_t count = build.drafts.size();
  for (size_t i = 0; i < count; ++i) {
    Draft& draft = build.drafts[i];
    if (!draft.enabled || draft.resource.type != ResourceType::unit_test) continue;
    auto versions = lookup.versions(draft.resource.unit_test->model, draft.resource.package);
    if (versions.empty()) continue;
    auto lists = [&](const char* key, const std::string& version) {
      const Node* list = draft.resource.unit_test->versions.find(key);
      return list &&
             std::any_of(list->items.begin(), list->items.end(), [&](const Node& v) { return v.text == version; });
    };
    const Node* include = draft.resource.unit_test->versions.find("include");
    std::string id = draft.resource.unique_id;
    bool first = true;
    Draft original = draft;
    draft.enabled = false;
    for (const auto& version : versions) {
      if ((include && !lists("include", version)) || lists("exclude", version)) continue;
      Draft& one = first ? build.drafts[i] : build.drafts.emplace_back(original);
      one.enabled = true;
      one.resource.unit_test->version = version;
      one.resource.unique_id = id + "_v" + version;
      first = false;
    }
  }
}

void find_tested_models(Build& build, const Lookup& lookup) {
  for (auto& draft : build.drafts) {
    if (!draft.enabled || draft.resource.type != ResourceType::unit_test) continue;
    const UnitTestDetails& test = *draft.resource.unit_test;
    Ref ref{test.model, draft.resource.package, test.version, test.model_span};
    if (lookup.find(ref, draft.resource.package)) {
      draft.captured.refs = {ref};
    } else if (lookup.is_disabled(ref)) {
      draft.enabled = false;
    } else {
      auto& problem = build.problems.error(
          Code::unit_test_wrong,
          fmt::format("unit test '{}' tests a model '{}', which is not there", draft.resource.name, test.model),
          test.model_span);
      problem.label = did_you_mean(test.model, lookup.names());
      draft.enabled = false;
    }
  }
}

}  // namespace

void collect(Build& build) {
  for (auto& draft : build.drafts) draft.enabled = draft.resource.config.enabled() && !draft.absorbed;
  check_unique(build);
  check_relations(build);
  Lookup lookup(build);
  set_aside_tests(build, lookup);
  expand_unit_tests(build, lookup);
  find_tested_models(build, lookup);

  Project& project = build.project;
  for (auto& draft : build.drafts) {
    if (!draft.enabled) {
      draft.id = no_resource;
      continue;
    }
    draft.id = static_cast<ResourceId>(build.enabled.size());
    build.enabled.push_back(&draft);
  }
  project.by_unique_id.reserve(build.enabled.size());
  for (Draft* draft : build.enabled) {
    const Resource& resource = draft->resource;
    project.by_unique_id.emplace(resource.unique_id, draft->id);
    bool refable = resource.type == ResourceType::model || resource.type == ResourceType::seed ||
                   resource.type == ResourceType::snapshot;
    if (refable) project.by_ref_name[resource.name].push_back(draft->id);
  }
  resolve(build, lookup);
  project.resources.reserve(build.enabled.size());
  for (auto& draft : build.drafts) {
    if (draft.absorbed) continue;
    (draft.enabled ? project.resources : project.disabled).push_back(std::move(draft.resource));
  }
}

}  // namespace rynd::project

// Methods of selection, one function each.
#include "select/methods.h"

#include <algorithm>
#include <charconv>
#include <functional>
#include <set>
#include <unordered_map>

#include "base/text.h"

namespace rynd::project {

namespace {

using Test = std::function<bool(const Resource&)>;

bool has_wildcard(std::string_view text) { return text.find_first_of("*?[]") != std::string_view::npos; }

bool is_versioned(const Resource& resource) { return resource.model && !resource.model->version.empty(); }

// Whether a dotted name with wildcards means an fqn, as dbt matches them.
bool fqn_matches(std::span<const std::string> fqn, const std::string& wanted, bool versioned) {
  if (fqn.empty()) return false;
  auto parts = split(wanted, '.');
  if (versioned && fqn.size() >= 2) {
    const std::string& name = fqn[fqn.size() - 2];
    if (name == wanted) return true;
    std::string tail = parts.size() >= 2 ? parts[parts.size() - 2] + "_" + parts.back() : parts.back();
    if (name + "_" + fqn.back() == tail) return true;
  } else if (fqn.back() == wanted) {
    return true;
  }
  std::vector<std::string> flat;
  for (const auto& segment : fqn) {
    for (auto& part : split(segment, '.')) flat.push_back(std::move(part));
  }
  if (flat.size() < parts.size()) return false;
  for (size_t i = 0; i < parts.size(); ++i) {
    if (has_wildcard(parts[i])) {
      auto rest = [&](const std::vector<std::string>& all) { return join(std::span(all).subspan(i), "."); };
      if (glob_match(rest(parts), rest(flat))) return true;
      if (parts.size() > 1) return false;
      return glob_match(wanted, versioned && fqn.size() >= 2 ? fqn[fqn.size() - 2] : fqn.back());
    }
    if (flat[i] != parts[i]) return false;
  }
  return true;
}

Test by_fqn(const std::string& value) {
  return [value](const Resource& resource) {
    if (resource.source || resource.fqn.empty()) return false;
    bool versioned = is_versioned(resource);
    return fqn_matches(resource.fqn, value, versioned) ||
           fqn_matches(std::span(resource.fqn).subspan(1), value, versioned);
  };
}

// [package.]name of one type.
Test by_name(ResourceType type, const std::string& value) {
  auto dot = value.find('.');
  std::string package = dot == std::string::npos ? "*" : value.substr(0, dot);
  std::string name = dot == std::string::npos ? value : value.substr(dot + 1);
  return [=](const Resource& resource) {
    return resource.type == type && glob_match(package, resource.package) && glob_match(name, resource.name);
  };
}

// [package.]source[.table]
Test by_source(const std::string& value) {
  auto parts = split(value, '.');
  std::string package = parts.size() == 3 ? parts[0] : "*";
  std::string source = parts.size() == 3 ? parts[1] : parts[0];
  std::string table = parts.size() == 1 ? "*" : parts.back();
  return [=](const Resource& resource) {
    return resource.source && glob_match(package, resource.package) &&
           glob_match(source, resource.source->source_name) && glob_match(table, resource.name);
  };
}

// '*' and '?' stay within a folder, '**' does not.
bool path_matches(std::string_view pattern, std::string_view path) {
  while (!pattern.empty()) {
    if (pattern.starts_with("**")) {
      std::string_view rest = pattern.substr(2);
      if (rest.starts_with('/')) rest.remove_prefix(1);
      for (size_t at = 0; at <= path.size(); ++at) {
        if (path_matches(rest, path.substr(at))) return true;
      }
      return false;
    }
    if (pattern.front() == '*') {
      for (size_t at = 0; at <= path.size(); ++at) {
        if (path_matches(pattern.substr(1), path.substr(at))) return true;
        if (at < path.size() && path[at] == '/') return false;
      }
      return false;
    }
    if (path.empty() || (pattern.front() != '?' && pattern.front() != path.front()) ||
        (pattern.front() == '?' && path.front() == '/')) {
      return false;
    }
    pattern.remove_prefix(1);
    path.remove_prefix(1);
  }
  return path.empty();
}

// The file, its properties file, or a folder above the file.
Test by_path(const Project& project, std::string value) {
  std::filesystem::path wanted(value);
  if (wanted.is_absolute())
    wanted = wanted.lexically_relative(std::filesystem::absolute(project.dir).lexically_normal());
  value = wanted.lexically_normal().string();
  while (value.ends_with('/')) value.pop_back();
  bool everything = value == ".";
  return [=](const Resource& resource) {
    if (everything) return true;
    std::string_view path = resource.original_file_path;
    if (!resource.patch_path.empty()) {
      std::string_view patch = resource.patch_path;
      if (path_matches(value, patch.substr(patch.find("://") + 3))) return true;
    }
    while (!path.empty()) {
      if (path_matches(value, path)) return true;
      auto slash = path.rfind('/');
      path = slash == std::string_view::npos ? std::string_view() : path.substr(0, slash);
    }
    return false;
  };
}

Test by_file(const std::string& value) {
  return [value](const Resource& resource) {
    std::string_view path = resource.original_file_path;
    std::string_view name = path.substr(path.rfind('/') + 1);
    return glob_match(value, name) || glob_match(value, name.substr(0, name.rfind('.')));
  };
}

bool scalar_matches(const Node& value, const std::string& wanted, bool ignore_case) {
  if (value.kind == Node::Kind::boolean) return iequals(wanted, value.boolean ? "true" : "false");
  // As dbt: a number is no text, so none is ever asked for.
  if (!value.is_string()) return false;
  return ignore_case ? iequals(value.text, wanted) : value.text == wanted;
}

// config.materialized:view, config.meta.owner:me; a list matches by its members.
Test by_config(const Criterion& criterion) {
  return [criterion](const Resource& resource) {
    bool configurable = resource.source || resource.type < ResourceType::exposure;
    if (!configurable || resource.unit_test || criterion.arguments.empty()) return false;
    const Node* value = resource.config.find(criterion.arguments.front());
    for (size_t i = 1; value && i < criterion.arguments.size(); ++i) value = value->find(criterion.arguments[i]);
    if (!value) return false;
    bool ignore_case = criterion.arguments == std::vector<std::string>{"severity"};
    auto matches = [&](const Node& one) { return scalar_matches(one, criterion.value, ignore_case); };
    return value->is_sequence() ? std::any_of(value->items.begin(), value->items.end(), matches) : matches(*value);
  };
}

std::optional<Test> by_test_type(const std::string& value) {
  auto is_test = [](const Resource& resource) { return resource.type == ResourceType::test; };
  if (value == "generic" || value == "schema")
    return [](const Resource& resource) { return resource.test.has_value(); };
  if (value == "singular") return [=](const Resource& resource) { return is_test(resource) && !resource.test; };
  if (value == "data") return is_test;
  if (value == "unit") return [](const Resource& resource) { return resource.unit_test.has_value(); };
  return {};
}

int compare_versions(const std::string& a, const std::string& b) {
  double x = 0, y = 0;
  bool numbers = std::from_chars(a.data(), a.data() + a.size(), x).ec == std::errc() &&
                 std::from_chars(b.data(), b.data() + b.size(), y).ec == std::errc();
  if (numbers) return x < y ? -1 : x > y;
  return a.compare(b);
}

std::optional<Test> by_version(const std::string& value) {
  auto with = [](auto relation) -> Test {
    return [relation](const Resource& resource) {
      return is_versioned(resource) &&
             relation(compare_versions(resource.model->version, resource.model->latest_version));
    };
  };
  if (value == "latest") return with([](int order) { return order == 0; });
  if (value == "prerelease") return with([](int order) { return order > 0; });
  if (value == "old") return with([](int order) { return order < 0; });
  if (value == "none")
    return [](const Resource& resource) { return resource.type == ResourceType::model && !is_versioned(resource); };
  return {};
}

Result<Test> artifact_missing(const Spec& spec, std::string_view what) {
  return fail(Diagnostic{.code = Code::state_missing,
                         .message = "'" + spec.raw + "' compares with " + std::string(what) + ", which is not there",
                         .span = spec.span,
                         .help = "give the folder of another run's artifacts: --state DIR"});
}

const Node* results_of(const Node* artifact) { return artifact ? artifact->find("results") : nullptr; }

Result<Test> by_result(const Spec& spec, const StateInputs& state) {
  const Node* results = results_of(state.run_results);
  if (!results) return artifact_missing(spec, "the results of an earlier run");
  std::set<std::string> ids;
  for (const auto& result : results->items) {
    const Node* status = result.find("status");
    const Node* id = result.find("unique_id");
    if (status && id && status->text == spec.criterion.value) ids.insert(id->text);
  }
  return Test([ids](const Resource& resource) { return ids.contains(resource.unique_id); });
}

// source_status:fresher: sources whose newest row is newer than it was.
Result<Test> by_source_status(const Spec& spec, const StateInputs& state) {
  const Node* before = results_of(state.sources);
  const Node* now = results_of(state.current_sources);
  if (!before || !now) return artifact_missing(spec, "sources.json of an earlier run and of this project");
  std::unordered_map<std::string, std::string> known;
  auto loaded_at = [](const Node& result) {
    return result.find("max_loaded_at") ? result.find("max_loaded_at")->text : std::string();
  };
  for (const auto& result : before->items) {
    if (const Node* id = result.find("unique_id")) known[id->text] = loaded_at(result);
  }
  std::set<std::string> fresher;
  for (const auto& result : now->items) {
    const Node* id = result.find("unique_id");
    if (!id || loaded_at(result).empty()) continue;
    auto old = known.find(id->text);
    if (old == known.end() || loaded_at(result) > old->second) fresher.insert(id->text);
  }
  return Test([fresher](const Resource& resource) { return fresher.contains(resource.unique_id); });
}

Diagnostic wrong_value(const Spec& spec, std::string_view expected) {
  return {.code = Code::selection_wrong,
          .message = "'" + spec.criterion.value + "' is no value for '" + spec.criterion.method + "'",
          .span = spec.span,
          .notes = {"values: " + std::string(expected)}};
}

Result<Test> test_of(const Project& project, const Spec& spec, const StateInputs& state) {
  const Criterion& criterion = spec.criterion;
  const std::string& method = criterion.method;
  const std::string& value = criterion.value;
  if (method == "fqn") return by_fqn(value);
  if (method == "tag") {
    return Test([value](const Resource& resource) {
      return std::any_of(resource.tags.begin(), resource.tags.end(),
                         [&](const auto& tag) { return glob_match(value, tag); });
    });
  }
  if (method == "group")
    return Test([value](const Resource& r) { return !r.group.empty() && !r.test && glob_match(value, r.group); });
  if (method == "access") return Test([value](const Resource& r) { return r.model && r.model->access == value; });
  if (method == "source") {
    if (split(value, '.').size() > 3) return fail(wrong_value(spec, "source, source.table or package.source.table"));
    return by_source(value);
  }
  if (method == "path") return by_path(project, value);
  if (method == "file") return by_file(value);
  if (method == "package") {
    std::string wanted = value == "this" ? project.root().name : value;
    return Test([wanted](const Resource& r) { return glob_match(wanted, r.package); });
  }
  if (method == "config") {
    if (criterion.arguments.empty()) return fail(wrong_value(spec, "config.KEY:VALUE"));
    return by_config(criterion);
  }
  if (method == "test_name") {
    return Test([value](const Resource& r) {
      return (r.test && glob_match(value, r.test->name)) || (r.unit_test && glob_match(value, r.name));
    });
  }
  if (method == "test_type") {
    if (auto test = by_test_type(value)) return *test;
    return fail(wrong_value(spec, "generic, singular, data, unit"));
  }
  if (method == "resource_type") {
    auto type = resource_type_of(value);
    if (!type)
      return fail(wrong_value(spec, "model, seed, snapshot, test, unit_test, source, analysis, exposure, page, ..."));
    return Test([type](const Resource& r) { return r.type == *type; });
  }
  if (method == "version") {
    if (auto test = by_version(value)) return *test;
    return fail(wrong_value(spec, "latest, prerelease, old, none"));
  }
  if (method == "result") return by_result(spec, state);
  if (method == "source_status") return by_source_status(spec, state);
  return by_name(*resource_type_of(method), value);  // exposure, metric, semantic_model, saved_query, unit_test
}

}  // namespace

Result<std::vector<ResourceId>> match(const Project& project, const Spec& spec, const StateInputs& state) {
  if (spec.criterion.method == "state") {
    if (!state.manifest) return fail(artifact_missing(spec, "the manifest of an earlier run").error());
    return match_state(project, spec, state);
  }
  auto test = test_of(project, spec, state);
  if (!test) return fail(std::move(test.error()));
  std::vector<ResourceId> ids;
  for (ResourceId id = 0; id < project.resources.size(); ++id) {
    const Resource& resource = project.resources[id];
    if (resource.type != ResourceType::group && (*test)(resource)) ids.push_back(id);
  }
  return ids;
}

}  // namespace rynd::project

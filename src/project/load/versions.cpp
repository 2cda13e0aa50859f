// Versions: names, columns, tests and configuration of each version of a model.
#include "load/versions.h"

#include <algorithm>
#include <charconv>

#include "base/suggest.h"
#include "load/columns.h"
#include "load/deprecations.h"
#include "load/partial/contribution.h"

namespace rynd::project {

namespace {

struct Version {
  const Node* entry;
  std::string v;
  std::string defined_in;
};

std::optional<double> number(const std::string& text) {
  double value = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return {};
  return value;
}

bool earlier(const Version& a, const Version& b) {
  auto x = number(a.v), y = number(b.v);
  return x && y ? *x < *y : a.v < b.v;
}

// The model of a file, unless it is another version already; a finished one is the version that it was described as.
Draft* find_model(Build& build, const std::string& name, const PropertiesFile& file, const Version& version) {
  auto found = build.drafts_by_file_name.find(name);
  if (found == build.drafts_by_file_name.end()) return nullptr;
  for (Draft* draft : found->second) {
    const Resource& resource = draft->resource;
    const bool free =
        draft->finished ? resource.patch_path == file.patch_path() && resource.patch_span.begin == version.entry->begin
                        : !resource.model || resource.model->version.empty();
    if (resource.type == ResourceType::model && resource.package == file.package->name && free) return draft;
  }
  return nullptr;
}

// The columns of the model that the version includes, then its own.
std::vector<const Node*> columns_of(const Node& model, const Node& version) {
  const Node* rule = nullptr;
  std::vector<const Node*> own;
  for (const Node* column : entries_of(version, "columns")) {
    if (column->find("include") || column->find("exclude")) {
      rule = column;
    } else {
      own.push_back(column);
    }
  }
  auto lists = [](const Node* names, const std::string& name) {
    if (!names) return false;
    if (names->is_string()) return names->text == "*" || names->text == "all" || names->text == name;
    return std::any_of(names->items.begin(), names->items.end(), [&](const Node& item) { return item.text == name; });
  };
  std::vector<const Node*> result;
  for (const Node* column : entries_of(model, "columns")) {
    const Node* name = column->find("name");
    bool included = !rule || !rule->find("include") || (name && lists(rule->find("include"), name->text));
    if (included && !(rule && name && lists(rule->find("exclude"), name->text))) result.push_back(column);
  }
  result.insert(result.end(), own.begin(), own.end());
  return result;
}

void deep_merge(Node& into, const Node& from) {
  for (const auto& entry : from.entries) {
    const Node* before = into.find(entry.key);
    if (before && before->is_mapping() && entry.value.is_mapping()) {
      Node merged = *before;
      deep_merge(merged, entry.value);
      into.set(entry.key, std::move(merged));
    } else {
      into.set(entry.key, entry.value);
    }
  }
}

void rename(Build& build, Draft& draft, const std::string& name, const Version& version) {
  auto& old = build.drafts_by_name[draft.resource.name];
  std::erase(old, &draft);
  Resource& resource = draft.resource;
  resource.name = name;
  resource.unique_id = "model." + resource.package + "." + name + ".v" + version.v;
  resource.fqn.back() = name;
  resource.fqn.push_back("v" + version.v);
  build.drafts_by_name[name].push_back(&draft);
}

void describe(Build& build, Draft& draft, PropertiesFile& file, const Node& model, const Node& config,
              const Version& version, const std::string& latest) {
  Resource& resource = draft.resource;
  std::string what = "version " + version.v + " of model '" + resource.name + "'";
  Fields fields(file.document.source, *version.entry, what, build.problems);
  Fields general(file.document.source, model, "model '" + resource.name + "'", build.problems);
  auto description = fields.text("description");
  resource.description = description && !description->empty() ? *description : general.text("description").value_or("");
  auto columns = columns_of(model, *version.entry);
  resource.columns = read_columns(build, file, columns, what);
  resource.patch_path = file.patch_path();
  resource.patch_span = file.document.span(*version.entry);
  if (!resource.model) resource.model.emplace();
  resource.model->version = version.v;
  resource.model->latest_version = latest;
  const Node* constraints = fields.sequence("constraints");
  if (!constraints) constraints = general.sequence("constraints");
  if (constraints) resource.model->constraints = *constraints;
  resource.model->deprecation_date = deprecation_moment(fields.text("deprecation_date").value_or(""));

  draft.merged_patch_config = config;
  if (const Node* own = fields.mapping("config")) deep_merge(draft.merged_patch_config, *own);
  for (std::string_view key : {"docs", "access"}) {
    if (const Node* given = fields.any(key)) draft.merged_patch_config.set(std::string(key), *given);
  }
  draft.patch_config = &draft.merged_patch_config;
  fields.ignore({"v", "defined_in", "columns", "tests", "data_tests", "meta", "tags"});
  fields.finish();
}

void request_tests(Build& build, PropertiesFile& file, const Node& model, const Version& version,
                   const std::string& name) {
  TestRequest request;
  request.file = &file;
  request.target_name = name;
  request.version = version.v;
  request.yaml_key = "models";
  bool own_tests = version.entry->find("tests") || version.entry->find("data_tests");
  request_tests(build, own_tests ? *version.entry : model, columns_of(model, *version.entry), request);
}

}  // namespace

void apply_versions(Build& build, PropertiesFile& file, const Node& entry, const Node& config) {
  const std::string name = entry.find("name")->text;
  std::vector<Version> versions;
  for (const Node* item : entries_of(entry, "versions")) {
    Fields fields(file.document.source, *item, "a version of model '" + name + "'", build.problems);
    versions.push_back({item, fields.required_text("v"), fields.text("defined_in").value_or("")});
  }
  if (versions.empty()) return;
  std::string latest = std::max_element(versions.begin(), versions.end(), earlier)->v;
  if (const Node* given = entry.find("latest_version"); given && given->is_scalar() && !given->is_null()) {
    latest = given->text;
    bool known = std::any_of(versions.begin(), versions.end(), [&](const Version& v) { return v.v == latest; });
    if (!known) {
      std::vector<std::string> names;
      for (const auto& version : versions) names.push_back(version.v);
      build.problems
          .error(Code::version_wrong, "model '" + name + "' has no version '" + latest + "'",
                 file.document.span(*given))
          .label = did_you_mean(latest, names);
    }
  }
  for (const auto& version : versions) {
    std::string wanted = version.defined_in.empty() ? name + "_v" + version.v : version.defined_in;
    Draft* draft = find_model(build, wanted, file, version);
    if (!draft && version.v == latest) draft = find_model(build, name, file, version);
    if (!draft) {
      build.problems.warning(Code::properties_unused, "there is no model '" + wanted + "' for version " + version.v,
                             file.document.span(*version.entry));
      continue;
    }
    if (!draft->finished) {
      Turn turn(build, draft->contribution);
      rename(build, *draft, name, version);
      describe(build, *draft, file, entry, config, version, latest);
    }
    if (file.contribution->fresh) request_tests(build, file, entry, version, name);
  }
}

}  // namespace rynd::project

// Properties files: every YAML file of a package's folders, read and rendered; nothing is applied here.
#include <algorithm>
#include <array>

#include "base/suggest.h"
#include "base/yaml.h"
#include "load/build.h"
#include "load/partial/partial.h"

namespace rynd::project {

namespace {

constexpr std::array<std::string_view, 14> sections = {
    "models",     "seeds",     "snapshots", "sources", "macros",          "analyses",      "data_tests",
    "unit_tests", "exposures", "metrics",   "groups",  "semantic_models", "saved_queries", "functions"};

bool is_any(const std::string& key, std::initializer_list<std::string_view> names) {
  return std::find(names.begin(), names.end(), key) != names.end();
}

using Path = std::span<const std::string>;

// Tests, descriptions and hooks are rendered later, wherever they stand in an entry.
bool kept_in_entry(Path path) {
  auto at = [&](size_t i, std::initializer_list<std::string_view> names) {
    return path.size() > i && is_any(path[i], names);
  };
  auto later = [&](size_t i) { return at(i, {"tests", "data_tests", "description", "loaded_at_query"}); };
  if (later(0) || (path.size() == 2 && later(1))) return true;
  if (at(0, {"config"}) && at(1, {"pre_hook", "post_hook", "pre-hook", "post-hook", "loaded_at_query"})) return true;
  if (path.size() == 5 && path[4] == "description") return true;
  if (at(0, {"versions"}) && later(2)) return true;
  if (at(0, {"versions"}) && at(2, {"columns"}) && later(4)) return true;
  return at(0, {"columns", "dimensions", "measures", "entities", "metrics"}) && later(2);
}

bool keeps_template(std::string_view section, Path path) {
  if (path.empty()) return false;
  if (section == "sources") {
    if (is_any(path[0], {"description", "loaded_at_query"})) return true;
    if (path.size() >= 2 && path[0] == "config" && path[1] == "loaded_at_query") return true;
    return path[0] == "tables" && path.size() > 2 && kept_in_entry(path.subspan(2));
  }
  if (section == "macros" && path[0] == "arguments") return path.size() > 1 && kept_in_entry(path.subspan(1));
  bool is_filter = path.back() == "filter" || (path.size() > 1 && path[path.size() - 2] == "filter");
  if (is_filter && (section == "metrics" || path[0] == "metrics")) return true;
  if (section == "saved_queries" && path[0] == "query_params" && path.size() > 1 && path[1] == "where") return true;
  return kept_in_entry(path);
}

bool has_name(const Node& entry) {
  const Node* name = entry.is_mapping() ? entry.find("name") : nullptr;
  return name && name->is_scalar() && !name->is_null();
}

// Entries without a name are told, and taken out: who reads the rest may rely on one.
void check_shape(Build& build, Document& document) {
  Fields fields(document.source, document.root, "this file", build.problems);
  fields.ignore({"version", "anchors", "osi"});
  for (std::string_view key : sections) {
    const Node* section = fields.sequence(key);
    if (!section) continue;
    for (const auto& entry : section->items) {
      if (has_name(entry)) continue;
      build.problems.error(Code::properties_wrong,
                           entry.is_mapping()
                               ? "an entry of '" + std::string(key) + "' has no name"
                               : "an entry of '" + std::string(key) + "' must be a mapping with a name, not " +
                                     std::string(kind_name(entry)),
                           document.span(entry));
    }
  }
  fields.finish();
  for (auto& section : document.root.entries)
    if (section.value.is_sequence() && std::find(sections.begin(), sections.end(), section.key) != sections.end())
      erase_if(section.value.items, [](const Node& entry) { return !has_name(entry); });
}

void read_document(Build& build, Contribution& one, Document document) {
  check_shape(build, document);
  auto skip = [](const std::vector<std::string>& path) {
    return path.size() < 3 || keeps_template(path[0], Path(path).subspan(2));
  };
  auto rendered = render_yaml(document.root, document.source, build.yaml_context(one.file.package->name), skip);
  if (!rendered) {
    build.problems.add(std::move(rendered.error()));
    build.broken_files.push_back(document.source);
    return;
  }
  PropertiesFile& file = build.properties.emplace_back();
  one.properties = &file;
  file.contribution = &one;
  file.package = one.file.package;
  file.original_file_path = one.file.original_file_path();
  file.relative_path = one.file.relative;
  file.document = {document.source, std::move(*rendered)};
}

std::vector<std::string> names_of(const Node& entry) {
  std::vector<std::string> names;
  auto add = [&](std::string name) {
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(std::move(name));
  };
  const std::string& name = entry.find("name")->text;
  add(name);
  const Node* versions = entry.find("versions");
  if (!versions) return names;
  for (const auto& version : versions->items) {
    if (const Node* v = version.find("v")) add(name + "_v" + v->text);
    if (const Node* defined_in = version.find("defined_in")) add(defined_in->text);
  }
  return names;
}

// What the entries of a file describe, and the snapshots that it makes.
std::vector<std::vector<std::string>> names_of(const PropertiesFile& file) {
  std::vector<std::vector<std::string>> names;
  for (std::string_view section : {"models", "seeds", "snapshots", "data_tests", "analyses", "functions"}) {
    const Node* entries = file.document.root.find(section);
    if (!entries) continue;
    for (const auto& entry : entries->items) {
      if (!entry.is_mapping() || !entry.find("name")) continue;
      names.push_back(names_of(entry));
      if (section == "snapshots" && entry.find("relation")) names.push_back({"", entry.find("name")->text});
    }
  }
  return names;
}

}  // namespace

void read_properties_file(Build& build, Contribution& one) {
  const SourcePtr source = build.partial->source(one);
  if (!source || one.properties) return;
  Turn turn(build, &one, true);
  auto document = yaml::read(source);
  if (!document) {
    build.problems.add(std::move(document.error()));
    build.broken_files.push_back(source);
    return;
  }
  if (document->root.is_mapping()) {
    read_document(build, one, std::move(*document));
  } else if (!document->root.is_null()) {
    build.problems.error(
        Code::properties_wrong,
        "this file must be a mapping ('models:', 'sources:', ...), not " + std::string(kind_name(document->root)),
        document->span(document->root));
    build.broken_files.push_back(source);
  }
  if (one.properties && one.fresh) one.names = names_of(*one.properties);
}

void read_properties(Build& build) {
  Partial& partial = *build.partial;
  for (const auto& package : build.project.packages) {
    const Settings& settings = package.settings;
    std::vector<std::string> folders;
    for (const auto* paths :
         {&settings.model_paths, &settings.seed_paths, &settings.snapshot_paths, &settings.analysis_paths,
          &settings.macro_paths, &settings.test_paths, &settings.function_paths}) {
      folders.insert(folders.end(), paths->begin(), paths->end());
    }
    for (Contribution* one : partial.add(FileKind::properties, package, folders, {".yml", ".yaml"})) {
      partial.properties_files.push_back(one);
      // Templates may decide on the names, and so on what other files are made of.
      if (one->kept && !partial.is_read_as_before(*one)) partial.renew(*one);
      if (!one->kept) read_properties_file(build, *one);
    }
  }
}

}  // namespace rynd::project

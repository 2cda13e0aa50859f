// Macro files: every macro, test and materialization block of every package, and which macros each may call.
#include <algorithm>
#include <unordered_map>

#include "base/suggest.h"
#include "load/build.h"

namespace rynd::project {

namespace {

void add_macros(Build& build, const SourcePtr& source, const std::string& package, const std::string& path,
                bool only_tests) {
  auto compiled = jinja::Environment().compile_macros(source);
  if (!compiled) {
    build.problems.add(std::move(compiled.error()));
    build.broken_files.push_back(source);
    return;
  }
  uint32_t index = 0;
  for (const auto& info : compiled->macros()) {
    uint32_t place = index++;
    if (only_tests && info.kind != jinja::MacroKind::test) continue;
    Macro macro;
    macro.name = info.name;
    macro.package = package;
    macro.unique_id = "macro." + package + "." + info.name;
    macro.path = macro.original_file_path = path;
    macro.span = info.definition;
    macro.macro_sql = source->text().substr(info.definition.begin, info.definition.end - info.definition.begin);
    macro.supported_languages = info.supported_languages;
    for (const auto& argument : info.arguments) macro.arguments.push_back({argument.name, argument.type, {}});
    macro.compiled = *compiled;
    macro.index = place;
    build.project.macros.push_back(std::move(macro));
  }
}

// The name within a definition, which is all that needs to be shown of it.
Span name_place(const Macro& macro) {
  const size_t found = macro.span.source->text().find(macro.name, macro.span.begin);
  if (found == std::string_view::npos || found >= macro.span.end) return macro.span;
  const auto begin = static_cast<uint32_t>(found);
  return {macro.span.source, begin, begin + static_cast<uint32_t>(macro.name.size())};
}

void check_duplicates(Build& build) {
  std::unordered_map<std::string_view, const Macro*> seen;
  for (const auto& macro : build.project.macros) {
    auto [first, is_new] = seen.emplace(macro.unique_id, &macro);
    if (is_new) continue;
    auto& problem = build.problems.error(Code::macro_duplicate,
                                         "package '" + macro.package + "' has two macros named '" + macro.name + "'",
                                         name_place(macro));
    problem.related.push_back({name_place(*first->second), "the other one"});
    problem.help = "rename or remove one of them";
  }
}

// "adapter.dispatch('x', 'pkg')" with literal arguments: the name and namespace.
std::optional<std::pair<std::string, std::string>> dispatched(const jinja::UsedCall& call) {
  if (call.name != "adapter.dispatch" && call.name != "dispatch") return {};
  auto text = [](const std::optional<jinja::Value>& value) {
    return value && value->is_string() ? value->str() : std::string();
  };
  std::string name = call.positional.empty() ? "" : text(call.positional[0]);
  std::string macro_namespace = call.positional.size() > 1 ? text(call.positional[1]) : "";
  for (const auto& [key, value] : call.named) {
    if (key == "macro_name") name = text(value);
    if (key == "macro_namespace") macro_namespace = text(value);
  }
  if (name.empty()) return {};
  return std::pair(name, macro_namespace);
}

// What a macro calls, read from its text as dbt does.
void find_calls(Project& project, Macro& macro) {
  const auto& index = project.macro_index;
  auto add = [&](std::optional<MacroId> id) {
    if (!id || project.macros[*id].unique_id == macro.unique_id) return;
    auto& list = macro.depends_on_macros;
    if (std::find(list.begin(), list.end(), *id) == list.end()) list.push_back(*id);
  };
  for (const auto& call : macro.compiled.macros()[macro.index].uses.calls) {
    if (auto wanted = dispatched(call)) {
      add(index.dispatch(macro.package, wanted->first, wanted->second));
      continue;
    }
    auto dot = call.name.find('.');
    if (dot == std::string::npos) {
      add(index.find(macro.package, call.name));
    } else if (call.name.find('.', dot + 1) == std::string::npos) {
      add(index.find_in(call.name.substr(0, dot), call.name.substr(dot + 1)));
    }
  }
}

}  // namespace

void read_macros(Build& build) {
  for (const auto& file : build.options.builtins) {
    auto source = make_source(std::string(file.package) + "/" + std::string(file.path), std::string(file.text));
    add_macros(build, source, std::string(file.package), std::string(file.path), false);
  }
  for (const auto& package : build.project.packages) {
    for (const auto& file : build.find(package, package.settings.macro_paths, {".sql"})) {
      if (auto source = build.read(file)) add_macros(build, source, package.name, file.original_file_path(), false);
    }
    std::vector<std::string> generic;
    for (const auto& path : package.settings.test_paths) generic.push_back(path + "/generic");
    for (const auto& file : build.find(package, generic, {".sql"})) {
      if (auto source = build.read(file)) add_macros(build, source, package.name, file.original_file_path(), true);
    }
  }
  check_duplicates(build);
  std::vector<std::string> names;
  for (const auto& package : build.project.packages) names.push_back(package.name);
  build.project.macro_index = MacroIndex(build.project.macros, build.project.root().name, names, {"dbt_duckdb", "dbt"},
                                         {build.project.profile.type}, build.project.root().settings.dispatch);
  for (auto& macro : build.project.macros) find_calls(build.project, macro);
}

void read_docs(Build& build) {
  for (const auto& package : build.project.packages) {
    const Settings& settings = package.settings;
    std::vector<std::string> folders = settings.docs_paths;
    if (folders.empty()) {
      for (const auto* paths : {&settings.model_paths, &settings.seed_paths, &settings.snapshot_paths,
                                &settings.analysis_paths, &settings.macro_paths, &settings.test_paths}) {
        folders.insert(folders.end(), paths->begin(), paths->end());
      }
    }
    for (const auto& file : build.find(package, folders, {".md"})) {
      auto source = build.read(file);
      if (!source || source->text().find("{%") == std::string_view::npos) continue;
      auto blocks = jinja::scan_blocks(source);
      if (!blocks) {
        build.problems.add(std::move(blocks.error()));
        build.broken_files.push_back(source);
        continue;
      }
      for (const auto& block : *blocks) {
        if (block.kind != jinja::BlockKind::docs) continue;
        std::string_view body = source->text().substr(block.body.begin, block.body.end - block.body.begin);
        while (!body.empty() && std::isspace(static_cast<unsigned char>(body.front()))) body.remove_prefix(1);
        while (!body.empty() && std::isspace(static_cast<unsigned char>(body.back()))) body.remove_suffix(1);
        build.project.docs.push_back({"doc." + package.name + "." + block.name, block.name, package.name, file.relative,
                                      file.original_file_path(), std::string(body), block.name_span});
      }
    }
  }
}

}  // namespace rynd::project

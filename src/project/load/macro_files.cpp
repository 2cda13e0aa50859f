// Macro files and documentation: every macro, test, materialization and docs block of every package, and which macros
// each macro may call.
#include <algorithm>
#include <unordered_map>

#include "base/suggest.h"
#include "base/text.h"
#include "load/build.h"
#include "load/partial/partial.h"

namespace rynd::project {

namespace {

// Whose macros a file's are, and where it says it stands.
struct Owner {
  std::string package;
  std::string path;
};

void add_macro(Build& build, Contribution& one, const Owner& owner, MacroDraft draft) {
  Macro& macro = draft.macro;
  macro.package = owner.package;
  macro.path = macro.original_file_path = owner.path;
  macro.unique_id = "macro." + macro.package + "." + macro.name;
  macro.macro_sql = macro.span.source->text().substr(macro.span.begin, macro.span.end - macro.span.begin);
  build.macros.push_back(std::move(draft));
  one.macros.push_back(&build.macros.back());
}

// "adapter.dispatch('x', 'pkg')" with literal arguments calls what implements x.
std::optional<MacroCall> called_by(const jinja::UsedCall& call) {
  if (call.name != "adapter.dispatch" && call.name != "dispatch") return MacroCall{call.name, {}, false};
  auto text = [](const std::optional<jinja::Value>& value) {
    return value && value->is_string() ? value->str() : std::string();
  };
  MacroCall result{{}, {}, true};
  if (!call.positional.empty()) result.name = text(call.positional[0]);
  if (call.positional.size() > 1) result.macro_namespace = text(call.positional[1]);
  for (const auto& [key, value] : call.named) {
    if (key == "macro_name") result.name = text(value);
    if (key == "macro_namespace") result.macro_namespace = text(value);
  }
  if (result.name.empty()) return {};
  return result;
}

void read_file(Build& build, Contribution& one, const Owner& owner) {
  auto compiled = jinja::Environment().compile_macros(one.source);
  if (!compiled) {
    build.problems.add(std::move(compiled.error()));
    build.broken_files.push_back(one.source);
    return;
  }
  uint32_t index = 0;
  for (const auto& info : compiled->macros()) {
    uint32_t place = index++;
    if (one.kind == FileKind::test_macros && info.kind != jinja::MacroKind::test) continue;
    MacroDraft draft;
    draft.macro.name = info.name;
    draft.macro.span = info.definition;
    draft.macro.supported_languages = info.supported_languages;
    for (const auto& argument : info.arguments) draft.macro.arguments.push_back({argument.name, argument.type, {}});
    draft.macro.compiled = *compiled;
    draft.macro.index = place;
    for (const auto& call : info.uses.calls) {
      if (auto called = called_by(call)) draft.calls.push_back(std::move(*called));
    }
    add_macro(build, one, owner, std::move(draft));
  }
}

void take_file(Build& build, Contribution& one, const Owner& owner) {
  RecordReader& records = build.partial->records(one);
  jinja::Template compiled = jinja::Environment().compile_macros_later(build.partial->source(one));
  for (size_t i = records.count(); i > 0; --i) {
    MacroDraft draft = records.macro();
    draft.macro.compiled = compiled;
    add_macro(build, one, owner, std::move(draft));
  }
}

void add_file(Build& build, Contribution& one, const Owner& owner) {
  one.fresh = !one.kept;
  if (one.kept) {
    take_file(build, one, owner);
  } else if (one.source) {
    Turn turn(build, &one);
    read_file(build, one, owner);
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

// What a macro calls, read from its text as dbt does.
void find_calls(Project& project, const MacroDraft& draft, Macro& macro) {
  const auto& index = project.macro_index;
  auto add = [&](std::optional<MacroId> id) {
    if (!id || project.macros[*id].unique_id == macro.unique_id) return;
    auto& list = macro.depends_on_macros;
    if (std::find(list.begin(), list.end(), *id) == list.end()) list.push_back(*id);
  };
  for (const auto& call : draft.calls) {
    if (call.dispatched) {
      add(index.dispatch(macro.package, call.name, call.macro_namespace));
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
  Partial& partial = *build.partial;
  for (const auto& file : build.options.builtins) {
    Owner owner{std::string(file.package), std::string(file.path)};
    std::string name = owner.package + "/" + owner.path;
    auto source = std::make_shared<const Source>(name, file.text, nullptr);
    add_file(build, partial.add(FileKind::builtin_macros, std::move(name), std::move(source)), owner);
  }
  for (const auto& package : build.project.packages) {
    auto add_all = [&](FileKind kind, const std::vector<std::string>& folders) {
      for (Contribution* one : partial.add(kind, package, folders, {".sql"}))
        add_file(build, *one, {package.name, one->file.original_file_path()});
    };
    add_all(FileKind::macros, package.settings.macro_paths);
    std::vector<std::string> generic;
    for (const auto& path : package.settings.test_paths) generic.push_back(path + "/generic");
    add_all(FileKind::test_macros, generic);
  }
  auto& macros = build.project.macros;
  macros.reserve(build.macros.size());
  for (const auto& draft : build.macros) macros.push_back(draft.macro);
  check_duplicates(build);
  std::vector<std::string> names;
  for (const auto& package : build.project.packages) names.push_back(package.name);
  build.project.macro_index = MacroIndex(macros, build.project.root().name, names, {"dbt_duckdb", "dbt"},
                                         {build.project.profile.type}, build.project.root().settings.dispatch);
  for (MacroId id = 0; id < macros.size(); ++id) find_calls(build.project, build.macros[id], macros[id]);
  if (!partial.is_on()) return;
  partial.answers.set_macros();
  build.project.macro_index.watch(&partial.questions);
}

namespace {

// Everything but their names and texts is the file's.
void add_doc(Build& build, const Contribution& one, Doc doc) {
  doc.package = one.file.package->name;
  doc.unique_id = "doc." + doc.package + "." + doc.name;
  doc.path = one.file.relative;
  doc.original_file_path = one.file.original_file_path();
  build.project.docs.push_back(std::move(doc));
}

void read_docs_of(Build& build, Contribution& one) {
  const SourcePtr& source = one.source;
  if (!source || source->text().find("{%") == std::string_view::npos) return;
  auto blocks = jinja::scan_blocks(source);
  if (!blocks) {
    build.problems.add(std::move(blocks.error()));
    build.broken_files.push_back(source);
    return;
  }
  for (const auto& block : *blocks) {
    if (block.kind != jinja::BlockKind::docs) continue;
    std::string_view body = trim(source->text().substr(block.body.begin, block.body.end - block.body.begin));
    Doc& doc = one.docs.emplace_back();
    doc.name = block.name;
    doc.contents = body;
    doc.span = block.name_span;
    add_doc(build, one, doc);
  }
}

}  // namespace

void read_docs(Build& build) {
  Partial& partial = *build.partial;
  for (const auto& package : build.project.packages) {
    const Settings& settings = package.settings;
    std::vector<std::string> folders = settings.docs_paths;
    if (folders.empty()) {
      for (const auto* paths : {&settings.model_paths, &settings.seed_paths, &settings.snapshot_paths,
                                &settings.analysis_paths, &settings.macro_paths, &settings.test_paths}) {
        folders.insert(folders.end(), paths->begin(), paths->end());
      }
    }
    for (Contribution* one : partial.add(FileKind::docs, package, folders, {".md"})) {
      one->fresh = !one->kept;
      if (!one->kept) {
        Turn turn(build, one);
        read_docs_of(build, *one);
        continue;
      }
      RecordReader& records = partial.records(*one);
      for (size_t i = records.count(); i > 0; --i) add_doc(build, *one, records.doc());
    }
  }
  if (partial.is_on()) partial.answers.set_docs();
}

}  // namespace rynd::project

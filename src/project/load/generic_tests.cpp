// Generic tests: from what YAML asks for to test nodes with dbt's names, arguments and configuration.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

#include "base/suggest.h"
#include "base/text.h"
#include "context/test_arguments.h"
#include "load/build.h"
#include "load/columns.h"
#include "load/test_names.h"

namespace rynd::project {

namespace {

constexpr std::array<std::string_view, 15> config_keys = {
    "severity",   "tags",     "enabled",   "where",          "limit",
    "warn_if",    "error_if", "fail_calc", "store_failures", "store_failures_as",
    "sql_header", "meta",     "database",  "schema",         "alias"};

bool is_config_key(std::string_view key) {
  return std::find(config_keys.begin(), config_keys.end(), key) != config_keys.end();
}

// A test as written, taken apart.
struct Parts {
  std::string name;
  std::string test_namespace;
  Node args = Node::map();
  Node config = Node::map();
  std::string custom_name;
  std::string description;
};

Diagnostic& wrong(Build& build, const TestRequest& request, const Node& place, std::string message) {
  return build.problems.error(Code::test_wrong, std::move(message), request.file->document.span(place));
}

// "unique", {unique: {...}} or {name: ..., test_name: unique, ...}: the test's name and its mapping.
std::optional<std::pair<std::string, Node>> name_and_args(Build& build, const TestRequest& request) {
  const Node& written = *request.written;
  if (written.is_string()) return std::pair(written.text, Node::map());
  if (!written.is_mapping() || written.entries.empty()) {
    wrong(build, request, written,
          "a test is a name, or a name with its arguments, not " + std::string(kind_name(written)));
    return {};
  }
  if (const Node* test_name = written.find("test_name")) {
    Node args = written;
    erase_if(args.entries, [](const Entry& entry) { return entry.key == "test_name"; });
    return std::pair(test_name->text, std::move(args));
  }
  if (written.entries.size() != 1) {
    wrong(build, request, written, fmt::format("a test has one name, this mapping has {} keys", written.entries.size()))
        .help = "indent the arguments below the test's name";
    return {};
  }
  const Entry& only = written.entries.front();
  if (only.value.is_null()) return std::pair(only.key, Node::map());
  if (!only.value.is_mapping()) {
    wrong(build, request, only.value,
          "the arguments of test '" + only.key + "' must be a mapping, not " + std::string(kind_name(only.value)));
    return {};
  }
  return std::pair(only.key, only.value);
}

// Values of a test's configuration may be templates.
void set_config(Build& build, const TestRequest& request, Parts& parts, const std::string& key, const Node& value) {
  auto rendered = render_yaml(value, request.file->document.source, build.yaml_context(request.file->package->name));
  if (!rendered) {
    build.problems.add(std::move(rendered.error()));
    return;
  }
  if (!rendered->is_null()) parts.config.set(key, std::move(*rendered));
}

void read_config(Build& build, const TestRequest& request, Parts& parts, const Node& given) {
  const Node* config = given.find("config");
  if (config && !config->is_mapping() && !config->is_null()) {
    wrong(build, request, *config, "'config' of a test must be a mapping, not " + std::string(kind_name(*config)));
    config = nullptr;
  }
  for (std::string_view key : config_keys) {
    const Node* beside = given.find(key);
    const Node* within = config ? config->find(key) : nullptr;
    if (beside && within && !beside->is_null()) {
      wrong(build, request, *beside, "'" + std::string(key) + "' is given twice: here and under 'config'");
    }
    const Node* value = beside && !beside->is_null() ? beside : within;
    if (value) set_config(build, request, parts, std::string(key), *value);
  }
  if (!config) return;
  for (const auto& entry : config->entries) {
    if (!is_config_key(entry.key)) set_config(build, request, parts, entry.key, entry.value);
  }
}

std::string model_argument(const TestRequest& request) {
  std::string target;
  if (!request.source_name.empty()) {
    target = fmt::format("source('{}', '{}')", request.source_name, request.target_name);
  } else if (!request.version.empty()) {
    target = fmt::format("ref('{}', version='{}')", request.target_name, request.version);
  } else {
    target = fmt::format("ref('{}')", request.target_name);
  }
  return "{{ get_where_subquery(" + target + ") }}";
}

std::optional<Parts> take_apart(Build& build, const TestRequest& request) {
  auto found = name_and_args(build, request);
  if (!found) return {};
  Parts parts;
  auto& [name, given] = *found;
  auto dot = name.find('.');
  parts.name = dot == std::string::npos ? name : name.substr(dot + 1);
  parts.test_namespace = dot == std::string::npos ? "" : name.substr(0, dot);
  if (const Node* description = given.find("description")) parts.description = description->text;
  if (const Node* custom = given.find("name")) parts.custom_name = custom->text;
  read_config(build, request, parts, given);
  for (const auto& entry : given.entries) {
    bool known = is_config_key(entry.key) || entry.key == "config" || entry.key == "description" ||
                 entry.key == "name" || entry.key == "arguments";
    if (!known) parts.args.set(entry.key, entry.value);
  }
  if (request.column) {
    const Node* column_name = request.column->find("name");
    const Node* quote = request.column->find("quote");
    bool quoted = quote && !quote->is_null() ? quote->boolean : request.quote_columns;
    std::string column = column_name ? column_name->text : "";
    parts.args.set("column_name", Node::of(quoted ? "\"" + column + "\"" : column));
  }
  if (const Node* arguments = given.find("arguments")) {
    for (const auto& entry : arguments->entries) parts.args.set(entry.key, entry.value);
  }
  if (const Node* model = parts.args.find("model")) {
    wrong(build, request, *model, "a test's arguments cannot hold 'model': it is what the test stands on");
  }
  parts.args.set("model", Node::of(model_argument(request)));
  return parts;
}

// {{ test_unique(**_dbt_generic_test_kwargs) }}{{ config(severity="warn") }}
std::string raw_code(const Parts& parts) {
  std::string macro = (parts.test_namespace.empty() ? "" : parts.test_namespace + ".") + "test_" + parts.name;
  std::string code = fmt::format("{{{{ {}(**{}) }}}}", macro, test_arguments_name);
  std::string configs;
  for (const auto& entry : parts.config.entries) {
    if (!configs.empty()) configs += ",";
    std::string value = entry.value.is_string() ? "\"" + replace_all(entry.value.text, "\"", "\\\"") + "\""
                                                : jinja::from_node(entry.value).str();
    configs += entry.key + "=" + value;
  }
  if (!configs.empty()) code += "{{ config(" + configs + ") }}";
  return code;
}

std::optional<MacroId> find_macro(Build& build, const TestRequest& request, const Parts& parts) {
  const auto& index = build.project.macro_index;
  std::string wanted = "test_" + parts.name;
  auto id = parts.test_namespace.empty() ? index.find_anywhere(request.file->package->name, wanted)
                                         : index.find_in(parts.test_namespace, wanted);
  if (id || build.may_be_in_broken_file("test " + parts.name)) return id;
  const Node* place = request.written;
  Span span = place->is_mapping() ? Span{request.file->document.source, place->entries.front().key_begin,
                                         place->entries.front().key_end}
                                  : request.file->document.span(*place);
  std::string full = (parts.test_namespace.empty() ? "" : parts.test_namespace + ".") + parts.name;
  auto& problem = build.problems.error(Code::macro_missing, "there is no generic test '" + full + "'", span);
  std::vector<std::string> names;
  for (const auto& macro : build.project.macros) {
    if (macro.name.starts_with("test_")) names.push_back(macro.name.substr(5));
  }
  problem.label = did_you_mean(parts.name, names);
  if (!parts.test_namespace.empty() && !build.project.package(parts.test_namespace)) {
    problem.help = "the package '" + parts.test_namespace + "' is not installed";
  }
  return {};
}

// The four built-in tests use their arguments in ways that are known: nothing needs rendering.
bool is_well_known(const Build& build, MacroId id, const Parts& parts) {
  const Macro& macro = build.project.macros[id];
  if (macro.package != "dbt") return false;
  bool known = macro.name == "test_unique" || macro.name == "test_not_null" || macro.name == "test_accepted_values" ||
               macro.name == "test_relationships";
  if (!known) return false;
  return std::none_of(parts.args.entries.begin(), parts.args.entries.end(), [](const Entry& entry) {
    return entry.key != "model" && entry.value.is_string() && entry.value.text.find("{{") != std::string::npos;
  });
}

// dbt renders a test with the macros that the test's own may call, and get_where_subquery: others are not noted.
void keep_reachable(const Project& project, MacroId test, std::vector<MacroId>& macros) {
  std::set<MacroId> reachable = {test};
  std::vector<MacroId> open = {test};
  while (!open.empty()) {
    MacroId id = open.back();
    open.pop_back();
    for (MacroId next : project.macros[id].depends_on_macros) {
      if (reachable.insert(next).second) open.push_back(next);
    }
  }
  std::erase_if(macros,
                [&](MacroId id) { return !reachable.contains(id) && project.macros[id].name != "get_where_subquery"; });
}

void capture_test(Build& build, const TestRequest& request, const Parts& parts, MacroId macro, Draft& draft) {
  Captured& captured = draft.captured;
  Ref target{request.target_name, {}, request.version, draft.resource.name_span};
  auto add_target = [&] {
    if (request.source_name.empty()) {
      captured.refs.push_back(target);
    } else {
      captured.sources.push_back({request.source_name, request.target_name, draft.resource.name_span});
    }
  };
  const std::string& name = build.project.macros[macro].name;
  if (is_well_known(build, macro, parts) && (name == "test_unique" || name == "test_not_null")) {
    captured.macros = {macro};
    add_target();
    return;
  }
  auto context = std::make_shared<NodeContext>(*build.globals, &draft.resource, draft.resource.package);
  context->captured.macros = {macro};
  auto noted = [&](const Diagnostic& problem) {
    Diagnostic told = problem;
    told.span = draft.resource.name_span;
    build.problems.add(std::move(told));
  };
  if (is_well_known(build, macro, parts)) {
    if (auto arguments = render_test_arguments(parts.args, context); !arguments) return noted(arguments.error());
    context->captured.config_calls = parts.config;  // the config() call of raw_code, which says the same again
  } else {
    // The macro's own template asks for the arguments, which renders them.
    auto compiled =
        jinja::Environment().compile(make_source(request.file->document.source->name(), draft.resource.raw_code));
    if (!compiled) return noted(compiled.error().front());
    if (auto rendered = jinja::render(*compiled, context, build.first_rendering()); !rendered) {
      Diagnostic problem = rendered.error();
      problem.related.push_back({draft.resource.name_span, "in this test"});
      build.add_rendering_problem(std::move(problem));
    }
  }
  captured = std::move(context->captured);
  keep_reachable(build.project, macro, captured.macros);
  for (auto& ref : captured.refs) ref.span = draft.resource.name_span;
  for (auto& source : captured.sources) source.span = draft.resource.name_span;
}

void make_test(Build& build, const TestRequest& request) {
  auto parts = take_apart(build, request);
  if (!parts) return;
  auto macro = find_macro(build, request, *parts);
  if (!macro) return;
  std::string kind = (request.source_name.empty() ? "" : "source_") + parts->name;
  if (!parts->test_namespace.empty()) kind = parts->test_namespace + "_" + kind;
  std::string target =
      request.source_name.empty() ? request.target_name : request.source_name + "_" + request.target_name;
  if (!request.version.empty()) target += "_v" + request.version;
  TestName name = parts->custom_name.empty() ? test_name(kind, target, parts->args)
                                             : TestName{parts->custom_name, parts->custom_name};
  if (name.full != name.shortened && !parts->config.find("alias")) parts->config.set("alias", Node::of(name.shortened));

  const PropertiesFile& file = *request.file;
  Draft& draft = build.add_draft(ResourceType::test, *file.package, file.contribution);
  Resource& resource = draft.resource;
  resource.name = resource.alias = name.full;
  resource.unique_id = "test." + resource.package + "." + name.full + "." +
                       test_hash(name.full, parts->name, parts->test_namespace, parts->args);
  resource.path = name.shortened + ".sql";
  resource.original_file_path = file.original_file_path;
  std::string_view relative = file.original_file_path;
  resource.fqn = fqn_of(resource.package, relative.substr(relative.find('/') + 1), name.full);
  resource.description = parts->description;
  resource.raw_code = raw_code(*parts);
  resource.checksum = {"none", ""};
  resource.span = resource.name_span = file.document.span(*request.written);
  resource.tags = request.tags;
  for (auto& tag : tags_of(parts->config)) resource.tags.push_back(std::move(tag));
  std::sort(resource.tags.begin(), resource.tags.end());
  resource.tags.erase(std::unique(resource.tags.begin(), resource.tags.end()), resource.tags.end());

  TestDetails& test = resource.test.emplace();
  test.name = parts->name;
  test.test_namespace = parts->test_namespace;
  test.kwargs = parts->args;
  if (const Node* column = parts->args.find("column_name"); column && request.column) test.column_name = column->text;
  test.file_key_name =
      request.yaml_key + "." + (request.source_name.empty() ? request.target_name : request.source_name);
  draft.inline_config = parts->config;
  draft.test_target = request.source_name.empty() ? request.target_name : "";
  draft.test_version = request.version;
  capture_test(build, request, *parts, *macro, draft);
}

}  // namespace

void make_generic_tests(Build& build, PropertiesFile& file) {
  for (const auto& request : file.tests) make_test(build, request);
}

}  // namespace rynd::project

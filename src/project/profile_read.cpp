// Profile, read: profiles.yml by dbt's search order, rendered, and checked for what DuckDB needs.
#include "profile_read.h"

#include <algorithm>
#include <array>
#include <filesystem>

#include "base/suggest.h"
#include "base/text.h"
#include "base/yaml.h"
#include "profile_mask.h"
#include "project/catalog_name.h"
#include "project/plugins.h"

namespace rynd::project {

namespace {

constexpr FieldCodes codes = {Code::profile_wrong, Code::profile_wrong};

// What templates see of a target; everything else may hold secrets.
constexpr std::array<std::string_view, 13> shown_keys = {"database",
                                                         "schema",
                                                         "path",
                                                         "config_options",
                                                         "extensions",
                                                         "settings",
                                                         "external_root",
                                                         "use_credential_provider",
                                                         "attach",
                                                         "filesystems",
                                                         "remote",
                                                         "plugins",
                                                         "disable_transactions"};

// --profiles-dir, DBT_PROFILES_DIR, the project's folder, ~/.dbt.
std::vector<std::filesystem::path> search_folders(const LoadOptions& options, World& world) {
  if (options.profiles_dir) return {*options.profiles_dir};
  if (auto folder = world.process.environment("DBT_PROFILES_DIR")) return {*folder};
  std::vector<std::filesystem::path> folders = {options.project_dir};
  if (auto home = world.process.environment("HOME")) folders.push_back(std::filesystem::path(*home) / ".dbt");
  return folders;
}

// The names that `attach:` gives.
std::vector<std::string> attached(const Node& credentials) {
  std::vector<std::string> names;
  const Node* attach = credentials.find("attach");
  for (const Node& one : attach ? attach->items : List<Node>()) {
    if (const Node* alias = one.find("alias"); alias && alias->is_string()) names.push_back(alias->text);
  }
  return names;
}

void check_attach(Fields& fields, const SourcePtr& source, Problems& problems) {
  const Node* attach = fields.sequence("attach");
  for (const Node& one : attach ? attach->items : List<Node>()) {
    if (!one.is_mapping()) {
      problems.error(Code::profile_wrong, "an entry of 'attach' is a mapping: {path: ..., alias: ...}",
                     fields.span(one));
      continue;
    }
    Fields entry(source, one, "an entry of 'attach'", problems, codes);
    (void)entry.required_text("path");
    const Node* options = entry.mapping("options");
    for (std::string_view key : {"type", "secret", "read_only"}) {
      const Node* own = entry.any(key);
      if (!own || !options || !options->find(key) || (own->kind == Node::Kind::boolean && !own->boolean)) continue;
      problems
          .error(Code::profile_wrong, "'" + std::string(key) + "' is given twice: here and under 'options'",
                 fields.span(*own))
          .help = "keep one of the two";
    }
    entry.ignore({"alias", "is_ducklake"});
    entry.finish();
  }
}

void check_secrets(Fields& fields, const SourcePtr& source, Problems& problems) {
  const Node* secrets = fields.sequence("secrets");
  for (const Node& one : secrets ? secrets->items : List<Node>()) {
    if (!one.is_mapping()) {
      problems.error(Code::profile_wrong, "an entry of 'secrets' is a mapping: {type: s3, ...}", fields.span(one));
      continue;
    }
    Fields entry(source, one, "an entry of 'secrets'", problems, codes);
    (void)entry.required_text("type");  // the rest is the provider's affair
  }
}

void read_retries(Profile& profile, Fields& fields, const SourcePtr& source, Problems& problems) {
  const Node* retries = fields.mapping("retries");
  if (!retries) return;
  Fields entry(source, *retries, "'retries'", problems, codes);
  profile.retries.connect_attempts =
      static_cast<int>(std::clamp<int64_t>(entry.integer("connect_attempts").value_or(1), 1, 100));
  profile.retries.query_attempts =
      static_cast<int>(std::clamp<int64_t>(entry.integer("query_attempts").value_or(1), 1, 100));
  if (auto names = entry.texts("retryable_exceptions")) profile.retries.exceptions = std::move(*names);
  entry.finish();
}

// What is Python inside of dbt, or another program: the rest of the project may do without it.
void warn_of_python(Fields& fields, Problems& problems) {
  const Node* plugins = fields.sequence("plugins");
  for (const Node& plugin : plugins ? plugins->items : List<Node>()) {
    const Node* module = plugin.find("module");
    const std::string name = module && module->is_string() ? module->text : plugin.text;
    problems
        .warning(Code::unsupported, "the plugin '" + name + "' of dbt-duckdb is Python inside of dbt, and is not run",
                 fields.span(plugin))
        .help = plugin_advice(name);
  }
  if (const Node* filesystems = fields.any("filesystems")) {
    problems
        .warning(Code::unsupported, "'filesystems' are Python's fsspec, and are not there", fields.span(*filesystems))
        .help = plugin_advice("fsspec");
  }
  if (const Node* remote = fields.any("remote")) {
    problems
        .error(Code::unsupported, "'remote' names a Buena Vista server, and rynd opens the database itself",
               fields.span(*remote))
        .help = "leave it out, and give the file's 'path'";
  }
  if (fields.any("motherduck_token") || fields.any("flights")) {
    problems.warning(Code::unsupported, "MotherDuck is not there", fields.span()).help = plugin_advice("motherduck");
  }
}

void read_duckdb_target(Profile& profile, Fields& fields, const SourcePtr& source, Problems& problems) {
  profile.path = fields.text("path").value_or(":memory:");
  const std::string named = catalog_of(profile.path);
  profile.database = fields.text("database").value_or(named);
  const auto aliases = attached(profile.credentials);
  if (profile.database != named && std::ranges::find(aliases, profile.database) == aliases.end()) {
    auto& problem = problems.error(
        Code::profile_wrong,
        "'database' is '" + profile.database + "', and DuckDB calls the one at '" + profile.path + "' '" + named + "'",
        fields.span(*fields.any("database")));
    problem.help = "leave 'database' out, or name one that 'attach' gives that 'alias'";
  }
  if (profile.path.starts_with("md:") || profile.path.starts_with("motherduck:")) {
    problems
        .error(Code::unsupported, "'" + profile.path + "' is a database of MotherDuck, which is not there",
               fields.span(*fields.any("path")))
        .help = plugin_advice("motherduck");
  }
  check_attach(fields, source, problems);
  check_secrets(fields, source, problems);
  read_retries(profile, fields, source, problems);
  warn_of_python(fields, problems);
  profile.transactions = !fields.flag("disable_transactions").value_or(false);
  if (auto provider = fields.text("use_credential_provider"); provider && *provider != "aws") {
    problems
        .error(Code::profile_wrong, "'use_credential_provider' is 'aws', not '" + *provider + "'",
               fields.span(*fields.any("use_credential_provider")))
        .help = "list what it needs under 'secrets:'";
  }
  fields.mapping("config_options");
  fields.mapping("settings");
  fields.sequence("extensions");
  fields.sequence("module_paths");
  fields.text("external_root");
  fields.ignore({"keep_open", "is_ducklake", "read_only"});
}

void describe(Profile& profile) {
  Node target = Node::map();
  for (std::string_view key : shown_keys) {
    const Node* value = profile.credentials.find(key);
    target.set(std::string(key), value ? *value : Node());
  }
  target.set("database", Node::of(profile.database));
  target.set("schema", Node::of(profile.schema));
  target.set("path", Node::of(profile.path));
  target.set("type", Node::of(profile.type));
  target.set("threads", Node::of(static_cast<int64_t>(profile.threads)));
  target.set("name", Node::of(profile.target_name));
  target.set("target_name", Node::of(profile.target_name));
  target.set("profile_name", Node::of(profile.name));
  profile.target = std::move(target);
}

Profile embedded_default(const LoadOptions& options, const std::string& wanted) {
  Profile profile;
  profile.name = wanted.empty() ? "rynd" : wanted;
  profile.target_name = options.target.empty() ? "dev" : options.target;
  profile.threads = options.threads.value_or(4);
  describe(profile);
  return profile;
}

std::vector<std::string> keys_of(const Node& mapping) {
  std::vector<std::string> keys;
  for (const auto& entry : mapping.entries) keys.push_back(entry.key);
  return keys;
}

void read_target(Profile& profile, const Document& document, const Node& written, const LoadOptions& options,
                 const std::shared_ptr<BaseContext>& context, Problems& problems) {
  auto rendered = render_yaml(written, document.source, context);
  if (!rendered) {
    problems.add(std::move(rendered.error()));
    return;
  }
  profile.credentials = std::move(*rendered);
  Fields fields(document.source, profile.credentials, "target '" + profile.target_name + "'", problems, codes);
  profile.type = fields.required_text("type");
  profile.schema = fields.text("schema").value_or("main");
  if (profile.type == "duckdb") {
    read_duckdb_target(profile, fields, document.source, problems);
  } else if (!profile.type.empty()) {
    auto& problem = problems.error(Code::profile_wrong, "there is no adapter of type '" + profile.type + "' here",
                                   fields.span(*profile.credentials.find("type")));
    problem.label = "rynd runs on 'duckdb'";
  }
  if (const Node* threads = fields.any("threads")) {
    bool number = threads->kind == Node::Kind::integer && threads->integer > 0;
    if (!number) {
      problems.error(Code::profile_wrong, "'threads' must be a number from 1", fields.span(*threads)).help =
          "in a template, end it with '| int' or '| as_number'";
    } else {
      profile.threads = static_cast<int>(threads->integer);
    }
  }
  if (options.threads) profile.threads = *options.threads;
  if (profile.type == "duckdb") fields.finish();
}

const Node* find_target(Profile& profile, const Document& document, const Entry& entry, const LoadOptions& options,
                        const std::shared_ptr<BaseContext>& context, Problems& problems) {
  const Node* outputs = entry.value.find("outputs");
  if (!outputs || !outputs->is_mapping() || outputs->entries.empty()) {
    problems.error(Code::profile_wrong, "profile '" + entry.key + "' has no 'outputs'", document.key_span(entry)).help =
        "outputs:\n  dev:\n    type: duckdb\n    path: warehouse.duckdb";
    return nullptr;
  }
  profile.target_name = options.target;
  if (profile.target_name.empty()) {
    const Node* standard = entry.value.find("target");
    if (standard && standard->is_scalar() && !standard->is_null()) {
      auto rendered = render_yaml(*standard, document.source, context);
      if (!rendered) {
        problems.add(std::move(rendered.error()));
        return nullptr;
      }
      profile.target_name = rendered->text;
    } else {
      profile.target_name = "default";
    }
  }
  const Node* found = outputs->find(profile.target_name);
  if (!found || !found->is_mapping()) {
    Span place = options.target.empty() && entry.value.find("target") ? document.span(*entry.value.find("target"))
                                                                      : document.key_span(entry);
    auto names = keys_of(*outputs);
    auto& problem = problems.error(Code::target_not_found,
                                   "profile '" + entry.key + "' has no target '" + profile.target_name + "'", place);
    problem.label = did_you_mean(profile.target_name, names);
    problem.notes.push_back("targets of '" + entry.key + "': " + join(names, ", "));
    return nullptr;
  }
  profile.span = document.span(*found);
  return found;
}

}  // namespace

Profile read_profile(const LoadOptions& options, const std::string& wanted, const std::shared_ptr<BaseContext>& context,
                     World& world, Problems& problems) {
  std::filesystem::path file;
  for (const auto& folder : search_folders(options, world)) {
    if (world.files.exists(folder / "profiles.yml")) {
      file = folder / "profiles.yml";
      break;
    }
  }
  if (file.empty()) {
    if (options.profiles_dir) {
      problems.error(Code::profile_not_found, "there is no profiles.yml in '" + options.profiles_dir->string() + "'");
    }
    return embedded_default(options, wanted);
  }
  if (wanted.empty()) return embedded_default(options, wanted);

  auto text = world.files.read(file);
  if (!text) {
    problems.add(std::move(text.error()));
    return embedded_default(options, wanted);
  }
  std::string printed = file.lexically_normal().string();
  auto relative = file.lexically_relative(options.project_dir);
  if (!relative.empty() && !relative.string().starts_with("..")) printed = relative.string();
  const SourcePtr quotable = make_source(printed, without_secrets(*text));
  auto document = yaml::read(make_source(printed, std::move(*text)));
  if (!document) {
    for (Diagnostic& problem : document.error()) {
      if (problem.span) problem.span.source = quotable;
      for (Label& label : problem.related) label.span.source = quotable;
    }
    problems.add(std::move(document.error()));
    return embedded_default(options, wanted);
  }
  document->source = quotable;
  Profile profile;
  profile.name = wanted;
  profile.file = printed;
  profile.from_file = true;
  const Entry* entry = document->root.find_entry(wanted);
  if (!entry || !entry->value.is_mapping()) {
    auto names = keys_of(document->root);
    std::erase(names, "config");
    auto& problem = problems.error(Code::profile_not_found, "profiles.yml has no profile '" + wanted + "'",
                                   {document->source, 0, 0});
    problem.label = did_you_mean(wanted, names);
    problem.notes.push_back(names.empty() ? "it has none at all" : "profiles there: " + join(names, ", "));
    problem.help = "the name comes from 'profile:' in dbt_project.yml, or --profile";
    return embedded_default(options, wanted);
  }
  if (const Node* target = find_target(profile, *document, *entry, options, context, problems)) {
    read_target(profile, *document, *target, options, context, problems);
  }
  describe(profile);
  return profile;
}

}  // namespace rynd::project

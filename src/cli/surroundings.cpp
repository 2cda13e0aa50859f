// Surroundings: files above the current folder.
#include "surroundings.h"

#include <algorithm>
#include <array>

#include "base/json.h"
#include "base/text.h"
#include "base/yaml.h"

namespace rynd::cli {
namespace {

// Those that dbt lets a project set.
constexpr std::array<std::string_view, 25> of_project{"cache-selected-only",
                                                      "debug",
                                                      "fail-fast",
                                                      "hints-enabled",
                                                      "indirect-selection",
                                                      "log-format",
                                                      "log-format-file",
                                                      "log-level",
                                                      "log-level-file",
                                                      "maximum-seed-size-mib",
                                                      "partial-parse",
                                                      "populate-cache",
                                                      "printer-width",
                                                      "send-anonymous-usage-stats",
                                                      "snowflake-projects-otel",
                                                      "static-parser",
                                                      "use-colors",
                                                      "use-colors-file",
                                                      "use-experimental-parser",
                                                      "use-v2-parser",
                                                      "v2-parser",
                                                      "version-check",
                                                      "warn-error",
                                                      "warn-error-options",
                                                      "write-json"};

// A YAML file's mapping under a key; nothing where there is no such file or key. A broken file is reported by those
// who read all of it.
std::optional<Document> section(Files& files, const std::filesystem::path& path, std::string_view key) {
  if (!files.exists(path)) return std::nullopt;
  Result<std::string> text = files.read(path);
  if (!text) return std::nullopt;
  Checked<Document> document = yaml::read(make_source(path.lexically_normal().string(), std::move(*text)));
  const Node* found = document ? document->root.find(key) : nullptr;
  if (!found || !found->is_mapping() || found->entries.empty()) return std::nullopt;
  return Document{document->source, *found};
}

std::optional<Document> profile_config(const Invocation& invocation, World& world) {
  std::vector<std::filesystem::path> folders;
  if (invocation.given("profiles-dir")) {
    folders.emplace_back(invocation.text("profiles-dir"));
  } else {
    folders.emplace_back(".");
    if (const auto home = world.process.environment("HOME")) folders.push_back(std::filesystem::path(*home) / ".dbt");
  }
  for (const std::filesystem::path& folder : folders)
    if (world.files.exists(folder / "profiles.yml")) return section(world.files, folder / "profiles.yml", "config");
  return std::nullopt;
}

std::string words_of(const Node& value) {
  if (value.kind == Node::Kind::boolean) return value.boolean ? "true" : "false";
  return value.is_scalar() ? value.text : json::write(value);
}

void set_flags(Invocation& invocation, const Document& flags, Diagnostics& mistakes) {
  for (const Entry& entry : flags.root.entries) {
    const std::string name = replace_all(entry.key, "_", "-");
    if (std::ranges::find(of_project, name) == of_project.end()) continue;
    const Flag* flag = find_flag(*invocation.command, name);
    if (!flag || entry.value.is_null() || invocation.given(name)) continue;
    const std::string words = words_of(entry.value);
    const std::string problem = objection(*flag, words);
    if (problem.empty()) {
      invocation.set(flag->name, {words}, Origin::project);
      continue;
    }
    mistakes.push_back({.code = Code::usage,
                        .message = "Invalid value for the flag '" + entry.key + "': '" + words + "' " + problem,
                        .span = flags.span(entry.value)});
  }
}

}  // namespace

std::optional<std::filesystem::path> find_above(Files& files, std::string_view name) {
  std::filesystem::path folder = ".";
  std::error_code error;
  const std::filesystem::path here = std::filesystem::current_path(error);
  for (auto level = here.begin(); level != here.end(); ++level) {
    if (files.exists((folder / name).lexically_normal())) return folder;
    folder = folder == "." ? ".." : folder / "..";
  }
  return std::nullopt;
}

std::optional<Dotenv> dotenv_here(World& world) {
  const std::optional<std::filesystem::path> folder = find_above(world.files, ".env");
  if (!folder || world.files.is_folder(*folder / ".env")) return std::nullopt;
  const std::filesystem::path path = (*folder / ".env").lexically_normal();
  Result<std::string> text = world.files.read(path);
  if (!text) return std::nullopt;
  return read_dotenv(make_source(path.string(), std::move(*text)),
                     [&](const std::string& name) { return world.process.environment(name); });
}

Checked<void> add_surroundings(Invocation& invocation, World& world) {
  const Flag* project_dir = find_flag(*invocation.command, "project-dir");
  if (!project_dir || invocation.command->name == "init") return {};
  if (!invocation.given("project-dir")) {
    std::optional<std::filesystem::path> folder = find_above(world.files, "dbt_project.yml");
    if (!folder) folder = find_above(world.files, "rynd.yml");
    if (folder && *folder != ".") invocation.set(project_dir->name, {folder->string()}, Origin::project);
  }
  const std::filesystem::path project = std::filesystem::path(invocation.text("project-dir", ".")) / "dbt_project.yml";
  const std::optional<Document> flags = section(world.files, project, "flags");
  const std::optional<Document> config = profile_config(invocation, world);
  Diagnostics mistakes;
  if (flags && config) {
    mistakes.push_back({.code = Code::usage,
                        .message = "do not specify both 'config' in profiles.yml and 'flags' in dbt_project.yml",
                        .span = config->span(config->root),
                        .help = "keep 'flags' in dbt_project.yml"});
  } else if (flags || config) {
    set_flags(invocation, flags ? *flags : *config, mistakes);
  }
  if (!mistakes.empty()) return fail_all(std::move(mistakes));
  return {};
}

}  // namespace rynd::cli

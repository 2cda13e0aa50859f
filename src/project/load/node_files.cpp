// Node files: models, seeds, snapshots, analyses, singular tests and hooks, one draft each.
#include <algorithm>

#include "base/hash.h"
#include "base/text.h"
#include "load/build.h"

namespace rynd::project {

namespace {

// A seed over this many bytes is known by its path, as dbt's maximum_seed_size_mib has it.
constexpr uint64_t hashed_seed_bytes = 1 << 20;

jinja::Part trimmed(std::string_view text) {
  uint32_t begin = 0, end = static_cast<uint32_t>(text.size());
  while (begin < end && std::isspace(static_cast<unsigned char>(text[begin]))) ++begin;
  while (end > begin && std::isspace(static_cast<unsigned char>(text[end - 1]))) --end;
  return {begin, end};
}

// dbt hashes code with every run of white space as one blank.
Checksum checksum_of(std::string_view text) {
  std::string compact;
  compact.reserve(text.size());
  for (char c : text) {
    bool blank = std::isspace(static_cast<unsigned char>(c));
    if (!blank) {
      compact += c;
    } else if (!compact.empty() && compact.back() != ' ') {
      compact += ' ';
    }
  }
  if (compact.ends_with(' ')) compact.pop_back();
  return {"sha256", sha256(compact)};
}

// And seeds with line ends made one, and nothing around them.
Checksum seed_checksum_of(std::string_view text) {
  std::string lines = text.find('\r') == std::string_view::npos
                          ? std::string(text)
                          : replace_all(replace_all(text, "\r\n", "\n"), "\r", "\n");
  jinja::Part part = trimmed(lines);
  return {"sha256", sha256(std::string_view(lines).substr(part.begin, part.end - part.begin))};
}

void name_draft(Draft& draft, const std::string& name, const std::string& path, const FoundFile& file) {
  Resource& resource = draft.resource;
  resource.name = resource.alias = name;
  resource.unique_id = std::string(name_of(resource.type)) + "." + resource.package + "." + name;
  resource.path = path;
  resource.original_file_path = file.original_file_path();
  resource.fqn = fqn_of(resource.package, path, name);
}

void set_code(Build& build, Draft& draft, const SourcePtr& source, jinja::Part part) {
  Resource& resource = draft.resource;
  resource.raw_code = source->text().substr(part.begin, part.end - part.begin);
  resource.span = {source, part.begin, part.end};
  resource.name_span = {source, part.begin, part.begin};
  // A model in Python has no template in it.
  const bool rendered = resource.language == "sql" || resource.type == ResourceType::function;
  if (rendered) resource.compiled = compile(build, source, part);
}

void remember(Build& build, Draft& draft) { build.drafts_by_name[draft.resource.name].push_back(&draft); }

void read_sql(Build& build, const FoundFile& file, ResourceType type, const std::string& path) {
  auto source = build.read(file);
  if (!source) return;
  jinja::Part part = trimmed(source->text());
  Draft& draft = build.add_draft(type, *file.package);
  if (file.relative.ends_with(".py")) draft.resource.language = "python";
  if (file.relative.ends_with(".js")) draft.resource.language = "javascript";
  if (type == ResourceType::function) draft.resource.function.emplace();
  name_draft(draft, base_name(without_ending(file.relative)), path, file);
  draft.resource.checksum = checksum_of(source->text().substr(part.begin, part.end - part.begin));
  set_code(build, draft, source, part);
  remember(build, draft);
}

void read_snapshots(Build& build, const FoundFile& file) {
  auto source = build.read(file);
  if (!source || source->text().find("{%") == std::string_view::npos) return;
  auto blocks = jinja::scan_blocks(source);
  if (!blocks) {
    build.problems.add(std::move(blocks.error()));
    build.broken_files.push_back(source);
    return;
  }
  jinja::Part all = trimmed(source->text());
  for (const auto& block : *blocks) {
    if (block.kind != jinja::BlockKind::snapshot) continue;
    Draft& draft = build.add_draft(ResourceType::snapshot, *file.package);
    name_draft(draft, block.name, file.relative, file);
    draft.resource.fqn.insert(draft.resource.fqn.end() - 1, base_name(without_ending(file.relative)));
    draft.resource.checksum = checksum_of(source->text().substr(all.begin, all.end - all.begin));
    set_code(build, draft, source, {block.body.begin, block.body.end});
    draft.resource.name_span = block.name_span;
    remember(build, draft);
  }
}

void read_seed(Build& build, const FoundFile& file) {
  Draft& draft = build.add_draft(ResourceType::seed, *file.package);
  name_draft(draft, base_name(without_ending(file.relative)), file.relative, file);
  auto info = build.world.files.info(file.on_disk());
  if (info && info->size > hashed_seed_bytes) {
    draft.resource.checksum = {"path", file.original_file_path()};
  } else if (auto text = build.world.files.read(file.on_disk())) {
    draft.resource.checksum = seed_checksum_of(*text);
  } else {
    build.problems.add(std::move(text.error()));
  }
  auto source = make_source(file.printed(), "");
  draft.resource.span = draft.resource.name_span = {source, 0, 0};
  remember(build, draft);
}

void read_hooks(Build& build, const Package& package, const std::vector<RunHook>& hooks, bool on_run_end) {
  int index = 0;
  for (const auto& hook : hooks) {
    std::string kind = on_run_end ? "on-run-end" : "on-run-start";
    std::string name = package.name + "-" + kind + "-" + std::to_string(index);
    Draft& draft = build.add_draft(ResourceType::operation, package);
    FoundFile file{&package, ".", "dbt_project.yml"};
    name_draft(draft, name, "hooks/" + name + ".sql", file);
    draft.resource.tags = {kind};
    draft.resource.operation = {on_run_end, index++};
    draft.resource.raw_code = hook.sql;
    draft.resource.checksum = checksum_of(hook.sql);
    draft.resource.span = draft.resource.name_span = hook.span;
    // A hook of one line stands in the file as it is; the text of a folded one has a source of its own.
    std::string_view text = hook.span.source->text();
    size_t at = text.substr(0, hook.span.end).find(hook.sql, hook.span.begin);
    draft.resource.compiled =
        at != std::string_view::npos
            ? compile(build, hook.span.source, {static_cast<uint32_t>(at), static_cast<uint32_t>(at + hook.sql.size())})
            : compile(build, make_source(hook.span.source->name() + " (" + kind + ")", hook.sql));
  }
}

void read_fixtures(Build& build, const Package& package) {
  std::vector<std::string> folders;
  for (const auto& path : package.settings.test_paths) folders.push_back(path + "/fixtures");
  for (const auto& file : build.find(package, folders, {".csv", ".sql"})) {
    if (auto source = build.read(file)) {
      build.fixtures[package.name + "." + base_name(without_ending(file.relative))] = source;
    }
  }
}

void read_package(Build& build, const Package& package) {
  const Settings& settings = package.settings;
  for (const auto& file : build.find(package, settings.model_paths, {".sql", ".py"})) {
    read_sql(build, file, ResourceType::model, file.relative);
  }
  for (const auto& file : build.find(package, settings.snapshot_paths, {".sql"})) read_snapshots(build, file);
  for (const auto& file : build.find(package, settings.analysis_paths, {".sql"})) {
    read_sql(build, file, ResourceType::analysis, "analysis/" + file.relative);
  }
  for (const auto& file : build.find(package, settings.test_paths, {".sql"})) {
    if (file.relative.starts_with("generic/") || file.relative.starts_with("fixtures/")) continue;
    read_sql(build, file, ResourceType::test, file.relative);
  }
  for (const auto& file : build.find(package, settings.function_paths, {".sql", ".py", ".js"})) {
    read_sql(build, file, ResourceType::function, file.relative);
  }
  for (const auto& file : build.find(package, settings.seed_paths, {".csv"})) read_seed(build, file);
  read_hooks(build, package, settings.on_run_start, false);
  read_hooks(build, package, settings.on_run_end, true);
  read_fixtures(build, package);
}

}  // namespace

void read_node_files(Build& build) {
  for (const auto& package : build.project.packages) read_package(build, package);
  for (auto& draft : build.drafts) {
    const bool python = draft.resource.type == ResourceType::model && draft.resource.language == "python";
    python ? capture_python(build, draft) : capture(build, draft);
  }
}

}  // namespace rynd::project

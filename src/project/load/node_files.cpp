// Node files: models, seeds, snapshots, analyses, singular tests and hooks, one draft each.
#include <algorithm>

#include "base/hash.h"
#include "base/text.h"
#include "load/build.h"
#include "load/partial/partial.h"

namespace rynd::project {

namespace {

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

void name_draft(Draft& draft, const std::string& name, const std::string& path, const std::string& file_path) {
  Resource& resource = draft.resource;
  draft.file_name = resource.name = resource.alias = name;
  resource.unique_id = std::string(name_of(resource.type)) + "." + resource.package + "." + name;
  resource.path = path;
  resource.original_file_path = file_path;
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

void read_sql(Build& build, Contribution& one, ResourceType type) {
  const SourcePtr& source = one.source;
  jinja::Part part = trimmed(source->text());
  Draft& draft = build.add_draft(type, *one.file.package, &one);
  if (one.file.relative.ends_with(".py")) draft.resource.language = "python";
  if (one.file.relative.ends_with(".js")) draft.resource.language = "javascript";
  if (type == ResourceType::function) draft.resource.function.emplace();
  const std::string path = type == ResourceType::analysis ? "analysis/" + one.file.relative : one.file.relative;
  name_draft(draft, one.names.front().front(), path, one.file.original_file_path());
  draft.resource.checksum = checksum_of(source->text().substr(part.begin, part.end - part.begin));
  set_code(build, draft, source, part);
  build.remember(draft);
  const bool python = type == ResourceType::model && draft.resource.language == "python";
  python ? capture_python(build, draft) : capture(build, draft);
}

void read_snapshots(Build& build, Contribution& one) {
  const SourcePtr& source = one.source;
  auto blocks = jinja::scan_blocks(source);
  if (!blocks) {
    build.problems.add(std::move(blocks.error()));
    build.broken_files.push_back(source);
    return;
  }
  jinja::Part all = trimmed(source->text());
  for (const auto& block : *blocks) {
    if (block.kind != jinja::BlockKind::snapshot) continue;
    Draft& draft = build.add_draft(ResourceType::snapshot, *one.file.package, &one);
    name_draft(draft, block.name, one.file.relative, one.file.original_file_path());
    draft.resource.fqn.insert(draft.resource.fqn.end() - 1, base_name(without_ending(one.file.relative)));
    draft.resource.checksum = checksum_of(source->text().substr(all.begin, all.end - all.begin));
    set_code(build, draft, source, {block.body.begin, block.body.end});
    draft.resource.name_span = block.name_span;
    build.remember(draft);
    capture(build, draft);
  }
}

void read_seed(Build& build, Contribution& one) {
  Draft& draft = build.add_draft(ResourceType::seed, *one.file.package, &one);
  name_draft(draft, one.names.front().front(), one.file.relative, one.file.original_file_path());
  if (one.file.stamp.size > hashed_seed_bytes) {
    draft.resource.checksum = {"path", one.file.original_file_path()};
  } else {
    draft.resource.checksum = seed_checksum_of(one.source->text());
    one.source = make_source(one.name, "");  // rows are no place for a message
  }
  draft.resource.span = draft.resource.name_span = {one.source, 0, 0};
  build.remember(draft);
}

void read_hooks(Build& build, Contribution& one, const Package& package, bool on_run_end) {
  int index = 0;
  for (const auto& hook : on_run_end ? package.settings.on_run_end : package.settings.on_run_start) {
    std::string kind = on_run_end ? "on-run-end" : "on-run-start";
    std::string name = package.name + "-" + kind + "-" + std::to_string(index);
    Draft& draft = build.add_draft(ResourceType::operation, package, &one);
    name_draft(draft, name, "hooks/" + name + ".sql", "./dbt_project.yml");
    draft.resource.tags = {kind};
    draft.resource.operation = OperationDetails{on_run_end, index++};
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
    capture(build, draft);
  }
}

void find_fixtures(Build& build, const Package& package) {
  std::vector<std::string> folders;
  for (const auto& path : package.settings.test_paths) folders.push_back(path + "/fixtures");
  for (auto& file : build.find(package, folders, {".csv", ".sql"})) {
    std::string name = package.name + "." + base_name(without_ending(file.relative));
    build.fixtures[std::move(name)] = std::move(file);
  }
}

// The snapshots that a file defines; what is wrong with it is told when it is read.
std::vector<std::vector<std::string>> snapshot_names(const SourcePtr& source) {
  std::vector<std::vector<std::string>> names;
  auto blocks = jinja::scan_blocks(source);
  if (!blocks) return names;
  for (const auto& block : *blocks) {
    if (block.kind == jinja::BlockKind::snapshot) names.push_back({block.name});
  }
  return names;
}

void find_files(Build& build, FileKind kind, const Package& package, const std::vector<std::string>& folders,
                std::initializer_list<std::string_view> endings) {
  for (auto& file : build.find(package, folders, endings)) {
    bool other =
        kind == FileKind::test && (file.relative.starts_with("generic/") || file.relative.starts_with("fixtures/"));
    if (other) continue;
    Contribution& one = build.partial->add(kind, std::move(file));
    if (!one.kept && !one.source) continue;
    if (!one.kept && kind == FileKind::snapshot) one.names = snapshot_names(one.source);
    if (!one.kept && kind != FileKind::snapshot) one.names = {{base_name(without_ending(one.file.relative))}};
    build.partial->node_files.push_back(&one);
  }
}

void read_node_file(Build& build, Contribution& one) {
  switch (one.kind) {
    case FileKind::model:
      return read_sql(build, one, ResourceType::model);
    case FileKind::snapshot:
      return read_snapshots(build, one);
    case FileKind::analysis:
      return read_sql(build, one, ResourceType::analysis);
    case FileKind::test:
      return read_sql(build, one, ResourceType::test);
    case FileKind::function:
      return read_sql(build, one, ResourceType::function);
    case FileKind::seed:
      return read_seed(build, one);
    case FileKind::hooks:
      read_hooks(build, one, *one.file.package, false);
      return read_hooks(build, one, *one.file.package, true);
    default:
      return;
  }
}

}  // namespace

void find_node_files(Build& build) {
  for (const auto& package : build.project.packages) {
    const Settings& settings = package.settings;
    find_files(build, FileKind::model, package, settings.model_paths, {".sql", ".py"});
    find_files(build, FileKind::snapshot, package, settings.snapshot_paths, {".sql"});
    find_files(build, FileKind::analysis, package, settings.analysis_paths, {".sql"});
    find_files(build, FileKind::test, package, settings.test_paths, {".sql"});
    find_files(build, FileKind::function, package, settings.function_paths, {".sql", ".py", ".js"});
    find_files(build, FileKind::seed, package, settings.seed_paths, {".csv"});
    if (!settings.on_run_start.empty() || !settings.on_run_end.empty()) {
      Contribution& hooks = build.partial->add(FileKind::hooks, settings.source->name(), settings.source);
      hooks.file.package = &package;
      build.partial->node_files.push_back(&hooks);
    }
    find_fixtures(build, package);
  }
}

void read_node_files(Build& build) {
  for (Contribution* one : build.partial->node_files) {
    if (!one->fresh) {
      build.partial->take_drafts(*one);
      continue;
    }
    Turn turn(build, one);
    read_node_file(build, *one);
  }
}

}  // namespace rynd::project

// Files of a project: which there are, and names made from paths.
#include <algorithm>

#include "base/text.h"
#include "load/build.h"
#include "load/ignore.h"

namespace rynd::project {

bool Build::may_be_in_broken_file(std::string_view name) const {
  return std::any_of(broken_files.begin(), broken_files.end(),
                     [&](const SourcePtr& source) { return source->text().find(name) != std::string_view::npos; });
}

void Build::add_rendering_problem(Diagnostic problem) {
  if (options.stop.stop_requested()) return;
  const bool of_macro = problem.code == Code::template_undefined || problem.code == Code::macro_missing;
  const std::vector<std::string> quoted = split(problem.message, '\'');
  if ((of_macro || problem.code == Code::doc_missing) && quoted.size() > 2) {
    const std::string name = quoted[1].substr(quoted[1].rfind('.') + 1);
    if (may_be_in_broken_file((of_macro ? "macro " : "docs ") + name)) return;
  }
  problems.add(std::move(problem));
}

const std::vector<FileInfo>& Build::list(const std::filesystem::path& folder) {
  auto [found, is_new] = listings_.try_emplace(folder.string());
  if (is_new) found->second = world.files.list(folder);
  return found->second;
}

const std::vector<std::string>& Build::ignored(const Package& package) {
  auto [found, is_new] = ignored_.try_emplace(package.root.string());
  if (is_new && world.files.exists(package.root / ".dbtignore")) {
    if (auto text = world.files.read(package.root / ".dbtignore")) {
      for (const auto& line : split(*text, '\n')) {
        std::string_view pattern = trim(line);
        if (!pattern.empty() && !pattern.starts_with('#')) found->second.emplace_back(pattern);
      }
    }
  }
  return found->second;
}

std::vector<FoundFile> Build::find(const Package& package, const std::vector<std::string>& folders,
                                   std::initializer_list<std::string_view> endings) {
  std::vector<FoundFile> result;
  std::set<std::string> seen;
  const auto& patterns = ignored(package);
  for (std::string folder : folders) {
    while (folder.size() > 1 && folder.ends_with('/')) folder.pop_back();
    for (const auto& info : list(package.root / folder)) {
      std::string relative = info.path.string();
      bool wanted =
          std::any_of(endings.begin(), endings.end(), [&](auto ending) { return relative.ends_with(ending); });
      if (!wanted) continue;
      FoundFile file{
          &package, folder == "." ? "" : folder, std::move(relative), {info.size, info.modified_us, info.changed_us}};
      std::string path = file.original_file_path();
      if (!is_ignored(patterns, path) && seen.insert(path).second) result.push_back(std::move(file));
    }
  }
  return result;
}

SourcePtr Build::read(const FoundFile& file) {
  auto text = world.files.read(file.on_disk());
  if (!text) {
    problems.add(std::move(text.error()));
    return nullptr;
  }
  return make_source(file.printed(), std::move(*text));
}

std::string without_ending(std::string_view path) {
  auto dot = path.rfind('.');
  auto slash = path.rfind('/');
  if (dot == std::string_view::npos || dot == 0 || (slash != std::string_view::npos && dot <= slash + 1))
    return std::string(path);
  return std::string(path.substr(0, dot));
}

std::string base_name(std::string_view path) { return std::string(path.substr(path.rfind('/') + 1)); }

std::string folder_of(std::string_view path) {
  auto slash = path.rfind('/');
  return slash == std::string_view::npos ? std::string() : std::string(path.substr(0, slash));
}

std::vector<std::string> fqn_of(const std::string& package, std::string_view path, const std::string& name) {
  std::vector<std::string> fqn = {package};
  std::string folder = folder_of(path);
  if (!folder.empty()) {
    for (auto& part : split(folder, '/')) fqn.push_back(std::move(part));
  }
  fqn.push_back(name);
  return fqn;
}

}  // namespace rynd::project

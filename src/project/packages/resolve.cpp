// Resolve: packages and those that they need, one version each; the lock; what is installed from it.
#include <algorithm>

#include "base/text.h"
#include "base/yaml.h"
#include "load/build.h"
#include "packages/parts.h"
#include "project/context.h"
#include "settings_read.h"

namespace rynd::project {
namespace {

constexpr std::string_view lock_file = "package-lock.yml";

Checked<Document> read_yaml_file(const std::filesystem::path& path, const std::string& printed, World& world) {
  Result<std::string> text = world.files.read(path);
  if (!text) return fail_all({std::move(text.error())});
  return yaml::read(make_source(printed, std::move(*text)));
}

// A context for the templates of package files: environment, secrets too, and --vars.
class Templates {
 public:
  Templates(const LoadOptions& options, World& world) : globals_(prepared(options), world, options.output) {
    context_ = std::make_shared<BaseContext>(globals_, "");
    context_->secrets_allowed = true;
  }
  Checked<Node> render(const Node& node, const SourcePtr& source) { return render_yaml(node, source, context_); }

 private:
  const Project& prepared(const LoadOptions& options) {
    project_.vars = options.vars;
    return project_;
  }
  Project project_;
  Globals globals_;
  std::shared_ptr<BaseContext> context_;
};

// Two entries that mean the same package.
bool same_package(const PackageSpec& a, const PackageSpec& b) {
  const auto plain = [](const PackageSpec& spec) {
    std::string url = spec.from;
    if (spec.kind == PackageKind::git && url.ends_with(".git")) url.resize(url.size() - 4);
    return spec.subdirectory.empty() ? url : url + "/" + spec.subdirectory;
  };
  return plain(a) == plain(b);
}

Checked<void> incorporate(std::vector<PackageSpec>& into, const PackageSpec& spec) {
  const auto known = std::ranges::find_if(into, [&](const PackageSpec& one) { return same_package(one, spec); });
  if (known == into.end()) {
    into.push_back(spec);
    return {};
  }
  if (known->kind != spec.kind) {
    return fail_all({{.code = Code::package_wrong,
                      .message = "package '" + spec.from +
                                 "' is asked for in two ways: from the hub, Git, a folder or "
                                 "an archive, and from another of them",
                      .span = spec.span}});
  }
  known->versions.insert(known->versions.end(), spec.versions.begin(), spec.versions.end());
  known->prereleases = known->prereleases || spec.prereleases;
  known->warn_unpinned = known->warn_unpinned && spec.warn_unpinned;
  return {};
}

Checked<void> check_names(const std::vector<PinnedPackage>& packages, const PackageProject& project) {
  std::vector<std::string> seen;
  for (const PinnedPackage& package : packages) {
    std::string wrong;
    if (std::ranges::find(seen, package.project_name) != seen.end())
      wrong = "Found duplicate project \"" + package.project_name +
              "\". This occurs when a dependency has the same project name as some other dependency.";
    else if (package.project_name == project.name)
      wrong = "Found a dependency with the same name as the root project \"" + package.project_name +
              "\". Package names must be unique in a project. Please rename one of these packages.";
    if (!wrong.empty())
      return fail_all({{.code = Code::package_wrong, .message = std::move(wrong), .span = package.spec.span}});
    seen.push_back(package.project_name);
  }
  return {};
}

// Round after round: what is new is pinned to learn what it needs, until nothing new comes.
Checked<std::vector<PinnedPackage>> resolve_all(PackageWork& work, PackageFetcher& fetcher) {
  std::vector<PackageSpec> all;
  std::vector<PackageSpec> pending;
  for (const PackageSpec& spec : work.project.packages)
    if (Checked<void> taken = incorporate(pending, spec); !taken) return fail_all(std::move(taken.error()));
  while (!pending.empty()) {
    std::vector<PackageSpec> next;
    for (const PackageSpec& spec : pending) {
      if (Checked<void> taken = incorporate(all, spec); !taken) return fail_all(std::move(taken.error()));
      const auto whole = std::ranges::find_if(all, [&](const PackageSpec& one) { return same_package(one, spec); });
      Checked<PinnedPackage> pinned = fetcher.pin(*whole);
      if (!pinned) return fail_all(std::move(pinned.error()));
      for (const PackageSpec& needed : pinned->packages)
        if (Checked<void> taken = incorporate(next, needed); !taken) return fail_all(std::move(taken.error()));
    }
    pending = std::move(next);
  }
  std::vector<PinnedPackage> pinned;
  for (const PackageSpec& spec : all) {
    Checked<PinnedPackage> package = fetcher.pin(spec);
    if (!package) return fail_all(std::move(package.error()));
    pinned.push_back(std::move(*package));
  }
  if (Checked<void> named = check_names(pinned, work.project); !named) return fail_all(std::move(named.error()));
  return pinned;
}

std::string scalar(const std::string& text) { return std::string(trim(yaml::write(Node::of(text)))); }

// One entry of the lock, keys in order. An address keeps its template: secrets stay where they are.
std::string lock_entry(const PinnedPackage& package) {
  std::vector<std::pair<std::string, std::string>> keys{{"name", package.project_name}};
  const auto written = [&](const char* key) {
    const Node* value = package.spec.written.find(key);
    return value && value->is_scalar() ? value->text : package.spec.from;
  };
  switch (package.spec.kind) {
    case PackageKind::hub:
      keys.emplace_back("package", package.spec.from);
      keys.emplace_back("version", package.version);
      break;
    case PackageKind::git:
      keys.emplace_back("git", written("git"));
      keys.emplace_back("revision", package.version);
      if (!package.spec.subdirectory.empty()) keys.emplace_back("subdirectory", package.spec.subdirectory);
      break;
    case PackageKind::local:
      keys.emplace_back("local", package.spec.from);
      break;
    case PackageKind::tarball:
      keys.emplace_back("tarball", written("tarball"));
      break;
  }
  std::ranges::sort(keys);
  std::string text;
  for (const auto& [key, value] : keys) text += (text.empty() ? "  - " : "    ") + key + ": " + scalar(value) + "\n";
  return text;
}

Node with(std::string key, std::string value) {
  Node data = Node::map();
  data.set(std::move(key), Node::of(std::move(value)));
  return data;
}

void tell_none(PackageWork& work) {
  work.tell({"DepsNoPackagesFound", "M013", "Warning: No packages were found in packages.yml", Node::map()});
}

}  // namespace

Checked<FolderPackages> read_folder(const std::filesystem::path& folder, const std::string& printed,
                                    const LoadOptions& options, World& world) {
  Checked<Document> project = read_yaml_file(folder / "dbt_project.yml", printed + "/dbt_project.yml", world);
  if (!project) return fail_all(std::move(project.error()));
  FolderPackages found;
  Problems problems;
  const Node* name = project->root.find("name");
  if (name && name->is_scalar()) found.name = name->text;
  if (found.name.empty())
    problems.error(Code::project_value_wrong, "the project in '" + printed + "' has no name", {project->source, 0, 0});
  found.file = "packages.yml";
  std::optional<Document> list;
  for (const char* file : {"packages.yml", "dependencies.yml"}) {
    if (!world.files.exists(folder / file)) continue;
    Checked<Document> document = read_yaml_file(folder / file, printed == "." ? file : printed + "/" + file, world);
    if (!document) return fail_all(std::move(document.error()));
    const Node* packages = document->root.find("packages");
    if (!packages || packages->is_null()) continue;
    if (list) {
      problems.error(Code::package_wrong,
                     "The 'packages' key cannot be specified in both packages.yml and dependencies.yml",
                     document->span(*packages));
      continue;
    }
    found.file = file;
    list = std::move(*document);
  }
  if (list) {
    const Node& packages = *list->root.find("packages");
    if (!packages.is_sequence()) {
      problems.error(Code::package_wrong, "'packages' must be a list", list->span(packages));
    } else if (found.file == "dependencies.yml") {
      found.packages = read_specs(list->source, packages, packages, problems);
    } else {
      Checked<Node> rendered = Templates(options, world).render(packages, list->source);
      if (!rendered) return fail_all(std::move(rendered.error()));
      found.packages = read_specs(list->source, packages, *rendered, problems);
    }
  }
  if (problems.has_errors()) return fail_all(problems.take());
  return found;
}

Checked<PackageProject> open_packages_of(const LoadOptions& options, World& world) {
  const std::filesystem::path& dir = options.project_dir;
  if (!world.files.exists(dir / "dbt_project.yml")) {
    return fail_all({{.code = Code::project_not_found,
                      .message = "there is no dbt_project.yml in '" + dir.string() + "'",
                      .help = "run this in a project's folder, or give --project-dir"}});
  }
  Checked<FolderPackages> read = read_folder(dir, ".", options, world);
  if (!read) return fail_all(std::move(read.error()));
  Checked<Document> document = read_yaml_file(dir / "dbt_project.yml", "dbt_project.yml", world);
  if (!document) return fail_all(std::move(document.error()));
  PackageProject project{dir, read->name, "dbt_packages", read->file, std::move(read->packages)};
  if (const Node* path = document->root.find("packages-install-path"); path && path->is_string()) {
    Checked<Node> rendered = Templates(options, world).render(*path, document->source);
    if (!rendered) return fail_all(std::move(rendered.error()));
    project.install_path = rendered->text;
  }
  return project;
}

bool is_locked(const PackageProject& project, World& world) {
  const std::filesystem::path path = project.dir / lock_file;
  if (!world.files.exists(path)) return false;
  const Checked<Document> lock = read_yaml_file(path, std::string(lock_file), world);
  const Node* hash = lock ? lock->root.find("sha1_hash") : nullptr;
  return hash && hash->text == packages_hash(project.packages);
}

Checked<void> lock_packages(PackageWork& work) {
  if (work.project.packages.empty()) {
    tell_none(work);
    return {};
  }
  PackageFetcher fetcher(work);
  Checked<std::vector<PinnedPackage>> pinned = resolve_all(work, fetcher);
  if (!pinned) return fail_all(std::move(pinned.error()));
  std::string text = "packages:\n";
  for (const PinnedPackage& package : *pinned) text += lock_entry(package);
  text += "sha1_hash: " + packages_hash(work.project.packages) + "\n";
  const std::filesystem::path path = work.project.dir / lock_file;
  if (Result<void> written = work.world.files.write(path, text); !written)
    return fail_all({std::move(written.error())});
  const std::string whole = std::filesystem::absolute(path).lexically_normal().string();
  work.tell({"DepsLockUpdating", "M031", "Updating lock file in file path: " + whole, with("lock_filepath", whole)});
  return {};
}

Checked<void> install_packages(PackageWork& work) {
  const std::filesystem::path folder = work.project.dir / work.project.install_path;
  if (work.world.files.exists(folder))
    if (Result<void> removed = work.world.files.remove(folder); !removed) return fail_all({removed.error()});
  if (Result<void> made = work.world.files.make_folder(folder); !made) return fail_all({std::move(made.error())});
  const std::filesystem::path lock = work.project.dir / lock_file;
  std::vector<PackageSpec> specs;
  if (work.world.files.exists(lock)) {
    Checked<Document> document = read_yaml_file(lock, std::string(lock_file), work.world);
    if (!document) return fail_all(std::move(document.error()));
    if (const Node* list = document->root.find("packages"); list && list->is_sequence()) {
      Checked<Node> rendered = Templates(work.options, work.world).render(*list, document->source);
      if (!rendered) return fail_all(std::move(rendered.error()));
      Problems problems;
      specs = read_specs(document->source, *list, *rendered, problems);
      if (problems.has_errors()) return fail_all(problems.take());
    }
  }
  if (specs.empty()) {
    tell_none(work);
    return {};
  }
  PackageFetcher fetcher(work);
  std::vector<std::string> outdated;
  for (const PackageSpec& spec : specs) {
    Checked<PinnedPackage> package = fetcher.pin(spec);
    if (!package) return fail_all(std::move(package.error()));
    const std::string shown = spec.kind == PackageKind::tarball ? spec.name : spec.from;
    work.tell({"DepsStartPackageInstall", "M014", "Installing " + shown, with("package_name", shown)});
    if (Checked<void> installed = fetcher.install(*package, folder); !installed)
      return fail_all(std::move(installed.error()));
    const std::string version = nice_version(*package);
    work.tell({"DepsInstallInfo", "M015", "Installed from " + version, with("version_name", version)});
    if (spec.kind == PackageKind::hub && package->latest != package->version) {
      outdated.push_back(shown);
      work.tell({"DepsUpdateAvailable", "M016", "Updated version available: " + package->latest,
                 with("version_latest", package->latest)});
    } else if (spec.kind == PackageKind::hub) {
      work.tell({"DepsUpToDate", "M017", "Up to date!", Node::map()});
    }
    if (!spec.subdirectory.empty())
      work.tell({"DepsListSubdirectory", "M018", "and subdirectory " + spec.subdirectory,
                 with("subdirectory", spec.subdirectory)});
  }
  if (outdated.empty()) return {};
  Node names = Node::list();
  for (const std::string& name : outdated) names.items.push_back(Node::of(name));
  Node data = Node::map();
  data.set("packages", std::move(names));
  work.tell({"DepsNotifyUpdatesAvailable", "M019",
             "Updates available for packages: " + join(outdated, ", ") +
                 "\nUpdate your versions in packages.yml, then run 'deps'",
             std::move(data)});
  return {};
}

namespace {

// Whether one of a package's spellings is a whole part of an address: "dbt_utils" of ".../dbt-utils.git".
bool mentions(const std::string& address, const std::string& name) {
  std::vector<std::string> spellings;
  for (const std::string& one : {name, name.substr(name.rfind('/') + 1)})
    for (const std::string& spelling : {one, replace_all(one, "_", "-"), replace_all(one, "-", "_")})
      spellings.push_back(spelling);
  const auto ends = [&](size_t at) { return at == address.size() || address[at] == '/' || address[at] == '.'; };
  return std::ranges::any_of(spellings, [&](const std::string& spelling) {
    const size_t at = address.find(spelling);
    if (at == std::string::npos) return false;
    const bool begins = at == 0 || address[at - 1] == '/' || address[at - 1] == '.';
    return begins && ends(at + spelling.size());
  });
}

std::string address_of(const Node& entry) {
  for (const char* key : {"package", "git", "local", "tarball", "private"})
    if (const Node* value = entry.find(key); value && value->is_scalar()) return value->text;
  return "";
}

}  // namespace

Checked<void> add_package(const PackageProject& project, const std::string& name, const std::string& version,
                          PackageKind kind, World& world, const TellPackages& tell) {
  const std::filesystem::path path = project.dir / project.file;
  Node root = Node::map();
  if (world.files.exists(path)) {
    Checked<Document> document = read_yaml_file(path, project.file, world);
    if (!document) return fail_all(std::move(document.error()));
    if (document->root.is_mapping()) root = std::move(document->root);
  }
  Node list = Node::list();
  if (const Node* known = root.find("packages"); known && known->is_sequence()) list = *known;
  erase_if(list.items, [&](const Node& entry) {
    if (!mentions(address_of(entry), name)) return false;
    tell({"DepsFoundDuplicatePackage", "M033",
          "Found duplicate package in packages.yml, removing: " + address_of(entry), Node::map()});
    return true;
  });
  Node entry = Node::map();
  entry.set(kind == PackageKind::hub ? "package" : kind == PackageKind::git ? "git" : "local", Node::of(name));
  if (!version.empty()) {
    Node wanted = Node::of(version);
    if (version.find(',') != std::string::npos) {
      wanted = Node::list();
      for (const std::string& one : split(version, ',')) wanted.items.push_back(Node::of(one));
    }
    entry.set(kind == PackageKind::git ? "revision" : "version", std::move(wanted));
  }
  list.items.push_back(std::move(entry));
  root.set("packages", std::move(list));
  if (Result<void> written = world.files.write(path, yaml::write(root)); !written)
    return fail_all({std::move(written.error())});
  Node data = Node::map();
  data.set("package_name", Node::of(name));
  data.set("packages_filepath", Node::of(path.string()));
  data.set("version", Node::of(version));
  tell(
      {"DepsAddPackage", "M032",
       "Added new package " + name + (version.empty() ? "" : "@" + version) + " to " + path.lexically_normal().string(),
       std::move(data)});
  return {};
}

}  // namespace rynd::project

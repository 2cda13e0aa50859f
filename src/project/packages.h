// Packages: what packages.yml or dependencies.yml asks for, resolved to exact versions, locked and installed, as
// `dbt deps` does it.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostic.h"
#include "base/node.h"
#include "base/world.h"
#include "project/project.h"

namespace rynd::project {

enum class PackageKind : unsigned char { hub, git, local, tarball };

// One package that somebody asks for.
struct PackageSpec {
  PackageKind kind = PackageKind::hub;
  std::string from;                   // "dbt-labs/dbt_utils", a URL, a folder
  std::string name;                   // of the project in it, where it is said (a tarball's must be)
  std::vector<std::string> versions;  // hub: ranges; git: revisions
  bool prereleases = false;           // hub: install-prerelease
  bool warn_unpinned = true;          // git
  std::string subdirectory;           // git: "" for its root
  Node written;                       // the entry before its templates were rendered
  Node rendered;
  Span span;
};

// A project as far as its packages need it: no profile, no models.
struct PackageProject {
  std::filesystem::path dir;
  std::string name;
  std::string install_path;  // "dbt_packages"
  std::string file;          // where packages are listed: "packages.yml" or "dependencies.yml"
  std::vector<PackageSpec> packages;
};

// Fails with all that is wrong in dbt_project.yml and the list of packages.
Checked<PackageProject> open_packages_of(const LoadOptions& options, World& world);

// dbt's sha1 of what is asked for: the lock's proof that it belongs to it.
std::string packages_hash(const std::vector<PackageSpec>& packages);

// What is told of the work: one of dbt's events.
struct PackageNews {
  std::string_view event;  // "DepsInstallInfo"
  std::string_view code;   // "M015"
  std::string message;
  Node data = Node::map();
};
using TellPackages = std::function<void(const PackageNews&)>;

struct PackageWork {
  const PackageProject& project;
  const LoadOptions& options;
  World& world;
  bool check_versions = true;  // --no-version-check takes packages that want another dbt
  TellPackages tell;
  Diagnostics warnings = {};  // unpinned revisions, ...
  std::stop_token stop = {};
};

// Asks the hub, Git and archives for exact versions of all packages, and those that they need, and writes
// package-lock.yml. Nothing where nothing is asked for.
Checked<void> lock_packages(PackageWork& work);
// Whether package-lock.yml is there and was made for what is asked now.
bool is_locked(const PackageProject& project, World& world);
// Puts what package-lock.yml says into an emptied install folder.
Checked<void> install_packages(PackageWork& work);

// Adds "name" or "name@version" to the project's list of packages, in place of entries that mean the same package.
Checked<void> add_package(const PackageProject& project, const std::string& name, const std::string& version,
                          PackageKind kind, World& world, const TellPackages& tell);

}  // namespace rynd::project

// Parts: what the files of packages/ share.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "fields.h"
#include "packages/version.h"
#include "project/packages.h"

namespace rynd::project {

// "\u00e9"; two of them beyond the first 65536.
std::string unicode_escape(uint32_t point);

// Entries of a list and the same with templates rendered, in one order.
std::vector<PackageSpec> read_specs(const SourcePtr& source, const Node& list, const Node& rendered,
                                    Problems& problems);

// `packages` of a folder's packages.yml or dependencies.yml, and the name in its dbt_project.yml.
struct FolderPackages {
  std::string name;
  std::string file;
  std::vector<PackageSpec> packages;
};
Checked<FolderPackages> read_folder(const std::filesystem::path& folder, const std::string& printed,
                                    const LoadOptions& options, World& world);

// A package at an exact version, and what is known of it.
struct PinnedPackage {
  PackageSpec spec;
  std::string version;                // hub: "1.3.0"; git: the commit; else ""
  std::string latest;                 // hub: the highest compatible one
  std::string project_name;           // of its dbt_project.yml
  std::string url;                    // hub: of its archive
  std::filesystem::path folder;       // where it was fetched to; empty for the hub
  std::vector<PackageSpec> packages;  // what it asks for itself
};

// Fetches what says which packages a package needs: the hub's answer, a checkout, an unpacked archive.
class PackageFetcher {
 public:
  explicit PackageFetcher(PackageWork& work);
  ~PackageFetcher();
  PackageFetcher(const PackageFetcher&) = delete;
  PackageFetcher& operator=(const PackageFetcher&) = delete;

  // The highest version of the hub that fits all that is asked; the checked out revision; ...
  Checked<PinnedPackage> pin(const PackageSpec& spec);
  // Puts it into the install folder, under its project's name.
  Checked<void> install(const PinnedPackage& package, const std::filesystem::path& install_folder);

 private:
  Checked<PinnedPackage> pin_hub(const PackageSpec& spec);
  Checked<PinnedPackage> pin_git(const PackageSpec& spec);
  Checked<PinnedPackage> pin_folder(PinnedPackage package, const std::string& printed);
  Checked<const Node*> hub(const std::string& name);
  Result<std::filesystem::path> unpack(const std::string& url, const std::string& name);
  Result<std::filesystem::path> downloads();
  Result<std::string> git(const std::vector<std::string>& arguments, const std::filesystem::path& folder);
  Result<void> check_out(const std::filesystem::path& folder, const std::string& revision);

  PackageWork& work_;
  std::filesystem::path downloads_;
  std::vector<std::pair<std::string, Document>> answers_;  // of the hub, by what was asked
};

// "version 1.3.0", "revision abc", "<local @ ../p>": how dbt calls a package's version.
std::string nice_version(const PinnedPackage& package);

}  // namespace rynd::project

// Fetch: the hub over HTTP, repositories with git, archives with tar.
#include <algorithm>

#include "base/hash.h"
#include "base/json.h"
#include "base/suggest.h"
#include "base/text.h"
#include "packages/parts.h"

namespace rynd::project {
namespace {

constexpr int attempts = 5;
constexpr std::string_view usual_hub = "https://hub.getdbt.com/";

bool is_commit(std::string_view text) {
  return text.size() == 40 && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

std::string hub_url(World& world) {
  std::string url(usual_hub);
  for (const char* name : {"DBT_PACKAGE_HUB_URL", "DBT_ENGINE_PACKAGE_HUB_URL"})
    if (const auto value = world.process.environment(name); value && !value->empty()) url = *value;
  return url.ends_with('/') ? url : url + "/";
}

Diagnostic unavailable(const PackageSpec& spec, std::string message, std::string help = {}) {
  return {.code = Code::package_unavailable, .message = std::move(message), .span = spec.span, .help = std::move(help)};
}

// Whether a version of a package runs on the dbt that rynd behaves as.
bool runs_here(const Node& version) {
  const Node* wanted = version.find("require_dbt_version");
  if (!wanted || wanted->is_null()) return true;
  std::vector<Version> asked{*parse_version("1.12.6")};
  const auto ask = [&](const Node& node) {
    if (const auto parsed = parse_version(node.text)) asked.push_back(*parsed);
  };
  if (wanted->is_sequence())
    for (const Node& item : wanted->items) ask(item);
  else
    ask(*wanted);
  return reduce(asked).has_value();
}

}  // namespace

std::string nice_version(const PinnedPackage& package) {
  switch (package.spec.kind) {
    case PackageKind::hub:
      return "version " + package.version;
    case PackageKind::git:
      return "revision " + package.version;
    case PackageKind::local:
      return "<local @ " + package.spec.from + ">";
    case PackageKind::tarball:
      break;
  }
  return "tarball (url: " + package.spec.from + ")";
}

PackageFetcher::PackageFetcher(PackageWork& work) : work_(work) {}

PackageFetcher::~PackageFetcher() {
  if (!downloads_.empty()) (void)work_.world.files.remove(downloads_);
}

Result<std::filesystem::path> PackageFetcher::downloads() {
  if (!downloads_.empty()) return downloads_;
  std::error_code error;
  const std::filesystem::path parent = std::filesystem::temp_directory_path(error);
  downloads_ = (error ? std::filesystem::path("/tmp") : parent) / ("rynd-packages-" + work_.world.random.uuid());
  if (Result<void> made = work_.world.files.make_folder(downloads_); !made) return fail(std::move(made.error()));
  return downloads_;
}

Checked<PinnedPackage> PackageFetcher::pin(const PackageSpec& spec) {
  if (spec.kind == PackageKind::hub) return pin_hub(spec);
  if (spec.kind == PackageKind::git) return pin_git(spec);
  PinnedPackage package;
  package.spec = spec;
  if (spec.kind == PackageKind::local) {
    const std::filesystem::path folder = spec.from;
    package.folder = folder.is_absolute() ? folder : work_.project.dir / folder;
    if (!work_.world.files.exists(package.folder / "dbt_project.yml"))
      return fail_all({{.code = Code::file_not_found,
                        .message = "there is no package in '" + spec.from + "'",
                        .span = spec.span,
                        .label = "no dbt_project.yml there"}});
    return pin_folder(std::move(package), spec.from);
  }
  Result<std::filesystem::path> folder = unpack(spec.from, md5(spec.from));
  if (!folder) {
    Diagnostic problem = unavailable(spec, "the archive '" + spec.from + "' cannot be had");
    problem.notes.push_back(folder.error().message);
    return fail_all({std::move(problem)});
  }
  package.folder = *folder;
  Checked<PinnedPackage> pinned = pin_folder(std::move(package), spec.name);
  if (pinned) pinned->project_name = spec.name;
  return pinned;
}

Checked<PinnedPackage> PackageFetcher::pin_folder(PinnedPackage package, const std::string& printed) {
  Checked<FolderPackages> read = read_folder(package.folder, printed, work_.options, work_.world);
  if (!read) return fail_all(std::move(read.error()));
  package.project_name = read->name;
  package.packages = std::move(read->packages);
  return package;
}

Checked<const Node*> PackageFetcher::hub(const std::string& name) {
  const auto known = std::ranges::find(answers_, name, &std::pair<std::string, Document>::first);
  if (known != answers_.end()) return &known->second.root;
  HttpRequest request{.url = hub_url(work_.world) + "api/v1/" + name + ".json"};
  request.timeout = std::chrono::seconds(30);
  Diagnostic problem{.code = Code::package_unavailable,
                     .message = "the package hub does not answer for '" + name + "'",
                     .help = "another hub can be named in DBT_PACKAGE_HUB_URL"};
  for (int attempt = 1; attempt <= attempts; ++attempt) {
    const Result<HttpResponse> answer = work_.world.http.send(request, work_.stop);
    problem.notes = {answer ? "it answered with status " + std::to_string(answer->status) : answer.error().message};
    if (answer && answer->status == 200) {
      Result<Document> document = json::read(make_source(request.url, answer->body));
      if (document) return &answers_.emplace_back(name, std::move(*document)).second.root;
      problem.notes = {document.error().message};
    }
    // What is not there will not be there in a second.
    if (answer && answer->status == 404) break;
    if (attempt < attempts && !work_.world.clock.sleep(std::chrono::milliseconds(200) * attempt, work_.stop)) break;
  }
  return fail_all({std::move(problem)});
}

Checked<PinnedPackage> PackageFetcher::pin_hub(const PackageSpec& spec) {
  const Checked<const Node*> index = hub("index");
  if (!index) return fail_all(index.error());
  std::vector<std::string> names;
  for (const Node& name : (*index)->items) names.push_back(name.text);
  if (std::ranges::find(names, spec.from) == names.end())
    return fail_all({unavailable(spec, "Package " + spec.from + " was not found in the package index",
                                 did_you_mean(spec.from, names))});
  const Checked<const Node*> answer = hub(spec.from);
  if (!answer) return fail_all(answer.error());
  std::vector<Version> asked;
  bool prereleases = spec.prereleases;
  for (const std::string& text : spec.versions) {
    asked.push_back(*parse_version(text));
    prereleases = prereleases || !asked.back().prerelease.empty();
  }
  const std::optional<VersionRange> range = reduce(asked);
  if (!range) {
    return fail_all({{.code = Code::package_version,
                      .message = "Version error for package " + spec.from +
                                 ": Could not find a satisfactory version from options: " + join(spec.versions, ", "),
                      .span = spec.span}});
  }
  const Node* versions = (*answer)->find("versions");
  std::vector<std::string> compatible;
  if (versions)
    for (const Entry& entry : versions->entries)
      if (!work_.check_versions || runs_here(entry.value)) compatible.push_back(entry.key);
  const std::vector<std::string> offered = installable(compatible, prereleases);
  const std::optional<std::string> chosen = highest(*range, offered);
  if (!chosen) {
    Diagnostic problem{
        .code = Code::package_version,
        .message = "Could not find a matching compatible version for package " + spec.from,
        .span = spec.span,
        .notes = {"requested range: " + to_string(*range), "compatible versions: " + join(offered, ", ")}};
    if (work_.check_versions && compatible.size() < (versions ? versions->entries.size() : 0))
      problem.help = "--no-version-check takes versions that ask for another dbt";
    return fail_all({std::move(problem)});
  }
  PinnedPackage package;
  package.spec = spec;
  package.version = *chosen;
  package.latest = offered.back();
  const Node& version = *versions->find(*chosen);
  if (const Node* name = version.find("name")) package.project_name = name->text;
  const Node* archives = version.find("downloads");
  if (const Node* url = archives ? archives->find("tarball") : nullptr) package.url = url->text;
  if (const Node* needs = version.find("packages"); needs && needs->is_sequence()) {
    Problems problems;
    package.packages = read_specs(make_source(spec.from, ""), *needs, *needs, problems);
    for (PackageSpec& needed : package.packages) needed.span = spec.span;
  }
  return package;
}

Result<std::string> PackageFetcher::git(const std::vector<std::string>& arguments,
                                        const std::filesystem::path& folder) {
  Command command{.arguments = {"git"}, .folder = folder};
  command.arguments.insert(command.arguments.end(), arguments.begin(), arguments.end());
  command.environment = {{"LC_ALL", "C"}, {"GIT_TERMINAL_PROMPT", "0"}};
  Result<Finished> done = work_.world.process.run(command, work_.stop);
  if (!done) return fail(std::move(done.error()));
  if (done->exit_code == 0) return std::string(trim(done->output));
  return fail({.code = Code::process_failed, .message = std::string(trim(done->errors))});
}

// As dbt: a tag before a branch of that name.
Result<void> PackageFetcher::check_out(const std::filesystem::path& folder, const std::string& revision) {
  std::vector<std::string> fetch{"fetch", "origin", "--depth", "1"};
  if (!is_commit(revision)) {
    if (auto set = git({"remote", "set-branches", "origin", revision}, folder); !set) return fail(set.error());
    fetch.emplace_back("--tags");
  }
  fetch.push_back(revision);
  if (auto fetched = git(fetch, folder); !fetched) return fail(fetched.error());
  std::string place = revision;
  if (!is_commit(revision)) {
    const Result<std::string> tags = git({"tag", "--list"}, folder);
    if (!tags) return fail(tags.error());
    const std::vector<std::string> names = split(*tags, '\n');
    place = (std::ranges::find(names, revision) == names.end() ? "origin/" : "tags/") + revision;
  }
  if (auto reset = git({"reset", "--hard", place}, folder); !reset) return fail(reset.error());
  return {};
}

Checked<PinnedPackage> PackageFetcher::pin_git(const PackageSpec& spec) {
  std::vector<std::string> revisions = spec.versions;
  std::ranges::sort(revisions);
  revisions.erase(std::ranges::unique(revisions).begin(), revisions.end());
  if (revisions.size() > 1) {
    return fail_all({{.code = Code::package_version,
                      .message = "git dependencies should contain exactly one version. " + spec.from +
                                 " contains: " + join(revisions, ", "),
                      .span = spec.span}});
  }
  const std::string revision = revisions.empty() ? "HEAD" : revisions.front();
  const Result<std::filesystem::path> parent = downloads();
  if (!parent) return fail_all({parent.error()});
  const std::string folder_name = md5(spec.from + "/" + spec.subdirectory + "@" + revision);
  const std::filesystem::path folder = *parent / folder_name;
  const auto failed = [&](const Diagnostic& error) {
    Diagnostic problem = unavailable(spec, "Error checking out '" + spec.from + "' at revision '" + revision + "'");
    problem.notes.push_back(error.message);
    return fail_all({std::move(problem)});
  };
  if (!work_.world.files.exists(folder)) {
    std::vector<std::string> clone{"clone", "--quiet", "--depth", "1"};
    if (!spec.subdirectory.empty()) clone.insert(clone.end(), {"--filter=blob:none", "--sparse"});
    clone.insert(clone.end(), {"--", spec.from, folder_name});
    if (auto cloned = git(clone, *parent); !cloned) return failed(cloned.error());
    if (!spec.subdirectory.empty())
      if (auto sparse = git({"sparse-checkout", "set", spec.subdirectory}, folder); !sparse)
        return failed(sparse.error());
    if (revision != "HEAD")
      if (Result<void> out = check_out(folder, revision); !out) return failed(out.error());
    if (spec.warn_unpinned && (revision == "HEAD" || revision == "main" || revision == "master")) {
      work_.warnings.push_back({.severity = Severity::warning,
                                .code = Code::package_unpinned,
                                .message = "the git package \"" + spec.from + "\" is " +
                                           (revision == "HEAD" ? "not pinned, using HEAD (default branch)"
                                                               : "pinned to the \"" + revision + "\" branch"),
                                .span = spec.span,
                                .help = "name a tag or a commit with 'revision:', or say 'warn-unpinned: false'"});
    }
  }
  const Result<std::string> commit = git({"rev-parse", "HEAD"}, folder);
  if (!commit) return failed(commit.error());
  PinnedPackage package;
  package.spec = spec;
  package.version = *commit;
  package.folder = folder / spec.subdirectory;
  if (!work_.world.files.exists(package.folder / "dbt_project.yml"))
    return fail_all({unavailable(spec, "there is no dbt_project.yml in '" + spec.from + "' at '" + revision + "'")});
  return pin_folder(std::move(package), spec.from);
}

// The one folder in an archive.
Result<std::filesystem::path> PackageFetcher::unpack(const std::string& url, const std::string& name) {
  const Result<std::filesystem::path> parent = downloads();
  if (!parent) return parent;
  const std::filesystem::path archive = *parent / (name + ".tar.gz");
  const std::filesystem::path folder = *parent / (name + "_untarred");
  if (!work_.world.files.exists(folder)) {
    Diagnostic problem{.code = Code::package_unavailable, .message = "'" + url + "' cannot be fetched"};
    bool there = false;
    for (int attempt = 1; attempt <= attempts && !there; ++attempt) {
      const Result<HttpResponse> answer = work_.world.http.download({.url = url}, archive, work_.stop);
      if (!answer) problem.notes = {answer.error().message};
      if (answer && answer->status >= 400) problem.notes = {"status " + std::to_string(answer->status)};
      there = answer && answer->status < 400;
      if (answer && answer->status == 404) break;
      if (!there && attempt < attempts)
        (void)work_.world.clock.sleep(std::chrono::milliseconds(200) * attempt, work_.stop);
    }
    if (!there) return fail(std::move(problem));
    if (Result<void> made = work_.world.files.make_folder(folder); !made) return fail(std::move(made.error()));
    // tar itself refuses paths that leave the folder.
    const Command tar{.arguments = {"tar", "-xzf", archive.string(), "-C", folder.string(), "--no-same-owner"}};
    const Result<Finished> done = work_.world.process.run(tar, work_.stop);
    if (!done) return fail(done.error());
    if (done->exit_code != 0)
      return fail({.code = Code::package_unavailable, .message = std::string(trim(done->errors))});
  }
  std::vector<std::filesystem::path> found;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(folder, error)) found.push_back(entry.path());
  if (found.size() == 1 && work_.world.files.is_folder(found.front())) return found.front();
  return fail(
      {.code = Code::package_unavailable, .message = "'" + url + "' does not hold one folder with a package in it"});
}

namespace {

// Within a disk a folder is renamed; to another it is copied.
std::error_code move_folder(const std::filesystem::path& from, const std::filesystem::path& to) {
  std::error_code error;
  std::filesystem::rename(from, to, error);
  if (!error) return error;
  std::filesystem::copy(from, to,
                        std::filesystem::copy_options::recursive | std::filesystem::copy_options::copy_symlinks, error);
  return error;
}

// A project's name is a folder's: nothing that leads elsewhere.
bool is_folder_name(const std::string& name) {
  return !name.empty() && name != "." && name != ".." && name.find('/') == std::string::npos;
}

}  // namespace

Checked<void> PackageFetcher::install(const PinnedPackage& package, const std::filesystem::path& install_folder) {
  if (!is_folder_name(package.project_name))
    return fail_all({unavailable(package.spec, "Invalid package name '" + package.project_name +
                                                   "': resolves outside of the packages-install-path")});
  const std::filesystem::path place = install_folder / package.project_name;
  std::error_code error;
  std::filesystem::remove_all(place, error);
  if (package.spec.kind == PackageKind::local) {
    std::filesystem::create_directory_symlink(std::filesystem::absolute(package.folder).lexically_normal(), place,
                                              error);
  } else {
    std::filesystem::path from = package.folder;
    if (package.spec.kind == PackageKind::hub) {
      const Result<std::filesystem::path> unpacked = unpack(package.url, md5(package.url));
      if (!unpacked) {
        Diagnostic problem = unavailable(package.spec, "the archive of " + package.spec.from + " cannot be had");
        problem.notes.push_back(unpacked.error().message);
        problem.notes.insert(problem.notes.end(), unpacked.error().notes.begin(), unpacked.error().notes.end());
        return fail_all({std::move(problem)});
      }
      from = *unpacked;
    }
    error = move_folder(from, place);
  }
  if (!error) return {};
  return fail_all(
      {{.code = Code::file_unwritable, .message = "'" + place.string() + "' cannot be made: " + error.message()}});
}

}  // namespace rynd::project

// deps: packages of packages.yml and dependencies.yml: local ones are linked, others are told.
#include <filesystem>

#include "base/yaml.h"
#include "commands/all.h"
#include "opening.h"

namespace rynd::cli {
namespace {

struct LocalPackage {
  std::filesystem::path folder;
  Span span;
};

// Sorts what the files ask for into local packages and what would have to be fetched.
void read_packages(const std::filesystem::path& path, Files& files, std::vector<LocalPackage>& local,
                   Diagnostics& problems) {
  if (!files.exists(path)) return;
  Result<std::string> text = files.read(path);
  if (!text) return problems.push_back(std::move(text.error()));
  Checked<Document> document = yaml::read(make_source(path.string(), std::move(*text)));
  if (!document) {
    for (Diagnostic& problem : document.error()) problems.push_back(std::move(problem));
    return;
  }
  const Node* packages = document->root.find("packages");
  if (!packages) return;
  for (const Node& package : packages->items) {
    if (const Node* folder = package.find("local")) {
      local.push_back({folder->text, document->span(package)});
      continue;
    }
    problems.push_back(
        {.code = Code::unsupported,
         .message = "only packages with 'local:' can be installed",
         .span = document->span(package),
         .label = "this one comes from the package hub, Git or an archive",
         .help = "put a copy of the package into the project and name its folder with 'local:', or install it "
                 "into dbt_packages/ with dbt"});
  }
}

Result<void> install(const LocalPackage& package, const std::filesystem::path& dir, const std::filesystem::path& into,
                     Session& session) {
  const std::filesystem::path from = package.folder.is_absolute() ? package.folder : dir / package.folder;
  if (!session.world.files.exists(from / "dbt_project.yml")) {
    return fail({.code = Code::file_not_found,
                 .message = "there is no package in '" + package.folder.string() + "'",
                 .span = package.span,
                 .label = "no dbt_project.yml there"});
  }
  Result<std::string> text = session.world.files.read(from / "dbt_project.yml");
  if (!text) return fail(std::move(text.error()));
  Checked<Document> settings = yaml::read(make_source((from / "dbt_project.yml").string(), std::move(*text)));
  if (!settings) return fail(std::move(settings.error().front()));
  const Node* name = settings->root.find("name");
  const std::filesystem::path link = into / (name ? name->text : package.folder.filename().string());
  std::error_code error;
  std::filesystem::create_directories(into, error);
  std::filesystem::remove_all(link, error);
  std::filesystem::create_directory_symlink(std::filesystem::absolute(from), link, error);
  if (error)
    return fail(
        {.code = Code::file_unwritable, .message = "'" + link.string() + "' cannot be made: " + error.message()});
  session.console.say("Installed " + link.filename().string() + " from " + package.folder.string());
  return {};
}

int run_deps(const Invocation& invocation, Session& session) {
  const std::filesystem::path dir = invocation.text("project-dir", ".");
  const Checked<project::Opened> opened = open_settings(invocation, session);
  if (!opened) return exit_unable;
  std::vector<LocalPackage> local;
  Diagnostics problems;
  for (const char* file : {"packages.yml", "dependencies.yml"})
    read_packages((dir / file).lexically_normal(), session.world.files, local, problems);
  if (problems.empty()) {
    for (const LocalPackage& package : local) {
      const Result<void> installed = install(package, dir, dir / opened->settings.packages_install_path, session);
      if (!installed) problems.push_back(installed.error());
    }
  }
  if (!problems.empty()) {
    session.console.report(problems);
    return exit_unable;
  }
  if (local.empty()) session.console.say("this project needs no packages");
  return exit_done;
}

}  // namespace

Command deps_command() {
  return {.name = "deps",
          .group = CommandGroup::transform,
          .summary = "install the packages that the project needs",
          .details =
              "Packages with 'local:' are linked into dbt_packages/. Packages that are there already need no 'deps'.",
          .examples = "rynd deps",
          .run = run_deps};
}

}  // namespace rynd::cli

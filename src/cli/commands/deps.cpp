// deps: the packages of packages.yml and dependencies.yml, resolved, locked and installed.
#include "commands/all.h"
#include "opening.h"
#include "project/packages.h"
#include "project/warnings.h"

namespace rynd::cli {
namespace {

constexpr Flag own_flags[] = {
    {"lock", FlagKind::toggle, "write package-lock.yml, and install nothing"},
    {"upgrade", FlagKind::toggle, "resolve anew, though package-lock.yml fits"},
    {"add-package", FlagKind::value, "add a package to the list first", {}, "NAME[@VERSION]"},
    {"source", FlagKind::value, "where --add-package takes it from", {}, "SOURCE", "hub git local", {}, false, "hub"},
};

project::PackageKind kind_named(const std::string& name) {
  if (name == "git") return project::PackageKind::git;
  return name == "local" ? project::PackageKind::local : project::PackageKind::hub;
}

Checked<void> add(const Invocation& invocation, const project::PackageProject& project, Session& session,
                  const project::TellPackages& tell) {
  const std::string given = invocation.text("add-package");
  const size_t at = given.find('@', given.starts_with("git@") ? 4 : 0);
  const std::string version = at == std::string::npos ? "" : given.substr(at + 1);
  const project::PackageKind kind = kind_named(invocation.text("source"));
  if (version.empty() && kind != project::PackageKind::local) {
    return fail_all({{.code = Code::usage,
                      .message = "Version is required in --add-package when the source is " + invocation.text("source"),
                      .help = "--add-package " + given + "@1.0.0"}});
  }
  return project::add_package(project, given.substr(0, at), version, kind, session.world, tell);
}

Checked<void> lock_and_install(const Invocation& invocation, project::PackageWork& work) {
  if (invocation.toggle("upgrade") || !project::is_locked(work.project, work.world))
    if (Checked<void> locked = project::lock_packages(work); !locked) return locked;
  return invocation.toggle("lock") ? Checked<void>() : project::install_packages(work);
}

int failed(Session& session, Diagnostics problems) {
  session.console.report(std::move(problems));
  return exit_unable;
}

int run_deps(const Invocation& invocation, Session& session) {
  Checked<project::LoadOptions> options = load_options(invocation, session, nullptr);
  if (!options) return failed(session, std::move(options.error()));
  Checked<project::PackageProject> project = project::open_packages_of(*options, session.world);
  if (!project) return failed(session, std::move(project.error()));
  const project::TellPackages tell = [&](const project::PackageNews& news) {
    session.console.relay({news.event, news.code, Level::info, news.message, [&] { return news.data; }});
  };
  if (invocation.given("add-package")) {
    if (Checked<void> added = add(invocation, *project, session, tell); !added)
      return failed(session, std::move(added.error()));
    project = project::open_packages_of(*options, session.world);
    if (!project) return failed(session, std::move(project.error()));
  }
  project::PackageWork work{.project = *project,
                            .options = *options,
                            .world = session.world,
                            .check_versions = invocation.toggle("version-check"),
                            .tell = tell,
                            .stop = session.stop};
  const Checked<void> done = lock_and_install(invocation, work);
  const Diagnostics warnings = project::judge_warnings(options->flags, std::move(work.warnings));
  session.console.report(warnings);
  if (!done) return failed(session, done.error());
  return has_errors(warnings) ? exit_unable : exit_done;
}

}  // namespace

Command deps_command() {
  return {.name = "deps",
          .group = CommandGroup::transform,
          .summary = "install the packages that the project needs",
          .flags = own_flags,
          .details =
              "From the package hub, Git repositories, archives and folders: the highest versions that fit all "
              "that is asked are written to package-lock.yml, and installed from there until the list changes. "
              "DBT_PACKAGE_HUB_URL names another hub.",
          .examples = "rynd deps\nrynd deps --upgrade\nrynd deps --add-package dbt-labs/dbt_utils@1.3.0",
          .run = run_deps};
}

}  // namespace rynd::cli

// clean: removes what commands can make again.
#include <algorithm>

#include "commands/all.h"
#include "opening.h"

namespace rynd::cli {
namespace {

constexpr Flag own_flags[] = {
    {"clean-project-files-only", FlagKind::toggle, "refuse folders outside the project (the default)"},
};

// A target that lies outside the project, or holds its sources, is never removed.
std::string objection(const project::Settings& settings, const std::filesystem::path& project_dir,
                      const std::string& target, bool outside_allowed) {
  const std::filesystem::path root = std::filesystem::absolute(project_dir).lexically_normal();
  const std::filesystem::path path = (root / target).lexically_normal();
  const std::string relative = path.lexically_relative(root).string();
  if (relative.starts_with("..") && !outside_allowed) return "it is outside the project";
  if (relative == ".") return "it is the project itself";
  for (const auto* paths : {&settings.model_paths, &settings.seed_paths, &settings.snapshot_paths, &settings.test_paths,
                            &settings.analysis_paths, &settings.macro_paths})
    if (std::ranges::find(*paths, relative) != paths->end()) return "it holds the project's sources";
  return "";
}

int run_clean(const Invocation& invocation, Session& session) {
  const Checked<project::Opened> opened = open_settings(invocation, session);
  if (!opened) return exit_unable;
  const std::filesystem::path dir = invocation.text("project-dir", ".");
  Diagnostics refused;
  for (const std::string& target : opened->settings.clean_targets) {
    const std::string why =
        objection(opened->settings, dir, target, !invocation.toggle("clean-project-files-only", true));
    if (!why.empty()) {
      refused.push_back({.code = Code::usage,
                         .message = "clean-targets has '" + target + "', which is not removed: " + why,
                         .help = "change clean-targets in dbt_project.yml"});
    }
  }
  if (!refused.empty()) {
    session.console.report(refused);
    return exit_unable;
  }
  for (const std::string& target : opened->settings.clean_targets) {
    if (!session.world.files.exists(dir / target)) continue;
    if (const Result<void> removed = session.world.files.remove(dir / target); !removed) {
      session.console.report(removed.error());
      return exit_unable;
    }
    session.console.say("Removed " + target);
  }
  return exit_done;
}

}  // namespace

Command clean_command() {
  return {.name = "clean",
          .group = CommandGroup::transform,
          .summary = "remove the folders of clean-targets",
          .flags = own_flags,
          .details = "Never touches the warehouse, nor .rynd.",
          .examples = "rynd clean",
          .run = run_clean};
}

}  // namespace rynd::cli

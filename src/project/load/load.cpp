// load(): the order in which a project is read.
#include "load/build.h"
#include "load/opening.h"
#include "load/partial/partial.h"
#include "project/project.h"

namespace rynd::project {

namespace {

std::unexpected<Diagnostics> failure(Build& build) {
  Diagnostics problems = build.problems.take();
  sort_by_place(problems);
  return fail_all(std::move(problems));
}

}  // namespace

Checked<Opened> open(const LoadOptions& options, World& world) {
  Project project;
  Build build(project, options, world);
  if (!open_root(build) || build.problems.has_errors()) return failure(build);
  return Opened{project.root().settings, project.rynd, project.profile};
}

Checked<Project> load(const LoadOptions& options, World& world) {
  Project project;
  Build build(project, options, world);
  if (!open_root(build) || !open_packages(build)) return failure(build);
  build.partial = std::make_unique<Partial>(build);
  build.globals = std::make_unique<Globals>(project, build.partial->world(), options.output);
  build.globals->set("Column", options.column_class);
  build.partial->open();
  read_selectors(build);

  read_macros(build);
  read_docs(build);
  find_node_files(build);
  read_properties(build);
  choose(build);
  read_node_files(build);
  apply_properties(build);
  read_described(build);
  read_ingest(build);
  read_pages(build);
  finish_nodes(build);
  build.partial->keep();
  build.partial->report();
  report_unused(build);
  project.macro_index.watch(nullptr);
  collect(build);
  check_project(build);
  if (options.stop.stop_requested())
    return fail_all({Diagnostic{.code = Code::sql_interrupted,
                                .message = "interrupted while the project was being read; nothing was done"}});
  if (build.problems.has_errors()) return failure(build);
  project.warnings = build.problems.take();
  sort_by_place(project.warnings);
  return project;
}

}  // namespace rynd::project

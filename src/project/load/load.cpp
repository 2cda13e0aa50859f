// load(): the order in which a project is read.
#include "load/build.h"
#include "load/opening.h"
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
  build.globals = std::make_unique<Globals>(project, world, options.output);
  build.globals->set("Column", options.column_class);
  read_selectors(build);

  read_macros(build);
  read_docs(build);
  read_node_files(build);
  read_properties(build);
  apply_properties(build);
  read_sources(build);
  read_ingest(build);
  read_pages(build);
  read_unit_tests(build);
  read_other_yaml(build);
  make_generic_tests(build);
  finish_nodes(build);
  collect(build);
  render_descriptions(build);
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

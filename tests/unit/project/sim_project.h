// A project in memory, for tests: files by path, and what loading it says.
#pragma once

#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "base/render.h"
#include "project/context.h"
#include "project/project.h"
#include "project/select.h"

namespace rynd::project {

// The built-in macros that reading a project calls; the real ones belong to the room below.
inline std::vector<BuiltinFile> small_builtins() {
  return {{"dbt", "macros/tests.sql",
           "{% test unique(model, column_name) %}select {{ column_name }} from {{ model }}{% endtest %}\n"
           "{% test not_null(model, column_name) %}select 1 from {{ model }}{% endtest %}\n"
           "{% test accepted_values(model, column_name, values, quote=true) %}select 1{% endtest %}\n"
           "{% test relationships(model, column_name, to, field) %}select 1 from {{ to }}{% endtest %}\n"
           "{% macro get_where_subquery(relation) %}{{ return(relation) }}{% endmacro %}\n"
           "{% macro is_incremental() %}{{ return(false) }}{% endmacro %}\n"}};
}

struct SimWorld {
  explicit SimWorld(std::map<std::string, std::string> contents, std::map<std::string, std::string> environment = {})
      : process(std::move(environment)) {
    std::map<std::filesystem::path, std::string> at;
    for (auto& [path, text] : contents) at["/p/" + path] = text;
    for (auto& [path, text] : at) (void)files.write(path, text);
    builtins = small_builtins();
    options.project_dir = "/p";
    options.builtins = builtins;
  }

  Checked<Project> load() { return project::load(options, world); }
  // All problems as a user sees them; "" where there are none.
  std::string problems() {
    auto project = load();
    return project ? render_text(project->warnings) : render_text(project.error());
  }

  SimClock clock{Instant(std::chrono::seconds(1700000000))};
  SimFiles files;
  SimProcess process;
  SimRandom random{1};
  SimHttp http;
  World world{clock, files, process, random, http};
  std::vector<BuiltinFile> builtins;
  LoadOptions options;
};

inline const std::string plain_project = "name: shop\nversion: '1.0'\n";

}  // namespace rynd::project

// Fuzzes the reading of a project: the bytes are split into dbt_project.yml, a properties file and a model. Whatever
// they say, load() answers with a project or with diagnostics.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/render.h"
#include "project/project.h"
#include "project/select.h"

using namespace rynd;

namespace {

// Parts are separated by a line "====".
std::vector<std::string> parts_of(std::string_view text) {
  std::vector<std::string> parts;
  for (;;) {
    size_t at = text.find("\n====\n");
    parts.emplace_back(text.substr(0, at));
    if (at == std::string_view::npos) return parts;
    text.remove_prefix(at + 6);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  auto parts = parts_of({reinterpret_cast<const char*>(data), size});
  parts.resize(4);
  SimFiles files;
  (void)files.write("/p/dbt_project.yml", parts[0].empty() ? "name: p\n" : parts[0]);
  (void)files.write("/p/models/a.yml", parts[1]);
  (void)files.write("/p/models/m.sql", parts[2]);
  SimClock clock{Instant(std::chrono::seconds(0))};
  SimProcess process;
  SimRandom random{1};
  SimHttp http;
  World world{clock, files, process, random, http};
  const std::vector<project::BuiltinFile> builtins = {{"dbt", "macros/t.sql",
                                                       "{% test unique(model, column_name) %}select 1{% endtest %}{% "
                                                       "macro get_where_subquery(r) %}{{ return(r) }}{% endmacro %}"}};
  project::LoadOptions options;
  options.project_dir = "/p";
  options.builtins = builtins;
  auto project = project::load(options, world);
  if (!project) {
    if (project.error().empty() || render_text(project.error()).empty()) __builtin_trap();
    return 0;
  }
  (void)project::select(*project, {.select = {parts[3]}});
  return 0;
}

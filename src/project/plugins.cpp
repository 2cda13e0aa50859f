// Plugins: see the header.
#include "project/plugins.h"

#include <algorithm>
#include <array>

#include "project/profile.h"
#include "project/resource.h"

namespace rynd::project {

std::string plugin_advice(std::string_view module) {
  struct Known {
    std::string_view module, advice;
  };
  static constexpr std::array<Known, 11> known = {{
      {"excel",
       "list 'excel' under 'extensions:' of the profile and read the file with external_location: "
       "\"read_xlsx('file.xlsx')\""},
      {"gsheet",
       "list {name: gsheets, repo: community} under 'extensions:' of the profile and read the sheet with "
       "external_location: \"read_gsheet('...')\""},
      {"sqlalchemy",
       "attach the database under 'attach:' of the profile: {path: ..., type: postgres, mysql or sqlite}"},
      {"postgres", "attach the database under 'attach:' of the profile: {path: 'dbname=... host=...', type: postgres}"},
      {"mysql", "attach the database under 'attach:' of the profile: {path: 'database=... host=...', type: mysql}"},
      {"sqlite", "attach the file under 'attach:' of the profile: {path: file.sqlite, type: sqlite}"},
      {"iceberg",
       "list 'iceberg' under 'extensions:' of the profile and read the table with external_location: "
       "\"iceberg_scan('...')\""},
      {"delta",
       "list 'delta' under 'extensions:' of the profile and read the table with external_location: "
       "\"delta_scan('...')\""},
      {"glue", "write the files with an external model, and let a crawler or another job register them"},
      {"motherduck", "build into a local file; rynd does not connect to MotherDuck"},
      {"fsspec", "list 'httpfs' under 'extensions:' of the profile, and the credentials under 'secrets:'"},
  }};
  const size_t dot = module.rfind('.');
  const std::string_view last = dot == std::string_view::npos ? module : module.substr(dot + 1);
  const bool own = dot != std::string_view::npos && !module.starts_with("dbt.adapters.duckdb.plugins.");
  const auto found = std::ranges::find(known, last, &Known::module);
  return found == known.end() || own ? "do what it does in a model in Python, which can read what it likes"
                                     : std::string(found->advice);
}

std::string plugin_of(const Resource& source) {
  for (const Node* given : {source.config.find("plugin"), source.meta.find("plugin")}) {
    if (given && given->is_string()) return given->text;
  }
  return {};
}

std::string plugin_module(const Profile& profile, const std::string& name) {
  const Node* plugins = profile.credentials.find("plugins");
  for (const Node& plugin : plugins ? plugins->items : List<Node>()) {
    const Node* alias = plugin.find("alias");
    const Node* module = plugin.find("module");
    if (alias && module && alias->text == name) return module->text;
  }
  return name;
}

}  // namespace rynd::project

// Plugins: dbt-duckdb's plugins are Python that runs inside of dbt; what does the same without them.
#pragma once

#include <string>
#include <string_view>

namespace rynd::project {

struct Profile;
struct Resource;

// What to write in place of a plugin, by its module: "excel", "sqlalchemy", ..., or the project's own.
std::string plugin_advice(std::string_view module);

// The plugin that a source's configuration or meta names; "" without.
std::string plugin_of(const Resource& source);
// The module behind the name that sources use for it.
std::string plugin_module(const Profile& profile, const std::string& name);

}  // namespace rynd::project

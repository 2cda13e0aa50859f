// Settings, read: dbt_project.yml and rynd.yml to plain data.
#pragma once

#include "base/node.h"
#include "fields.h"
#include "project/settings.h"

namespace rynd::project {

// From the document of dbt_project.yml, its values rendered already.
Settings read_settings(const SourcePtr& source, const Node& root, Problems& problems);
RyndSettings read_rynd_settings(const SourcePtr& source, const Node& root, Problems& problems);

// Which values of dbt_project.yml are templates for later: hooks, vars and query-comment.
bool rendered_later(const std::vector<std::string>& path);

}  // namespace rynd::project

// Deprecations: models that are to go at a date, and who still reads from them.
#pragma once

#include <string>

namespace rynd::project {

struct Build;

// A deprecation_date as dbt keeps it: "2030-01-01" and "2030-01-01 10:00:00" get their time and UTC's zone; what is no
// date stays.
std::string deprecation_moment(const std::string& text);

// dbt's warnings: a model past its date, and references of models to one that is past it or will be.
void check_deprecations(Build& build);

}  // namespace rynd::project

// Inject: puts ephemeral parents into the SQL of their child as common table expressions, as dbt does.
#pragma once

#include <span>
#include <string>

#include "jinja/jinja.h"
#include "transform.h"

namespace rynd::transform {

// A rendered template and where each byte of it comes from.
struct Rendered {
  std::string sql;
  jinja::SourceMap map;
};
struct NamedCte {
  std::string id;    // the unique id
  std::string name;  // "__dbt__cte__orders"
  Rendered body;
};

// The child's own WITH clause, where it begins with one, is continued; else one is put before it.
Compiled inject(const Rendered& child, std::span<const NamedCte> parents);

}  // namespace rynd::transform

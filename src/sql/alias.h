// Alias: what a name in a query stands for, so that its columns can be asked for.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace rynd::sql {

struct Aliased {
  std::string name;   // "stg_orders" of `"db"."main"."stg_orders" as orders`; a common table expression's own name
  std::string query;  // that gives its columns: "with days as (...) select * from days"
};

// The table or common table expression that `alias` names in a query, case-insensitively; the first, where several do.
// Nothing for what is neither (a subquery, a function's rows), and where the text is too odd to tell.
std::optional<Aliased> what_is(std::string_view query, std::string_view alias);

}  // namespace rynd::sql

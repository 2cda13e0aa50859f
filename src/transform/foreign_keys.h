// ForeignKeys: DuckDB neither drops nor renames a table that a foreign key refers to, keeps in it the name that the
// referring table was made under, and lets only one transaction at a time change either end.
#pragma once

#include <mutex>

#include "base/diagnostic.h"
#include "parts.h"

namespace rynd::transform {

// Held while the result lives, by a model that has a foreign key or is the target of one; others get none and run side
// by side. Asks the warehouse only for models with a key in their contract or their table.
std::unique_lock<std::mutex> foreign_key_turn(Runtime::Parts& parts, const project::Resource& resource,
                                              engine::Connection& connection);

// The key constraints of a model: "primary_key", "unique", "foreign_key"; those of its enforced contract and, with
// `existing`, those its table has.
std::set<std::string> key_types(const Runtime::Parts& parts, const project::Resource& resource, bool existing);

// The tables whose foreign keys lead to that of `resource`, directly or through others, the farthest first: the order
// in which they can be dropped. Fails where this run does not build one of them anew after `resource`.
Checked<std::vector<std::string>> foreign_key_dependents(const Runtime::Parts& parts, const project::Resource& resource,
                                                         engine::Connection& connection);

}  // namespace rynd::transform

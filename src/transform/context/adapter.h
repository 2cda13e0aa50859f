// Adapter: the methods of `adapter` when things run, one table of them.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "context/run_context.h"

namespace rynd::transform {

using AdapterBody = jinja::Outcome<jinja::Value> (*)(RunContext&, std::span<const jinja::Value>);
struct AdapterMethod {
  std::string_view name;
  std::vector<jinja::Parameter> parameters;
  AdapterBody body;
};

// By subject; each list is made once.
const std::vector<AdapterMethod>& statement_methods();  // execute, add_query, commit, ...
const std::vector<AdapterMethod>& relation_methods();   // get_relation, drop_relation, get_columns_in_relation, ...
const std::vector<AdapterMethod>& model_methods();      // strategies, constraints, indexes, snapshots, seeds, files

// A parameter that may be left out.
inline jinja::Parameter optional(std::string_view name, jinja::Value fallback = {}) {
  return {name, std::move(fallback)};
}
// The name behind a relation; fails with TypeError for anything else.
jinja::Outcome<project::RelationName> relation_argument(const jinja::Value& value, std::string_view method);
std::unexpected<jinja::Exception> wrong(Code code, std::string message, std::string help = {});

}  // namespace rynd::transform

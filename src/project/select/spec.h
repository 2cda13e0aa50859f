// Spec: a selection as a tree, before it meets a graph.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "fields.h"
#include "project/select.h"

namespace rynd::project {

// [@][n+][method[.argument]:]value[+n]
struct Criterion {
  std::string method;
  std::vector<std::string> arguments;  // "config.meta.owner": {"meta", "owner"}
  std::string value;
  bool childrens_parents = false;
  bool parents = false;
  std::optional<uint32_t> parents_depth;
  bool children = false;
  std::optional<uint32_t> children_depth;
};

struct Spec {
  enum class Kind : uint8_t { criterion, any_of, all_of, without };
  Kind kind = Kind::criterion;
  Criterion criterion;
  std::vector<Spec> parts;  // without: the first less all the others
  IndirectSelection indirect = IndirectSelection::eager;
  std::string raw;
  bool must_match = false;  // worth a warning where it matches nothing
  Span span;                // in selectors.yml, or in the text of an argument
};

// One criterion. Fails with RYND1102 or RYND1103.
Result<Spec> parse_criterion(const SourcePtr& source, uint32_t begin, uint32_t end, IndirectSelection indirect);
// Arguments of --select or --exclude: spaces are union, commas intersection.
Spec parse_arguments(const std::vector<std::string>& arguments, std::string_view option, IndirectSelection indirect,
                     bool must_match, Problems& problems);
// A `definition:` of selectors.yml.
Spec parse_definition(const SourcePtr& source, const Node& definition, IndirectSelection indirect, Problems& problems);

const std::vector<std::string>& selection_methods();

}  // namespace rynd::project

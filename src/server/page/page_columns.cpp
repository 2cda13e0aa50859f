// PageColumns: names are compared as the warehouse does, without regard to case.
#include "page/page_columns.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/suggest.h"
#include "base/text.h"
#include "page/components.h"

namespace rynd::server {

namespace {

bool names_columns(const AttributeSpec* spec) {
  return spec != nullptr && (spec->type == AttributeType::column || spec->type == AttributeType::columns);
}

std::vector<std::string> named(const AttributeValue& value) {
  return value.kind == AttributeValue::Kind::list ? value.items : std::vector{value.text};
}

}  // namespace

std::vector<ColumnProblem> missing_columns(const Page& page, const Query& query, const engine::Table& table) {
  std::vector<std::string> names;
  for (const engine::Column& column : table.columns) names.push_back(column.name);
  std::vector<ColumnProblem> problems;
  const auto check = [&](const Component& component, uint32_t shown_at) {
    for (const Attribute& attribute : component.attributes) {
      if (!names_columns(component.spec->find(attribute.name))) continue;
      for (const std::string& name : named(attribute.value)) {
        if (std::ranges::any_of(names, [&](const std::string& known) { return iequals(known, name); })) continue;
        problems.push_back({shown_at,
                            {.code = Code::page_column,
                             .message = fmt::format("the query '{}' has no column '{}'", query.name, name),
                             .span = attribute.value_span,
                             .label = did_you_mean(name, names),
                             .notes = {fmt::format("columns of {}: {}", query.name, join(names, ", "))}}});
      }
    }
  };
  for (uint32_t id = 0; id < page.components.size(); ++id) {
    const Component& component = page.components[id];
    if (component.spec == nullptr || component.text("data") != query.name) continue;
    check(component, id);
    for (const uint32_t child : component.children) {
      const Component& part = page.components[child];
      if (part.spec != nullptr && part.spec->parent == component.name) check(part, id);
    }
  }
  return problems;
}

}  // namespace rynd::server

// Lineage: a walk from the plan's leaves to its root, carrying for each column where it came from.
#include "sql/lineage.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>

namespace rynd::sql {
namespace {

using Json = nlohmann::json;

// Of one column: its sources and what became of them, and the reasons for what is not known.
struct Origins {
  std::set<std::pair<LineageSource, LineageKind>> from;
  std::set<std::string> unknown;

  void add(const Origins& other) {
    from.insert(other.from.begin(), other.from.end());
    unknown.insert(other.unknown.begin(), other.unknown.end());
  }
};
using Columns = std::vector<Origins>;

bool carries_value(LineageKind kind) { return kind <= LineageKind::aggregation; }

// What a source's kind becomes when its column is used in another way: values get stronger kinds; what decides on rows
// or order does so whatever it was.
LineageKind used_as(LineageKind kind, LineageKind use) {
  if (!carries_value(use)) return use;
  return carries_value(kind) ? std::max(kind, use) : kind;
}

const Json& member(const Json& object, const char* key) {
  static const Json nothing;
  if (!object.is_object()) return nothing;
  const auto found = object.find(key);
  return found == object.end() ? nothing : *found;
}

std::string text(const Json& object, const char* key) {
  const Json& value = member(object, key);
  return value.is_string() ? value.get<std::string>() : "";
}

// A place that no list has, where there is no number.
size_t number(const Json& object, const char* key) {
  const Json& value = member(object, key);
  return value.is_number_unsigned() ? value.get<size_t>() : SIZE_MAX;
}

std::vector<size_t> numbers(const Json& list) {
  std::vector<size_t> out;
  for (const Json& item : list) {
    if (item.is_number_unsigned()) out.push_back(item.get<size_t>());
  }
  return out;
}

class Walk {
 public:
  Columns node(const Json& plan);

  Origins whole;  // what all columns depend on: joins, filters, groups, order
  std::set<LineageSource> tables;

 private:
  using Handler = Columns (Walk::*)(const Json&);
  static const std::map<std::string_view, Handler>& handlers();

  // Nothing where the plan has no such child.
  Columns child(const Json& plan, size_t index) {
    const Json& all = member(plan, "children");
    return index < all.size() ? node(all[index]) : Columns{};
  }
  Columns children(const Json& plan) {
    Columns all;
    for (const Json& child : member(plan, "children")) {
      for (Origins& column : node(child)) all.push_back(std::move(column));
    }
    return all;
  }

  void use(const Json& expression, LineageKind kind, const Columns& input, Origins& into);
  Origins value(const Json& expression, const Columns& input) {
    Origins out;
    use(expression, LineageKind::identity, input, out);
    return out;
  }
  void depend(const Json& expressions, LineageKind kind, const Columns& input) {
    for (const Json& expression : expressions) use(expression, kind, input, whole);
  }
  void append_values(const Json& expressions, const Columns& input, Columns& out) {
    for (const Json& expression : expressions) out.push_back(value(expression, input));
  }
  static Columns mapped(Columns columns, const Json& map);

  Columns pass(const Json& plan) { return children(plan); }
  Columns nothing(const Json&) { return {}; }
  Columns get(const Json& plan);
  Columns projection(const Json& plan);
  Columns filter(const Json& plan);
  Columns aggregate(const Json& plan);
  Columns extended(const Json& plan);
  Columns join(const Json& plan);
  Columns delim_get(const Json& plan);
  Columns set_operation(const Json& plan);
  Columns materialized_cte(const Json& plan);
  Columns recursive_cte(const Json& plan);
  Columns cte_ref(const Json& plan);
  Columns order(const Json& plan);
  Columns distinct(const Json& plan);
  Columns values(const Json& plan);

  std::map<size_t, Columns> ctes_;
  std::vector<Columns> outer_;  // columns that correlated subqueries see, innermost join last
};

// Follows references into the input. Aggregates and windows say themselves what their parts are used for.
void Walk::use(const Json& expression, LineageKind kind, const Columns& input, Origins& into) {
  if (expression.is_array()) {
    for (const Json& item : expression) use(item, kind, input, into);
    return;
  }
  if (!expression.is_object()) return;
  const std::string type = text(expression, "expression_class");
  if (type == "BOUND_REF") {
    const size_t index = number(expression, "index");
    if (index >= input.size()) {
      into.unknown.insert("a reference beyond the columns of its input");
      return;
    }
    for (const auto& [source, before] : input[index].from) into.from.emplace(source, used_as(before, kind));
    into.unknown.insert(input[index].unknown.begin(), input[index].unknown.end());
    return;
  }
  const LineageKind inner = used_as(LineageKind::transformation, kind);
  if (type == "BOUND_AGGREGATE") {
    use(member(expression, "children"), used_as(LineageKind::aggregation, kind), input, into);
    use(member(expression, "filter"), LineageKind::filter, input, into);
    use(member(expression, "order_bys"), LineageKind::sort, input, into);
  } else if (type == "BOUND_WINDOW") {
    use(member(expression, "children"), inner, input, into);
    for (const char* part :
         {"partitions", "orders", "filter_expr", "start_expr", "end_expr", "offset_expr", "arg_orders"}) {
      use(member(expression, part), LineageKind::window, input, into);
    }
  } else {
    // A function's own data may hold expressions over its lambda's parameters, not over the input.
    for (const auto& [key, part] : expression.items()) {
      if (key != "function_data" && key != "return_type" && part.is_structured()) use(part, inner, input, into);
    }
  }
}

Columns Walk::mapped(Columns columns, const Json& map) {
  const std::vector<size_t> kept = numbers(map);
  if (kept.empty()) return columns;
  Columns out;
  for (const size_t index : kept) out.push_back(index < columns.size() ? columns[index] : Origins{});
  return out;
}

Columns Walk::get(const Json& plan) {
  const Json& data = member(plan, "function_data");
  LineageSource table{text(data, "catalog"), text(data, "schema"), text(data, "table"), "", false};
  if (table.relation.empty()) table = {"", "", text(plan, "name"), "", true};
  tables.insert(table);
  const Columns input = children(plan);  // of a table function that is fed by rows
  const Json& names = member(plan, "names");
  Columns columns;
  for (const Json& read : member(plan, "column_indexes")) {
    const size_t index = number(read, "index");
    LineageSource source = table;
    source.column = index < names.size() && names[index].is_string() ? names[index].get<std::string>() : "rowid";
    Origins column;
    column.from.emplace(std::move(source), LineageKind::identity);
    for (const Origins& fed : input) {
      for (const auto& [origin, kind] : fed.from) {
        column.from.emplace(origin, used_as(kind, LineageKind::transformation));
      }
    }
    columns.push_back(std::move(column));
  }
  columns = mapped(std::move(columns), member(plan, "projection_ids"));
  for (const size_t index : numbers(member(plan, "projected_input"))) {
    columns.push_back(index < input.size() ? input[index] : Origins{});
  }
  return columns;
}

Columns Walk::projection(const Json& plan) {
  Columns out;
  append_values(member(plan, "expressions"), children(plan), out);
  return out;
}

Columns Walk::filter(const Json& plan) {
  Columns input = children(plan);
  depend(member(plan, "expressions"), LineageKind::filter, input);
  return mapped(std::move(input), member(plan, "projection_map"));
}

Columns Walk::aggregate(const Json& plan) {
  const Columns input = children(plan);
  Columns out;
  append_values(member(plan, "groups"), input, out);
  depend(member(plan, "groups"), LineageKind::group_by, input);
  append_values(member(plan, "expressions"), input, out);
  out.resize(out.size() + member(plan, "grouping_functions").size());
  return out;
}

// Windows and unnest: their input, then what they add.
Columns Walk::extended(const Json& plan) {
  Columns input = children(plan);
  Columns out = input;
  append_values(member(plan, "expressions"), input, out);
  return out;
}

Columns Walk::join(const Json& plan) {
  const bool flipped = member(plan, "delim_flipped") == true;
  const std::string type = text(plan, "join_type");
  const bool correlated = text(plan, "type") == "LOGICAL_DELIM_JOIN";
  Columns left, right;
  const auto visit_outer = [&](Columns& side, size_t at) { side = child(plan, at); };
  const auto visit_inner = [&](Columns& side, size_t at, const Columns& seen) {
    if (correlated) outer_.emplace_back();
    if (correlated) append_values(member(plan, "duplicate_eliminated_columns"), seen, outer_.back());
    side = child(plan, at);
    if (correlated) outer_.pop_back();
  };
  if (flipped) {
    visit_outer(right, 1);
    visit_inner(left, 0, right);
  } else {
    visit_outer(left, 0);
    visit_inner(right, 1, left);
  }
  for (const Json& condition : member(plan, "conditions")) {
    use(member(condition, "left"), LineageKind::join, left, whole);
    use(member(condition, "right"), LineageKind::join, right, whole);
  }
  Columns both = left;
  both.insert(both.end(), right.begin(), right.end());
  for (const char* part : {"predicate", "condition"}) use(member(plan, part), LineageKind::join, both, whole);

  if (type == "RIGHT_SEMI" || type == "RIGHT_ANTI")
    return mapped(std::move(right), member(plan, "right_projection_map"));
  left = mapped(std::move(left), member(plan, "left_projection_map"));
  if (type == "SEMI" || type == "ANTI") return left;
  if (type == "MARK") {  // whether a row has a partner: made of what the partners' columns are
    Origins mark;
    for (const Json& condition : member(plan, "conditions")) {
      use(member(condition, "left"), LineageKind::transformation, both, mark);
      use(member(condition, "right"), LineageKind::transformation, right, mark);
    }
    left.push_back(std::move(mark));
    return left;
  }
  right = mapped(std::move(right), member(plan, "right_projection_map"));
  left.insert(left.end(), right.begin(), right.end());
  return left;
}

Columns Walk::delim_get(const Json& plan) {
  const size_t width = member(plan, "chunk_types").size();
  for (auto columns = outer_.rbegin(); columns != outer_.rend(); ++columns) {
    if (columns->size() == width) return *columns;
  }
  Columns out(width);
  for (Origins& column : out) column.unknown.insert("a column of an outer query");
  return out;
}

Columns Walk::set_operation(const Json& plan) {
  const std::string type = text(plan, "type");
  Columns out = child(plan, 0);
  for (size_t i = 1; i < member(plan, "children").size(); ++i) {
    const Columns other = child(plan, i);
    for (size_t k = 0; k < out.size() && k < other.size(); ++k) {
      if (type == "LOGICAL_UNION") {
        out[k].add(other[k]);
      } else {
        for (const auto& [source, kind] : other[k].from) whole.from.emplace(source, LineageKind::filter);
      }
    }
  }
  return out;
}

Columns Walk::materialized_cte(const Json& plan) {
  Columns definition = child(plan, 0);
  ctes_[number(plan, "table_index")] = std::move(definition);
  return child(plan, 1);
}

// The recursive part reads what it adds to; once more through it is enough, for sources only travel along columns as
// often as there are columns.
Columns Walk::recursive_cte(const Json& plan) {
  Columns known = child(plan, 0);
  const size_t index = number(plan, "table_index");
  for (size_t round = 0; round <= known.size(); ++round) {
    ctes_[index] = known;
    const Columns next = child(plan, 1);
    bool grown = false;
    for (size_t i = 0; i < known.size() && i < next.size(); ++i) {
      const size_t before = known[i].from.size();
      known[i].add(next[i]);
      grown = grown || known[i].from.size() > before;
    }
    if (!grown) break;
  }
  return known;
}

Columns Walk::cte_ref(const Json& plan) {
  const auto found = ctes_.find(number(plan, "cte_index"));
  if (found != ctes_.end()) return found->second;
  Columns out(member(plan, "chunk_types").size());
  for (Origins& column : out) column.unknown.insert("a CTE that is not in the plan");
  return out;
}

Columns Walk::order(const Json& plan) {
  Columns input = children(plan);
  depend(member(plan, "orders"), LineageKind::sort, input);
  for (const char* map : {"projections", "projection_map"}) input = mapped(std::move(input), member(plan, map));
  return input;
}

Columns Walk::distinct(const Json& plan) {
  Columns input = children(plan);
  if (text(plan, "distinct_type") == "DISTINCT_ON") {
    depend(member(plan, "distinct_targets"), LineageKind::group_by, input);
    use(member(plan, "order_by"), LineageKind::sort, input, whole);
  }
  return input;
}

// Rows written out: each column may hold an expression a row.
Columns Walk::values(const Json& plan) {
  const Columns input = children(plan);
  Columns out(member(plan, "expr_types").size());
  for (const Json& row : member(plan, "expressions")) {
    for (size_t i = 0; row.is_array() && i < row.size() && i < out.size(); ++i) out[i].add(value(row[i], input));
  }
  return out;
}

const std::map<std::string_view, Walk::Handler>& Walk::handlers() {
  static const std::map<std::string_view, Handler> table = {
      {"LOGICAL_GET", &Walk::get},
      {"LOGICAL_PROJECTION", &Walk::projection},
      {"LOGICAL_FILTER", &Walk::filter},
      {"LOGICAL_AGGREGATE_AND_GROUP_BY", &Walk::aggregate},
      {"LOGICAL_WINDOW", &Walk::extended},
      {"LOGICAL_UNNEST", &Walk::extended},
      {"LOGICAL_COMPARISON_JOIN", &Walk::join},
      {"LOGICAL_DELIM_JOIN", &Walk::join},
      {"LOGICAL_ANY_JOIN", &Walk::join},
      {"LOGICAL_ASOF_JOIN", &Walk::join},
      {"LOGICAL_CROSS_PRODUCT", &Walk::join},
      {"LOGICAL_POSITIONAL_JOIN", &Walk::join},
      {"LOGICAL_DELIM_GET", &Walk::delim_get},
      {"LOGICAL_UNION", &Walk::set_operation},
      {"LOGICAL_EXCEPT", &Walk::set_operation},
      {"LOGICAL_INTERSECT", &Walk::set_operation},
      {"LOGICAL_MATERIALIZED_CTE", &Walk::materialized_cte},
      {"LOGICAL_RECURSIVE_CTE", &Walk::recursive_cte},
      {"LOGICAL_CTE_REF", &Walk::cte_ref},
      {"LOGICAL_ORDER_BY", &Walk::order},
      {"LOGICAL_TOP_N", &Walk::order},
      {"LOGICAL_DISTINCT", &Walk::distinct},
      {"LOGICAL_EXPRESSION_GET", &Walk::values},
      {"LOGICAL_LIMIT", &Walk::pass},
      {"LOGICAL_SAMPLE", &Walk::pass},
      {"LOGICAL_CREATE_TABLE", &Walk::pass},
      {"LOGICAL_INSERT", &Walk::pass},
      {"LOGICAL_DUMMY_SCAN", &Walk::nothing},
      {"LOGICAL_EMPTY_RESULT", &Walk::nothing},
  };
  return table;
}

Columns Walk::node(const Json& plan) {
  const std::string type = text(plan, "type");
  const auto handler = handlers().find(type);
  if (handler != handlers().end()) return (this->*handler->second)(plan);
  Columns columns = children(plan);
  for (Origins& column : columns) column.unknown.insert(type);
  whole.unknown.insert(type);
  return columns;
}

// Of the values' kinds only the strongest is told for a source.
void append_edges(const Origins& origins, int to, std::vector<LineageEdge>& edges) {
  std::map<LineageSource, LineageKind> strongest;
  for (const auto& [source, kind] : origins.from) {
    if (!carries_value(kind)) continue;
    const auto [entry, fresh] = strongest.emplace(source, kind);
    if (!fresh) entry->second = std::max(entry->second, kind);
  }
  for (const auto& [source, kind] : origins.from) {
    if (!carries_value(kind) || strongest.at(source) == kind) edges.push_back({source, to, kind, ""});
  }
  for (const std::string& reason : origins.unknown) edges.push_back({{}, to, LineageKind::unknown, reason});
}

// Whether the engine refused the query, or only to write its plan down.
bool is_error_of_sql(const std::string& type) {
  return type == "parser" || type == "binder" || type == "catalog" || type == "syntax" || type == "io";
}

Lineage all_unknown(std::string reason) {
  return {.edges = {{{}, whole_result, LineageKind::unknown, std::move(reason)}}, .sources = {}};
}

}  // namespace

std::string_view name_of(LineageKind kind) {
  constexpr std::string_view names[] = {"identity", "transformation", "aggregation", "window", "join",
                                        "filter",   "group_by",       "sort",        "unknown"};
  return names[static_cast<size_t>(kind)];
}

Result<Lineage> lineage(std::string_view plan) {
  const Json json = Json::parse(plan, nullptr, false);
  if (!json.is_object()) return all_unknown("the plan is not JSON");
  if (member(json, "error") == true) {
    const std::string message = text(json, "error_message");
    const std::string type = text(json, "error_type");
    if (!is_error_of_sql(type)) return all_unknown(message);
    return fail({.code = type == "parser" || type == "syntax" ? Code::sql_syntax : Code::sql_binding,
                 .message = message.substr(0, message.find('\n'))});
  }
  const Json& plans = member(json, "plans");
  if (plans.size() != 1) return all_unknown(fmt::format("{} statements", plans.size()));
  Walk walk;
  const Columns columns = walk.node(plans[0]);
  Lineage out;
  append_edges(walk.whole, whole_result, out.edges);
  for (size_t i = 0; i < columns.size(); ++i) append_edges(columns[i], static_cast<int>(i), out.edges);
  out.sources.assign(walk.tables.begin(), walk.tables.end());
  return out;
}

}  // namespace rynd::sql

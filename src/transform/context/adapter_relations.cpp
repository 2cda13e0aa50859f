// Adapter: the methods about relations, columns and schemas, which keep the relation cache in step.
#include <algorithm>

#include "base/text.h"
#include "context/adapter.h"
#include "context/column.h"

namespace rynd::transform {

namespace {

using jinja::Outcome;
using jinja::Value;
using project::RelationName;
using Values = std::span<const Value>;

std::string text_or(const Value& value, const std::string& fallback) {
  return value.is_none() ? fallback : value.str();
}

Outcome<void> know(RunContext& context, const std::string& database, const std::string& schema) {
  auto& session = context.session();
  if (session.cache().knows(database, schema)) return {};
  auto read = session.cache().read(session.connection(), {{database, schema}});
  if (!read) return jinja::raise(read.error());
  return {};
}

Value relation_value(RunContext& context, const CachedRelation& cached) {
  RelationName name;
  name.database = cached.database;
  name.schema = cached.schema;
  name.identifier = cached.identifier;
  name.type = cached.type;
  name.quote = project::quoting(context.project().root().settings.quoting);
  return project::make_relation(std::move(name));
}

CachedRelation cached(const RelationName& name) {
  return {name.database, name.schema, name.identifier, name.type.empty() ? "table" : name.type};
}

Outcome<Value> get_relation(RunContext& context, Values values) {
  const auto& profile = context.project().profile;
  const std::string database = text_or(values[0], profile.database);
  const std::string schema = text_or(values[1], profile.schema);
  if (auto known = know(context, database, schema); !known) return std::unexpected(known.error());
  const auto found = context.session().cache().find(database, schema, values[2].str());
  return found ? relation_value(context, *found) : Value();
}

Outcome<Value> list(RunContext& context, const std::string& database, const std::string& schema) {
  if (auto known = know(context, database, schema); !known) return std::unexpected(known.error());
  std::vector<Value> relations;
  for (const auto& relation : context.session().cache().in_schema(database, schema))
    relations.push_back(relation_value(context, relation));
  return Value::list(std::move(relations));
}

Outcome<Value> list_relations(RunContext& context, Values values) {
  return list(context, text_or(values[0], context.project().profile.database), values[1].str());
}

Outcome<Value> list_relations_without_caching(RunContext& context, Values values) {
  auto name = relation_argument(values[0], "list_relations_without_caching");
  if (!name) return std::unexpected(name.error());
  return list(context, name->database, name->schema);
}

Outcome<Value> already_exists(RunContext& context, Values values) {
  const Value arguments[] = {Value(), values[0], values[1]};
  auto found = get_relation(context, arguments);
  if (!found) return found;
  return Value(!found->is_none());
}

Outcome<std::vector<engine::Column>> columns_of(RunContext& context, const RelationName& name) {
  RelationName plain = name;
  plain.limit.reset();
  plain.filter.clear();
  auto columns = context.session().describe("select * from " + plain.render());
  if (!columns) return jinja::raise(columns.error());
  return std::move(*columns);
}

// A project may replace the macro that asks the warehouse, or what it dispatches to.
bool is_replaced(const RunContext& context, std::string_view macro) {
  const auto& project = context.project();
  const auto is_ours = [&](std::optional<project::MacroId> id) {
    return id && (project.macros[*id].package == "dbt" || project.macros[*id].package == "dbt_duckdb");
  };
  const std::string& root = project.root().name;
  return !is_ours(project.macro_index.find(root, macro)) || !is_ours(project.macro_index.dispatch(root, macro, "dbt"));
}

// A relation that is not there has no columns: templates ask to find out whether it is.
Outcome<Value> none_where_missing(std::unexpected<jinja::Exception> error) {
  const bool missing = jinja::to_diagnostic(error.error()).message.contains("does not exist");
  return missing ? Outcome<Value>(Value::list()) : Outcome<Value>(std::move(error));
}

Outcome<Value> get_columns_in_relation(RunContext& context, Values values) {
  if (is_replaced(context, "get_columns_in_relation")) {
    auto found = context.run_macro("get_columns_in_relation", {values[0]});
    return found ? found : none_where_missing(std::unexpected(found.error()));
  }
  auto name = relation_argument(values[0], "get_columns_in_relation");
  if (!name) return std::unexpected(name.error());
  auto columns = columns_of(context, *name);
  if (!columns) return none_where_missing(std::unexpected(columns.error()));
  return make_columns(*columns);
}

Outcome<Value> get_columns_in_table(RunContext& context, Values values) {
  const Value arguments[] = {Value(), values[0], values[1]};
  auto relation = get_relation(context, arguments);
  if (!relation || relation->is_none()) return relation ? Value::list() : relation;
  return get_columns_in_relation(context, std::span(&*relation, 1));
}

Outcome<Value> get_missing_columns(RunContext& context, Values values) {
  auto from = relation_argument(values[0], "get_missing_columns");
  auto to = relation_argument(values[1], "get_missing_columns");
  if (!from || !to) return std::unexpected(from ? to.error() : from.error());
  auto all = columns_of(context, *from);
  auto there = columns_of(context, *to);
  if (!all || !there) return std::unexpected(all ? there.error() : all.error());
  std::vector<engine::Column> missing;
  for (const auto& column : *all) {
    const bool known = std::ranges::any_of(*there, [&](const auto& other) { return iequals(other.name, column.name); });
    if (!known) missing.push_back(column);
  }
  return make_columns(missing);
}

Outcome<Value> drop_relation(RunContext& context, Values values) {
  auto name = relation_argument(values[0], "drop_relation");
  if (!name) return std::unexpected(name.error());
  if (name->type.empty())
    return wrong(Code::relation_untyped,
                 "adapter.drop_relation() needs to know whether '" + name->render() + "' is a table or a view",
                 "take the relation from load_relation(), or give it a type");
  auto dropped = context.run_macro("drop_relation", {values[0]});
  if (!dropped) return dropped;
  context.session().cache_erase(cached(*name));
  return Value("");
}

Outcome<Value> truncate_relation(RunContext& context, Values values) {
  return context.run_macro("truncate_relation", {values[0]});
}

void rename_in_cache(RunContext& context, const RelationName& from, const RelationName& to) {
  context.session().cache_erase(cached(from));
  auto renamed = cached(to);
  if (to.type.empty() && !from.type.empty()) renamed.type = from.type;
  context.session().cache_put(std::move(renamed));
}

Outcome<Value> rename_relation(RunContext& context, Values values) {
  auto from = relation_argument(values[0], "rename_relation");
  auto to = relation_argument(values[1], "rename_relation");
  if (!from || !to) return std::unexpected(from ? to.error() : from.error());
  auto renamed = context.run_macro("rename_relation", {values[0], values[1]});
  if (!renamed) return renamed;
  rename_in_cache(context, *from, *to);
  return Value("");
}

Outcome<Value> cache_added(RunContext& context, Values values) {
  if (values[0].is_none()) return Value("");
  auto name = relation_argument(values[0], "cache_added");
  if (!name) return std::unexpected(name.error());
  context.session().cache_put(cached(*name));
  return Value("");
}

Outcome<Value> cache_dropped(RunContext& context, Values values) {
  if (values[0].is_none()) return Value("");
  auto name = relation_argument(values[0], "cache_dropped");
  if (!name) return std::unexpected(name.error());
  context.session().cache_erase(cached(*name));
  return Value("");
}

Outcome<Value> cache_renamed(RunContext& context, Values values) {
  auto from = relation_argument(values[0], "cache_renamed");
  auto to = relation_argument(values[1], "cache_renamed");
  if (!from || !to) return std::unexpected(from ? to.error() : from.error());
  rename_in_cache(context, *from, *to);
  return Value("");
}

Outcome<Value> create_schema(RunContext& context, Values values) {
  return context.run_macro("create_schema", {values[0]});
}

Outcome<Value> drop_schema(RunContext& context, Values values) {
  auto name = relation_argument(values[0], "drop_schema");
  if (!name) return std::unexpected(name.error());
  auto dropped = context.run_macro("drop_schema", {values[0]});
  if (!dropped) return dropped;
  for (const auto& relation : context.session().cache().in_schema(name->database, name->schema))
    context.session().cache_erase(relation);
  return Value("");
}

// The first column of a macro's table, as a list.
Outcome<Value> first_column(Outcome<Value> table) {
  if (!table) return table;
  std::vector<Value> values;
  if (const auto data = agate_data(*table)) {
    for (const auto& row : data->rows) values.push_back(row.front());
  }
  return Value::list(std::move(values));
}

Outcome<Value> list_schemas(RunContext& context, Values values) {
  return first_column(context.run_macro("list_schemas", {values[0]}));
}

Outcome<Value> check_schema_exists(RunContext& context, Values values) {
  const engine::Value name[] = {engine::Value(values[0].str()), engine::Value(values[1].str())};
  auto found = engine::fetch(
      context.session().connection(),
      "select count(*) from information_schema.schemata where catalog_name = ? and schema_name = ?", name);
  if (!found) return jinja::raise(found.error());
  const auto* count = found->rows.front().front().get_if<int64_t>();
  return Value(count && *count > 0);
}

Outcome<Value> indexes_on(RunContext& context, Values values) {
  auto name = relation_argument(values[0], "indexes_on");
  if (!name) return std::unexpected(name.error());
  std::vector<Value> names;
  for (const auto& index : context.session().cache().indexes(cached(*name))) names.emplace_back(index);
  return Value::list(std::move(names));
}

// Texts have no length in DuckDB, so no column ever has to grow.
Outcome<Value> expand_target_column_types(RunContext&, Values) { return Value(); }

}  // namespace

const std::vector<AdapterMethod>& relation_methods() {
  static const std::vector<AdapterMethod> methods = {
      {"get_relation", {optional("database"), optional("schema"), optional("identifier")}, get_relation},
      {"list_relations", {optional("database"), {"schema"}}, list_relations},
      {"list_relations_without_caching", {{"schema_relation"}}, list_relations_without_caching},
      {"already_exists", {{"schema"}, {"name"}}, already_exists},
      {"get_columns_in_relation", {{"relation"}}, get_columns_in_relation},
      {"get_columns_in_table", {{"schema"}, {"identifier"}}, get_columns_in_table},
      {"get_missing_columns", {{"from_relation"}, {"to_relation"}}, get_missing_columns},
      {"drop_relation", {{"relation"}}, drop_relation},
      {"truncate_relation", {{"relation"}}, truncate_relation},
      {"rename_relation", {{"from_relation"}, {"to_relation"}}, rename_relation},
      {"cache_added", {{"relation"}}, cache_added},
      {"cache_dropped", {{"relation"}}, cache_dropped},
      {"cache_renamed", {{"from_relation"}, {"to_relation"}}, cache_renamed},
      {"create_schema", {{"relation"}}, create_schema},
      {"drop_schema", {{"relation"}}, drop_schema},
      {"list_schemas", {{"database"}}, list_schemas},
      {"check_schema_exists", {{"database"}, {"schema"}}, check_schema_exists},
      {"indexes_on", {{"relation"}}, indexes_on},
      {"expand_target_column_types", {optional("from_relation"), optional("to_relation")}, expand_target_column_types},
  };
  return methods;
}

}  // namespace rynd::transform

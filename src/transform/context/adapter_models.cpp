// Adapter: the methods that materializations ask: strategies, constraints, indexes, snapshots, seeds, files.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/hash.h"
#include "base/text.h"
#include "context/adapter.h"
#include "context/agate.h"
#include "context/column.h"
#include "context/constraints.h"
#include "foreign_keys.h"
#include "project/catalog_name.h"
#include "seeds/seed.h"
#include "sql/quote.h"

namespace rynd::transform {

namespace {

using jinja::Arguments;
using jinja::Outcome;
using jinja::Value;
using Values = std::span<const Value>;

constexpr std::array<std::string_view, 4> strategies = {"append", "delete+insert", "merge", "microbatch"};

Outcome<Value> valid_incremental_strategies(RunContext&, Values) {
  return Value::list(std::vector<Value>(strategies.begin(), strategies.end()));
}

Outcome<Value> get_incremental_strategy_macro(RunContext& context, Values values) {
  const std::string strategy = values[1].str();
  if (strategy == "insert_overwrite") {
    return wrong(Code::strategy_unknown, "the incremental strategy 'insert_overwrite' is not one of this warehouse's",
                 "one of " + join(std::vector<std::string>(strategies.begin(), strategies.end()), ", "));
  }
  const std::string name = "get_incremental_" + replace_all(strategy, "+", "_") + "_sql";
  if (auto macro = context.find_macro(name)) return *macro;
  return wrong(Code::strategy_unknown,
               fmt::format("there is no incremental strategy '{}': no macro is called '{}'", strategy, name),
               "one of " + join(std::vector<std::string>(strategies.begin(), strategies.end()), ", ") +
                   ", or a macro of that name");
}

// "ignore" where nothing is said; the old invalidate_hard_deletes means "invalidate".
Outcome<Value> get_hard_deletes_behavior(RunContext& context, Values) {
  const auto old = context.config_value("invalidate_hard_deletes", false);
  const auto now = context.config_value("hard_deletes", false);
  const bool has_old = old && !old->is_none();
  const bool has_now = now && !now->is_none();
  if (has_old && has_now && old->truth()) {
    return wrong(Code::snapshot_target_wrong, "a snapshot sets both 'hard_deletes' and 'invalidate_hard_deletes'",
                 "keep 'hard_deletes'");
  }
  if (has_old && old->truth()) return Value("invalidate");
  const std::string behaviour = has_now ? now->str() : "ignore";
  if (behaviour != "ignore" && behaviour != "invalidate" && behaviour != "new_record") {
    return wrong(Code::snapshot_target_wrong, fmt::format("hard_deletes is '{}'", behaviour),
                 "one of ignore, invalidate, new_record");
  }
  return Value(behaviour);
}

// The target must have the columns that earlier runs of a snapshot made.
Outcome<Value> assert_valid_snapshot_target(RunContext& context, Values values) {
  auto name = relation_argument(values[0], "assert_valid_snapshot_target_given_strategy");
  if (!name) return std::unexpected(name.error());
  auto columns = context.session().describe("select * from " + name->render());
  if (!columns) return jinja::raise(columns.error());
  const bool new_record = values.size() > 2 && values[2].is_dict() &&
                          values[2].as_dict().find(std::string_view("hard_deletes")) &&
                          values[2].as_dict().find(std::string_view("hard_deletes"))->str() == "new_record";
  std::vector<std::string> missing;
  for (std::string_view key : {"dbt_scd_id", "dbt_valid_from", "dbt_valid_to", "dbt_updated_at", "dbt_is_deleted"}) {
    if (key == "dbt_is_deleted" && !new_record) continue;
    const Value* given = values[1].is_dict() ? values[1].as_dict().find(key) : nullptr;
    const std::string wanted = given ? given->str() : std::string(key);
    const bool there = std::ranges::any_of(*columns, [&](const auto& column) { return iequals(column.name, wanted); });
    if (!there) missing.push_back(wanted);
  }
  if (missing.empty()) return Value("");
  return wrong(Code::snapshot_target_wrong,
               fmt::format("the table {} is no snapshot: it lacks {}", name->render(), join(missing, ", ")),
               "drop or rename it, or give the snapshot another alias; with hard_deletes new_record the column "
               "dbt_is_deleted has to be added by hand");
}

Outcome<Value> render_raw_columns_constraints(RunContext& context, Values values) {
  return column_constraints(context, values[0]);
}

Outcome<Value> render_raw_model_constraints(RunContext& context, Values values) {
  return model_constraints(context, values[0]);
}

// {columns, unique}: one entry of the `indexes` config.
class Index final : public jinja::Object {
 public:
  Index(std::vector<std::string> columns, bool unique, std::string made_at)
      : columns_(std::move(columns)), unique_(unique), made_at_(std::move(made_at)) {}
  std::string_view type_name() const override { return "DuckDBIndexConfig"; }
  Outcome<std::optional<Value>> attr(std::string_view name) override {
    if (name == "unique") return Value(unique_);
    if (name == "type") return Value();
    if (name == "columns") return Value::list(std::vector<Value>(columns_.begin(), columns_.end()));
    if (name == "render") {
      auto self = jinja::Ref<Index>::share(this);
      return jinja::function("render", {{"relation"}}, [self](Values values) -> Outcome<Value> {
        // Another name each time: the old table's index is dropped only when its transaction is over.
        return Value(
            md5(fmt::format("{}_{}_{}_{}", join(self->columns_, "_"), values[0].str(), self->unique_, self->made_at_)));
      });
    }
    return std::optional<Value>();
  }

 private:
  std::vector<std::string> columns_;
  bool unique_;
  std::string made_at_;
};

Outcome<Value> parse_index(RunContext& context, Values values) {
  const Value* columns = values[0].is_dict() ? values[0].as_dict().find(std::string_view("columns")) : nullptr;
  const Value* unique = values[0].is_dict() ? values[0].as_dict().find(std::string_view("unique")) : nullptr;
  if (!columns)
    return wrong(Code::index_wrong, "an index names no columns: " + values[0].repr(),
                 "indexes=[{'columns': ['a', 'b'], 'unique': true}]");
  auto items = columns->is_string() ? std::vector<Value>{*columns} : jinja::to_vector(*columns);
  if (!items) return std::unexpected(items.error());
  std::vector<std::string> names;
  for (const auto& item : *items) names.push_back(item.str());
  return Value(
      jinja::make<Index>(std::move(names), unique && unique->truth(), iso8601(context.parts().world.clock.now())));
}

Outcome<Value> convert_type(RunContext&, Values values) {
  const auto data = agate_data(values[0]);
  if (!data || !values[1].is_int() || values[1].as_int() < 0 ||
      static_cast<size_t>(values[1].as_int()) >= data->types.size()) {
    return jinja::raise("TypeError", "adapter.convert_type() takes a table and the place of a column");
  }
  return Value(seed_type(*data, static_cast<size_t>(values[1].as_int())));
}

Outcome<Value> get_seed_file_path(RunContext& context, Values) {
  if (!context.node()) return wrong(Code::seed_wrong, "adapter.get_seed_file_path() is for seeds");
  return Value(context.absolute_path(*context.node()));
}

Outcome<Value> key_constraints(RunContext& context, Values) {
  if (!context.node()) return Value::list();
  const auto types = key_types(context.parts(), *context.node(), true);
  return Value::list(std::vector<Value>(types.begin(), types.end()));
}

Outcome<Value> dependents_by_foreign_key(RunContext& context, Values) {
  if (!context.node()) return Value::list();
  auto tables = foreign_key_dependents(context.parts(), *context.node(), context.session().connection());
  if (!tables) return jinja::raise(tables.error().front());
  std::vector<Value> relations;
  auto name = project::relation_name(*context.node(), context.project().root().settings.quoting);
  name.type = "table";
  for (const auto& table : *tables) {
    name.identifier = table;
    relations.push_back(project::make_relation(name));
  }
  return Value::list(std::move(relations));
}

// Rows of `grantee` and `privilege_type`, as who may do what: {'select': ['reporter']}.
Outcome<Value> standardize_grants_dict(RunContext&, Values values) {
  Value grants = Value::dict();
  const AgatePtr table = agate_data(values[0]);
  if (!table) return grants;
  const auto column = [&](std::string_view name) {
    return static_cast<size_t>(std::ranges::find(table->names, name) - table->names.begin());
  };
  const size_t grantee = column("grantee");
  const size_t privilege = column("privilege_type");
  if (std::max(grantee, privilege) >= table->names.size()) return grants;
  for (const auto& row : table->rows) {
    const Outcome<Value*> found = grants.as_dict().find(row[privilege]);
    if (!found) return std::unexpected(found.error());
    std::vector<Value> grantees = *found ? *jinja::to_vector(**found) : std::vector<Value>();
    grantees.push_back(row[grantee]);
    if (auto set = grants.as_dict().set(row[privilege], Value::list(std::move(grantees))); !set)
      return std::unexpected(set.error());
  }
  return grants;
}

Outcome<Value> convert_datetimes_to_strs(RunContext&, Values values) { return values[0]; }

Outcome<Value> verify_database(RunContext& context, Values values) {
  const auto& profile = context.project().profile;
  const Node* attached = profile.credentials.find("attach");
  if (values[0].is_none() || iequals(values[0].str(), profile.database)) return Value("");
  for (const auto& item : attached ? attached->items : List<Node>()) {
    const Node* alias = item.find("alias");
    if (alias && iequals(alias->text, values[0].str())) return Value("");
  }
  return wrong(Code::database_unknown,
               fmt::format("the database '{}' is neither the target's nor attached", values[0].str()),
               "attach it under 'attach:' of the profile");
}

Outcome<Value> external_root(RunContext& context, Values) {
  const Node* root = context.project().profile.credentials.find("external_root");
  return Value(root && root->is_string() ? root->text : ".");
}

Outcome<Value> is_motherduck(RunContext&, Values) { return Value(false); }

// Whether an entry of the profile says that it is a DuckLake, or its path does.
bool says_ducklake(const Node& entry) {
  const Node* path = entry.find("path");
  const Node* flag = entry.find("is_ducklake");
  return (flag && flag->boolean) || (path && lower(path->text).find("ducklake:") != std::string::npos);
}

// Whether the relation's database is the target's or one it attaches, and a DuckLake.
Outcome<Value> is_ducklake(RunContext& context, Values values) {
  const auto* relation = values[0].as<project::Relation>();
  if (!relation) return Value(false);
  const project::Profile& profile = context.project().profile;
  const std::string& database = relation->name().database;
  if (says_ducklake(profile.credentials) && iequals(project::catalog_of(profile.path), database)) return Value(true);
  const Node* attach = profile.credentials.find("attach");
  for (const Node& one : attach ? attach->items : List<Node>()) {
    const Node* alias = one.find("alias");
    const Node* path = one.find("path");
    const std::string name = alias ? alias->text : project::catalog_of(path ? path->text : "");
    if (says_ducklake(one) && iequals(name, database)) return Value(true);
  }
  return Value(false);
}

// What older DuckLakes needed; DuckDB 1.5.3 and later do not.
Outcome<Value> use_ducklake_table_workarounds(RunContext&, Values) { return Value(false); }

Outcome<Value> escape_sql_string(RunContext&, Values values) { return Value(replace_all(values[0].str(), "'", "''")); }

Outcome<Value> location_exists(RunContext& context, Values values) {
  return Value(context.parts().world.files.exists(values[0].str()));
}

std::string option_text(const Value& value) {
  if (value.is_list() || value.is_tuple()) {
    auto items = jinja::to_vector(value);
    std::vector<std::string> parts;
    for (const auto& item : items ? *items : std::vector<Value>()) parts.push_back(item.str());
    return "(" + join(parts, ", ") + ")";
  }
  return value.str();
}

// The format and compression that a file's name tells: {"csv", "gzip"} of "x.csv.gz"; "" where it tells none.
std::pair<std::string, std::string> formats_of(const std::string& location) {
  std::filesystem::path path(location);
  const std::string last = lower(path.extension().string());
  const std::string compression = last == ".gz" ? "gzip" : last == ".zst" ? "zstd" : "";
  if (!compression.empty()) path.replace_extension();
  const std::string extension = lower(path.extension().string());
  return {extension.empty() ? "" : extension.substr(1), compression};
}

// "format parquet, partition_by (month)": the options of a COPY. What is not given is found and put into the options:
// the format from the file's name, its compression, a CSV file's header.
Outcome<Value> external_write_options(RunContext&, Values values) {
  if (!values[1].is_dict()) return jinja::raise("TypeError", "external_write_options() takes a dict of options");
  jinja::Dict& options = values[1].as_dict();
  auto given = [&](std::string_view name) { return options.find(name) != nullptr; };
  if (!given("format")) {
    const auto [format, compression] = formats_of(values[0].str());
    options.set(std::string_view("format"), Value(!format.empty()      ? format
                                                  : given("delimiter") ? std::string("csv")
                                                                       : std::string("parquet")));
    if (!compression.empty() && !given("compression")) options.set(std::string_view("compression"), Value(compression));
  }
  if (options.find(std::string_view("format"))->str() == "csv" && !given("header"))
    options.set(std::string_view("header"), Value(1));
  std::vector<std::string> parts;
  for (const auto& entry : options.entries()) {
    if (entry.key.is_missing()) continue;
    const std::string name = lower(entry.key.str());
    std::string text = option_text(entry.value);
    if (name == "partition_by" && text.find(',') != std::string::npos && !text.starts_with("("))
      text = "(" + text + ")";
    const bool quoted = name == "delimiter" || name == "quote" || name == "escape" || name == "null";
    if (quoted && !text.starts_with("'")) text = rynd::sql::literal(text);
    parts.push_back(entry.key.str() + " " + text);
  }
  return Value(join(parts, ", "));
}

// What reads the files back: a pattern where COPY made a folder of them, with a level for each partitioning column.
Outcome<Value> external_read_location(RunContext&, Values values) {
  const std::string location = values[0].str();
  auto option = [&](std::string_view name) -> const Value* {
    const Value* found = values[1].is_dict() ? values[1].as_dict().find(name) : nullptr;
    return found && found->truth() ? found : nullptr;
  };
  const Value* partitions = option("partition_by");
  if (!partitions && !option("per_thread_output")) return Value(location);
  std::string pattern = location + "/*";
  if (partitions) {
    for (auto level = 0; level <= std::ranges::count(option_text(*partitions), ','); ++level) pattern += "/*";
  }
  const Value* format = option("format");
  return Value(pattern + "." + (format ? format->str() : "parquet"));
}

Outcome<Value> store_relation(RunContext&, Values values) {
  return wrong(
      Code::unsupported,
      fmt::format("the plugin '{}' is Python of dbt-duckdb and cannot register what was built", values[0].str()),
      "leave out 'plugin' and 'glue_register'; the file and its view are made without it");
}

}  // namespace

const std::vector<AdapterMethod>& model_methods() {
  static const std::vector<AdapterMethod> methods = {
      {"valid_incremental_strategies", {}, valid_incremental_strategies},
      {"get_incremental_strategy_macro", {{"model_context"}, {"strategy"}}, get_incremental_strategy_macro},
      {"get_hard_deletes_behavior", {{"config"}}, get_hard_deletes_behavior},
      {"assert_valid_snapshot_target_given_strategy",
       {{"relation"}, {"column_names"}, {"strategy"}},
       assert_valid_snapshot_target},
      {"valid_snapshot_target", {{"relation"}, optional("column_names")}, assert_valid_snapshot_target},
      {"render_raw_columns_constraints", {{"raw_columns"}}, render_raw_columns_constraints},
      {"render_raw_model_constraints", {{"raw_constraints"}}, render_raw_model_constraints},
      {"parse_index", {{"raw_index"}}, parse_index},
      {"convert_type", {{"agate_table"}, {"col_idx"}}, convert_type},
      {"get_seed_file_path", {{"model"}}, get_seed_file_path},
      {"key_constraints", {}, key_constraints},
      {"foreign_key_dependents", {}, dependents_by_foreign_key},
      {"standardize_grants_dict", {{"grants_table"}}, standardize_grants_dict},
      {"convert_datetimes_to_strs", {{"table"}}, convert_datetimes_to_strs},
      {"verify_database", {{"database"}}, verify_database},
      {"external_root", {}, external_root},
      {"is_motherduck", {}, is_motherduck},
      {"is_ducklake", {{"relation"}}, is_ducklake},
      {"use_ducklake_table_workarounds", {{"relation"}}, use_ducklake_table_workarounds},
      {"escape_sql_string", {{"value"}}, escape_sql_string},
      {"location_exists", {{"location"}}, location_exists},
      {"external_write_options", {{"write_location"}, {"rendered_options"}}, external_write_options},
      {"store_relation",
       {{"plugin_name"}, {"relation"}, {"column_list"}, {"path"}, {"format"}, {"config"}},
       store_relation},
      {"external_read_location", {{"write_location"}, {"rendered_options"}}, external_read_location},
  };
  return methods;
}

}  // namespace rynd::transform

// Loader, columns: what the table looks like, what a part brings, and how the one becomes the other.
#include <fmt/format.h>

#include "base/suggest.h"
#include "loader.h"
#include "sql/quote.h"

namespace rynd::ingest {
namespace {

bool is_ours(const std::string& column) {
  return column == "_dlt_load_id" || column == "_dlt_id" || column == "_rynd_partition";
}

// Texts that a column of type JSON is made of: those that are JSON as such, the others as JSON strings.
std::string json_value(const std::string& column) {
  return fmt::format("CASE WHEN json_valid({0}) THEN CAST({0} AS JSON) ELSE to_json({0}) END", column);
}

}  // namespace

Result<void> Loader::check_hints() {
  for (const auto& hint : resource_.columns) {
    if (hint.type.empty() || types_.canonical(hint.type)) continue;
    std::vector<std::string> known{"boolean", "integer", "bigint",   "double",    "decimal",     "varchar",
                                   "text",    "date",    "time",     "timestamp", "timestamptz", "json",
                                   "blob",    "uuid",    "interval", "hugeint"};
    return fail({.code = Code::ingest_wrong_value,
                 .message = "'" + hint.type + "' is no type of the warehouse",
                 .span = hint.span,
                 .label = did_you_mean(hint.type, known)});
  }
  return {};
}

Result<void> Loader::begin_table() {
  std::array<engine::SchemaName, 1> schema{engine::SchemaName{"", source_.schema}};
  auto details = connection_.details(schema);
  if (!details) return fail(details.error());
  table_exists_ = false;
  std::vector<Column> existing;
  for (const auto& detail : *details) {
    if (detail.relation.identifier != resource_.name) continue;
    table_exists_ = true;
    for (const auto& column : detail.columns) existing.push_back({column.name, column.type});
  }
  stage_ = std::make_unique<Stage>(connection_, types_, resource_, std::move(existing));
  return {};
}

// In the table's order: its own columns, then those that the part brings, then declared ones that no row has had yet.
Result<void> Loader::decide() {
  for (const auto& known : stage_->existing()) {
    if (is_ours(known.name)) continue;
    const StageColumn* staged = stage_->find(known.name);
    if (staged == nullptr) {
      targets_.push_back({.column = known, .value = "CAST(NULL AS " + known.type + ")"});
    } else if (auto decided = decide_column(*staged); !decided) {
      return decided;
    }
  }
  for (const auto& staged : stage_->columns()) {
    if (stage_->find_existing(staged.name)) continue;
    if (auto decided = decide_column(staged); !decided) return decided;
  }
  for (const auto& hint : resource_.columns) {
    std::string name = column_name(hint.name, resource_.naming);
    if (hint.type.empty() || stage_->find(name) || stage_->find_existing(name)) continue;
    std::string type = types_.canonical(hint.type).value_or("VARCHAR");
    targets_.push_back({.column = {name, type}, .value = "CAST(NULL AS " + type + ")", .is_new = true});
  }
  return {};
}

Result<void> Loader::decide_column(const StageColumn& staged) {
  const Column* known = stage_->find_existing(staged.name);
  const ColumnHint* hint = stage_->find_hint(staged.name);
  std::string type = stage_->reading_type(staged.name, staged.type);
  Target target{.column = {staged.name, type}, .is_new = known == nullptr};
  if (known && known->type != type) {
    bool wider = types_.widened(known->type, type) == type;
    if (!wider) {
      return fail({.code = Code::ingest_schema,
                   .message = "the column '" + staged.name + "' is " + known->type + " in " + source_.schema + "." +
                              resource_.name + ", which cannot become " + type,
                   .span = hint ? hint->span : resource_.span,
                   .help = "load it anew with --full-refresh"});
    }
    target.widened_from = known->type;
  }
  if (target.is_new && table_exists_ && resource_.columns_contract == Contract::freeze) {
    return fail({.code = Code::ingest_schema,
                 .message = "the load brings the column '" + staged.name + "', and the contract freezes the columns",
                 .span = resource_.span,
                 .help = "allow it with 'schema_contract: {columns: evolve}', or add it to the table"});
  }
  std::string column = sql::identifier(staged.name);
  std::string is = staged.text ? "VARCHAR" : staged.type;
  if (type == is) {
    target.value = column;
  } else if (type == "JSON") {
    target.value = is == "VARCHAR" ? json_value(column) : "to_json(" + column + ")";
  } else {
    target.value = "TRY_CAST(" + column + " AS " + type + ")";
    target.casts = type != "VARCHAR";
  }
  targets_.push_back(std::move(target));
  return {};
}

// Adds and widens columns of a table that is there, or makes it.
Result<void> Loader::evolve_table() {
  std::string table = sql::qualified("", source_.schema, resource_.name);
  bool in_parts = is_loaded_in_parts(source_, resource_);
  std::string statements;
  auto ours = [&](const char* name) {
    if (!stage_->find_existing(name)) statements += fmt::format("ALTER TABLE {} ADD COLUMN {} VARCHAR;\n", table, name);
  };
  bool rewritten = resource_.disposition == Disposition::replace && !in_parts;
  if (table_exists_) {
    for (const auto& target : targets_) {
      std::string name = sql::identifier(target.column.name);
      if (target.is_new) {
        report_.schema_changes.push_back(fmt::format("added column '{}' ({})", target.column.name, target.column.type));
        statements += fmt::format("ALTER TABLE {} ADD COLUMN {} {};\n", table, name, target.column.type);
      } else if (!target.widened_from.empty()) {
        report_.schema_changes.push_back(fmt::format("widened column '{}' from {} to {}", target.column.name,
                                                     target.widened_from, target.column.type));
        statements += fmt::format("ALTER TABLE {} ALTER COLUMN {} TYPE {};\n", table, name, target.column.type);
      }
    }
    if (in_parts) ours("_rynd_partition");
    ours("_dlt_load_id");
    ours("_dlt_id");
    if (rewritten) statements.clear();
  } else if (!rewritten) {
    statements = "CREATE TABLE " + table + " (";
    for (const auto& target : targets_)
      statements += sql::identifier(target.column.name) + " " + target.column.type + ", ";
    statements += std::string(in_parts ? "_rynd_partition VARCHAR, " : "") + "_dlt_load_id VARCHAR, _dlt_id VARCHAR)";
  }
  if (statements.empty()) return {};
  auto done = connection_.execute(statements);
  if (!done) return fail(done.error());
  return {};
}

}  // namespace rynd::ingest

// Stage: the temporary table that the rows of one part are gathered in before any of them touches the real table.
#include "stage.h"

#include <fmt/format.h>

#include "base/text.h"
#include "sql/quote.h"

namespace rynd::ingest {

Stage::Stage(engine::Connection& connection, Types& types, const Resource& resource, std::vector<Column> existing)
    : connection_(connection), types_(types), resource_(resource), existing_(std::move(existing)) {}

Result<void> Stage::clear() {
  columns_.clear();
  rejected_.clear();
  fields_.clear();
  made_ = false;
  auto dropped = connection_.execute(fmt::format("DROP TABLE IF EXISTS temp.main.{}", stage_table));
  if (!dropped) return fail(dropped.error());
  return make();
}

Result<void> Stage::make() {
  if (made_) return {};
  made_ = true;
  auto made = connection_.execute(
      fmt::format("CREATE TEMP TABLE {} ({} VARCHAR, {} BIGINT)", stage_table, file_column, line_column));
  if (!made) return fail(made.error());
  return {};
}

Result<std::string> Stage::name(const std::string& field) {
  std::string name = column_path_name(field, path_separator, resource_.naming);
  auto [known, is_new] = fields_.emplace(name, field);
  if (is_new || known->second == field) return name;
  auto shown = [](const std::string& path) { return replace_all(path, std::string(1, path_separator), "."); };
  return fail({.code = Code::ingest_schema,
               .message = "the fields '" + shown(known->second) + "' and '" + shown(field) + "' of '" + resource_.name +
                          "' would both become the column '" + name + "'",
               .span = resource_.span,
               .help = "keep the names as they come with 'naming: direct'"});
}

const StageColumn* Stage::find(const std::string& column) const {
  for (const auto& known : columns_) {
    if (known.name == column) return &known;
  }
  return nullptr;
}

StageColumn* Stage::find_own(const std::string& column) { return const_cast<StageColumn*>(find(column)); }

const Column* Stage::find_existing(const std::string& column) const {
  for (const auto& known : existing_) {
    if (known.name == column) return &known;
  }
  return nullptr;
}

const ColumnHint* Stage::find_hint(const std::string& column) const {
  for (const auto& hint : resource_.columns) {
    if (hint.name == column || column_name(hint.name, resource_.naming) == column) return &hint;
  }
  return nullptr;
}

std::string Stage::reading_type(const std::string& column, const std::string& found) {
  if (const ColumnHint* hint = find_hint(column); hint && !hint->type.empty()) {
    return types_.canonical(hint->type).value_or(found);
  }
  std::string type = found;
  if (const Column* known = find_existing(column)) {
    bool may_widen = resource_.type_contract == Contract::evolve;
    auto wide = types_.widened(known->type, found);
    type = wide && may_widen ? *wide : known->type;
  }
  return type;
}

Result<void> Stage::add_column(const StageColumn& column) {
  auto added = connection_.execute(fmt::format("ALTER TABLE temp.main.{} ADD COLUMN {} {}", stage_table,
                                               sql::identifier(column.name), column.text ? "VARCHAR" : column.type));
  if (!added) return fail(added.error());
  columns_.push_back(column);
  return {};
}

// An earlier file of this part had a narrower type, or values that all converted.
Result<void> Stage::fit_column(StageColumn& known, const StageColumn& incoming) {
  std::string wide = types_.widened(known.type, incoming.type).value_or("VARCHAR");
  bool to_text = incoming.text && !known.text;
  if (known.text || (!to_text && wide == known.type)) return {};
  auto altered = connection_.execute(fmt::format("ALTER TABLE temp.main.{} ALTER COLUMN {} TYPE {}", stage_table,
                                                 sql::identifier(known.name), to_text ? "VARCHAR" : wide));
  if (!altered) return fail(altered.error());
  known.type = wide;
  known.text = to_text;
  return {};
}

Result<int64_t> Stage::insert(const std::string& select, const std::vector<StageColumn>& columns,
                              const std::string& file) {
  std::string names, values;
  for (const auto& column : columns) {
    StageColumn* known = find_own(column.name);
    if (known == nullptr) {
      if (auto added = add_column(column); !added) return fail(added.error());
    } else if (auto fitted = fit_column(*known, column); !fitted) {
      return fail(fitted.error());
    }
    names += ", " + sql::identifier(column.name);
    values += ", " + sql::identifier(column.name);
  }
  return connection_.execute(fmt::format("INSERT INTO temp.main.{} ({}{}) SELECT {}{} FROM ({})", stage_table,
                                         file_column, names, sql::literal(file), values, select));
}

Result<void> Stage::add_text_columns(const std::vector<std::string>& names) {
  for (const auto& name : names) {
    if (find(name) != nullptr) continue;
    if (auto added = add_column({name, "VARCHAR", true}); !added) return added;
  }
  return {};
}

void Stage::set_type(const std::string& column, const std::string& type) {
  if (StageColumn* known = find_own(column)) known->type = type;
}

}  // namespace rynd::ingest

// Loader, rows: which rows of the stage are good, where the bad ones go, and how the good ones get into the table.
#include <fmt/format.h>

#include <algorithm>

#include "bookkeeping.h"
#include "csv_lines.h"
#include "environment.h"
#include "loader.h"
#include "sql/quote.h"

namespace rynd::ingest {
namespace {

constexpr const char* stage_table = "temp.main.rynd_stage";
constexpr const char* bad_table = "temp.main.rynd_bad";
// So many bad rows are told in a message; the others are counted.
constexpr size_t told_rows = 5;
// A value in a reason is cut behind so many characters.
constexpr int value_length = 60;

std::optional<int64_t> line_of(const engine::Value& value) {
  auto line = value.get_if<int64_t>();
  return line ? std::optional<int64_t>(*line) : std::nullopt;
}

std::string text_of(const engine::Value& value) { return value.is_null() ? "" : engine::to_text(value); }

}  // namespace

// One condition a column: what does not convert, keys that are missing, values that may not be.
Result<int64_t> Loader::find_bad_rows() {
  std::string any, reason;
  auto bad_if = [&](const std::string& condition, const std::string& words) {
    any += (any.empty() ? "" : " OR ") + ("(" + condition + ")");
    reason += " WHEN " + condition + " THEN " + words;
  };
  for (const auto& target : targets_) {
    std::string column = sql::identifier(target.column.name);
    bool is_key = std::any_of(resource_.primary_key.begin(), resource_.primary_key.end(), [&](const std::string& key) {
      return column_name(key, resource_.naming) == target.column.name;
    });
    if (target.casts) {
      std::string lost = target.value + " IS NULL";
      // The engine would round 2.5 to a whole number and say nothing.
      if (is_integer_type(target.column.type)) {
        lost += fmt::format(" OR TRY_CAST({0} AS DOUBLE) <> floor(TRY_CAST({0} AS DOUBLE))", column);
      }
      bad_if(fmt::format("{0} IS NOT NULL AND ({1})", column, lost),
             fmt::format("'''' || left(CAST({} AS VARCHAR), {}) || {}", column, value_length,
                         sql::literal("' is no " + target.column.type + " (column '" + target.column.name + "')")));
    }
    const ColumnHint* hint = stage_->find_hint(target.column.name);
    std::string value = stage_->find(target.column.name) ? column : "NULL";
    if (is_key)
      bad_if(value + " IS NULL", sql::literal("the key '" + target.column.name + "' is missing"));
    else if (hint && !hint->nullable) {
      bad_if(value + " IS NULL",
             sql::literal("'" + target.column.name + "' is missing, which the columns do not allow"));
    }
  }
  bad_ = stage_->rejected();
  if (any.empty() || stage_->columns().empty()) return 0;
  std::string row;
  for (const auto& column : stage_->columns()) {
    row += (row.empty() ? "" : ", ") + sql::identifier(column.name) + " := " + sql::identifier(column.name);
  }
  auto made = connection_.execute(
      fmt::format("DROP TABLE IF EXISTS {0}; CREATE TEMP TABLE rynd_bad AS SELECT rowid AS r, _rynd_file, _rynd_line, "
                  "CASE{1} END AS "
                  "reason, CAST(to_json(struct_pack({2})) AS VARCHAR) AS content FROM {3} WHERE {4}",
                  bad_table, reason, row, stage_table, any));
  if (!made) return fail(made.error());
  auto rows = engine::fetch(connection_, fmt::format("SELECT b._rynd_file, b._rynd_line, b.reason, b.content, b.r - "
                                                     "(SELECT min(s.rowid) FROM {1} s WHERE s._rynd_file = "
                                                     "b._rynd_file) FROM {0} b ORDER BY b.r",
                                                     bad_table, stage_table));
  if (!rows) return fail(rows.error());
  has_bad_ = !rows->rows.empty();
  for (const auto& found : rows->rows) {
    BadRow bad{
        .file = text_of(found[0]), .line = line_of(found[1]), .reason = text_of(found[2]), .row = text_of(found[3])};
    // Of a CSV's rows only their order is known here: kept negative until locate_bad_rows looks it up.
    if (!bad.line) bad.line = -1 - line_of(found[4]).value_or(0);
    bad_.push_back(std::move(bad));
  }
  return static_cast<int64_t>(bad_.size());
}

Result<void> Loader::locate_bad_rows(const Part& part) {
  for (const auto& file : part.files) {
    std::vector<int64_t> ordinals, rejected;
    for (const auto& bad : bad_) {
      if (bad.file != file.name || !bad.line) continue;
      if (*bad.line < 0)
        ordinals.push_back(-1 - *bad.line);
      else
        rejected.push_back(*bad.line);
    }
    if (ordinals.empty()) continue;
    auto lines = find_csv_rows(file.path, resource_.files.csv, ordinals, rejected);
    for (auto& bad : bad_) {
      if (bad.file != file.name || !bad.line || *bad.line >= 0) continue;
      auto found = lines.find(-1 - *bad.line);
      bad.line = std::nullopt;
      if (found == lines.end()) continue;
      bad.line = found->second.line;
      bad.row = found->second.text;
    }
  }
  for (auto& bad : bad_) {
    if (bad.line && *bad.line < 0) bad.line = std::nullopt;
  }
  std::stable_sort(bad_.begin(), bad_.end(), [](const BadRow& a, const BadRow& b) {
    return std::pair(a.file, a.line.value_or(0)) < std::pair(b.file, b.line.value_or(0));
  });
  return {};
}

// Fails the load, or keeps the bad rows aside; those that an earlier load of this part kept are out of date.
Result<void> Loader::settle_bad_rows(const std::string& partition) {
  std::string table = bookkeeping_table(source_, "_rynd_quarantine");
  bool adds_rows = resource_.disposition == Disposition::append || resource_.endpoint.incremental;
  if (!partition.empty() || !adds_rows) {
    std::array<engine::Value, 3> key{source_.name, resource_.name, partition};
    auto removed = connection_.execute(
        "DELETE FROM " + table + " WHERE source = $1 AND resource = $2 AND \"partition\" = $3", key);
    if (!removed) return fail(removed.error());
  }
  if (bad_.empty()) return {};
  if (resource_.on_error == OnError::fail) {
    Diagnostic problem{.code = Code::ingest_bad_row,
                       .message = fmt::format("{} of '{}' {} not fit",
                                              bad_.size() == 1 ? "a row" : fmt::format("{} rows", bad_.size()),
                                              resource_.name, bad_.size() == 1 ? "does" : "do"),
                       .span = resource_.span,
                       .help = "change its 'columns', or keep such rows aside with 'on_error: quarantine'"};
    for (size_t i = 0; i < std::min(told_rows, bad_.size()); ++i) {
      std::string place = bad_[i].file + (bad_[i].line ? fmt::format(":{}", *bad_[i].line) : "");
      problem.notes.push_back((place.empty() ? "" : place + ": ") + bad_[i].reason);
    }
    if (bad_.size() > told_rows) problem.notes.push_back(fmt::format("and {} more", bad_.size() - told_rows));
    return fail(std::move(problem));
  }
  std::vector<std::string> columns{"load_id", "source", "resource", "partition",  "file",
                                   "line",    "reason", "row",      "inserted_at"};
  auto appender = connection_.appender({"", source_.schema, "_rynd_quarantine"}, columns);
  if (!appender) return fail(appender.error());
  std::string now = iso8601(world_.clock.now());
  for (const auto& bad : bad_) {
    for (const auto& text : {load_id_, source_.name, resource_.name, partition, bad.file}) (*appender)->text(text);
    if (bad.line)
      (*appender)->integer(*bad.line);
    else
      (*appender)->null();
    for (const auto& text : {redact(bad.reason, source_.secrets), bad.row, now}) (*appender)->text(text);
    if (auto ended = (*appender)->end_row(); !ended) return ended;
  }
  return (*appender)->close();
}

// A row without the cursor can never be asked for again by it.
Result<void> Loader::check_cursor() {
  if (!resource_.endpoint.incremental || source_.type != SourceType::rest) return {};
  const Incremental& incremental = *resource_.endpoint.incremental;
  if (incremental.on_missing != "raise" || stage_->columns().empty()) return {};
  std::string name = column_path_name(incremental.cursor_path, '.', resource_.naming);
  std::string condition = stage_->find(name) ? sql::identifier(name) + " IS NULL" : "true";
  auto missing = engine::fetch(connection_, fmt::format("SELECT count(*) FROM {} WHERE {}", stage_table, condition));
  if (!missing) return fail(missing.error());
  auto count = missing->rows.front().front().get_if<int64_t>();
  if (count == nullptr || *count == 0) return {};
  return fail({.code = Code::ingest_cursor,
               .message = fmt::format("{} of '{}' {} no '{}', the cursor of its incremental",
                                      *count == 1 ? "a row" : fmt::format("{} rows", *count), resource_.name,
                                      *count == 1 ? "has" : "have", incremental.cursor_path),
               .span = resource_.span,
               .help = "say what is to be done with it: 'on_cursor_value_missing: include' or exclude"});
}

// Rows outside the incremental's window are not wanted, and those at its start that an earlier load brought not twice.
std::string Loader::cursor_filter() const {
  if (!resource_.endpoint.incremental || source_.type != SourceType::rest) return "";
  const Incremental& incremental = *resource_.endpoint.incremental;
  std::string name = column_path_name(incremental.cursor_path, '.', resource_.naming), filter;
  auto target = std::find_if(targets_.begin(), targets_.end(), [&](const Target& t) { return t.column.name == name; });
  if (target == targets_.end()) return "";
  auto literal = [&](const std::string& text) {
    return fmt::format("CAST({} AS {})", sql::literal(text), target->column.type);
  };
  std::string null_passes = incremental.on_missing == "include" ? target->value + " IS NULL OR " : "";
  if (incremental.on_missing == "exclude") filter += " AND " + target->value + " IS NOT NULL";
  if (incremental.end_value)
    filter += fmt::format(" AND ({}{} < {})", null_passes, target->value, literal(*incremental.end_value));
  return filter;
}

std::string Loader::select_good(const std::string& partition) const {
  std::string sql = "SELECT ";
  for (const auto& target : targets_) sql += target.value + " AS " + sql::identifier(target.column.name) + ", ";
  if (is_loaded_in_parts(source_, resource_)) sql += sql::literal(partition) + " AS _rynd_partition, ";
  sql +=
      fmt::format("{} AS _dlt_load_id, format('{{:016x}}', hash({}, rowid)) AS _dlt_id FROM {}", sql::literal(load_id_),
                  sql::literal(load_id_ + " " + resource_.name + " " + partition), stage_table);
  std::string where = " WHERE true" + cursor_filter();
  if (has_bad_) where += fmt::format(" AND rowid NOT IN (SELECT r FROM {})", bad_table);
  if (resource_.disposition == Disposition::merge) {
    std::string keys;
    for (const auto& key : resource_.primary_key) {
      std::string name = column_name(key, resource_.naming);
      for (const auto& target : targets_) {
        if (target.column.name == name) keys += (keys.empty() ? "" : ", ") + target.value;
      }
    }
    // Not by QUALIFY row_number() = 1: DuckDB 1.5.5 fails inside when it plans that over rows of an open transaction.
    where += fmt::format(" AND rowid IN (SELECT max(rowid) FROM {}{} GROUP BY {})", stage_table, where, keys);
  }
  return sql + where;
}

Result<int64_t> Loader::write_replace() {
  std::string fresh = sql::qualified("", source_.schema, "_rynd_new_" + resource_.name);
  std::string table = sql::qualified("", source_.schema, resource_.name);
  auto made = connection_.execute("CREATE OR REPLACE TABLE " + fresh + " AS " + select_good(""));
  if (!made) return made;
  auto count = engine::fetch(connection_, "SELECT count(*) FROM " + fresh);
  if (!count) return fail(count.error());
  auto swapped = connection_.execute(fmt::format("DROP TABLE IF EXISTS {}; ALTER TABLE {} RENAME TO {};", table, fresh,
                                                 sql::identifier(resource_.name)));
  if (!swapped) return swapped;
  return *count->rows.front().front().get_if<int64_t>();
}

// The rows at the cursor's last value are asked for again: those that the table has are not added once more. Rows are
// the same by their key or, without one, by all columns.
std::string Loader::without_known_rows(const std::string& table) const {
  std::vector<std::string> same;
  for (const auto& key : resource_.primary_key) same.push_back(column_name(key, resource_.naming));
  if (same.empty()) {
    for (const auto& target : targets_) same.push_back(target.column.name);
  }
  std::string cursor =
      sql::identifier(column_path_name(resource_.endpoint.incremental->cursor_path, '.', resource_.naming));
  std::string sql = fmt::format(
      " WHERE s.{0} > (SELECT max({0}) FROM {1}) OR NOT EXISTS (SELECT 1 FROM {1} t WHERE "
      "t.{0} IS NOT DISTINCT FROM s.{0}",
      cursor, table);
  for (const auto& name : same) sql += fmt::format(" AND t.{0} IS NOT DISTINCT FROM s.{0}", sql::identifier(name));
  return sql + ")";
}

Result<int64_t> Loader::write(const std::string& partition) {
  bool in_parts = is_loaded_in_parts(source_, resource_);
  if (resource_.disposition == Disposition::replace && !in_parts) return write_replace();
  std::string table = sql::qualified("", source_.schema, resource_.name);
  std::string good = select_good(partition);
  if (table_exists_ && in_parts) {
    auto removed =
        connection_.execute(fmt::format("DELETE FROM {} WHERE _rynd_partition = {}", table, sql::literal(partition)));
    if (!removed) return removed;
  }
  if (table_exists_ && resource_.disposition == Disposition::merge) {
    std::string same;
    for (const auto& key : resource_.primary_key) {
      std::string name = sql::identifier(column_name(key, resource_.naming));
      same += (same.empty() ? "" : " AND ") + fmt::format("t.{0} = s.{0}", name);
    }
    auto removed = connection_.execute(fmt::format("DELETE FROM {} t USING ({}) s WHERE {}", table, good, same));
    if (!removed) return removed;
  }
  std::string filter;
  if (table_exists_ && resource_.disposition == Disposition::append && resource_.endpoint.incremental) {
    filter = without_known_rows(table);
  }
  return connection_.execute(fmt::format("INSERT INTO {} BY NAME SELECT * FROM ({}) s{}", table, good, filter));
}

// The cursor moves to the greatest value of the good rows, in the text that the API wrote.
Result<void> Loader::move_cursor(const Outcome& outcome) {
  Node mine = Node::map();
  if (const Node* resources = cursor_.find("resources")) {
    if (const Node* known = resources->find(resource_.name)) mine = *known;
  }
  bool changed = false;
  if (!outcome.parent_load_id.empty()) {
    mine.set("parent_load_id", Node::of(outcome.parent_load_id));
    changed = true;
  }
  if (resource_.endpoint.incremental && source_.type == SourceType::rest) {
    const Incremental& incremental = *resource_.endpoint.incremental;
    std::string name = column_path_name(incremental.cursor_path, '.', resource_.naming);
    auto target =
        std::find_if(targets_.begin(), targets_.end(), [&](const Target& t) { return t.column.name == name; });
    std::string last;
    if (target != targets_.end() && stage_->find(name)) {
      auto found = engine::fetch(
          connection_,
          fmt::format("SELECT arg_max({}, {}) FROM {} WHERE true{}{}", sql::identifier(name), target->value,
                      stage_table, has_bad_ ? fmt::format(" AND rowid NOT IN (SELECT r FROM {})", bad_table) : "",
                      cursor_filter()));
      if (!found) return fail(found.error());
      last = text_of(found->rows.front().front());
    }
    Node all = mine.find("incremental") ? *mine.find("incremental") : Node::map();
    Node cursor = all.find(incremental.cursor_path) ? *all.find(incremental.cursor_path) : Node::map();
    if (incremental.initial_value) cursor.set("initial_value", Node::of(*incremental.initial_value));
    if (!last.empty()) cursor.set("last_value", Node::of(last));
    all.set(incremental.cursor_path, std::move(cursor));
    mine.set("incremental", std::move(all));
    changed = true;
  }
  if (!changed || load_.limit) return {};
  Node resources = Node::map();
  resources.set(resource_.name, std::move(mine));
  cursor_ = Node::map();
  cursor_.set("resources", std::move(resources));
  return {};
}

}  // namespace rynd::ingest

// CSV files: the engine finds the header and reads with types that we decide; what it cannot read is a bad row with its
// line.
#include <fmt/format.h>

#include <algorithm>

#include "base/suggest.h"
#include "base/text.h"
#include "connectors/formats.h"
#include "sql/quote.h"

namespace rynd::ingest {
namespace {

// Rows looked at for the delimiter and the types at first.
constexpr int64_t sample_rows = 20'480;

// A number that is not written as a whole one.
constexpr const char* fraction_pattern = "^ *[-+]?[0-9]*([.,][0-9]+([eE][-+]?[0-9]+)?|[eE][-+]?[0-9]+) *$";

struct Layout {
  std::string delimiter;
  std::vector<Column> fields;  // names as in the file
};

class Reading {
 public:
  Reading(const Job& job, Stage& stage, const FileToRead& file)
      : job_(job), stage_(stage), file_(file), options_(job.resource.files.csv) {}

  // Types that nobody declared are found in a sample, which is right for nearly every file; where a later row shows
  // that it was not, the whole file is looked at and read once more.
  Result<int64_t> operator()() {
    auto layout = look(sample_rows);
    if (!layout) return fail(layout.error());
    if (auto sound = check_keys(*layout); !sound) return fail(sound.error());
    auto added = read(*layout);
    if (!added) return added;
    auto misjudged = sample_misjudged();
    if (!misjudged) return fail(misjudged.error());
    if (*misjudged) {
      auto removed = job_.connection.execute(fmt::format("DELETE FROM temp.main.{} WHERE {} = {}", Stage::stage_table,
                                                         Stage::file_column, sql::literal(file_.shown)));
      if (!removed) return removed;
      layout = look(-1);
      if (!layout) return fail(layout.error());
      added = read(*layout);
      if (!added) return added;
    }
    if (auto taken = take_rejects(); !taken) return fail(taken.error());
    return added;
  }

 private:
  Result<int64_t> read(const Layout& layout) {
    std::vector<StageColumn> staged;
    for (const auto& field : layout.fields) {
      auto name = stage_.name(field.name);
      if (!name) return fail(name.error());
      std::string type = stage_.reading_type(*name, field.type);
      const StageColumn* before = stage_.find(*name);
      if (before && !is_declared(*name)) type = stage_.types().widened(before->type, type).value_or(type);
      staged.push_back({.name = *name, .type = type});
    }
    if (auto checked = keep_fractions(layout, staged); !checked) return fail(checked.error());
    std::string types, select;
    for (size_t i = 0; i < staged.size(); ++i) {
      const std::string& field = layout.fields[i].name;
      std::string type = staged[i].text ? "VARCHAR" : staged[i].type;
      types += (types.empty() ? "" : ", ") + sql::literal(field) + ": " + sql::literal(type);
      select += (select.empty() ? "" : ", ") + sql::identifier(field) + " AS " + sql::identifier(staged[i].name);
    }
    std::string sql = fmt::format(
        "SELECT {} FROM read_csv({}, auto_detect = false, columns = {{{}}}, delim = {}{}{}, store_rejects = true, "
        "rejects_table = "
        "'rynd_rejects', rejects_scan = 'rynd_reject_scans')",
        select, sql::literal(file_.path.string()), types, sql::literal(layout.delimiter), dialect(), formats());
    if (job_.limit) sql += fmt::format(" LIMIT {}", std::max<int64_t>(0, *job_.limit - file_.rows_before));
    if (auto cleared = forget_rejects(); !cleared) return fail(cleared.error());
    auto added = stage_.insert(sql, staged, file_.shown);
    if (!added) return fail(as_format_error(added.error()));
    return added;
  }

  // The engine's reader rounds 2.5 to a whole number where one is expected. A column of whole numbers in which a
  // fraction is seen is read as DOUBLE where its type was only found, and as text where it is given, so that those rows
  // are bad ones.
  Result<void> keep_fractions(const Layout& layout, std::vector<StageColumn>& staged) {
    std::string types, fractions;
    std::vector<size_t> whole;
    for (size_t i = 0; i < staged.size(); ++i) {
      types += (types.empty() ? "" : ", ") + sql::literal(layout.fields[i].name) + ": 'VARCHAR'";
      if (!is_integer_type(staged[i].type)) continue;
      fractions += (whole.empty() ? "" : ", ") + fmt::format("bool_or(regexp_matches({}, '{}'))",
                                                             sql::identifier(layout.fields[i].name), fraction_pattern);
      whole.push_back(i);
    }
    if (whole.empty()) return {};
    auto seen = engine::fetch(
        job_.connection,
        fmt::format("SELECT {} FROM read_csv({}, auto_detect = false, columns = {{{}}}, delim = {}{}, "
                    "ignore_errors = true)",
                    fractions, sql::literal(file_.path.string()), types, sql::literal(layout.delimiter), dialect()));
    if (!seen) return fail(as_format_error(seen.error()));
    for (size_t k = 0; k < whole.size(); ++k) {
      auto fraction = seen->rows.front()[k].get_if<bool>();
      if (fraction == nullptr || !*fraction) continue;
      StageColumn& column = staged[whole[k]];
      std::string wide = stage_.reading_type(column.name, "DOUBLE");
      if (is_integer_type(wide))
        column.text = true;
      else
        column.type = wide;
    }
    return {};
  }

  bool is_declared(const std::string& column) const {
    const ColumnHint* hint = stage_.find_hint(column);
    return hint && !hint->type.empty();
  }

  // Whether a value did not convert in a column whose type only the sample says.
  Result<bool> sample_misjudged() {
    auto columns = engine::fetch(job_.connection,
                                 "SELECT DISTINCT column_name FROM temp.main.rynd_rejects WHERE error_type = 'CAST'");
    if (!columns) return fail(columns.error());
    for (const auto& row : columns->rows) {
      std::string name = column_name(engine::to_text(row[0]), job_.resource.naming);
      if (!is_declared(name) && !stage_.find_existing(name)) return true;
      // A table's own type may still be widened by what the rest of the file says.
      if (!is_declared(name) && job_.resource.type_contract == Contract::evolve) return true;
    }
    return false;
  }

  std::string dialect() const {
    std::string text = fmt::format(", quote = {}, escape = {}, header = {}", sql::literal(options_.quote),
                                   sql::literal(options_.escape), options_.header);
    if (options_.skip > 0) text += fmt::format(", skip = {}", options_.skip);
    if (!options_.null_values.empty()) {
      std::string nulls;
      for (const auto& value : options_.null_values) nulls += (nulls.empty() ? "" : ", ") + sql::literal(value);
      text += ", nullstr = [" + nulls + "]";
    }
    if (!options_.encoding.empty()) text += ", encoding = " + sql::literal(options_.encoding);
    const std::string& compression = job_.resource.files.compression;
    if (!compression.empty()) text += ", compression = " + sql::literal(compression);
    return text;
  }

  std::string formats() const {
    std::string text;
    if (!options_.date_format.empty()) text += ", dateformat = " + sql::literal(options_.date_format);
    if (!options_.timestamp_format.empty()) text += ", timestampformat = " + sql::literal(options_.timestamp_format);
    if (!options_.decimal_separator.empty())
      text += ", decimal_separator = " + sql::literal(options_.decimal_separator);
    return text;
  }

  Diagnostic as_format_error(const Diagnostic& error) const {
    if (job_.stop.stop_requested()) return error;
    return {.code = Code::ingest_format,
            .message = "'" + file_.shown + "' cannot be read as csv",
            .notes = {split(error.message, '\n').front()}};
  }

  Result<Layout> look(int64_t sample) {
    std::string given = options_.delimiter.empty() && !file_.path.native().ends_with(".tsv")
                            ? ""
                            : ", delim = " + sql::literal(delimiter());
    auto sniffed = engine::fetch(
        job_.connection,
        fmt::format("SELECT s.Delimiter, c.name, c.type FROM (SELECT Delimiter, unnest(Columns) AS c FROM "
                    "sniff_csv({}, sample_size = {}, ignore_errors = true{}{}{})) s",
                    sql::literal(file_.path.string()), sample, given, dialect(), formats()));
    if (!sniffed) return fail(as_format_error(sniffed.error()));
    if (sniffed->rows.empty()) {
      return fail({.code = Code::ingest_format, .message = "'" + file_.shown + "' has no columns"});
    }
    Layout layout{.delimiter = engine::to_text(sniffed->rows.front()[0])};
    // A single column has no delimiter to find.
    if (layout.delimiter.empty() || layout.delimiter == "(empty)") layout.delimiter = delimiter();
    for (const auto& row : sniffed->rows) layout.fields.push_back({engine::to_text(row[1]), engine::to_text(row[2])});
    return layout;
  }

  std::string delimiter() const {
    if (!options_.delimiter.empty()) return options_.delimiter == "\\t" ? "\t" : options_.delimiter;
    return file_.path.native().find(".tsv") != std::string::npos ? "\t" : ",";
  }

  // A key that no column has would make every row a bad one: that is one mistake, not thousands.
  Result<void> check_keys(const Layout& layout) {
    std::vector<std::string> names;
    for (const auto& field : layout.fields) names.push_back(column_name(field.name, job_.resource.naming));
    for (const auto& key : job_.resource.primary_key) {
      std::string name = column_name(key, job_.resource.naming);
      if (std::find(names.begin(), names.end(), name) != names.end()) continue;
      return fail({.code = Code::ingest_schema,
                   .message = "'" + file_.shown + "' has no column '" + name + "', which is the key of '" +
                              job_.resource.name + "'",
                   .span = job_.resource.span,
                   .label = did_you_mean(name, names),
                   .notes = {"its columns: " + join(names, ", ")}});
    }
    return {};
  }

  Result<void> forget_rejects() {
    auto dropped = job_.connection.execute(
        "DROP TABLE IF EXISTS temp.main.rynd_rejects; DROP TABLE IF EXISTS temp.main.rynd_reject_scans");
    if (!dropped) return fail(dropped.error());
    return {};
  }

  Result<void> take_rejects() {
    auto rejects = engine::fetch(job_.connection,
                                 "SELECT line, any_value(csv_line), string_agg(CASE error_type WHEN 'CAST' THEN "
                                 "regexp_replace(error_message, '^.*Could not "
                                 "convert string \"(.*)\" to ''(.*)''.*$', '''\\1'' is no \\2', 's') || ' (column ''' "
                                 "|| column_name || ''')' ELSE "
                                 "lower(CAST(error_type AS VARCHAR)) || ': ' || error_message END, '; ' ORDER BY "
                                 "column_idx) FROM temp.main.rynd_rejects "
                                 "GROUP BY line ORDER BY line");
    if (!rejects) return fail(rejects.error());
    for (const auto& row : rejects->rows) {
      auto line = row[0].get_if<int64_t>();
      stage_.reject({.file = file_.shown,
                     .line = line ? std::optional<int64_t>(*line) : std::nullopt,
                     .reason = row[2].is_null() ? "it does not fit" : engine::to_text(row[2]),
                     .row = row[1].is_null() ? "" : engine::to_text(row[1])});
    }
    return {};
  }

  const Job& job_;
  Stage& stage_;
  const FileToRead& file_;
  const CsvOptions& options_;
};

}  // namespace

Result<int64_t> read_csv(const Job& job, Stage& stage, const FileToRead& file) { return Reading(job, stage, file)(); }

}  // namespace rynd::ingest

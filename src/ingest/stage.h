// Stage: the temporary table that the rows of one part are gathered in before any of them touches the real table.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/diagnostic.h"
#include "columns.h"
#include "engine/engine.h"
#include "ingest/source.h"

namespace rynd::ingest {

// A row that cannot be loaded, and why.
struct BadRow {
  std::string file;
  std::optional<int64_t> line;
  std::string reason;
  std::string row;  // as it was read
};

struct StageColumn {
  std::string name;
  std::string type;   // what its values are, or as texts would be
  bool text = false;  // staged as text, to be cast
};

class Stage {
 public:
  // `existing`: the columns of the real table, none where there is no table.
  Stage(engine::Connection& connection, Types& types, const Resource& resource, std::vector<Column> existing);

  // Empties it for the next part. Nothing is there before the first row.
  Result<void> clear();

  // The warehouse's name of a field, whose own name may be a path of nested names with path_separator between them; a
  // second field that gets the same name is RYND0213.
  Result<std::string> name(const std::string& field);
  // The type to read a column with, where values were found to be of type `found`: the declared one, the table's where
  // `found` is no widening of it, else `found`.
  std::string reading_type(const std::string& column, const std::string& found);

  // Adds the rows of a query, whose columns are these; the number of rows.
  Result<int64_t> insert(const std::string& select, const std::vector<StageColumn>& columns, const std::string& file);
  // Makes sure that these columns are there, staged as text. What they turn out to be is said by set_type.
  Result<void> add_text_columns(const std::vector<std::string>& names);
  void set_type(const std::string& column, const std::string& type);

  void reject(BadRow row) { rejected_.push_back(std::move(row)); }

  const std::vector<StageColumn>& columns() const { return columns_; }
  const std::vector<Column>& existing() const { return existing_; }
  const std::vector<BadRow>& rejected() const { return rejected_; }
  const StageColumn* find(const std::string& column) const;
  const Column* find_existing(const std::string& column) const;
  const ColumnHint* find_hint(const std::string& column) const;
  Types& types() { return types_; }

  static constexpr char path_separator = '\x1f';
  static constexpr const char* stage_table = "rynd_stage";  // temp.main.rynd_stage
  static constexpr const char* file_column = "_rynd_file";
  static constexpr const char* line_column = "_rynd_line";

 private:
  Result<void> make();
  Result<void> add_column(const StageColumn& column);
  Result<void> fit_column(StageColumn& known, const StageColumn& incoming);
  StageColumn* find_own(const std::string& column);

  engine::Connection& connection_;
  Types& types_;
  const Resource& resource_;
  std::vector<Column> existing_;
  std::vector<StageColumn> columns_;
  std::vector<BadRow> rejected_;
  std::map<std::string, std::string> fields_;  // field by column name
  bool made_ = false;
};

}  // namespace rynd::ingest

// Table: one writer a format, fed row by row.
#include "table.h"

#include <algorithm>
#include <memory>

#include "base/json.h"
#include "base/text.h"

namespace rynd::cli {
namespace {

using engine::Column;
using engine::TypeKind;
using engine::Value;
using Row = std::vector<Value>;

class Writer {
 public:
  virtual ~Writer() = default;
  virtual std::string begin() { return ""; }
  virtual std::string row(const Row& row) = 0;
  virtual std::string end() { return ""; }
};

std::string csv_field(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  return '"' + replace_all(text, "\"", "\"\"") + '"';
}

class CsvWriter final : public Writer {
 public:
  explicit CsvWriter(const std::vector<Column>& columns) : columns_(columns) {}
  std::string begin() override {
    std::vector<std::string> names;
    for (const Column& column : columns_) names.push_back(csv_field(column.name));
    return join(names, ",") + "\n";
  }
  std::string row(const Row& row) override {
    std::vector<std::string> fields;
    for (const Value& value : row) fields.push_back(value.is_null() ? "" : csv_field(to_text(value)));
    // A single NULL would be an empty line, which readers skip.
    if (fields.size() == 1 && fields[0].empty()) fields[0] = "\"\"";
    return join(fields, ",") + "\n";
  }

 private:
  const std::vector<Column>& columns_;
};

class JsonWriter final : public Writer {
 public:
  JsonWriter(const std::vector<Column>& columns, bool lines) : columns_(columns), lines_(lines) {}
  std::string begin() override { return lines_ ? "" : "["; }
  std::string row(const Row& row) override {
    std::string text = lines_ ? "{" : first_ ? "\n{" : ",\n{";
    first_ = false;
    for (size_t at = 0; at < row.size(); ++at)
      text += (at > 0 ? ", " : "") + json::quote(columns_[at].name) + ": " + to_json(row[at]);
    return text + (lines_ ? "}\n" : "}");
  }
  std::string end() override { return lines_ ? "" : first_ ? "]\n" : "\n]\n"; }

 private:
  const std::vector<Column>& columns_;
  bool lines_;
  bool first_ = true;
};

bool is_number(TypeKind kind) {
  return kind == TypeKind::integer || kind == TypeKind::real || kind == TypeKind::decimal;
}

class TextWriter final : public Writer {
 public:
  explicit TextWriter(const std::vector<Column>& columns) : columns_(columns) {
    for (const Column& column : columns) widths_.push_back(display_width(column.name));
  }
  std::string row(const Row& row) override {
    std::vector<std::string> cells;
    for (size_t at = 0; at < row.size(); ++at) {
      cells.push_back(row[at].is_null() ? "" : replace_all(to_text(row[at]), "\n", "\\n"));
      widths_[at] = std::max(widths_[at], display_width(cells.back()));
    }
    rows_.push_back(std::move(cells));
    return "";
  }
  std::string end() override {
    std::vector<std::string> names;
    std::string rule = "|";
    for (size_t at = 0; at < columns_.size(); ++at) {
      names.push_back(columns_[at].name);
      rule += " " + std::string(static_cast<size_t>(std::max(1, widths_[at])), '-') + " |";
    }
    std::string text = line(names, false) + rule + "\n";
    for (const std::vector<std::string>& row : rows_) text += line(row, true);
    return text;
  }

 private:
  std::string line(const std::vector<std::string>& cells, bool data) const {
    std::string text = "|";
    for (size_t at = 0; at < cells.size(); ++at) {
      const std::string gap(static_cast<size_t>(std::max(1, widths_[at]) - display_width(cells[at])), ' ');
      text += data && is_number(columns_[at].kind) ? " " + gap + cells[at] + " |" : " " + cells[at] + gap + " |";
    }
    return text + "\n";
  }

  const std::vector<Column>& columns_;
  std::vector<int> widths_;
  std::vector<std::vector<std::string>> rows_;
};

std::unique_ptr<Writer> make_writer(const std::vector<Column>& columns, TableFormat format) {
  if (format == TableFormat::csv) return std::make_unique<CsvWriter>(columns);
  if (format == TableFormat::text) return std::make_unique<TextWriter>(columns);
  return std::make_unique<JsonWriter>(columns, format == TableFormat::jsonl);
}

}  // namespace

TableFormat table_format(std::string_view name) {
  if (name == "csv") return TableFormat::csv;
  if (name == "json") return TableFormat::json;
  if (name == "jsonl") return TableFormat::jsonl;
  return TableFormat::text;
}

Result<void> print_rows(engine::Rows& rows, TableFormat format, Console& console) {
  const std::unique_ptr<Writer> writer = make_writer(rows.columns(), format);
  std::string text = writer->begin();
  Row row(rows.columns().size());
  while (true) {
    const Result<bool> more = rows.next();
    if (!more) return fail(more.error());
    if (!*more) break;
    for (size_t at = 0; at < rows.size(); ++at) {
      for (size_t column = 0; column < row.size(); ++column) row[column] = rows.at(at, column);
      text += writer->row(row);
    }
    console.out(text);
    text.clear();
  }
  console.out(text + writer->end());
  return {};
}

std::string print_table(const engine::Table& table, TableFormat format) {
  const std::unique_ptr<Writer> writer = make_writer(table.columns, format);
  std::string text = writer->begin();
  for (const Row& row : table.rows) text += writer->row(row);
  return text + writer->end();
}

engine::Column text_column(std::string name) { return {std::move(name), "VARCHAR", engine::TypeKind::text}; }
engine::Column count_column(std::string name) { return {std::move(name), "BIGINT", engine::TypeKind::integer}; }

void print_listing(const engine::Table& table, Console& console) {
  console.out(print_table(table, console.json ? TableFormat::jsonl : TableFormat::text));
}

}  // namespace rynd::cli

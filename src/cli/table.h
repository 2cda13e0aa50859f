// Table: rows of a query for people and for programs.
#pragma once

#include <string>
#include <string_view>

#include "console.h"
#include "engine/engine.h"

namespace rynd::cli {

// text: columns side by side, numbers to the right, NULL empty; csv: RFC 4180 with a header; json: an array of objects;
// jsonl: an object a line.
enum class TableFormat { text, csv, json, jsonl };

// "csv", "json", "jsonl"; text for anything else.
TableFormat table_format(std::string_view name);

// Prints as the rows come (all but text, which needs the widths first).
Result<void> print_rows(engine::Rows& rows, TableFormat format, Console& console);
// The same of a whole table, as a text; it ends in a newline.
std::string print_table(const engine::Table& table, TableFormat format);

// Columns of a listing that a command makes itself, and the listing: a table, or an object a line with --output json.
engine::Column text_column(std::string name);
engine::Column count_column(std::string name);
void print_listing(const engine::Table& table, Console& console);

}  // namespace rynd::cli

// CSV: fixtures to rows.
#include "load/csv.h"

#include <string>
#include <vector>

namespace rynd::project {

namespace {

// One record, quotes resolved; `at` moves behind its line end.
std::vector<std::string> record(std::string_view text, size_t& at) {
  std::vector<std::string> fields(1);
  bool quoted = false;
  for (; at < text.size(); ++at) {
    char c = text[at];
    if (quoted) {
      if (c != '"') {
        fields.back() += c;
      } else if (at + 1 < text.size() && text[at + 1] == '"') {
        fields.back() += '"';
        ++at;
      } else {
        quoted = false;
      }
    } else if (c == '"' && fields.back().empty()) {
      quoted = true;
    } else if (c == ',') {
      fields.emplace_back();
    } else if (c == '\n') {
      ++at;
      return fields;
    } else if (c != '\r') {
      fields.back() += c;
    }
  }
  return fields;
}

}  // namespace

Node csv_rows(std::string_view text) {
  Node rows = Node::list();
  size_t at = 0;
  if (text.empty()) return rows;
  std::vector<std::string> header = record(text, at);
  while (at < text.size()) {
    std::vector<std::string> values = record(text, at);
    if (values.size() == 1 && values[0].empty()) continue;
    Node row = Node::map();
    for (size_t i = 0; i < header.size(); ++i) {
      bool is_null = i >= values.size() || values[i].empty();
      row.set(header[i], is_null ? Node() : Node::of(values[i]));
    }
    rows.items.push_back(std::move(row));
  }
  return rows;
}

}  // namespace rynd::project

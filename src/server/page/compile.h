// Compile: a page's query and what the reader chose, to SQL with bound parameters and a map back to the file.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostic.h"
#include "page/page.h"

namespace rynd::server {

// What an input stands at.
struct InputState {
  std::vector<std::string> values;  // of a dropdown: one, or any number where it is `multiple`; empty: nothing chosen
  std::vector<std::string> labels;  // beside `values`
  std::string type;                 // SQL type of the values where they are no texts: "INTEGER"; else ""
  std::string start;                // of a date range, as 2024-12-31; "" where there is none
  std::string end;
};
using InputStates = std::map<std::string, InputState, std::less<>>;

// Values never become SQL: they are parameters $1, $2, ..., texts (NULL where nothing is chosen) that the SQL casts
// where the input's values are numbers or dates: DuckDB compares no DATE with a VARCHAR parameter.
struct CompiledQuery {
  struct Parameter {
    std::string text;
    bool null = false;
    bool operator==(const Parameter&) const = default;
  };
  // Bytes [begin, begin + length) of `sql` are those of the page's file from `source`.
  struct Segment {
    uint32_t begin;
    uint32_t length;
    uint32_t source;
  };
  std::string sql;
  std::vector<Parameter> parameters;
  std::vector<Segment> segments;

  // A place in `sql` as a place in the page; the whole of `fallback` where it was made by the compiler.
  Span to_page(const SourcePtr& page, uint32_t begin, uint32_t end, const Span& fallback) const;
};

// `query` must be usable (page.h). An input without a state counts as nothing chosen.
CompiledQuery compile_query(const Page& page, const Query& query, const InputStates& inputs);

}  // namespace rynd::server

// Compile: text parts are copied, queries nested in parentheses, inputs become parameters.
#include "page/compile.h"

#include <fmt/format.h>

#include <algorithm>

#include "page/components.h"
#include "sql/statements.h"

namespace rynd::server {

namespace {

class Compiler {
 public:
  Compiler(const Page& page, const InputStates& inputs) : page_(page), inputs_(inputs) {}

  CompiledQuery compile(const Query& query) {
    append(query);
    return std::move(out_);
  }

 private:
  void append(const Query& query) {
    for (const QueryPart& part : query.parts) {
      switch (part.kind) {
        case QueryPart::Kind::text:
          copy(part.span);
          break;
        case QueryPart::Kind::query:
          nest(*page_.query(part.name));
          break;
        case QueryPart::Kind::input:
          input(part, true);
          break;
        case QueryPart::Kind::literal:
          literal(part);
          break;
      }
    }
  }

  // A line end before ')': the query may end in a comment. Its last semicolon goes.
  void nest(const Query& query) {
    out_.sql += '(';
    const size_t begin = out_.sql.size();
    append(query);
    const std::string_view whole = std::string_view(out_.sql).substr(begin);
    out_.sql.resize(begin + sql::without_final_semicolon(whole).size());
    out_.sql += "\n)";
  }

  void copy(const Span& span) {
    const std::string_view text = page_.source->text().substr(span.begin, span.end - span.begin);
    out_.segments.push_back({static_cast<uint32_t>(out_.sql.size()), static_cast<uint32_t>(text.size()), span.begin});
    out_.sql += text;
  }

  void literal(const QueryPart& part) {
    const std::string_view file = page_.source->text();
    const std::string_view prefix = file.substr(part.span.begin, file.find('\'', part.span.begin) - part.span.begin);
    const bool whole = part.pieces.size() == 1;
    if (!whole) out_.sql += '(';
    bool first = true;
    for (const QueryPart& piece : part.pieces) {
      if (!std::exchange(first, false)) out_.sql += " || ";
      if (piece.kind == QueryPart::Kind::input) {
        input(piece, whole);
        continue;
      }
      out_.sql += prefix;
      out_.sql += '\'';
      copy(piece.span);
      out_.sql += '\'';
    }
    if (!whole) out_.sql += ')';
  }

  // `typed`: stands for itself, so that a date is a DATE; inside a string it is text.
  void input(const QueryPart& part, bool typed) {
    const Component& component = *page_.input(part.name);
    const auto found = inputs_.find(part.name);
    static const InputState nothing;
    const InputState& state = found == inputs_.end() ? nothing : found->second;
    if (component.name == "DateRange") {
      const std::string& day = part.field == "end" ? state.end : state.start;
      const std::string parameter =
          bind(day.empty() ? CompiledQuery::Parameter{{}, true} : CompiledQuery::Parameter{day});
      return put(parameter, typed ? "DATE" : "");
    }
    const std::vector<std::string>& values = part.field == "label" ? state.labels : state.values;
    const std::string type = typed && part.field != "label" ? state.type : "";
    if (component.text("multiple") == "true" && typed) return list(values, type);
    put(bind(values.empty() ? CompiledQuery::Parameter{{}, true} : CompiledQuery::Parameter{values.front()}), type);
  }

  void put(const std::string& parameter, const std::string& type) {
    out_.sql += type.empty() ? parameter : fmt::format("CAST({} AS {})", parameter, type);
  }

  // What may stand after IN; nothing chosen is the empty set, which no literal list can be.
  void list(const std::vector<std::string>& values, const std::string& type) {
    if (values.empty()) {
      out_.sql += "(SELECT NULL WHERE false)";
      return;
    }
    out_.sql += '(';
    for (size_t i = 0; i < values.size(); ++i) {
      if (i > 0) out_.sql += ", ";
      put(bind({values[i]}), type);
    }
    out_.sql += ')';
  }

  std::string bind(CompiledQuery::Parameter parameter) {
    auto found = std::ranges::find(out_.parameters, parameter);
    if (found == out_.parameters.end()) {
      out_.parameters.push_back(std::move(parameter));
      found = out_.parameters.end() - 1;
    }
    return fmt::format("${}", found - out_.parameters.begin() + 1);
  }

  const Page& page_;
  const InputStates& inputs_;
  CompiledQuery out_;
};

}  // namespace

Span CompiledQuery::to_page(const SourcePtr& page, uint32_t begin, uint32_t end, const Span& fallback) const {
  for (const Segment& segment : segments) {
    if (begin < segment.begin || begin >= segment.begin + segment.length) continue;
    const uint32_t from = segment.source + (begin - segment.begin);
    const uint32_t limit = segment.source + segment.length;
    return {page, from, std::min(limit, from + (end - begin))};
  }
  return fallback;
}

CompiledQuery compile_query(const Page& page, const Query& query, const InputStates& inputs) {
  return Compiler(page, inputs).compile(query);
}

}  // namespace rynd::server

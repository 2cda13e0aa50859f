// Inject: see the header.
#include "inject.h"

#include <algorithm>

#include "base/text.h"
#include "sql/tokens.h"

namespace rynd::transform {

namespace {

struct Place {
  uint32_t offset = 0;
  bool continues = false;  // after the WITH that is there
};

// Behind WITH or WITH RECURSIVE where the statement begins so; else at its first word or comment.
Place find_place(std::string_view text) {
  const auto tokens = rynd::sql::tokenize(text);
  if (tokens.empty()) return {};
  auto word = std::ranges::find_if_not(tokens, &rynd::sql::Token::is_comment);
  if (word == tokens.end() || !iequals(word->text(text), "with")) return {tokens.front().begin, false};
  uint32_t offset = word->end;
  const auto next = std::find_if_not(word + 1, tokens.end(), [](const auto& token) { return token.is_comment(); });
  if (next != tokens.end() && iequals(next->text(text), "recursive")) offset = next->end;
  return {offset, true};
}

class Joined {
 public:
  void add(std::string_view text) { out_.sql += text; }
  // A part of a rendered text, with its places.
  void add(const Rendered& part, uint32_t begin, uint32_t end) {
    const uint32_t base = static_cast<uint32_t>(out_.sql.size());
    out_.sql.append(part.sql, begin, end - begin);
    for (auto segment : part.map.segments) {
      const uint32_t from = std::max(segment.begin, begin);
      const uint32_t to = std::min(segment.begin + segment.size, end);
      if (from >= to) continue;
      // The place of a text moves with its bytes; that of an expression is the expression.
      const bool is_text = segment.span.end - segment.span.begin == segment.size;
      if (is_text) {
        segment.span.begin += from - segment.begin;
        segment.span.end = segment.span.begin + (to - from);
      }
      segment.begin = base + from - begin;
      segment.size = to - from;
      out_.map.segments.push_back(std::move(segment));
    }
  }
  uint32_t size() const { return static_cast<uint32_t>(out_.sql.size()); }
  Rendered take() { return std::move(out_); }

 private:
  Rendered out_;
};

}  // namespace

Compiled inject(const Rendered& child, std::span<const NamedCte> parents) {
  Compiled result;
  if (parents.empty()) {
    result.sql = child.sql;
    result.map = child.map;
    return result;
  }
  const Place place = find_place(child.sql);
  Joined joined;
  joined.add(child, 0, place.offset);
  joined.add(place.continues ? " " : "with");
  for (size_t i = 0; i < parents.size(); ++i) {
    if (i > 0) joined.add(", ");
    const std::string head = " " + parents[i].name + " as (\n";
    joined.add(head);
    joined.add(parents[i].body, 0, static_cast<uint32_t>(parents[i].body.sql.size()));
    joined.add("\n)");
    result.ctes.push_back({parents[i].id, head + parents[i].body.sql + "\n)"});
  }
  joined.add(place.continues ? "," : " ");
  joined.add(child, place.offset, static_cast<uint32_t>(child.sql.size()));
  Rendered whole = joined.take();
  result.sql = std::move(whole.sql);
  result.map = std::move(whole.map);
  return result;
}

}  // namespace rynd::transform

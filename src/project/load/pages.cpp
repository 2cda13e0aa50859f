// Pages: pages/*.md as nodes; what their SQL fences read from gives the edges. The server reads everything else of
// them.
#include <algorithm>

#include "base/text.h"
#include "load/build.h"
#include "sql/tokens.h"

namespace rynd::project {

namespace {

struct Fence {
  std::string name;
  uint32_t begin = 0;
  uint32_t end = 0;
};

// ```sql name ... ```
std::vector<Fence> sql_fences(std::string_view text) {
  std::vector<Fence> fences;
  bool open = false, is_sql = false;
  for (size_t at = 0; at < text.size();) {
    size_t line_end = std::min(text.find('\n', at), text.size());
    std::string_view line = trim(text.substr(at, line_end - at));
    if (line.starts_with("```")) {
      if (open && is_sql) fences.back().end = static_cast<uint32_t>(at);
      open = !open;
      is_sql = open && line.substr(3).starts_with("sql");
      if (is_sql)
        fences.push_back(
            {std::string(trim(line.substr(6))), static_cast<uint32_t>(line_end), static_cast<uint32_t>(text.size())});
    }
    at = line_end + 1;
  }
  return fences;
}

std::string plain(std::string_view word, sql::TokenKind kind) {
  if (kind == sql::TokenKind::quoted_name && word.size() >= 2)
    return replace_all(word.substr(1, word.size() - 2), "\"\"", "\"");
  return std::string(word);
}

// Names that stand where a table does: after FROM, JOIN, or a comma in a FROM list; the last part of a dotted one.
void find_tables(Draft& draft, const SourcePtr& source, const Fence& fence, const std::vector<Fence>& local) {
  std::string_view sql = source->text().substr(fence.begin, fence.end - fence.begin);
  auto tokens = sql::tokenize(sql);
  std::erase_if(tokens, [](const sql::Token& token) { return token.is_comment(); });
  auto is_name = [&](size_t i) {
    return i < tokens.size() &&
           (tokens[i].kind == sql::TokenKind::word || tokens[i].kind == sql::TokenKind::quoted_name);
  };
  for (size_t i = 0; i < tokens.size(); ++i) {
    std::string_view word = tokens[i].text(sql);
    if (!iequals(word, "from") && !iequals(word, "join")) continue;
    size_t at = i + 1;
    while (is_name(at)) {
      while (at + 2 < tokens.size() && tokens[at + 1].text(sql) == "." && is_name(at + 2)) at += 2;
      std::string name = plain(tokens[at].text(sql), tokens[at].kind);
      bool is_local = std::any_of(local.begin(), local.end(), [&](const Fence& other) { return other.name == name; });
      if (!is_local) {
        draft.table_names.push_back(
            {name, {}, {}, {source, fence.begin + tokens[at].begin, fence.begin + tokens[at].end}});
      }
      ++at;
      if (at < tokens.size() && iequals(tokens[at].text(sql), "as")) ++at;
      if (is_name(at) && at + 1 < tokens.size() && tokens[at + 1].text(sql) == ",") ++at;  // an alias before a comma
      if (at >= tokens.size() || tokens[at].text(sql) != ",") break;
      ++at;
    }
  }
}

void find_refs(Build& build, Draft& draft, const SourcePtr& source, const Fence& fence) {
  std::string_view sql = source->text().substr(fence.begin, fence.end - fence.begin);
  if (sql.find("{{") == std::string_view::npos) return;
  auto compiled = jinja::Environment().compile(source, {fence.begin, fence.end});
  if (!compiled) {
    build.problems.add(std::move(compiled.error()));
    return;
  }
  for (const auto& call : compiled->uses().calls) {
    std::vector<std::string> arguments;
    for (const auto& value : call.positional) arguments.push_back(value && value->is_string() ? value->str() : "");
    if (call.name == "ref" && !arguments.empty()) {
      draft.captured.refs.push_back({arguments.back(), arguments.size() > 1 ? arguments.front() : "", {}, call.span});
    } else if (call.name == "source" && arguments.size() == 2) {
      draft.captured.sources.push_back({arguments[0], arguments[1], call.span});
    }
  }
}

}  // namespace

void read_pages(Build& build) {
  const Package& root = build.project.root();
  for (const auto& file : build.find(root, {build.project.rynd.pages_path}, {".md"})) {
    auto source = build.read(file);
    if (!source) continue;
    Draft& draft = build.add_draft(ResourceType::page, root, nullptr);
    Resource& resource = draft.resource;
    resource.name = replace_all(without_ending(file.relative), "/", ".");
    resource.unique_id = "page." + root.name + "." + resource.name;
    resource.path = file.relative;
    resource.original_file_path = file.original_file_path();
    resource.fqn = fqn_of(root.name, file.relative, base_name(without_ending(file.relative)));
    resource.language = "markdown";
    resource.span = {source, 0, static_cast<uint32_t>(source->text().size())};
    resource.name_span = {source, 0, 0};
    auto fences = sql_fences(source->text());
    for (const auto& fence : fences) {
      find_refs(build, draft, source, fence);
      find_tables(draft, source, fence, fences);
    }
  }
}

}  // namespace rynd::project

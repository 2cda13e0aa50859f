// Explain: see the header.
#include "explain.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "base/suggest.h"
#include "base/text.h"
#include "sql/alias.h"

namespace rynd::transform {

namespace {

using project::Resource;
using project::ResourceId;

bool is_sent(const Span& span) { return span.source && span.source->name() == "<sql>"; }

// The place in the user's files of what the engine points at; nothing, where the text is not the user's.
std::optional<Span> find_place(const Span& span, const Compiled& text) {
  const std::string_view sent = span.source->text();
  const size_t at = text.sql.empty() ? std::string_view::npos : sent.find(text.sql);
  if (at == std::string_view::npos || span.begin < at || span.begin >= at + text.sql.size()) return {};
  Span place = text.map.at(span.begin - static_cast<uint32_t>(at));
  if (!place) return {};
  // Text that was copied is underlined to its end; of an expression, all of it is.
  const std::string_view wanted = sent.substr(span.begin, span.end - span.begin);
  const std::string_view file = place.source->text();
  if (file.substr(std::min<size_t>(place.begin, file.size()), wanted.size()) == wanted) {
    place.end = place.begin + static_cast<uint32_t>(wanted.size());
  }
  return place;
}

// x of: column "x" ..., table "t" does not have a column named "x"
std::string quoted_name(std::string_view message) {
  if (const size_t named = message.find("column named "); named != std::string_view::npos)
    message = message.substr(named);
  const size_t open = message.find_first_of("\"'");
  if (open == std::string_view::npos) return {};
  const size_t close = message.find(message[open], open + 1);
  return close == std::string_view::npos ? std::string() : std::string(message.substr(open + 1, close - open - 1));
}

struct Parent {
  std::string name;
  std::vector<std::string> columns;
};

std::vector<Parent> parents_of(const Runtime::Parts& parts, const Resource& resource, engine::Connection& connection) {
  std::vector<Parent> result;
  for (ResourceId id : resource.depends_on) {
    const Resource& parent = parts.project.at(id);
    if (!parent.is_relation() || parent.is_ephemeral()) continue;
    const auto name = project::relation_name(parent, parts.project.root().settings.quoting);
    auto columns = connection.describe("select * from " + name.render());
    if (!columns) continue;
    auto& entry = result.emplace_back(Parent{parent.name, {}});
    for (const auto& column : *columns) entry.columns.push_back(column.name);
  }
  return result;
}

const Parent* nearest_parent(const std::vector<Parent>& parents, const std::string& column) {
  const auto found =
      std::ranges::find_if(parents, [&](const Parent& one) { return !nearest(column, one.columns, 1).empty(); });
  return found == parents.end() ? nullptr : &*found;
}

// The parent that has the nearest column; the only one, where none is near.
const Parent* likeliest(const std::vector<Parent>& parents, const std::string& column) {
  const Parent* parent = nearest_parent(parents, column);
  return parent || parents.size() != 1 ? parent : &parents.front();
}

// Of "orders.x", only the x is underlined.
void narrow(Span& span, const std::string& column) {
  if (!span || span.end > span.source->text().size() || span.end - span.begin <= column.size()) return;
  const std::string_view marked = span.source->text().substr(span.begin, span.end - span.begin);
  if (marked.ends_with("." + column)) span.begin = span.end - static_cast<uint32_t>(column.size());
}

// x of: Table "x" does not have a column named "y", Values list "x" does not ...; "" without.
std::string qualifier_of(std::string_view message) {
  const size_t end = message.find(" does not have a column named ");
  return end == std::string_view::npos ? std::string() : quoted_name(message.substr(0, end));
}

// What a qualified column was looked for in. Without columns, where it is no table and no expression of the query.
Parent qualified_parent(const std::string& qualifier, const Compiled* text, engine::Connection& connection) {
  const auto found = text ? sql::what_is(text->sql, qualifier) : std::nullopt;
  if (!found) return {qualifier, {}};
  const auto columns = connection.describe(found->query);
  if (!columns) return {qualifier, {}};
  constexpr std::string_view ephemeral = "__dbt__cte__";
  Parent parent{found->name.starts_with(ephemeral) ? found->name.substr(ephemeral.size()) : found->name, {}};
  for (const auto& column : *columns) parent.columns.push_back(column.name);
  return parent;
}

// "model 'a' selects 'x', which 'b' does not have", with b's columns.
void explain_column(const Runtime::Parts& parts, Diagnostic& error, const Resource& resource, const Compiled* text,
                    engine::Connection& connection) {
  const bool about_column =
      error.message.find("column") != std::string::npos || error.message.find("Column") != std::string::npos;
  const std::string column = quoted_name(error.message);
  if (error.code != Code::sql_binding || !about_column || column.empty()) return;
  if (error.message.find("not found") == std::string::npos && error.message.find("does not have") == std::string::npos)
    return;
  narrow(error.span, column);
  error.code = Code::column_missing;
  const auto type = project::name_of(resource.type);
  const std::string qualifier = qualifier_of(error.message);
  std::vector<Parent> parents = parents_of(parts, resource, connection);
  if (!qualifier.empty()) {
    Parent named = qualified_parent(qualifier, text, connection);
    // An expression that is all of a parent, "with orders as (select * from ...)", is the parent to its reader.
    const auto whole = std::ranges::find(parents, named.columns, &Parent::columns);
    parents = {whole == parents.end() ? std::move(named) : std::move(*whole)};
  }
  // What DuckDB found near may be no table's, but another part's of the query.
  const Parent* parent =
      error.label.empty() || !qualifier.empty() ? likeliest(parents, column) : nearest_parent(parents, column);
  if (!parent) {
    error.message = fmt::format("{} '{}' selects '{}', which none of its tables has", type, resource.name, column);
    if (!error.label.empty()) return;
    for (const auto& candidate : parents)
      error.notes.push_back(fmt::format("columns of {}: {}", candidate.name, join(candidate.columns, ", ")));
    return;
  }
  error.message =
      fmt::format("{} '{}' selects '{}', which '{}' does not have", type, resource.name, column, parent->name);
  if (error.label.empty()) error.label = did_you_mean(column, parent->columns);
  if (parent->columns.empty()) return;
  std::erase_if(error.notes, [](const auto& note) { return note.starts_with("candidates: "); });
  error.notes.insert(error.notes.begin(), fmt::format("columns of {}: {}", parent->name, join(parent->columns, ", ")));
}

// Whether static analysis found it, now or before anything ran.
bool was_known(const Runtime::Parts& parts, const Diagnostic& error, ResourceId id) {
  if (parts.binds_only) return true;
  const auto found = parts.known.find(id);
  return found != parts.known.end() && found->second.source == error.span.source &&
         found->second.begin == error.span.begin;
}

void count_dependants(const Runtime::Parts& parts, Diagnostic& error, const Resource& resource) {
  const ResourceId id = static_cast<ResourceId>(&resource - parts.project.resources.data());
  if (id >= parts.project.graph.size()) return;
  const ResourceId from[] = {id};
  const auto below = parts.project.graph.descendants(from);
  size_t models = 0;
  for (ResourceId other = 0; other < below.size(); ++other) {
    models += below[other] && parts.project.at(other).type == project::ResourceType::model;
  }
  std::vector<std::string> said;
  if (was_known(parts, error, id)) said.emplace_back("found before anything ran");
  if (models == 1) said.emplace_back("1 model depends on this one");
  if (models > 1) said.push_back(fmt::format("{} models depend on this one", models));
  if (!said.empty()) error.notes.push_back(join(said, "; "));
}

bool is_own(const Runtime::Parts& parts, const Span& span) {
  return std::ranges::any_of(parts.project.macros, [&](const project::Macro& macro) {
    return (macro.package == "dbt" || macro.package == "dbt_duckdb") && macro.span.source == span.source;
  });
}

// Places in the program's own macros tell nothing to who did not write them: the first of the user's is shown, or the
// node.
void leave_own_macros(const Runtime::Parts& parts, Diagnostic& error, const Resource* resource) {
  std::erase_if(error.related, [&](const Label& place) { return is_own(parts, place.span); });
  if (!error.span || !is_own(parts, error.span)) return;
  if (error.label.starts_with("in macro '")) error.label.clear();
  if (!error.related.empty()) {
    error.span = error.related.front().span;
    error.related.erase(error.related.begin());
  } else {
    error.span = resource ? resource->name_span : Span();
  }
}

}  // namespace

Diagnostic explain_error(const Runtime::Parts& parts, Diagnostic error, std::span<const Compiled* const> texts,
                         const Resource* resource, engine::Connection& connection) {
  leave_own_macros(parts, error, resource);
  if (!is_sent(error.span)) return error;
  const Compiled* from = nullptr;
  for (const Compiled* text : texts) {
    if (const auto place = text ? find_place(error.span, *text) : std::nullopt) {
      from = text;
      error.span = *place;
      // The macros between the file and the statement are the program's own; they explain nothing.
      error.related.clear();
      break;
    }
  }
  if (!resource) return error;
  explain_column(parts, error, *resource, from, connection);
  if (error.code == Code::sql_syntax && error.message.find("\";\"") != std::string::npos) {
    error.help = "a model is one SELECT, without a semicolon at its end";
  }
  if (error.code != Code::sql_interrupted) count_dependants(parts, error, *resource);
  return error;
}

}  // namespace rynd::transform

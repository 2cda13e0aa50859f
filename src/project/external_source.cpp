// External source: see the header.
#include "external_source.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.h"
#include "jinja/jinja.h"
#include "project/plugins.h"

namespace rynd::project {

namespace {

using jinja::Value;

// Keys that dbt knows of a source's configuration; all others can be put into the location.
constexpr std::array<std::string_view, 8> own_keys = {"enabled",         "event_time", "freshness", "loaded_at_field",
                                                      "loaded_at_query", "meta",       "tags",      "static_analysis"};

Value known_values(const Resource& source) {
  Value values = Value::dict();
  jinja::Dict& dict = values.as_dict();
  dict.set("name", Value(source.name));
  dict.set("identifier", Value(source.source->identifier));
  dict.set("schema", Value(source.schema));
  dict.set("database", source.database.empty() ? Value() : Value(source.database));
  dict.set("tags", Value::list(std::vector<Value>(source.tags.begin(), source.tags.end())));
  for (const Node* meta : {&source.source->source_meta, &source.meta}) {
    for (const auto& entry : meta->entries) dict.set(entry.key, jinja::from_node(entry.value));
  }
  for (const auto& entry : source.config.values().entries) {
    if (std::ranges::find(own_keys, entry.key) == own_keys.end()) dict.set(entry.key, jinja::from_node(entry.value));
  }
  return values;
}

// As Python evaluates an expression of `location` and `values`.
Result<std::string> evaluated(const char* expression, const std::string& location, const Value& values) {
  auto compiled = jinja::Environment().compile_expression(make_source("<external_location>", expression));
  if (!compiled) return fail(std::move(compiled.error().front()));
  auto value = jinja::evaluate(*compiled, jinja::make_context({{"location", Value(location)}, {"values", values}}));
  if (!value) return fail(std::move(value.error()));
  return value->str();
}

bool is_name_part(char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_'; }

// Python's string.Template: $name, ${name}, $$.
Result<std::string> substituted(const std::string& location, const Value& values) {
  std::string result;
  for (size_t at = 0; at < location.size(); ++at) {
    if (location[at] != '$') {
      result += location[at];
      continue;
    }
    if (location.substr(at + 1, 1) == "$") {
      result += '$';
      ++at;
      continue;
    }
    const bool braced = location.substr(at + 1, 1) == "{";
    const size_t begin = at + (braced ? 2 : 1);
    size_t end = begin;
    while (end < location.size() && is_name_part(location[end])) ++end;
    const std::string name = location.substr(begin, end - begin);
    const Value* value = name.empty() ? nullptr : values.as_dict().find(name);
    if (!value || (braced && location.substr(end, 1) != "}")) {
      return fail({.message = name.empty() ? "a '$' that no name follows" : fmt::format("there is no '{}'", name)});
    }
    result += value->str();
    at = braced ? end : end - 1;
  }
  return result;
}

std::string names_of(const Value& values) {
  std::vector<std::string> names;
  for (const auto& entry : values.as_dict().entries()) {
    if (!entry.key.is_missing()) names.push_back(entry.key.str());
  }
  return join(names, ", ");
}

}  // namespace

Result<std::string> external_location(const Resource& source) {
  const Value values = known_values(source);
  const Value* given = values.as_dict().find("external_location");
  if (!given || !given->is_string() || !plugin_of(source).empty()) return std::string();
  const std::string location = given->str();
  const Value* asked = values.as_dict().find("formatter");
  const std::string formatter = asked && asked->is_string() ? asked->str() : "newstyle";
  const std::string what =
      fmt::format("'external_location' of source '{}.{}'", source.source->source_name, source.name);
  if (formatter != "newstyle" && formatter != "oldstyle" && formatter != "template") {
    return fail(
        {.code = Code::config_wrong,
         .message = fmt::format("'formatter' beside {} is newstyle, oldstyle or template, not '{}'", what, formatter),
         .span = source.name_span});
  }
  auto filled = formatter == "oldstyle"   ? evaluated("location % values", location, values)
                : formatter == "template" ? substituted(location, values)
                                          : evaluated("location.format(**values)", location, values);
  if (!filled) {
    return fail({.code = Code::config_wrong,
                 .message = fmt::format("{} cannot be filled in: {}", what, filled.error().message),
                 .span = source.name_span,
                 .notes = {"it is: " + location, "known there: " + names_of(values)}});
  }
  // A call, or a text that is quoted already, stands as it is.
  const bool quoted = filled->find('(') != std::string::npos || filled->starts_with('\'');
  return quoted ? std::move(*filled) : "'" + *filled + "'";
}

}  // namespace rynd::project

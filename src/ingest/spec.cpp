// Spec: the keys of ingest/*.yml in one table; checking, suggestions and the test of the manual's page are made from
// it.
#include "spec.h"

#include <algorithm>
#include <array>
#include <string>

#include "base/suggest.h"
#include "base/text.h"

namespace rynd::ingest {
namespace {

constexpr std::array all_keys = std::to_array<Key>({
    {Scope::source, "type", Kind::choice, "files|rest", true},
    {Scope::source, "name", Kind::text},
    {Scope::source, "schema", Kind::text},
    {Scope::source, "description", Kind::text},
    {Scope::source, "client", Kind::mapping},
    {Scope::source, "resource_defaults", Kind::mapping},
    {Scope::source, "resources", Kind::list},

    {Scope::client, "base_url", Kind::text},
    {Scope::client, "headers", Kind::mapping},
    {Scope::client, "auth", Kind::mapping},
    {Scope::client, "paginator", Kind::any},
    {Scope::client, "request_timeout", Kind::number},
    {Scope::client, "request_max_attempts", Kind::integer},
    {Scope::client, "request_backoff_factor", Kind::number},
    {Scope::client, "request_max_retry_delay", Kind::number},

    {Scope::auth, "type", Kind::choice, "bearer|api_key|http_basic|oauth2_client_credentials", true},
    {Scope::auth, "token", Kind::text},
    {Scope::auth, "api_key", Kind::text},
    {Scope::auth, "name", Kind::text},
    {Scope::auth, "location", Kind::choice, "header|query|cookie"},
    {Scope::auth, "username", Kind::text},
    {Scope::auth, "password", Kind::text},
    {Scope::auth, "access_token_url", Kind::text},
    {Scope::auth, "client_id", Kind::text},
    {Scope::auth, "client_secret", Kind::text},
    {Scope::auth, "access_token_request_data", Kind::mapping},

    {Scope::resource, "name", Kind::text},
    {Scope::resource, "description", Kind::text},
    {Scope::resource, "write_disposition", Kind::choice, "append|replace|merge"},
    {Scope::resource, "primary_key", Kind::texts},
    {Scope::resource, "columns", Kind::mapping},
    {Scope::resource, "schema_contract", Kind::any},
    {Scope::resource, "on_error", Kind::choice, "fail|quarantine"},
    {Scope::resource, "on_missing", Kind::choice, "fail|warn|ignore"},
    {Scope::resource, "partition", Kind::mapping},
    {Scope::resource, "naming", Kind::choice, "snake_case|direct"},
    {Scope::resource, "selected", Kind::boolean},
    {Scope::resource, "path", Kind::texts},
    {Scope::resource, "format", Kind::choice, "csv|json|ndjson|parquet"},
    {Scope::resource, "compression", Kind::choice, "none|gzip|zstd"},
    {Scope::resource, "member", Kind::text},
    {Scope::resource, "csv", Kind::mapping},
    {Scope::resource, "data_selector", Kind::text},
    {Scope::resource, "zip_arrays", Kind::boolean},
    {Scope::resource, "endpoint", Kind::any},
    {Scope::resource, "include_from_parent", Kind::texts},

    {Scope::column, "data_type", Kind::text},
    {Scope::column, "nullable", Kind::boolean},
    {Scope::column, "description", Kind::text},

    {Scope::schema_contract, "columns", Kind::choice, "evolve|freeze"},
    {Scope::schema_contract, "data_type", Kind::choice, "evolve|freeze"},

    {Scope::csv, "delimiter", Kind::text},
    {Scope::csv, "quote", Kind::text},
    {Scope::csv, "escape", Kind::text},
    {Scope::csv, "header", Kind::boolean},
    {Scope::csv, "skip", Kind::integer},
    {Scope::csv, "null_values", Kind::texts},
    {Scope::csv, "date_format", Kind::text},
    {Scope::csv, "timestamp_format", Kind::text},
    {Scope::csv, "decimal_separator", Kind::choice, ".|,"},
    {Scope::csv, "encoding", Kind::choice, "utf-8|utf-16|latin-1"},

    {Scope::partition, "by", Kind::choice, "day|month|year|values", true},
    {Scope::partition, "from", Kind::text},
    {Scope::partition, "to", Kind::text},
    {Scope::partition, "values", Kind::texts},

    {Scope::endpoint, "path", Kind::text},
    {Scope::endpoint, "method", Kind::choice, "GET|POST"},
    {Scope::endpoint, "params", Kind::mapping},
    {Scope::endpoint, "json", Kind::mapping},
    {Scope::endpoint, "headers", Kind::mapping},
    {Scope::endpoint, "data_selector", Kind::text},
    {Scope::endpoint, "zip_arrays", Kind::boolean},
    {Scope::endpoint, "paginator", Kind::any},
    {Scope::endpoint, "incremental", Kind::mapping},
    {Scope::endpoint, "response_actions", Kind::list},

    {Scope::incremental, "cursor_path", Kind::text, "", true},
    {Scope::incremental, "initial_value", Kind::text},
    {Scope::incremental, "end_value", Kind::text},
    {Scope::incremental, "start_param", Kind::text},
    {Scope::incremental, "end_param", Kind::text},
    {Scope::incremental, "lag", Kind::number},
    {Scope::incremental, "on_cursor_value_missing", Kind::choice, "raise|include|exclude"},

    {Scope::response_action, "status_code", Kind::integer},
    {Scope::response_action, "content", Kind::text},
    {Scope::response_action, "action", Kind::choice, "ignore", true},
});

constexpr std::array all_paginator_keys = std::to_array<PaginatorKey>({
    {"single_page", "", ""},
    {"auto", "", ""},
    {"page_number", "base_page", "0"},
    {"page_number", "page", ""},
    {"page_number", "page_param", "page"},
    {"page_number", "page_body_path", ""},
    {"page_number", "total_path", "total"},
    {"page_number", "maximum_page", ""},
    {"page_number", "stop_after_empty_page", "true"},
    {"page_number", "has_more_path", ""},
    {"offset", "limit", ""},
    {"offset", "offset", "0"},
    {"offset", "offset_param", "offset"},
    {"offset", "limit_param", "limit"},
    {"offset", "offset_body_path", ""},
    {"offset", "limit_body_path", ""},
    {"offset", "total_path", "total"},
    {"offset", "maximum_offset", ""},
    {"offset", "stop_after_empty_page", "true"},
    {"offset", "has_more_path", ""},
    {"cursor", "cursor_path", "cursors.next"},
    {"cursor", "cursor_param", "cursor"},
    {"cursor", "cursor_body_path", ""},
    {"cursor", "stop_after_empty_page", "false"},
    {"cursor", "has_more_path", ""},
    {"header_cursor", "cursor_key", "next"},
    {"header_cursor", "cursor_param", "cursor"},
    {"header_link", "links_next_key", "next"},
    {"json_link", "next_url_path", "next"},
});

std::string_view kind_name(Kind kind) {
  switch (kind) {
    case Kind::text:
      return "a text";
    case Kind::texts:
      return "a text or a list of texts";
    case Kind::boolean:
      return "true or false";
    case Kind::integer:
      return "a whole number";
    case Kind::number:
      return "a number";
    case Kind::mapping:
      return "a mapping";
    case Kind::list:
      return "a list";
    case Kind::choice:
    case Kind::any:
      break;
  }
  return "";
}

bool is_word(const Node& node) { return node.is_scalar() && !node.is_null(); }

// Numbers written in a text count, for a value from the environment is always one.
bool is_number(const Node& node, bool whole) {
  if (node.kind == Node::Kind::integer || (!whole && node.kind == Node::Kind::real)) return true;
  std::string_view digits = whole ? "0123456789" : "0123456789.";
  return node.is_string() && !node.text.empty() && node.text.find_first_not_of(digits) == std::string::npos;
}

bool fits(const Node& node, Kind kind) {
  switch (kind) {
    case Kind::text:
      return is_word(node);
    case Kind::texts:
      return is_word(node) || (node.is_sequence() && std::all_of(node.items.begin(), node.items.end(), is_word));
    case Kind::boolean:
      return node.kind == Node::Kind::boolean || node.text == "true" || node.text == "false";
    case Kind::integer:
      return is_number(node, true);
    case Kind::number:
      return is_number(node, false);
    case Kind::mapping:
      return node.is_mapping();
    case Kind::list:
      return node.is_sequence();
    case Kind::choice:
    case Kind::any:
      return true;
  }
  return true;
}

void check_value(const Document& document, const Key& key, const Node& value, Diagnostics& problems) {
  if (key.kind == Kind::choice) {
    auto choices = split(key.choices, '|');
    if (value.is_scalar() && std::find(choices.begin(), choices.end(), value.text) != choices.end()) return;
    problems.push_back({.code = Code::ingest_wrong_value,
                        .message = value.is_scalar() && !value.is_null()
                                       ? "there is no " + std::string(key.name) + " '" + value.text + "'"
                                       : "'" + std::string(key.name) + "' must be one of " + join(choices, ", "),
                        .span = document.span(value),
                        .label = did_you_mean(value.text, choices),
                        .notes = {"it is one of: " + join(choices, ", ")}});
  } else if (!fits(value, key.kind)) {
    problems.push_back({.code = Code::ingest_wrong_value,
                        .message = "'" + std::string(key.name) + "' must be " + std::string(kind_name(key.kind)),
                        .span = document.span(value)});
  }
}

}  // namespace

std::span<const Key> spec() { return all_keys; }
std::span<const PaginatorKey> paginator_keys() { return all_paginator_keys; }

std::string_view scope_name(Scope scope) {
  switch (scope) {
    case Scope::source:
      return "a source";
    case Scope::client:
      return "'client'";
    case Scope::auth:
      return "'auth'";
    case Scope::resource:
      return "a resource";
    case Scope::column:
      return "a column";
    case Scope::schema_contract:
      return "'schema_contract'";
    case Scope::csv:
      return "'csv'";
    case Scope::partition:
      return "'partition'";
    case Scope::endpoint:
      return "'endpoint'";
    case Scope::paginator:
      return "'paginator'";
    case Scope::incremental:
      return "'incremental'";
    case Scope::response_action:
      return "a response action";
  }
  return "";
}

bool check(const Document& document, const Node& node, Scope scope, Diagnostics& problems,
           std::span<const Scope> also) {
  if (!node.is_mapping()) {
    problems.push_back({.code = Code::ingest_wrong_value,
                        .message = std::string(scope_name(scope)) + " must be a mapping",
                        .span = document.span(node)});
    return false;
  }
  size_t before = problems.size();
  auto allowed = [&](const Key& key) {
    return key.scope == scope || std::find(also.begin(), also.end(), key.scope) != also.end();
  };
  std::vector<std::string> names;
  for (const auto& key : all_keys) {
    if (allowed(key)) names.emplace_back(key.name);
    if (key.scope == scope && key.required && !node.find(key.name)) {
      problems.push_back({.code = Code::ingest_missing_key,
                          .message = std::string(scope_name(scope)) + " needs the key '" + std::string(key.name) + "'",
                          .span = {document.source, node.begin, node.begin}});
    }
  }
  for (const auto& entry : node.entries) {
    auto key = std::find_if(all_keys.begin(), all_keys.end(),
                            [&](const Key& known) { return allowed(known) && known.name == entry.key; });
    if (key != all_keys.end()) {
      check_value(document, *key, entry.value, problems);
      continue;
    }
    Diagnostic unknown{.code = Code::ingest_unknown_key,
                       .message = std::string(scope_name(scope)) + " has no key '" + entry.key + "'",
                       .span = document.key_span(entry),
                       .label = did_you_mean(entry.key, names)};
    if (unknown.label.empty()) unknown.notes = {"its keys: " + join(names, ", ")};
    problems.push_back(std::move(unknown));
  }
  return problems.size() == before;
}

}  // namespace rynd::ingest

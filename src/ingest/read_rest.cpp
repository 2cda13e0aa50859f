// Reading the REST parts of a source's file: client, authentication, paginators, endpoints.
#include "read_rest.h"

#include <algorithm>
#include <set>

#include "base/suggest.h"
#include "base/text.h"
#include "read_values.h"
#include "spec.h"

namespace rynd::ingest {
namespace {

void needs(const Document& document, const Node& node, const std::string& type, std::initializer_list<const char*> keys,
           Diagnostics& problems) {
  for (const char* key : keys) {
    if (node.find(key)) continue;
    problems.push_back({.code = Code::ingest_missing_key,
                        .message = "the type '" + type + "' needs the key '" + key + "'",
                        .span = {document.source, node.begin, node.begin}});
  }
}

Auth read_auth(const Document& document, const Node& node, Diagnostics& problems) {
  Auth auth;
  if (!check(document, node, Scope::auth, problems)) return auth;
  std::string type = text_of(node, "type");
  if (type == "bearer") {
    auth.kind = Auth::Kind::bearer;
    needs(document, node, type, {"token"}, problems);
  } else if (type == "api_key") {
    auth.kind = Auth::Kind::api_key;
    needs(document, node, type, {"api_key"}, problems);
  } else if (type == "http_basic") {
    auth.kind = Auth::Kind::http_basic;
    needs(document, node, type, {"username", "password"}, problems);
  } else {
    auth.kind = Auth::Kind::oauth2;
    needs(document, node, type, {"access_token_url", "client_id", "client_secret"}, problems);
  }
  auth.token = text_of(node, "token");
  auth.api_key = text_of(node, "api_key");
  auth.name = text_of(node, "name", "Authorization");
  auth.location = text_of(node, "location", "header");
  auth.username = text_of(node, "username");
  auth.password = text_of(node, "password");
  auth.access_token_url = text_of(node, "access_token_url");
  auth.client_id = text_of(node, "client_id");
  auth.client_secret = text_of(node, "client_secret");
  auth.request_data = pairs_of(node, "access_token_request_data");
  return auth;
}

Incremental read_incremental(const Node& node) {
  Incremental incremental;
  incremental.cursor_path = text_of(node, "cursor_path");
  incremental.start_param = text_of(node, "start_param");
  incremental.end_param = text_of(node, "end_param");
  if (node.find("initial_value")) incremental.initial_value = text_of(node, "initial_value");
  if (node.find("end_value")) incremental.end_value = text_of(node, "end_value");
  incremental.lag = number_of(node, "lag", 0);
  incremental.on_missing = text_of(node, "on_cursor_value_missing", "raise");
  return incremental;
}

// dlt's parameter {type: resolve, resource, field}: fills {name} in the path, or is sent as a parameter.
void read_resolve(const Document& document, const Entry& entry, Resource& resource, Diagnostics& problems) {
  const Node& node = entry.value;
  std::string parent = text_of(node, "resource"), field = text_of(node, "field");
  if (parent.empty() || field.empty()) {
    problems.push_back({.code = Code::ingest_missing_key,
                        .message = "a parameter of type 'resolve' needs the keys 'resource' and 'field'",
                        .span = document.key_span(entry)});
    return;
  }
  std::string value = "{resources." + parent + "." + field + "}", hole = "{" + entry.key + "}";
  auto& path = resource.endpoint.path;
  if (path.find(hole) != std::string::npos) {
    path = replace_all(path, hole, value);
  } else {
    Node text = Node::of(value);
    text.begin = node.begin;
    text.end = node.end;
    resource.endpoint.params.emplace_back(entry.key, std::move(text));
  }
}

void read_params(const Document& document, const Node& params, Resource& resource, Diagnostics& problems) {
  for (const auto& entry : params.entries) {
    std::string type = entry.value.is_mapping() ? text_of(entry.value, "type") : "";
    if (type == "resolve") {
      read_resolve(document, entry, resource, problems);
    } else if (type == "incremental") {
      Node rest = entry.value;
      erase_if(rest.entries, [](const Entry& e) { return e.key == "type"; });
      if (!check(document, rest, Scope::incremental, problems)) continue;
      resource.endpoint.incremental = read_incremental(rest);
      resource.endpoint.incremental->start_param = entry.key;
    } else if (entry.value.is_mapping()) {
      problems.push_back({.code = Code::ingest_wrong_value,
                          .message = "a parameter is a value, a list, or a mapping of type 'resolve' or 'incremental'",
                          .span = document.span(entry.value)});
    } else {
      resource.endpoint.params.emplace_back(entry.key, entry.value);
    }
  }
}

void read_actions(const Document& document, const Node& list, Endpoint& endpoint, Diagnostics& problems) {
  for (const auto& item : list.items) {
    if (!check(document, item, Scope::response_action, problems)) continue;
    ResponseAction action;
    if (item.find("status_code")) action.status = static_cast<int>(number_of(item, "status_code", 0));
    action.content = text_of(item, "content");
    endpoint.response_actions.push_back(std::move(action));
  }
}

}  // namespace

Client read_client(const Document& document, const Node& node, Diagnostics& problems) {
  Client client;
  if (!check(document, node, Scope::client, problems)) return client;
  client.base_url = text_of(node, "base_url");
  client.headers = pairs_of(node, "headers");
  if (const Node* auth = node.find("auth")) client.auth = read_auth(document, *auth, problems);
  if (const Node* paginator = node.find("paginator")) client.paginator = read_paginator(document, *paginator, problems);
  client.timeout = number_of(node, "request_timeout", 60);
  client.max_attempts = std::max(1, static_cast<int>(number_of(node, "request_max_attempts", 5)));
  client.backoff_factor = number_of(node, "request_backoff_factor", 1);
  client.max_retry_delay = number_of(node, "request_max_retry_delay", 300);
  return client;
}

Paginator read_paginator(const Document& document, const Node& node, Diagnostics& problems) {
  Paginator paginator;
  paginator.type = node.is_mapping() ? text_of(node, "type", "auto") : node.text;
  std::vector<std::string> types, keys;
  for (const auto& key : paginator_keys()) {
    if (types.empty() || types.back() != key.type) types.emplace_back(key.type);
    if (key.type != paginator.type || key.name.empty()) continue;
    keys.emplace_back(key.name);
    paginator.options[std::string(key.name)] = key.fallback;
  }
  if (std::find(types.begin(), types.end(), paginator.type) == types.end()) {
    const Node* type = node.find("type");
    problems.push_back({.code = Code::ingest_wrong_value,
                        .message = "there is no paginator '" + paginator.type + "'",
                        .span = document.span(type ? *type : node),
                        .label = did_you_mean(paginator.type, types),
                        .notes = {"paginators: " + join(types, ", ")}});
    return {};
  }
  for (const auto& entry : node.entries) {
    if (entry.key == "type") continue;
    if (std::find(keys.begin(), keys.end(), entry.key) == keys.end()) {
      problems.push_back({.code = Code::ingest_unknown_key,
                          .message = "the paginator '" + paginator.type + "' has no key '" + entry.key + "'",
                          .span = document.key_span(entry),
                          .label = did_you_mean(entry.key, keys)});
    } else {
      paginator.options[entry.key] = entry.value.is_null() ? "" : entry.value.text;
    }
  }
  if (paginator.type == "offset" && paginator.options["limit"].empty())
    needs(document, node, "offset", {"limit"}, problems);
  return paginator;
}

void read_endpoint(const Document& document, const Node& node, Resource& resource, Diagnostics& problems) {
  Endpoint& endpoint = resource.endpoint;
  endpoint.path = resource.name;
  if (node.is_scalar()) {
    if (!node.is_null()) endpoint.path = node.text;
    return;
  }
  if (!check(document, node, Scope::endpoint, problems)) return;
  endpoint.path = text_of(node, "path", resource.name);
  endpoint.method = text_of(node, "method", "GET");
  if (const Node* params = node.find("params")) read_params(document, *params, resource, problems);
  if (const Node* json = node.find("json")) endpoint.json = *json;
  endpoint.headers = pairs_of(node, "headers");
  if (node.find("data_selector")) resource.data_selector = text_of(node, "data_selector");
  resource.zip_arrays = flag_of(node, "zip_arrays", resource.zip_arrays);
  if (const Node* paginator = node.find("paginator")) {
    endpoint.paginator = read_paginator(document, *paginator, problems);
  }
  if (const Node* incremental = node.find("incremental")) {
    if (check(document, *incremental, Scope::incremental, problems))
      endpoint.incremental = read_incremental(*incremental);
  }
  if (const Node* actions = node.find("response_actions")) read_actions(document, *actions, endpoint, problems);
}

}  // namespace rynd::ingest

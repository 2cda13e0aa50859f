// Spec: the keys of ingest/*.yml in one table; checking, suggestions and the test of the manual's page are made from
// it.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "base/diagnostic.h"
#include "base/node.h"

namespace rynd::ingest {

enum class Scope : uint8_t {
  source,
  client,
  auth,
  resource,
  column,
  schema_contract,
  csv,
  partition,
  endpoint,
  paginator,
  incremental,
  response_action
};
// What a key's value may be. `texts` is a text or a list of texts; `any` is checked where it is read.
enum class Kind : uint8_t { text, texts, boolean, integer, number, choice, mapping, list, any };

struct Key {
  Scope scope;
  std::string_view name;
  Kind kind;
  std::string_view choices = "";  // kind choice: "a|b|c"
  bool required = false;
};

std::span<const Key> spec();
std::string_view scope_name(Scope scope);  // "a resource"

// Checks a mapping against the keys of a scope: unknown keys with the nearest names, missing ones, wrong kinds of
// values. `also` is a second scope whose keys are allowed too. False where the node is no mapping or something was
// wrong.
bool check(const Document& document, const Node& node, Scope scope, Diagnostics& problems,
           std::span<const Scope> also = {});

// What dlt's paginators take, and their defaults; an unknown type has none.
struct PaginatorKey {
  std::string_view type, name, fallback;
};
std::span<const PaginatorKey> paginator_keys();

}  // namespace rynd::ingest

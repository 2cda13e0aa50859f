// Source: what an ingest/*.yml says, as plain data. docs/formats/ingest.md tells each key.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/diagnostic.h"
#include "base/node.h"

namespace rynd::ingest {

enum class SourceType : uint8_t { files, rest };
enum class Disposition : uint8_t { append, replace, merge };
enum class OnError : uint8_t { fail, quarantine };
enum class OnMissing : uint8_t { fail, warn, ignore };
enum class Contract : uint8_t { evolve, freeze };
enum class Naming : uint8_t { snake_case, direct };
enum class PartitionBy : uint8_t { day, month, year, values };

struct ColumnHint {
  std::string name;
  std::string type;  // the warehouse's; empty: found by looking
  bool nullable = true;
  std::string description;
  Span span;
};

struct Partitioning {
  PartitionBy by = PartitionBy::month;
  std::string from, to;             // "" for `to`: the last that is over
  std::vector<std::string> values;  // by: values
  Span span;
};

struct CsvOptions {
  std::string delimiter, quote = "\"", escape = "\"", date_format, timestamp_format, decimal_separator, encoding;
  bool header = true;
  int64_t skip = 0;
  std::vector<std::string> null_values;
};

struct FileOptions {
  std::vector<std::string> paths;
  std::string format;       // "": by the name
  std::string compression;  // "": by the name
  std::string member;
  CsvOptions csv;
};

struct Paginator {
  std::string type = "auto";
  // The keys of its type with their defaults, as text; numbers and booleans as YAML writes them.
  std::map<std::string, std::string> options;
};

struct Incremental {
  std::string cursor_path, start_param, end_param;
  std::optional<std::string> initial_value, end_value;
  double lag = 0;
  std::string on_missing = "raise";
};

struct ResponseAction {
  std::optional<int> status;
  std::string content;
};

struct Endpoint {
  std::string path;
  std::string method = "GET";
  std::vector<std::pair<std::string, Node>> params;
  std::optional<Node> json;
  std::vector<std::pair<std::string, std::string>> headers;
  std::optional<Paginator> paginator;
  std::optional<Incremental> incremental;
  std::vector<ResponseAction> response_actions;
};

struct Resource {
  std::string name;
  std::string description;
  Span span;  // of its name
  Disposition disposition = Disposition::append;
  std::vector<std::string> primary_key;
  std::vector<ColumnHint> columns;
  Contract columns_contract = Contract::evolve, type_contract = Contract::evolve;
  OnError on_error = OnError::fail;
  OnMissing on_missing = OnMissing::fail;
  Naming naming = Naming::snake_case;
  bool selected = true;
  std::optional<Partitioning> partition;
  std::string data_selector;
  bool zip_arrays = false;
  FileOptions files;
  Endpoint endpoint;
  std::string parent;  // the resource its placeholders name; "": none
  std::vector<std::string> include_from_parent;
};

struct Auth {
  enum class Kind : uint8_t { none, bearer, api_key, http_basic, oauth2 };
  Kind kind = Kind::none;
  std::string token, api_key, name = "Authorization", location = "header";
  std::string username, password;
  std::string access_token_url, client_id, client_secret;
  std::vector<std::pair<std::string, std::string>> request_data;
};

struct Client {
  std::string base_url;
  std::vector<std::pair<std::string, std::string>> headers;
  Auth auth;
  Paginator paginator;
  double timeout = 60, backoff_factor = 1, max_retry_delay = 300;  // seconds
  int max_attempts = 5;
};

// A value that came from the environment, and what is printed instead of it.
struct Secret {
  std::string value;
  std::string name;
};

struct Source {
  std::string name;
  std::string schema = "raw";
  std::string description;
  std::string file;  // relative to the project
  SourceType type = SourceType::files;
  Client client;
  std::vector<Resource> resources;
  std::vector<Secret> secrets;

  const Resource* find(std::string_view resource) const;
};

struct Sources {
  std::vector<Source> all;

  const Source* find(std::string_view name) const;
};

}  // namespace rynd::ingest

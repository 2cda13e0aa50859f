// Inspect: looks at a URL or a file as a load would, and writes the YAML that would load it.
#include <algorithm>

#include "base/text.h"
#include "base/yaml.h"
#include "connector.h"
#include "connectors/formats.h"
#include "ingest/ingest.h"

namespace rynd::ingest {
namespace {

// Rows that are looked at.
constexpr int64_t sample_rows = 1000;

std::string resource_name(std::string_view path) {
  path = path.substr(0, path.find_first_of("?#"));
  while (path.ends_with('/')) path.remove_suffix(1);
  std::string name(path.substr(path.rfind('/') + 1));
  name = column_name(name.substr(0, name.find('.')), Naming::snake_case);
  return name == "_empty" || name.empty() ? "data" : name;
}

std::string decode(std::string_view text) {
  std::string decoded;
  for (size_t i = 0; i < text.size(); ++i) {
    auto digit = [&](size_t at) {
      size_t value = std::string_view("0123456789abcdef").find(static_cast<char>(text[at] | 32));
      return value == std::string_view::npos && text[at] >= '0' && text[at] <= '9' ? static_cast<size_t>(text[at] - '0')
                                                                                   : value;
    };
    if (text[i] == '%' && i + 2 < text.size() && digit(i + 1) < 16 && digit(i + 2) < 16) {
      decoded += static_cast<char>(digit(i + 1) * 16 + digit(i + 2));
      i += 2;
    } else {
      decoded += text[i] == '+' ? ' ' : text[i];
    }
  }
  return decoded;
}

// A brace of the URL stands for itself.
std::string as_template(std::string_view text) { return replace_all(replace_all(text, "{", "{{"), "}", "}}"); }

Source rest_source(std::string_view url) {
  Source source{.name = "inspected", .type = SourceType::rest};
  size_t authority = url.find("://") + 3;
  size_t path = std::min(url.find('/', authority), url.size());
  size_t query = std::min(url.find('?'), url.size());
  source.client.base_url = std::string(url.substr(0, std::min(path, query)));
  Resource resource{.name = resource_name(url.substr(std::min(authority, url.size())))};
  if (path < query) resource.endpoint.path = as_template(url.substr(path + 1, query - path - 1));
  if (query < url.size()) {
    for (const auto& pair : split(url.substr(query + 1, url.find('#') - query - 1), '&')) {
      size_t equals = pair.find('=');
      if (pair.empty()) continue;
      std::string value = equals == std::string::npos ? "" : decode(pair.substr(equals + 1));
      resource.endpoint.params.emplace_back(decode(pair.substr(0, equals)), Node::of(as_template(value)));
    }
  }
  source.resources.push_back(std::move(resource));
  return source;
}

Source file_source(std::string_view path) {
  Source source{.name = "inspected"};
  Resource resource{.name = resource_name(path)};
  resource.files.paths = {std::string(path)};
  source.resources.push_back(std::move(resource));
  return source;
}

Node described(const Source& source, const Stage& stage) {
  const Resource& resource = source.resources.front();
  Node node = Node::map(), item = Node::map();
  bool rest = source.type == SourceType::rest;
  node.set("type", Node::of(rest ? "rest" : "files"));
  item.set("name", Node::of(resource.name));
  if (rest) {
    node.set("client", Node::map()).set("base_url", Node::of(source.client.base_url));
    Node& endpoint = item.set("endpoint", Node::map());
    endpoint.set("path", Node::of(resource.endpoint.path));
    if (!resource.endpoint.params.empty()) {
      Node& params = endpoint.set("params", Node::map());
      for (const auto& [name, value] : resource.endpoint.params) params.set(name, value);
    }
  } else {
    item.set("path", Node::of(resource.files.paths.front()));
  }
  item.set("write_disposition", Node::of("replace"));
  Node& columns = item.set("columns", Node::map());
  for (const auto& column : stage.columns()) columns.set(column.name, Node::of(lower(column.type)));
  Node& resources = node.set("resources", Node::list());
  resources.items.push_back(std::move(item));
  return node;
}

}  // namespace

Result<std::string> inspect(std::string_view url_or_file, engine::Connection& connection, World& world,
                            std::stop_token stop) {
  bool is_api = is_url(url_or_file) && format_of({}, url_or_file.substr(0, url_or_file.find('?'))).empty() &&
                !url_or_file.substr(0, url_or_file.find('?')).ends_with(".zip");
  Source source = is_api ? rest_source(url_or_file) : file_source(url_or_file);
  const Resource& resource = source.resources.front();
  std::filesystem::path here = std::filesystem::path(".");
  std::vector<Part> parts = parts_of(source, resource, here, world);
  std::stop_callback interrupt(stop, [&] { connection.interrupt(); });
  if (auto begun = connection.begin(); !begun) return fail(begun.error());
  Types types(connection);
  Stage stage(connection, types, resource, {});
  Job job{.source = source,
          .resource = resource,
          .part = parts.front(),
          .project = here,
          .connection = connection,
          .world = world,
          .stop = stop,
          .start = {},
          .parent_load_id = "",
          .limit = sample_rows,
          .progress = {}};
  Result<Outcome> outcome;
  if (auto cleared = stage.clear(); !cleared)
    outcome = fail(cleared.error());
  else
    outcome = is_api ? read_rest(job, stage) : read_files(job, stage);
  (void)connection.rollback();
  if (!outcome) return fail(outcome.error());
  if (!outcome->missing.empty()) return fail({.code = Code::ingest_missing, .message = outcome->missing});
  return yaml::write(described(source, stage));
}

}  // namespace rynd::ingest

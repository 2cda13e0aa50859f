// Reading ingest/*.yml: each file a source, all mistakes of all files at once.
#include <algorithm>
#include <cstdlib>
#include <set>

#include "base/suggest.h"
#include "base/text.h"
#include "base/yaml.h"
#include "environment.h"
#include "ingest/ingest.h"
#include "partition.h"
#include "placeholders.h"
#include "read_rest.h"
#include "read_values.h"
#include "spec.h"

namespace rynd::ingest {
namespace {

// What `node` leaves out is taken from `defaults`, mapping by mapping.
void inherit(Node& node, const Node& defaults) {
  for (const auto& entry : defaults.entries) {
    Node* own = nullptr;
    for (auto& known : node.entries) {
      if (known.key == entry.key) own = &known.value;
    }
    if (own == nullptr)
      node.entries.push_back(entry);
    else if (own->is_mapping() && entry.value.is_mapping())
      inherit(*own, entry.value);
  }
}

class FileReader {
 public:
  FileReader(Document document, Diagnostics& problems) : document_(std::move(document)), problems_(problems) {}

  Source source(std::string file, std::string stem, Process& process) {
    Source source;
    source.file = std::move(file);
    expand_environment(document_, process, source.secrets, problems_);
    const Node& root = document_.root;
    std::array<Scope, 1> flat{Scope::resource};
    bool is_flat = root.find("resources") == nullptr && text_of(root, "type") == "files";
    bool sound = check(document_, root, Scope::source, problems_,
                       is_flat ? std::span<const Scope>(flat) : std::span<const Scope>());
    source.name = text_of(root, "name", std::move(stem));
    source.schema = text_of(root, "schema", "raw");
    source.description = text_of(root, "description");
    source.type = text_of(root, "type") == "rest" ? SourceType::rest : SourceType::files;
    if (!root.is_mapping()) return source;
    if (const Node* client = root.find("client"); client && client->is_mapping()) {
      source.client = read_client(document_, *client, problems_);
    }
    // Without a usable type, what is said of resources would only repeat it.
    std::string type = text_of(root, "type");
    if (!sound && type != "files" && type != "rest") return source;
    if (is_flat)
      resources_flat(source);
    else
      resources(source);
    for (auto& resource : source.resources) check_placeholders(source, resource);
    check_parents(source);
    return source;
  }

 private:
  void problem(Code code, std::string message, Span span, std::string label = "", std::string help = "") {
    problems_.push_back({.code = code,
                         .message = std::move(message),
                         .span = std::move(span),
                         .label = std::move(label),
                         .help = std::move(help)});
  }

  void resources_flat(Source& source) {
    Node node = document_.root;
    erase_if(node.entries, [](const Entry& entry) {
      return entry.key == "type" || entry.key == "schema" || entry.key == "client" ||
             entry.key == "resource_defaults" || entry.key == "name";
    });
    const Entry* type = document_.root.find_entry("type");
    Span where = type ? document_.key_span(*type) : document_.span(document_.root);
    source.resources.push_back(resource(source, node, source.name, where));
  }

  void resources(Source& source) {
    const Node* list = document_.root.find("resources");
    const Node* defaults = document_.root.find("resource_defaults");
    if (list == nullptr || !list->is_sequence() || list->items.empty()) {
      const Entry* entry = document_.root.find_entry("resources");
      if (!list || list->is_sequence()) {
        problem(Code::ingest_missing_key, "the source '" + source.name + "' has no resources",
                entry ? document_.key_span(*entry) : document_.span(document_.root));
      }
      return;
    }
    for (const auto& item : list->items) {
      Node node = item;
      if (item.is_string()) {
        node = Node::map();
        node.begin = item.begin;
        node.end = item.end;
        node.set("name", item);
      }
      const Node* name = node.find("name");
      if (node.is_mapping() && (!name || name->text.empty())) {
        problem(Code::ingest_missing_key, "a resource needs the key 'name'",
                {document_.source, item.begin, item.begin});
        continue;
      }
      Span where = document_.span(name ? *name : item);
      std::string of_list = name ? name->text : "";
      if (defaults && node.is_mapping()) inherit(node, *defaults);
      Resource read = resource(source, node, std::move(of_list), where);
      if (const Resource* first = source.find(read.name)) {
        problem(Code::ingest_duplicate_name, "the source '" + source.name + "' has two resources '" + read.name + "'",
                where);
        problems_.back().related.push_back({first->span, "first here"});
        continue;
      }
      source.resources.push_back(std::move(read));
    }
  }

  Resource resource(const Source& source, const Node& node, std::string name, Span where) {
    Resource resource;
    resource.name = std::move(name);
    resource.span = std::move(where);
    if (!check(document_, node, Scope::resource, problems_)) return resource;
    resource.description = text_of(node, "description");
    std::string disposition = text_of(node, "write_disposition", "append");
    resource.disposition = disposition == "merge"     ? Disposition::merge
                           : disposition == "replace" ? Disposition::replace
                                                      : Disposition::append;
    resource.primary_key = texts_of(node, "primary_key");
    if (resource.disposition == Disposition::merge && resource.primary_key.empty()) {
      problem(Code::ingest_missing_key, "'write_disposition: merge' needs the key 'primary_key'",
              document_.span(*node.find("write_disposition")));
    }
    resource.on_error = text_of(node, "on_error") == "quarantine" ? OnError::quarantine : OnError::fail;
    std::string missing = text_of(node, "on_missing", "fail");
    resource.on_missing = missing == "warn"     ? OnMissing::warn
                          : missing == "ignore" ? OnMissing::ignore
                                                : OnMissing::fail;
    resource.naming = text_of(node, "naming") == "direct" ? Naming::direct : Naming::snake_case;
    resource.selected = flag_of(node, "selected", true);
    resource.data_selector = text_of(node, "data_selector");
    resource.zip_arrays = flag_of(node, "zip_arrays", false);
    resource.include_from_parent = texts_of(node, "include_from_parent");
    columns(node, resource);
    contract(node, resource);
    if (const Node* partition = node.find("partition")) this->partition(*partition, resource);
    if (source.type == SourceType::files)
      files(node, resource);
    else
      rest(source, node, resource);
    return resource;
  }

  void columns(const Node& node, Resource& resource) {
    const Node* columns = node.find("columns");
    if (columns == nullptr) return;
    for (const auto& entry : columns->entries) {
      ColumnHint hint{.name = entry.key, .span = document_.span(entry.value)};
      if (entry.value.is_mapping()) {
        if (!check(document_, entry.value, Scope::column, problems_)) continue;
        hint.type = text_of(entry.value, "data_type");
        hint.nullable = flag_of(entry.value, "nullable", true);
        hint.description = text_of(entry.value, "description");
      } else if (entry.value.is_string()) {
        hint.type = entry.value.text;
      } else {
        problem(Code::ingest_wrong_value, "the column '" + entry.key + "' needs a type", document_.key_span(entry));
      }
      resource.columns.push_back(std::move(hint));
    }
  }

  void contract(const Node& node, Resource& resource) {
    const Node* contract = node.find("schema_contract");
    if (contract == nullptr) return;
    Node both = *contract;
    if (contract->is_scalar()) {
      both = Node::map();
      both.begin = contract->begin;
      both.end = contract->end;
      both.set("columns", *contract);
      both.set("data_type", *contract);
    }
    if (!check(document_, both, Scope::schema_contract, problems_)) return;
    auto mode = [&](const char* key) { return text_of(both, key) == "freeze" ? Contract::freeze : Contract::evolve; };
    resource.columns_contract = mode("columns");
    resource.type_contract = mode("data_type");
  }

  void partition(const Node& node, Resource& resource) {
    if (!check(document_, node, Scope::partition, problems_)) return;
    Partitioning partitioning;
    std::string by = text_of(node, "by");
    partitioning.by = by == "day"     ? PartitionBy::day
                      : by == "month" ? PartitionBy::month
                      : by == "year"  ? PartitionBy::year
                                      : PartitionBy::values;
    partitioning.from = text_of(node, "from");
    partitioning.to = text_of(node, "to");
    partitioning.values = texts_of(node, "values");
    partitioning.span = document_.span(node);
    const char* needed = partitioning.by == PartitionBy::values ? "values" : "from";
    if (!node.find(needed)) {
      problem(Code::ingest_missing_key, "'partition' by " + by + " needs the key '" + needed + "'",
              document_.span(node));
    }
    for (const char* side : {"from", "to"}) {
      const Node* value = node.find(side);
      if (value && partitioning.by != PartitionBy::values && !partition_day(value->text, partitioning.by)) {
        problem(Code::ingest_partition, "'" + value->text + "' is not a " + by, document_.span(*value));
      }
    }
    resource.partition = std::move(partitioning);
  }

  void refuse(const Node& node, std::initializer_list<const char*> keys, const char* type) {
    for (const char* key : keys) {
      if (const Entry* entry = node.find_entry(key)) {
        problem(Code::ingest_unknown_key, "a resource of a " + std::string(type) + " source has no key '" + key + "'",
                document_.key_span(*entry));
      }
    }
  }

  void files(const Node& node, Resource& resource) {
    refuse(node, {"endpoint", "include_from_parent"}, "files");
    resource.files.paths = texts_of(node, "path");
    if (resource.files.paths.empty()) {
      problem(Code::ingest_missing_key, "the resource '" + resource.name + "' needs the key 'path'", resource.span);
    }
    resource.files.format = text_of(node, "format");
    resource.files.compression = text_of(node, "compression");
    resource.files.member = text_of(node, "member");
    const Node* csv = node.find("csv");
    if (csv == nullptr || !check(document_, *csv, Scope::csv, problems_)) return;
    CsvOptions& options = resource.files.csv;
    options.delimiter = text_of(*csv, "delimiter");
    options.quote = text_of(*csv, "quote", "\"");
    options.escape = text_of(*csv, "escape", "\"");
    options.header = flag_of(*csv, "header", true);
    options.skip = static_cast<int64_t>(number_of(*csv, "skip", 0));
    options.null_values = texts_of(*csv, "null_values");
    options.date_format = text_of(*csv, "date_format");
    options.timestamp_format = text_of(*csv, "timestamp_format");
    options.decimal_separator = text_of(*csv, "decimal_separator");
    options.encoding = text_of(*csv, "encoding");
  }

  void rest(const Source& source, const Node& node, Resource& resource) {
    refuse(node, {"path", "format", "compression", "member", "csv"}, "rest");
    Node none;
    const Node* endpoint = node.find("endpoint");
    read_endpoint(document_, endpoint ? *endpoint : none, resource, problems_);
    bool absolute = resource.endpoint.path.starts_with("http://") || resource.endpoint.path.starts_with("https://");
    if (source.client.base_url.empty() && !absolute && !document_.root.find("client")) {
      problem(Code::ingest_missing_key, "a rest source needs 'client' with a 'base_url'",
              document_.span(document_.root));
    } else if (source.client.base_url.empty() && !absolute) {
      problem(Code::ingest_missing_key, "'client' needs the key 'base_url'",
              document_.key_span(*document_.root.find_entry("client")));
    }
  }

  // Every text of a resource that may hold placeholders.
  static std::vector<std::string> templates(const Resource& resource) {
    std::vector<std::string> texts = resource.files.paths;
    texts.push_back(resource.endpoint.path);
    auto collect = [&texts](auto&& self, const Node& node) -> void {
      if (node.is_string()) texts.push_back(node.text);
      for (const auto& item : node.items) self(self, item);
      for (const auto& entry : node.entries) self(self, entry.value);
    };
    for (const auto& [name, value] : resource.endpoint.params) collect(collect, value);
    for (const auto& [name, value] : resource.endpoint.headers) texts.push_back(value);
    if (resource.endpoint.json) collect(collect, *resource.endpoint.json);
    return texts;
  }

  void check_placeholders(const Source& source, Resource& resource) {
    bool uses_partition = false;
    for (const auto& text : templates(resource)) {
      for (const auto& placeholder : placeholders(text)) {
        const std::string& name = placeholder.name;
        uses_partition = uses_partition || name.starts_with("partition");
        if (name.starts_with("resources."))
          parent_placeholder(source, resource, name);
        else if (!is_known(resource, name))
          unknown_placeholder(resource, name);
      }
    }
    if (resource.partition && !uses_partition) {
      problem(Code::ingest_placeholder, "'" + resource.name + "' has partitions, but nothing says where one is",
              resource.partition->span, "", "write {partition} into its path or a parameter");
    }
  }

  static bool is_known(const Resource& resource, const std::string& name) {
    if (name.starts_with("partition") && resource.partition) {
      auto by = resource.partition->by;
      std::string_view sample = by == PartitionBy::year ? "2011" : by == PartitionBy::month ? "2011-01" : "2011-01-01";
      return partition_value(name, by, sample).has_value();
    }
    if (!resource.endpoint.incremental) return false;
    return name == "incremental.start_value" || name == "incremental.last_value" ||
           name == "incremental.initial_value" || name == "incremental.end_value";
  }

  void unknown_placeholder(const Resource& resource, const std::string& name) {
    std::vector<std::string> known{"partition",       "partition.year", "partition.month", "partition.day",
                                   "partition.start", "partition.last", "partition.end",   "incremental.start_value"};
    bool is_one = std::find(known.begin(), known.end(), name) != known.end();
    std::string help;
    if (name.starts_with("partition") && !resource.partition)
      help = "give the resource a 'partition'";
    else if (name.starts_with("incremental") && !resource.endpoint.incremental)
      help = "give the endpoint an 'incremental'";
    else
      help = "a brace that is meant as one is written twice: {{";
    problem(Code::ingest_placeholder, "'{" + name + "}' in the resource '" + resource.name + "' means nothing",
            resource.span, is_one ? "" : did_you_mean(name, known), help);
  }

  void parent_placeholder(const Source& source, Resource& resource, const std::string& name) {
    std::string rest = name.substr(10);
    std::string parent = rest.substr(0, rest.find('.'));
    if (rest.find('.') == std::string::npos) {
      problem(Code::ingest_placeholder, "'{" + name + "}' names no field of '" + parent + "'", resource.span);
    } else if (!source.find(parent) || parent == resource.name) {
      std::vector<std::string> names;
      for (const auto& other : source.resources) names.push_back(other.name);
      problem(
          Code::ingest_unknown_name,
          "'" + resource.name + "' asks for rows of '" + parent + "', which is no resource of '" + source.name + "'",
          resource.span, did_you_mean(parent, names));
    } else if (!resource.parent.empty() && resource.parent != parent) {
      problem(Code::ingest_placeholder,
              "'" + resource.name + "' has two parents, '" + resource.parent + "' and '" + parent + "'", resource.span);
    } else {
      resource.parent = parent;
    }
  }

  void check_parents(const Source& source) {
    for (const auto& resource : source.resources) {
      if (resource.parent.empty() && !resource.include_from_parent.empty()) {
        problem(Code::ingest_placeholder, "'" + resource.name + "' includes fields of a parent, but has none",
                resource.span);
      }
      const Resource* above = &resource;
      for (size_t steps = 0; above && !above->parent.empty(); ++steps) {
        above = source.find(above->parent);
        if (steps > source.resources.size()) {
          problem(Code::ingest_placeholder, "the parents of '" + resource.name + "' form a circle", resource.span);
          break;
        }
      }
    }
  }

  Document document_;
  Diagnostics& problems_;
};

void check_unique(const Sources& sources, const std::vector<SourcePtr>& files, Diagnostics& problems) {
  std::map<std::pair<std::string, std::string>, const Source*> tables;
  for (size_t i = 0; i < sources.all.size(); ++i) {
    const Source& source = sources.all[i];
    auto first = std::find_if(sources.all.begin(), sources.all.begin() + static_cast<long>(i),
                              [&](const Source& other) { return other.name == source.name; });
    if (first != sources.all.begin() + static_cast<long>(i)) {
      problems.push_back({.code = Code::ingest_duplicate_name,
                          .message = "there are two sources '" + source.name + "'",
                          .span = {files[i], 0, 0},
                          .notes = {"the other is " + first->file}});
      continue;
    }
    for (const auto& resource : source.resources) {
      auto [other, is_new] = tables.emplace(std::pair(source.schema, resource.name), &source);
      if (is_new || other->second == &source) continue;
      problems.push_back({.code = Code::ingest_duplicate_name,
                          .message = "two sources load the table " + source.schema + "." + resource.name,
                          .span = resource.span,
                          .related = {{other->second->find(resource.name)->span, "the other one"}},
                          .help = "give one of the sources a 'schema' of its own"});
    }
  }
}

}  // namespace

const Resource* Source::find(std::string_view resource) const {
  for (const auto& known : resources) {
    if (known.name == resource) return &known;
  }
  return nullptr;
}

const Source* Sources::find(std::string_view name) const {
  for (const auto& known : all) {
    if (known.name == name) return &known;
  }
  return nullptr;
}

Checked<Sources> read(const std::filesystem::path& project, World& world) {
  Sources sources;
  Diagnostics problems;
  std::vector<SourcePtr> files;
  for (const auto& file : world.files.list(project / "ingest")) {
    bool is_yaml = file.path.extension() == ".yml" || file.path.extension() == ".yaml";
    if (!is_yaml || file.path.filename().native().starts_with('.')) continue;
    std::string name = "ingest/" + file.path.generic_string();
    auto text = world.files.read(project / "ingest" / file.path);
    if (!text) {
      problems.push_back(text.error());
      continue;
    }
    auto document = yaml::read(make_source(name, std::move(*text)));
    if (!document) {
      problems.insert(problems.end(), document.error().begin(), document.error().end());
      continue;
    }
    if (document->root.is_null()) continue;
    files.push_back(document->source);
    sources.all.push_back(
        FileReader(std::move(*document), problems).source(name, file.path.stem().string(), world.process));
  }
  check_unique(sources, files, problems);
  if (!problems.empty()) {
    sort_by_place(problems);
    return fail_all(std::move(problems));
  }
  return sources;
}

}  // namespace rynd::ingest

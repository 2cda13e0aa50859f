// Ingest files: the tables that ingest/*.yml loads are sources too. Only names are read here; the ingest room checks
// the rest.
#include <algorithm>

#include "base/yaml.h"
#include "load/build.h"

namespace rynd::project {

namespace {

Draft* find_source(Build& build, const std::string& source, const std::string& table) {
  for (auto& draft : build.drafts) {
    const Resource& resource = draft.resource;
    bool same =
        resource.type == ResourceType::source && resource.source->source_name == source && resource.name == table;
    if (same && resource.package == build.project.root().name) return &draft;
  }
  return nullptr;
}

void add_table(Build& build, const FoundFile& file, const Document& document, const std::string& source,
               const std::string& table, const Node& place) {
  Span span = document.span(place);
  if (Draft* known = find_source(build, source, table)) {
    if (known->resource.source->ingested) {
      auto& problem = build.problems.error(Code::ingest_duplicate_name,
                                           "the source '" + source + "' has two resources '" + table + "'", span);
      problem.related.push_back({known->resource.source->ingest_span, "first here"});
      return;
    }
    known->resource.source->ingested = true;
    known->resource.source->ingest_file = file.original_file_path();
    known->resource.source->ingest_span = span;
    return;
  }
  const Node* schema = document.root.find("schema");
  const Node* description = place.is_mapping() ? place.find("description") : nullptr;
  const Node* source_description = document.root.find("description");
  Draft& draft = build.add_draft(ResourceType::source, build.project.root(), nullptr);
  Resource& resource = draft.resource;
  resource.name = table;
  resource.unique_id = "source." + resource.package + "." + source + "." + table;
  resource.path = resource.original_file_path = file.original_file_path();
  resource.fqn = fqn_of(resource.package, file.relative, source);
  resource.fqn.push_back(table);
  resource.schema = schema && schema->is_scalar() && !schema->is_null() ? schema->text : "raw";
  resource.description = description ? description->text : "";
  resource.span = resource.name_span = span;
  SourceDetails& details = resource.source.emplace();
  details.source_name = source;
  details.source_description = source_description && source_description->is_string() ? source_description->text : "";
  details.loader = "rynd";
  details.identifier = table;
  details.ingested = true;
  details.ingest_file = file.original_file_path();
  details.ingest_span = span;
}

void read_file(Build& build, const FoundFile& file) {
  auto source = build.read(file);
  if (!source) return;
  auto document = yaml::read(source);
  if (!document) {
    build.problems.add(std::move(document.error()));
    return;
  }
  if (!document->root.is_mapping()) return;
  const Node* given = document->root.find("name");
  std::string name =
      given && given->is_scalar() && !given->is_null() ? given->text : base_name(without_ending(file.relative));
  const Node* resources = document->root.find("resources");
  if (!resources || !resources->is_sequence()) {
    add_table(build, file, *document, name, name, given ? *given : document->root);
    return;
  }
  for (const auto& item : resources->items) {
    const Node* table = item.is_mapping() ? item.find("name") : &item;
    if (table && table->is_scalar() && !table->is_null()) add_table(build, file, *document, name, table->text, *table);
  }
}

}  // namespace

void read_ingest(Build& build) {
  for (const auto& file : build.find(build.project.root(), {build.project.rynd.ingest_path}, {".yml", ".yaml"})) {
    read_file(build, file);
  }
}

}  // namespace rynd::project

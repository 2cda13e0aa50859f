// CatalogView: gathers; each part is one step below.
#include "catalog_view.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/json.h"
#include "base/text.h"
#include "page/compile.h"
#include "page/inputs.h"

namespace rynd::server {

namespace {

std::string key_of(std::string_view schema, std::string_view name) { return lower(schema) + "." + lower(name); }

std::string_view identifier_of(const project::Resource& resource) {
  if (resource.source) return resource.source->identifier;
  return resource.alias;
}

// Names of tables in a statement that DuckDB parsed, as "schema.name" or ".name". A name that the statement defines
// itself (WITH) is none.
class TableNames {
 public:
  void walk(const Node& node) {
    if (node.is_mapping()) {
      const Node* type = node.find("type");
      const Node* table = node.find("table_name");
      const Node* schema = node.find("schema_name");
      if (type && table && schema && type->text == "BASE_TABLE") found.insert(key_of(schema->text, table->text));
      if (const Node* defined = node.find("cte_map")) collect_defined(*defined);
      for (const Entry& entry : node.entries) walk(entry.value);
    }
    for (const Node& item : node.items) walk(item);
  }
  std::set<std::string> found;
  std::set<std::string> defined;

 private:
  void collect_defined(const Node& map) {
    const Node* entries = map.find("map");
    if (entries == nullptr) return;
    for (const Node& entry : entries->items) {
      if (const Node* key = entry.find("key")) defined.insert(key_of("", key->text));
    }
  }
};

class Gatherer {
 public:
  Gatherer(CatalogSnapshot& out, Warehouse& warehouse, std::stop_token gone)
      : out_(out), warehouse_(warehouse), gone_(std::move(gone)) {}

  void gather() {
    read_relations();
    index_resources();
    out_.lineage = catalog::lineage_of(*out_.project);
    add_pages();
    make_entries();
  }

 private:
  const project::Project& project() const { return *out_.project; }

  // A warehouse that cannot be asked has nothing; the catalog then shows what the files say.
  void read_relations() {
    std::set<std::string> names;
    for (const project::Resource& resource : project().resources) {
      if (!resource.relation_name.empty() && !resource.schema.empty()) names.insert(resource.schema);
    }
    std::vector<engine::SchemaName> schemas;
    for (const std::string& name : names) schemas.push_back({"", name});
    Result<std::unique_ptr<engine::Connection>> connection = warehouse_.database().connect();
    if (!connection) return;
    Result<std::vector<engine::RelationDetail>> details = (*connection)->details(schemas);
    if (!details) return;
    for (engine::RelationDetail& detail : *details) {
      std::string key = key_of(detail.relation.schema, detail.relation.identifier);
      out_.relations.emplace(std::move(key), std::move(detail));
    }
  }

  void index_resources() {
    out_.tests.resize(project().resources.size());
    for (project::ResourceId id = 0; id < project().resources.size(); ++id) {
      const project::Resource& resource = project().at(id);
      if (!resource.relation_name.empty()) {
        by_name_.emplace(key_of(resource.schema, identifier_of(resource)), id);
        by_name_.emplace(key_of("", identifier_of(resource)), id);
      }
      const bool test = resource.test || resource.unit_test || resource.type == project::ResourceType::test;
      if (!test) continue;
      project::ResourceId of = resource.test ? resource.test->attached : project::no_resource;
      if (resource.unit_test) of = resource.unit_test->tested;
      if (of != project::no_resource) {
        out_.tests[of].push_back(id);
      } else {
        for (const project::ResourceId parent : resource.depends_on) out_.tests[parent].push_back(id);
      }
    }
  }

  void add_pages() {
    std::map<project::ResourceId, uint32_t> node_of;
    for (uint32_t node = 0; node < out_.lineage.nodes.size(); ++node)
      node_of[project().find(out_.lineage.nodes[node].id)] = node;
    for (const PagePtr& page : out_.pages) {
      out_.page_tables.push_back(tables_of(*page));
      const std::string id = page_id(project(), *page);
      std::optional<uint32_t> node = out_.lineage.find(id);
      if (!node) {
        node = static_cast<uint32_t>(out_.lineage.nodes.size());
        out_.lineage.nodes.push_back({.id = id, .type = "page"});
      }
      out_.lineage.nodes[*node].name = page->title;
      for (const project::ResourceId table : out_.page_tables.back()) {
        if (const auto from = node_of.find(table); from != node_of.end())
          out_.lineage.edges.push_back({from->second, *node});
      }
    }
  }

  // Each query by itself: one that does not parse takes no other with it.
  std::vector<project::ResourceId> tables_of(const Page& page) {
    std::vector<project::ResourceId> tables;
    for (const Query& query : page.queries) {
      if (!query.usable) continue;
      const CompiledQuery compiled = compile_query(page, query, {});
      const Result<AnswerPtr> answer =
          warehouse_.ask("select json_serialize_sql($1::varchar)", {Parameter(compiled.sql)}, 1, gone_);
      if (!answer || (*answer)->table.rows.empty()) continue;
      const Result<Document> tree = json::read(make_source("<sql>", engine::to_text((*answer)->table.rows[0][0])));
      if (!tree) continue;
      TableNames names;
      names.walk(tree->root);
      for (const std::string& name : names.found) {
        const auto found = by_name_.find(name);
        if (found == by_name_.end() || names.defined.contains(name)) continue;
        if (std::ranges::find(tables, found->second) == tables.end()) tables.push_back(found->second);
      }
    }
    return tables;
  }

  void make_entries() {
    for (const catalog::LineageNode& node : out_.lineage.nodes) {
      catalog::SearchEntry entry{.id = node.id, .type = node.type, .name = node.name};
      const project::ResourceId id = project().find(node.id);
      if (node.type == "page")
        describe_page(node.id, entry);
      else if (id != project::no_resource)
        describe(project().at(id), entry);
      out_.entries.push_back(std::move(entry));
    }
  }

  void describe(const project::Resource& resource, catalog::SearchEntry& entry) {
    entry.description = resource.description;
    entry.tags = resource.tags;
    for (const project::Column& column : resource.columns) entry.columns.push_back({column.name, column.description});
    const engine::RelationDetail* relation = out_.relation(resource);
    if (relation == nullptr) return;
    for (const engine::Column& column : relation->columns) {
      const bool known =
          std::ranges::any_of(entry.columns, [&](const auto& other) { return iequals(other.name, column.name); });
      if (!known) entry.columns.push_back({column.name, ""});
    }
  }

  void describe_page(std::string_view id, catalog::SearchEntry& entry) {
    if (const Page* page = out_.page(id)) entry.description = page->description;
  }

  CatalogSnapshot& out_;
  Warehouse& warehouse_;
  std::stop_token gone_;
  std::map<std::string, project::ResourceId> by_name_;
};

}  // namespace

const engine::RelationDetail* CatalogSnapshot::relation(const project::Resource& resource) const {
  const auto found = relations.find(key_of(resource.schema, identifier_of(resource)));
  return found == relations.end() ? nullptr : &found->second;
}

std::string page_id(const project::Project& project, const Page& page) {
  return fmt::format("page.{}.{}", project.root().name, replace_all(page.name, "/", "."));
}

const Page* CatalogSnapshot::page(std::string_view id) const {
  const auto found = std::ranges::find_if(pages, [&](const PagePtr& page) { return page_id(*project, *page) == id; });
  return found == pages.end() ? nullptr : found->get();
}

CatalogSnapshotPtr CatalogView::see(const ProjectPtr& project, std::stop_token gone) {
  const std::lock_guard lock(mutex_);
  const uint64_t generation = warehouse_.generation();
  const uint64_t stamp = pages_.stamp();
  if (last_ && last_->project == project && generation_ == generation && stamp_ == stamp) return last_;
  auto fresh = std::make_shared<CatalogSnapshot>();
  fresh->project = project;
  fresh->pages = pages_.all();
  Gatherer(*fresh, warehouse_, std::move(gone)).gather();
  generation_ = generation;
  stamp_ = stamp;
  last_ = std::move(fresh);
  return last_;
}

}  // namespace rynd::server

// SiteCatalog: the routes of catalog, graph and search, and how fresh a page's data is.
#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "catalog/lineage.h"
#include "catalog/search.h"
#include "catalog_status.h"
#include "page/markdown.h"
#include "site.h"

namespace rynd::server {

namespace {

using project::no_resource;
using project::Resource;
using project::ResourceId;

void set_text(Node& node, const char* key, const std::string& text) {
  if (!text.empty()) node.set(key, Node::of(text));
}

Node texts(const std::vector<std::string>& items) {
  Node list = Node::list();
  for (const std::string& item : items) list.items.push_back(Node::of(item));
  return list;
}

Node run_node(const LastRun& run) {
  Node node = Node::map();
  node.set("status", Node::of(run.status));
  node.set("at", Node::of(run.at));
  node.set("seconds", Node::of_real(run.seconds));
  set_text(node, "message", run.message);
  if (run.failures) node.set("failures", Node::of(*run.failures));
  return node;
}

// One resource, in full.
class EntryWriter {
 public:
  EntryWriter(const CatalogSnapshot& seen, const LastRuns& runs, const ColumnLineage& made_of)
      : seen_(seen), runs_(runs), columns_(made_of) {}

  Node write(uint32_t place) {
    const catalog::LineageNode& node = seen_.lineage.nodes[place];
    out_.set("id", Node::of(node.id));
    out_.set("type", Node::of(node.type));
    out_.set("name", Node::of(node.name));
    const ResourceId id = seen_.project->find(node.id);
    if (node.type == "page")
      page(node.id);
    else if (id != no_resource)
      resource(id);
    out_.set("parents", neighbours(place, true));
    out_.set("children", neighbours(place, false));
    return std::move(out_);
  }

 private:
  void resource(ResourceId id) {
    const Resource& resource = seen_.project->at(id);
    set_text(out_, "package", resource.package);
    set_text(out_, "file", resource.original_file_path);
    set_text(out_, "relation", resource.relation_name);
    set_text(out_, "code", resource.raw_code);
    set_text(out_, "group", resource.group);
    if (resource.type == project::ResourceType::model) set_text(out_, "materialized", resource.config.materialized());
    if (!resource.description.empty()) out_.set("description", Node::of(markdown_to_html(resource.description)));
    out_.set("tags", texts(resource.tags));
    if (const LastRun* run = last_run(runs_, resource)) out_.set("last_run", run_node(*run));
    const engine::RelationDetail* relation = seen_.relation(resource);
    out_.set("built", Node::of(relation != nullptr));
    if (relation != nullptr && relation->row_estimate) out_.set("rows", Node::of(*relation->row_estimate));
    out_.set("columns", columns(resource, relation, id));
    Node tests = Node::list();
    for (const ResourceId test : seen_.tests[id]) tests.items.push_back(test_node(seen_.project->at(test)));
    out_.set("tests", std::move(tests));
    if (resource.source && resource.source->freshness) out_.set("freshness", freshness(resource));
  }

  void page(std::string_view id) {
    const Page* page = seen_.page(id);
    if (page == nullptr) return;
    set_text(out_, "file", page->source->name());
    set_text(out_, "page", page->name);
    if (!page->description.empty()) out_.set("description", Node::of(markdown_to_html(page->description)));
  }

  // The warehouse's columns in their order with what the files say of them; then those that only the files know.
  Node columns(const Resource& resource, const engine::RelationDetail* relation, ResourceId id) {
    Node list = Node::list();
    const auto add = [&](const std::string& name, const std::string& type, const project::Column* described) {
      Node node = Node::map();
      node.set("name", Node::of(name));
      set_text(node, "type", type);
      if (described && !described->description.empty())
        node.set("description", Node::of(markdown_to_html(described->description)));
      Node tests = Node::list();
      for (const ResourceId test : seen_.tests[id]) {
        const Resource& of = seen_.project->at(test);
        if (of.test && iequals(of.test->column_name, name)) tests.items.push_back(test_node(of));
      }
      node.set("tests", std::move(tests));
      if (const auto sources = columns_.made_of.find({id, lower(name)}); sources != columns_.made_of.end()) {
        node.set("from", places(sources->second));
      }
      list.items.push_back(std::move(node));
    };
    const auto described = [&](const std::string& name) -> const project::Column* {
      const auto found = std::ranges::find_if(
          resource.columns, [&](const project::Column& column) { return iequals(column.name, name); });
      return found == resource.columns.end() ? nullptr : &*found;
    };
    if (relation != nullptr) {
      for (const engine::Column& column : relation->columns) add(column.name, column.type, described(column.name));
    }
    for (const project::Column& column : resource.columns) {
      const bool there =
          relation != nullptr && std::ranges::any_of(relation->columns, [&](const engine::Column& other) {
            return iequals(other.name, column.name);
          });
      if (!there) add(column.name, column.data_type, &column);
    }
    return list;
  }

  Node places(const std::vector<ColumnPlace>& all) {
    Node list = Node::list();
    for (const ColumnPlace& place : all) {
      Node node = Node::map();
      node.set("id", Node::of(seen_.project->at(place.resource).unique_id));
      node.set("column", Node::of(place.column));
      list.items.push_back(std::move(node));
    }
    return list;
  }

  Node test_node(const Resource& test) {
    Node node = Node::map();
    node.set("id", Node::of(test.unique_id));
    const bool generic = test.test && !test.test->name.empty();
    node.set("name", Node::of(generic ? test.test->name : test.name));
    if (test.test) set_text(node, "column", test.test->column_name);
    node.set("kind", Node::of(std::string(test.unit_test ? "unit test" : generic ? "test" : "singular test")));
    set_text(node, "file", test.original_file_path);
    if (const LastRun* run = last_run(runs_, test.unique_id)) node.set("last_run", run_node(*run));
    return node;
  }

  Node freshness(const Resource& resource) {
    Node node = Node::map();
    const auto threshold = [&](const char* key, const project::FreshnessThreshold& limit) {
      if (limit.count)
        node.set(key, Node::of(fmt::format("{} {}{}", *limit.count, limit.period, *limit.count == 1 ? "" : "s")));
    };
    threshold("warn_after", resource.source->freshness->warn_after);
    threshold("error_after", resource.source->freshness->error_after);
    return node;
  }

  Node neighbours(uint32_t place, bool parents) {
    Node list = Node::list();
    for (const catalog::LineageEdge& edge : seen_.lineage.edges) {
      if ((parents ? edge.to : edge.from) != place) continue;
      const catalog::LineageNode& other = seen_.lineage.nodes[parents ? edge.from : edge.to];
      Node node = Node::map();
      node.set("id", Node::of(other.id));
      node.set("type", Node::of(other.type));
      node.set("name", Node::of(other.name));
      list.items.push_back(std::move(node));
    }
    return list;
  }

  const CatalogSnapshot& seen_;
  const LastRuns& runs_;
  const ColumnLineage& columns_;
  Node out_ = Node::map();
};

}  // namespace

// The oldest of the tables that the page reads decides: its numbers are as of then.
Node Site::freshness_of(const Page& page, std::stop_token gone) {
  const CatalogSnapshotPtr seen = catalog_.see(project(), std::move(gone));
  const LastRunsPtr runs = history_.last();
  Node node = Node::map();
  Node tables = Node::list();
  std::string oldest;
  TestCounts total;
  for (size_t i = 0; i < seen->pages.size(); ++i) {
    if (seen->pages[i]->name != page.name) continue;
    for (const ResourceId id : seen->page_tables[i]) {
      const Resource& resource = seen->project->at(id);
      Node item = Node::map();
      item.set("id", Node::of(resource.unique_id));
      item.set("name", Node::of(resource.name));
      if (const LastRun* run = last_run(*runs, resource)) item.set("last_run", run_node(*run));
      const auto loaded = runs->loaded.find(resource.unique_id);
      if (loaded != runs->loaded.end()) {
        item.set("loaded_at", Node::of(loaded->second));
        if (oldest.empty() || loaded->second < oldest) oldest = loaded->second;
      }
      const TestCounts counts = count_tests(*seen, *runs, id);
      total.pass += counts.pass;
      total.warn += counts.warn;
      total.fail += counts.fail;
      total.unknown += counts.unknown;
      item.set("tests", counts_node(counts));
      tables.items.push_back(std::move(item));
    }
  }
  set_text(node, "as_of", oldest);
  set_text(node, "last_run_at", runs->finished_at);
  set_text(node, "last_run_status", runs->finished_status);
  node.set("tests", counts_node(total));
  node.set("tables", std::move(tables));
  return node;
}

Response Site::catalog(Request& request) {
  const CatalogSnapshotPtr seen = catalog_.see(project(), request.gone);
  const LastRunsPtr runs = history_.last();
  Node list = Node::list();
  for (uint32_t place = 0; place < seen->lineage.nodes.size(); ++place) {
    const catalog::LineageNode& node = seen->lineage.nodes[place];
    const catalog::SearchEntry& entry = seen->entries[place];
    Node item = Node::map();
    item.set("id", Node::of(node.id));
    item.set("type", Node::of(node.type));
    item.set("name", Node::of(node.name));
    set_text(item, "description", entry.description);
    item.set("columns", Node::of(static_cast<int64_t>(entry.columns.size())));
    const ResourceId id = seen->project->find(node.id);
    if (id != no_resource) {
      const Resource& resource = seen->project->at(id);
      if (!resource.relation_name.empty()) set_text(item, "schema", resource.schema);
      set_text(item, "package", resource.package);
      if (resource.type == project::ResourceType::model) set_text(item, "materialized", resource.config.materialized());
      item.set("tags", texts(resource.tags));
      item.set("tests", counts_node(count_tests(*seen, *runs, id)));
      if (const LastRun* run = last_run(*runs, resource)) item.set("last_run", run_node(*run));
    }
    list.items.push_back(std::move(item));
  }
  Node answer = Node::map();
  answer.set("resources", std::move(list));
  set_text(answer, "last_run_at", runs->finished_at);
  set_text(answer, "last_run_status", runs->finished_status);
  return json_response(answer);
}

Response Site::catalog_entry(Request& request) {
  const CatalogSnapshotPtr seen = catalog_.see(project(), request.gone);
  const std::optional<uint32_t> place = seen->lineage.find(request.captured[0]);
  if (!place) return not_found(fmt::format("there is no resource '{}'", request.captured[0]));
  const LastRunsPtr runs = history_.last();
  return json_response(EntryWriter(*seen, *runs, *columns_of(seen)).write(*place));
}

Response Site::search(Request& request) {
  const CatalogSnapshotPtr seen = catalog_.see(project(), request.gone);
  Node list = Node::list();
  for (const catalog::SearchHit& hit : catalog::search(seen->entries, request.parameter("q"), 40)) {
    const catalog::SearchEntry& entry = seen->entries[hit.entry];
    Node node = Node::map();
    node.set("id", Node::of(entry.id));
    node.set("type", Node::of(entry.type));
    node.set("name", Node::of(entry.name));
    set_text(node, "column", hit.column);
    set_text(node, "excerpt", hit.excerpt);
    if (const Page* page = seen->page(entry.id)) node.set("page", Node::of(page->name));
    list.items.push_back(std::move(node));
  }
  Node answer = Node::map();
  answer.set("hits", std::move(list));
  return json_response(answer);
}

}  // namespace rynd::server

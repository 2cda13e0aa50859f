// SiteCatalog: the routes of catalog, graph and search, and how fresh a page's data is.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "base/text.h"
#include "catalog/lineage.h"
#include "catalog/search.h"
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

const LastRun* last_run(const LastRuns& runs, const std::string& id) {
  const auto found = runs.nodes.find(id);
  return found == runs.nodes.end() ? nullptr : &found->second;
}

// A source's table is loaded by the run's task of its source.
const LastRun* last_run(const LastRuns& runs, const Resource& resource) {
  if (const LastRun* run = last_run(runs, resource.unique_id)) return run;
  if (!resource.source || !resource.source->ingested) return nullptr;
  return last_run(runs, fmt::format("ingest.{}.{}", resource.package, resource.source->source_name));
}

struct TestCounts {
  int64_t pass = 0;
  int64_t warn = 0;
  int64_t fail = 0;
  int64_t unknown = 0;  // never ran
};

TestCounts count_tests(const CatalogSnapshot& seen, const LastRuns& runs, ResourceId id) {
  TestCounts counts;
  for (const ResourceId test : seen.tests[id]) {
    const LastRun* run = last_run(runs, seen.project->at(test).unique_id);
    if (run == nullptr || run->status == "skipped") ++counts.unknown;
    else if (run->status == "pass" || run->status == "success") ++counts.pass;
    else if (run->status == "warn") ++counts.warn;
    else ++counts.fail;
  }
  return counts;
}

Node counts_node(const TestCounts& counts) {
  Node node = Node::map();
  node.set("pass", Node::of(counts.pass));
  node.set("warn", Node::of(counts.warn));
  node.set("fail", Node::of(counts.fail));
  node.set("unknown", Node::of(counts.unknown));
  return node;
}

uint32_t steps_of(std::string_view text, uint32_t otherwise) {
  uint32_t steps = otherwise;
  std::from_chars(text.data(), text.data() + text.size(), steps);
  return steps;
}

// One resource, in full.
class EntryWriter {
 public:
  EntryWriter(const CatalogSnapshot& seen, const LastRuns& runs) : seen_(seen), runs_(runs) {}

  Node write(uint32_t place) {
    const catalog::LineageNode& node = seen_.lineage.nodes[place];
    out_.set("id", Node::of(node.id));
    out_.set("type", Node::of(node.type));
    out_.set("name", Node::of(node.name));
    const ResourceId id = seen_.project->find(node.id);
    if (id != no_resource) resource(id);
    else page(node.id);
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
    for (const PagePtr& page : seen_.pages) {
      if (page_id(*seen_.project, *page) != id) continue;
      set_text(out_, "file", page->source->name());
      set_text(out_, "page", page->name);
      if (!page->description.empty()) out_.set("description", Node::of(markdown_to_html(page->description)));
    }
  }

  // The warehouse's columns in their order with what the files say of them; then those that only the files know.
  Node columns(const Resource& resource, const engine::RelationDetail* relation, ResourceId id) {
    Node list = Node::list();
    const auto add = [&](const std::string& name, const std::string& type, const project::Column* described) {
      Node node = Node::map();
      node.set("name", Node::of(name));
      set_text(node, "type", type);
      if (described && !described->description.empty()) node.set("description", Node::of(markdown_to_html(described->description)));
      Node tests = Node::list();
      for (const ResourceId test : seen_.tests[id]) {
        const Resource& of = seen_.project->at(test);
        if (of.test && iequals(of.test->column_name, name)) tests.items.push_back(test_node(of));
      }
      node.set("tests", std::move(tests));
      list.items.push_back(std::move(node));
    };
    const auto described = [&](const std::string& name) -> const project::Column* {
      const auto found = std::ranges::find_if(resource.columns, [&](const project::Column& column) { return iequals(column.name, name); });
      return found == resource.columns.end() ? nullptr : &*found;
    };
    if (relation != nullptr) {
      for (const engine::Column& column : relation->columns) add(column.name, column.type, described(column.name));
    }
    for (const project::Column& column : resource.columns) {
      const bool there = relation != nullptr && std::ranges::any_of(relation->columns, [&](const engine::Column& other) { return iequals(other.name, column.name); });
      if (!there) add(column.name, column.data_type, &column);
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
      if (limit.count) node.set(key, Node::of(fmt::format("{} {}{}", *limit.count, limit.period, *limit.count == 1 ? "" : "s")));
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
      set_text(item, "schema", resource.schema);
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
  return json_response(EntryWriter(*seen, *runs).write(*place));
}

Response Site::lineage(Request& request) {
  const CatalogSnapshotPtr seen = catalog_.see(project(), request.gone);
  const LastRunsPtr runs = history_.last();
  catalog::Lineage part = seen->lineage;
  const std::string_view focus = request.parameter("node");
  if (!focus.empty()) {
    const std::optional<uint32_t> place = part.find(focus);
    if (!place) return not_found(fmt::format("there is no resource '{}'", focus));
    part = catalog::around(part, *place, steps_of(request.parameter("up"), UINT32_MAX), steps_of(request.parameter("down"), UINT32_MAX));
  }
  const catalog::BoxMeasures measures;
  const catalog::Layout layout = catalog::place(part, measures);
  Node answer = Node::map();
  answer.set("width", Node::of_real(layout.width));
  answer.set("height", Node::of_real(layout.height));
  answer.set("box_width", Node::of_real(measures.width));
  answer.set("box_height", Node::of_real(measures.head));
  Node nodes = Node::list();
  for (size_t i = 0; i < part.nodes.size(); ++i) {
    Node node = Node::map();
    node.set("id", Node::of(part.nodes[i].id));
    node.set("type", Node::of(part.nodes[i].type));
    node.set("name", Node::of(part.nodes[i].name));
    node.set("x", Node::of_real(layout.nodes[i].x));
    node.set("y", Node::of_real(layout.nodes[i].y));
    const ResourceId id = seen->project->find(part.nodes[i].id);
    if (id != no_resource) {
      const Resource& resource = seen->project->at(id);
      if (const LastRun* run = last_run(*runs, resource)) node.set("status", Node::of(run->status));
      node.set("tests", counts_node(count_tests(*seen, *runs, id)));
      if (resource.type == project::ResourceType::model) set_text(node, "materialized", resource.config.materialized());
    }
    nodes.items.push_back(std::move(node));
  }
  answer.set("nodes", std::move(nodes));
  Node edges = Node::list();
  for (size_t i = 0; i < part.edges.size(); ++i) {
    Node edge = Node::map();
    edge.set("from", Node::of(static_cast<int64_t>(part.edges[i].from)));
    edge.set("to", Node::of(static_cast<int64_t>(part.edges[i].to)));
    Node line = Node::list();
    for (const catalog::Point& point : layout.edges[i]) {
      line.items.push_back(Node::of_real(point.x));
      line.items.push_back(Node::of_real(point.y));
    }
    edge.set("line", std::move(line));
    edges.items.push_back(std::move(edge));
  }
  answer.set("edges", std::move(edges));
  return json_response(answer);
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
    list.items.push_back(std::move(node));
  }
  Node answer = Node::map();
  answer.set("hits", std::move(list));
  return json_response(answer);
}

}  // namespace rynd::server

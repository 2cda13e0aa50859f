// CatalogView: project, warehouse and pages seen together: what the catalog, the graph and the search show.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "catalog/lineage.h"
#include "catalog/search.h"
#include "engine/engine.h"
#include "page/page_store.h"
#include "server.h"
#include "warehouse.h"

namespace rynd::server {

// As of one moment; immutable.
struct CatalogSnapshot {
  ProjectPtr project;
  std::vector<PagePtr> pages;
  std::map<std::string, engine::RelationDetail> relations;    // by "schema.name" in lower case
  std::vector<std::vector<project::ResourceId>> page_tables;  // of each page: the resources that its queries read
  std::vector<std::vector<project::ResourceId>> tests;        // by resource: the tests and unit tests attached to it
  catalog::Lineage lineage;                                   // pages included
  std::vector<catalog::SearchEntry> entries;                  // as the lineage's nodes

  const Page* page(std::string_view id) const;  // by its resource's id; nullptr where there is none
  const engine::RelationDetail* relation(const project::Resource& resource) const;  // nullptr: not built
};
using CatalogSnapshotPtr = std::shared_ptr<const CatalogSnapshot>;

// As the project names a page: "page.shop.sales.regions".
std::string page_id(const project::Project& project, const Page& page);

class CatalogView {
 public:
  CatalogView(Warehouse& warehouse, PageStore& pages) : warehouse_(warehouse), pages_(pages) {}
  // Made anew when project, pages or warehouse changed. From any thread.
  CatalogSnapshotPtr see(const ProjectPtr& project, std::stop_token gone);

 private:
  Warehouse& warehouse_;
  PageStore& pages_;
  std::mutex mutex_;
  CatalogSnapshotPtr last_;
  uint64_t generation_ = 0;
  uint64_t stamp_ = 0;
};

}  // namespace rynd::server

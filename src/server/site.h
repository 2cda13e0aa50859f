// Site: what is served: one handler for each route, over the project, its pages and the warehouse.
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/node.h"
#include "base/world.h"
#include "catalog_view.h"
#include "column_lineage.h"
#include "history.h"
#include "http.h"
#include "page/page_store.h"
#include "server.h"
#include "warehouse.h"

namespace rynd::server {

// Who may ask.
struct Access {
  std::string token;        // demanded where something is done, not only looked at
  bool everything = false;  // demanded for all: the server listens beyond this machine
};

class Site {
 public:
  Site(ProjectPtr project, engine::Database& database, const Options& options, World& world, Access access);

  // Called by the HTTP server, on any thread.
  Response answer(Request& request);

  PageStore& pages() { return pages_; }
  Warehouse& warehouse() { return warehouse_; }
  std::string health_text();

 private:
#define RYND_ROUTE(method, path, handler, text) Response handler(Request& request);
#include "routes.def"

  Response dispatch(Request& request);
  // Nothing where the request may pass.
  std::optional<Response> refuse(const Request& request) const;
  bool has_token(const Request& request) const;

  // How fresh the data of a page is: {as_of, tests, tables: [...]}.
  Node freshness_of(const Page& page, std::stop_token gone);

  // Made at the first question about columns, and again for another snapshot.
  std::shared_ptr<const ColumnLineage> columns_of(const CatalogSnapshotPtr& seen);
  // The graph of one column: ?node=, ?column=.
  Response column_graph(const CatalogSnapshot& seen, const ColumnLineage& columns, const ColumnPlace& from);

  // The project as it is on disk; looked for at most once a second, kept where the new one has errors.
  ProjectPtr project();
  uint64_t project_stamp(const project::Project& project);

  World& world_;
  const Options& options_;
  Access access_;
  Warehouse warehouse_;
  PageStore pages_;
  CatalogView catalog_;
  History history_;
  Instant started_;

  std::mutex columns_mutex_;  // of what follows
  CatalogSnapshotPtr columns_for_;
  std::shared_ptr<const ColumnLineage> columns_;

  std::mutex project_mutex_;  // of what follows
  ProjectPtr project_;
  uint64_t stamp_ = 0;
  Instant looked_;
  Diagnostics reload_errors_;
};

// Answers of the same shape everywhere.
Response json_response(const Node& node, int status = 200);
Response error_response(const Diagnostics& diagnostics, int status);
Response not_found(std::string message, std::string help = {});

}  // namespace rynd::server

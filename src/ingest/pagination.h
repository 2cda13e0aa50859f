// Pagination: from one answer to the request for the next; a small class for each of dlt's paginators.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/http.h"
#include "base/node.h"
#include "ingest/source.h"
#include "rows.h"

namespace rynd::ingest {

// A request as paginators change it; put together into a URL and a body when it is sent.
struct Query {
  std::string url;
  std::vector<std::pair<std::string, std::string>> params;
  std::optional<Node> body;

  void set_param(const std::string& name, std::string value);
  // At a dotted path of the body; mappings on the way are made.
  void set_body(const std::string& path, Node value);
  std::string full_url() const;
};

struct Page {
  const HttpResponse& response;
  const Json& json;
  int64_t rows = 0;
};

class Pager {
 public:
  virtual ~Pager() = default;
  // Makes the query ask for the first page.
  virtual void first(Query&) {}
  // Makes it ask for the page after this one; false: there is none. RYND0215 where the API gives what it gave before.
  virtual Result<bool> next(const Page& page, Query& query) = 0;
};

std::unique_ptr<Pager> make_pager(const Paginator& paginator);

// `link` relative to the URL it was found behind (RFC 3986 §5, as far as links between pages need it).
std::string resolve_url(const std::string& base, const std::string& link);
// The URL with that relation in a Link header (RFC 8288); "" where there is none.
std::string link_with_relation(std::string_view header, std::string_view relation);

}  // namespace rynd::ingest

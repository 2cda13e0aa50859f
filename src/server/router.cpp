// Router: compares segment by segment; a dozen routes need no tree.
#include "router.h"

#include "base/text.h"
#include "http.h"

namespace rynd::server {

namespace {

bool fits(std::string_view pattern, std::string_view path, std::vector<std::string>& captured) {
  const std::vector<std::string> wanted = split(pattern, '/');
  const std::vector<std::string> given = split(path, '/');
  captured.clear();
  if (wanted.size() != given.size()) return false;
  for (size_t i = 0; i < wanted.size(); ++i) {
    if (!wanted[i].starts_with('{')) {
      if (wanted[i] != given[i]) return false;
    } else if (given[i].empty()) {
      return false;
    } else {
      captured.push_back(url_decode(given[i], false));
    }
  }
  return true;
}

}  // namespace

Match match_route(std::span<const Route> routes, std::string_view method, std::string_view path) {
  Match match;
  for (size_t i = 0; i < routes.size(); ++i) {
    std::vector<std::string> captured;
    if (!fits(routes[i].path, path, captured)) continue;
    if (routes[i].method == method || (routes[i].method == "GET" && method == "HEAD")) {
      match.route = i;
      match.captured = std::move(captured);
      return match;
    }
    match.other_method = true;
  }
  return match;
}

}  // namespace rynd::server

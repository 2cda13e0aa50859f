// Router: which handler answers a path. Pure.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace rynd::server {

struct Route {
  std::string_view method;
  std::string_view path;  // "/api/pages/{page}"
};

struct Match {
  std::optional<size_t> route;        // place in the table
  std::vector<std::string> captured;  // what the {names} matched, decoded, in order
  bool other_method = false;          // no route, but the path is known with another method
};

// HEAD is answered by GET's route. `path` is as sent: still encoded, so that %2F does not part a segment.
Match match_route(std::span<const Route> routes, std::string_view method, std::string_view path);

}  // namespace rynd::server

// Search: finds resources and columns by what a reader remembers of them.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace rynd::catalog {

struct SearchColumn {
  std::string name;
  std::string description;
};
struct SearchEntry {
  std::string id;
  std::string type;  // "model", "source", "page", ...
  std::string name;
  std::string description;
  std::vector<std::string> tags;
  std::vector<SearchColumn> columns;
};
struct SearchHit {
  uint32_t entry;       // place in the entries
  std::string column;   // "" where the resource itself was meant
  std::string excerpt;  // of the description, around what was found; "" where the name was
  double score;
};

// Every word of the query must be found in a name, a column, a tag, the type or a description; names beat columns beat
// descriptions, whole words beat beginnings beat middles. Best first, then by id. ASCII case is ignored.
std::vector<SearchHit> search(std::span<const SearchEntry> entries, std::string_view query, size_t most = 50);

}  // namespace rynd::catalog

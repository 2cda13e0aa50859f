// Columns: what a properties entry says of columns, and the tests it asks for.
#pragma once

#include "load/build.h"

namespace rynd::project {

// `entries` are the mappings under `columns:`. Entries that are no columns (include/exclude) are passed over.
std::vector<Column> read_columns(Build& build, const PropertiesFile& file, std::span<const Node* const> entries,
                                 const std::string& what);
std::vector<const Node*> entries_of(const Node& owner, std::string_view key);

// The tests of an entry and of its columns, `request` telling what they stand on.
void request_tests(Build& build, const Node& entry, std::span<const Node* const> columns, const TestRequest& request);
// `data_tests:`, or `tests:` as it was called; nullptr where there are none.
const Node* tests_of(Build& build, const PropertiesFile& file, const Node& entry);
// `tags:` of a mapping and of its `config:`, each once.
std::vector<std::string> tags_of(const Node& entry);

}  // namespace rynd::project

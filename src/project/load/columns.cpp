// Columns: reading and the tests that stand on them.
#include "load/columns.h"

#include <algorithm>

namespace rynd::project {

namespace {

void add_tags(std::vector<std::string>& tags, const Node* given) {
  if (!given) return;
  auto add = [&](const Node& tag) {
    if (std::find(tags.begin(), tags.end(), tag.text) == tags.end()) tags.push_back(tag.text);
  };
  if (given->is_string()) add(*given);
  for (const auto& item : given->items) add(item);
}

Node merged_meta(const Node& entry) {
  Node meta = Node::map();
  auto add = [&](const Node* given) {
    if (!given) return;
    for (const auto& item : given->entries) meta.set(item.key, item.value);
  };
  add(entry.find("meta"));
  if (const Node* config = entry.find("config")) add(config->find("meta"));
  return meta;
}

}  // namespace

std::vector<std::string> tags_of(const Node& entry) {
  std::vector<std::string> tags;
  add_tags(tags, entry.find("tags"));
  if (const Node* config = entry.find("config")) add_tags(tags, config->find("tags"));
  return tags;
}

std::vector<const Node*> entries_of(const Node& owner, std::string_view key) {
  std::vector<const Node*> result;
  const Node* list = owner.find(key);
  if (!list) return result;
  for (const auto& item : list->items) {
    if (item.is_mapping()) result.push_back(&item);
  }
  return result;
}

std::vector<Column> read_columns(Build& build, const PropertiesFile& file, std::span<const Node* const> entries,
                                 const std::string& what) {
  std::vector<Column> columns;
  for (const Node* entry : entries) {
    if (entry->find("include") || entry->find("exclude")) continue;
    Fields fields(file.document.source, *entry, "a column of " + what, build.problems);
    Column column;
    column.name = fields.required_text("name");
    column.description = fields.text("description").value_or("");
    column.data_type = fields.text("data_type").value_or("");
    column.quote = fields.flag("quote");
    column.granularity = fields.text("granularity").value_or("");
    column.tags = tags_of(*entry);
    column.meta = merged_meta(*entry);
    if (const Node* constraints = fields.sequence("constraints")) column.constraints = *constraints;
    if (const Node* config = fields.mapping("config")) column.config = *config;
    if (const Node* dimension = fields.any("dimension")) column.dimension = *dimension;
    if (const Node* entity = fields.any("entity")) column.entity = *entity;
    column.span = fields.span();
    fields.ignore({"tags", "meta", "tests", "data_tests", "policy_tags"});
    fields.finish();
    auto same = std::find_if(columns.begin(), columns.end(), [&](const Column& c) { return c.name == column.name; });
    if (same != columns.end()) {
      *same = std::move(column);  // the last one counts, as in dbt
    } else {
      columns.push_back(std::move(column));
    }
  }
  return columns;
}

const Node* tests_of(Build& build, const PropertiesFile& file, const Node& entry) {
  const Node* tests = entry.find("tests");
  const Node* data_tests = entry.find("data_tests");
  if (tests && data_tests && !tests->is_null() && !data_tests->is_null()) {
    const Entry* place = entry.find_entry("tests");
    build.problems
        .error(Code::test_wrong, "this has both 'tests' and 'data_tests'",
               {file.document.source, place->key_begin, place->key_end})
        .help = "keep 'data_tests'";
  }
  const Node* found = data_tests && !data_tests->is_null() ? data_tests : tests;
  if (!found || found->is_null()) return nullptr;
  if (!found->is_sequence()) {
    build.problems.error(Code::test_wrong, "tests must be a list, not " + std::string(kind_name(*found)),
                         file.document.span(*found));
    return nullptr;
  }
  return found;
}

void request_tests(Build& build, const Node& entry, std::span<const Node* const> columns, const TestRequest& request) {
  auto add = [&](const Node& owner, const Node* column) {
    const Node* tests = tests_of(build, *request.file, owner);
    if (!tests) return;
    for (const auto& test : tests->items) {
      TestRequest one = request;
      one.written = &test;
      one.column = column;
      if (column) {
        for (auto& tag : tags_of(*column)) one.tags.push_back(std::move(tag));
      }
      request.file->tests.push_back(std::move(one));
    }
  };
  for (const Node* column : columns) add(*column, column);
  add(entry, nullptr);
}

}  // namespace rynd::project

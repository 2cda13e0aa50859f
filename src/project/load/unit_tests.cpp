// Unit tests: from properties files, fixtures read into rows.
#include <algorithm>

#include "base/hash.h"
#include "base/json.h"
#include "base/suggest.h"
#include "base/text.h"
#include "load/build.h"
#include "load/csv.h"
#include "load/static_call.h"

namespace rynd::project {

namespace {

struct UnitTestReader {
  Build& build;
  const PropertiesFile& file;
  std::string what;

  void wrong(const Node& place, std::string message) {
    build.problems.error(Code::unit_test_wrong, std::move(message), file.document.span(place));
  }

  SourcePtr fixture(const Node& name) {
    std::string wanted = file.package->name + "." + name.text;
    build.globals->asked(Question::fixture, wanted);
    auto found = build.fixtures.find(wanted);
    if (found != build.fixtures.end()) return build.read(found->second);
    std::vector<std::string> names;
    for (const auto& [full, fixture] : build.fixtures) names.push_back(full.substr(full.find('.') + 1));
    auto& problem = build.problems.error(
        Code::unit_test_wrong, "there is no fixture '" + name.text + "' in tests/fixtures", file.document.span(name));
    problem.label = did_you_mean(name.text, names);
    return nullptr;
  }

  // Rows of a seed, where a unit test names one and gives none.
  Node seed_rows(const Node& input) {
    auto call = read_static_call(input.text);
    const Ref* ref = call ? std::get_if<Ref>(&*call) : nullptr;
    if (!ref) return Node();
    build.globals->asked(Question::node, ref->name);
    auto found = build.drafts_by_name.find(ref->name);
    if (found == build.drafts_by_name.end()) return Node();
    for (const Draft* draft : found->second) {
      if (draft->resource.type != ResourceType::seed) continue;
      build.globals->asked(Question::file, draft->package->prefix + draft->resource.original_file_path);
      auto text = build.world.files.read(draft->package->root / draft->resource.original_file_path);
      if (text) return csv_rows(*text);
    }
    return Node();
  }

  // {input, rows, format, fixture} with rows as mappings (dict, csv) or a text (sql).
  Node normalized(const Node& given, bool is_input) {
    Fields fields(file.document.source, given, what, build.problems);
    Node result = Node::map();
    if (is_input) result.set("input", Node::of(fields.required_text("input")));
    std::string format = fields.text("format").value_or("dict");
    const Node* rows = fields.any("rows");
    const Node* named = fields.any("fixture");
    Node read = rows ? *rows : Node();
    if (format == "dict") {
      const Node* input = given.find("input");
      if (!rows && input) read = seed_rows(*input);
      if (!read.is_sequence()) {
        wrong(rows ? *rows : given, "rows of format 'dict' must be a list of mappings in " + what);
      }
    } else if (format == "csv" || format == "sql") {
      SourcePtr text = named ? fixture(*named) : nullptr;
      if (!named && !read.is_string())
        wrong(given, "rows of format '" + format + "' must be a text, or a fixture, in " + what);
      std::string content = text ? std::string(trim(text->text())) : read.text;
      read = format == "csv" ? csv_rows(content) : Node::of(content);
    } else {
      wrong(*given.find("format"), "a fixture's format is dict, csv or sql, not '" + format + "'");
    }
    if (format != "sql") promote_full_row(read);
    result.set("rows", std::move(read));
    result.set("format", Node::of(format));
    result.set("fixture", named ? *named : Node());
    result.begin = given.begin;
    result.end = given.end;
    fields.finish();
    return result;
  }

  // dbt takes the types from the first row, so it puts one without nulls there.
  static void promote_full_row(Node& rows) {
    for (auto& row : rows.items) {
      bool full =
          std::none_of(row.entries.begin(), row.entries.end(), [](const Entry& e) { return e.value.is_null(); });
      if (!full) continue;
      std::swap(rows.items.front(), row);
      return;
    }
  }

  void read(const Node& entry) {
    Fields fields(file.document.source, entry, "a unit test", build.problems);
    std::string name = fields.required_text("name");
    what = "unit test '" + name + "'";
    std::string model = fields.required_text("model");
    if (name.empty() || model.empty()) return;
    Draft& draft = build.add_draft(ResourceType::unit_test, *file.package, file.contribution);
    Resource& resource = draft.resource;
    resource.name = name;
    resource.unique_id = "unit_test." + resource.package + "." + model + "." + name;
    resource.path = file.relative_path;
    resource.original_file_path = file.original_file_path;
    std::string_view path = file.original_file_path;
    resource.fqn = fqn_of(resource.package, path.substr(path.find('/') + 1), model);
    resource.fqn.push_back(name);
    resource.description = fields.text("description").value_or("");
    resource.span = fields.span();
    resource.name_span = file.document.span(*entry.find("name"));
    if (const Node* config = fields.mapping("config")) draft.inline_config = *config;
    UnitTestDetails& details = resource.unit_test.emplace();
    details.model = model;
    details.model_span = file.document.span(*entry.find("model"));
    if (const Node* given = fields.sequence("given")) {
      for (const auto& input : given->items) details.given.items.push_back(normalized(input, true));
    }
    if (const Node* expect = fields.mapping("expect")) {
      details.expect = normalized(*expect, false);
    } else {
      wrong(entry, what + " does not say what to expect");
    }
    if (const Node* overrides = fields.mapping("overrides")) details.overrides = *overrides;
    if (const Node* versions = fields.mapping("versions")) details.versions = *versions;
    details.fixture_checksum =
        sha256(json::write(details.given) + json::write(details.expect) + json::write(details.overrides));
    fields.ignore({"meta", "tags"});
    fields.finish();
  }
};

}  // namespace

void read_unit_tests(Build& build, PropertiesFile& file) {
  const Node* tests = file.document.root.find("unit_tests");
  if (!tests) return;
  for (const auto& entry : tests->items) {
    if (entry.is_mapping()) UnitTestReader{build, file, {}}.read(entry);
  }
}

}  // namespace rynd::project

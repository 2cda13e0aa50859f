// Unit test: given rows in, actual rows out, and the difference from the expected ones.
#include "unit_test.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/suggest.h"
#include "base/text.h"
#include "fixture.h"
#include "project/error_kind.h"
#include "sql/quote.h"
#include "sql/statements.h"
#include "sql/tokens.h"
#include "table_diff.h"

namespace rynd::quality {
namespace {

using engine::Column;
using project::Resource;

// The arguments of ref(...) or source(...): their texts without quotes; keyword names are dropped but for `version` and
// `v`.
struct Call {
  std::string function;
  std::vector<std::string> positional;
  std::string version;
};

std::string unquoted(std::string_view token) {
  const bool quoted = token.size() >= 2 && (token.front() == '\'' || token.front() == '"');
  return std::string(quoted ? token.substr(1, token.size() - 2) : token);
}

Call read_call(std::string_view text) {
  Call call;
  std::string keyword;
  const std::vector<sql::Token> tokens = sql::tokenize(text);
  for (size_t i = 0; i < tokens.size(); ++i) {
    const std::string_view token = tokens[i].text(text);
    const bool is_value = tokens[i].kind != sql::TokenKind::symbol;
    if (i == 0) {
      call.function = token;
    } else if (is_value && i + 1 < tokens.size() && tokens[i + 1].text(text) == "=") {
      keyword = token;
    } else if (is_value && (keyword == "v" || keyword == "version")) {
      call.version = unquoted(token);
      keyword.clear();
    } else if (is_value) {
      call.positional.push_back(unquoted(token));
    }
  }
  return call;
}

std::vector<std::string> known_names(const project::Project& project) {
  std::vector<std::string> names;
  for (const Resource& resource : project.resources) {
    if (resource.is_relation())
      names.push_back(resource.source ? resource.source->source_name + "." + resource.name : resource.name);
  }
  return names;
}

Diagnostic unknown_input(const std::string& text, const std::string& name, const project::Project& project) {
  return {.code = Code::fixture_input,
          .message = fmt::format("the unit test gives rows for {}, which is not in the project", text),
          .label = did_you_mean(name, known_names(project))};
}

// One unit test in the making.
class Maker {
 public:
  Maker(project::ResourceId id, const UnitTestRun& run)
      : run_(run), test_(run.project.at(id)), details_(*test_.unit_test), source_(test_.span.source) {}

  UnitTestOutcome make();

 private:
  void read_inputs();
  void check_inputs();
  void add_input(const Node& given);
  bool compile();
  std::optional<std::string> expected_sql(const Fixture& expect);
  std::optional<std::vector<std::string>> compared_columns(const Fixture& expect);
  void compare(const std::vector<std::string>& columns);
  void judge(const engine::Table& table, const std::vector<std::string>& columns);
  void failed(Diagnostic diagnostic);
  std::string called() const { return fmt::format("model '{}'", details_.model); }

  const UnitTestRun& run_;
  const Resource& test_;
  const project::UnitTestDetails& details_;
  SourcePtr source_;
  transform::UnitOverrides overrides_;
  transform::Compiled compiled_;
  std::vector<Column> actual_;
  UnitTestOutcome outcome_;
};

void Maker::failed(Diagnostic diagnostic) {
  if (!diagnostic.span) diagnostic.span = test_.name_span ? test_.name_span : test_.span;
  outcome_.diagnostics.push_back(std::move(diagnostic));
}

void Maker::add_input(const Node& given) {
  const Node* input = given.find("input");
  if (!input || !input->is_string()) {
    return failed({.code = Code::fixture_input, .message = "a `given` entry of the unit test has no `input`"});
  }
  auto read = read_input(input->text, run_.project, test_.package);
  if (!read) return failed(std::move(read.error()));
  auto fixture = read_fixture(given, source_);
  if (!fixture) return failed(std::move(fixture.error()));
  std::vector<Column> types;
  if (!fixture->sql) {
    types = read->is_this ? run_.types.of(details_.tested, run_.connection) : run_.types.of(read->id, run_.connection);
  }
  const std::string called = fmt::format("'{}'", read->is_this ? "this" : run_.project.at(read->id).name);
  auto select = fixture_sql(*fixture, types, called, source_);
  if (!select) return failed(std::move(select.error()));
  if (read->is_this) {
    overrides_.this_sql = std::move(*select);
  } else {
    overrides_.inputs.emplace_back(read->id, std::move(*select));
  }
}

void Maker::read_inputs() {
  for (const Node& given : details_.given.items) add_input(given);
  const auto take = [&](const char* key, Node& into) {
    const Node* found = details_.overrides.find(key);
    if (found && found->is_mapping()) into = *found;
  };
  take("macros", overrides_.macros);
  take("vars", overrides_.vars);
  take("env_vars", overrides_.env_vars);
}

// What a model reads must be given: rows of the warehouse would make the test depend on them.
void Maker::check_inputs() {
  for (const project::ResourceId parent : run_.project.at(details_.tested).depends_on) {
    const Resource& resource = run_.project.at(parent);
    if (!resource.is_relation()) continue;
    const auto is_given = [&](const auto& input) { return input.first == parent; };
    if (std::ranges::any_of(overrides_.inputs, is_given)) continue;
    const std::string call = resource.source
                                 ? fmt::format("source('{}', '{}')", resource.source->source_name, resource.name)
                                 : fmt::format("ref('{}')", resource.name);
    failed({.code = Code::fixture_input,
            .message = fmt::format("the unit test does not give {}, which {} reads", call, called()),
            .help = fmt::format("add `- input: {}` with its rows under `given:`; `rows: []` gives it none", call)});
  }
}

bool Maker::compile() {
  auto compiled = run_.runtime.compile_unit(details_.tested, overrides_, run_.connection, run_.stop);
  if (!compiled) {
    for (Diagnostic& diagnostic : compiled.error()) failed(std::move(diagnostic));
    return false;
  }
  compiled_ = std::move(*compiled);
  auto columns = run_.connection.describe(compiled_.sql);
  if (!columns) {
    failed(run_.runtime.explain(columns.error(), compiled_, details_.tested, run_.connection));
    return false;
  }
  actual_ = std::move(*columns);
  return true;
}

// Those that the first expected row names; without rows, all that the model has.
std::optional<std::vector<std::string>> Maker::compared_columns(const Fixture& expect) {
  std::vector<std::string> columns;
  for (const Column& column : actual_) {
    const auto named = [&](const std::string& name) { return iequals(name, column.name); };
    if (expect.columns.empty() || std::ranges::any_of(expect.columns, named)) columns.push_back(column.name);
  }
  if (!columns.empty()) return columns;
  failed({.code = Code::fixture_column, .message = fmt::format("no expected column is one of {}", called())});
  return std::nullopt;
}

std::optional<std::string> Maker::expected_sql(const Fixture& expect) {
  auto select = fixture_sql(expect, actual_, "expected output", source_);
  if (select) return std::move(*select);
  failed(std::move(select.error()));
  return std::nullopt;
}

std::string quoted_list(const std::vector<std::string>& columns) {
  std::vector<std::string> quoted;
  for (const std::string& column : columns) quoted.push_back(sql::identifier(column));
  return join(quoted, ", ");
}

void Maker::compare(const std::vector<std::string>& columns) {
  const std::stop_callback interrupt(run_.stop, [this] { run_.connection.interrupt(); });
  auto table = engine::fetch(run_.connection, outcome_.sql);
  if (!table) {
    Diagnostic diagnostic = std::move(table.error());
    diagnostic.span = {};  // it lies in SQL that nobody wrote; the test is where to look
    return failed(std::move(diagnostic));
  }
  judge(*table, columns);
}

void Maker::judge(const engine::Table& table, const std::vector<std::string>& columns) {
  Rows actual, expected;
  for (const auto& row : table.rows) {
    const bool is_actual = engine::to_text(row.back()) == "actual";
    (is_actual ? actual : expected).emplace_back(row.begin(), row.end() - 1);
  }
  const std::vector<DiffRow> diff = diff_rows(expected, actual);
  if (!has_difference(diff)) return;
  outcome_.status = transform::Status::fail;
  outcome_.message = "\n\nactual differs from expected:\n\n" + render_diff(diff, columns, expected, actual) + "\n";
  outcome_.sample_json = diff_json(diff, columns, expected, actual, run_.sample_rows);
}

UnitTestOutcome Maker::make() {
  read_inputs();
  if (outcome_.diagnostics.empty()) check_inputs();
  auto expect = read_fixture(details_.expect, source_);
  if (!expect) failed(std::move(expect.error()));
  if (outcome_.diagnostics.empty() && compile()) {
    outcome_.compiled_at = run_.clock.now();
    const auto select = expected_sql(*expect);
    const auto columns = select ? compared_columns(*expect) : std::nullopt;
    if (columns) {
      const std::string list = quoted_list(*columns);
      outcome_.sql = fmt::format(
          "with actual_rows as (\n{1}\n),\nexpected_rows as (\n{2}\n)\n"
          "select {0}, 'actual' as \"actual_or_expected\" from actual_rows\nunion all\n"
          "select {0}, 'expected' as \"actual_or_expected\" from expected_rows",
          list, sql::without_final_semicolon(compiled_.sql), *select);
      compare(*columns);
    }
  }
  if (!outcome_.diagnostics.empty()) {
    outcome_.status = transform::Status::error;
    outcome_.message = project::error_text(outcome_.diagnostics.front(), test_);
  }
  return std::move(outcome_);
}

}  // namespace

Result<UnitInput> read_input(const std::string& text, const project::Project& project, const std::string& package) {
  if (trim(text) == "this") return UnitInput{.is_this = true};
  const Call call = read_call(text);
  const size_t count = call.positional.size();
  if (call.function == "ref" && (count == 1 || count == 2)) {
    const project::Ref ref{
        .name = call.positional.back(), .package = count == 2 ? call.positional[0] : "", .version = call.version};
    const project::ResourceId id = project.resolve_ref(ref, package);
    if (id != project::no_resource) return UnitInput{.id = id};
    return fail(unknown_input(text, ref.name, project));
  }
  if (call.function == "source" && count == 2) {
    const project::ResourceId id = project.resolve_source(call.positional[0], call.positional[1]);
    if (id != project::no_resource) return UnitInput{.id = id};
    return fail(unknown_input(text, call.positional[0] + "." + call.positional[1], project));
  }
  return fail({.code = Code::fixture_input,
               .message = fmt::format("'{}' is not an input of a unit test", text),
               .help = "write ref('model'), source('name', 'table') or this"});
}

UnitTestOutcome run_unit_test(project::ResourceId id, const UnitTestRun& run) { return Maker(id, run).make(); }

}  // namespace rynd::quality

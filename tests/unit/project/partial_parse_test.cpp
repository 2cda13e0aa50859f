// Partial parsing: after any edits a project read with what was kept is the project read anew, and only what the edits
// concern is read.
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>

#include "base/json.h"
#include "base/text.h"
#include "project_editor.h"
#include "sim_project.h"

namespace rynd::project {
namespace {

std::string shown(const Span& span) {
  if (!span) return "nowhere";
  std::string_view text = span.source->text();
  const size_t begin = std::min<size_t>(span.begin, text.size());
  return span.source->name() + ":" + std::to_string(span.begin) + "-" + std::to_string(span.end) + " " +
         std::string(text.substr(begin, std::min<size_t>(span.end - span.begin, 40)));
}

std::string shown(const Project& project, const Resource& resource) {
  std::string text = resource.unique_id + "\n  " + json::write(manifest_entry(project, resource)) + "\n";
  for (const Span* span : {&resource.span, &resource.name_span, &resource.patch_span})
    text += "  " + shown(*span) + "\n";
  for (const auto& column : resource.columns) text += "  column " + shown(column.span) + "\n";
  for (const auto& ref : resource.refs) text += "  ref " + shown(ref.span) + "\n";
  for (const auto& source : resource.sources) text += "  source " + shown(source.span) + "\n";
  if (resource.unit_test) text += "  tests " + shown(resource.unit_test->model_span) + "\n";
  if (resource.source)
    text += "  ingested " + std::to_string(resource.source->ingested) + " " + resource.source->location + "\n";
  for (const auto& function : resource.functions) text += "  function " + function.name + shown(function.span) + "\n";
  if (resource.compiled) {
    text += "  template " + resource.compiled.source()->name();
    for (const auto& name : resource.compiled.uses().names) text += " " + name;
    text += "\n";
  }
  return text;
}

std::string shown(const Project& project, const Macro& macro) {
  std::string text = macro.unique_id + " " + macro.path + " " + macro.patch_path + " " + macro.description + "\n  " +
                     macro.macro_sql + "\n  " + json::write(macro.meta) + json::write(macro.config) + shown(macro.span);
  for (const auto& argument : macro.arguments)
    text += "\n  " + argument.name + ": " + argument.type + " " + argument.description;
  for (MacroId id : macro.depends_on_macros) text += "\n  calls " + project.macros[id].unique_id;
  return text + "\n  compiled " + macro.compiled.macros()[macro.index].name + "\n";
}

// Everything that a project says, in its order.
std::string shown(const Checked<Project>& loaded) {
  if (!loaded) return render_text(loaded.error());
  const Project& project = *loaded;
  std::string text = render_text(project.warnings);
  for (const auto& resource : project.resources) text += shown(project, resource);
  for (const auto& resource : project.disabled) text += "disabled " + shown(project, resource);
  for (const auto& macro : project.macros) text += shown(project, macro);
  for (const auto& doc : project.docs)
    text += doc.unique_id + " " + doc.path + " " + doc.contents + shown(doc.span) + "\n";
  for (ResourceId id : project.graph.order()) text += std::to_string(id) + " ";
  return text;
}

// Where two texts part, a line of each.
std::string difference(const std::string& a, const std::string& b) {
  auto lines_a = split(a, '\n'), lines_b = split(b, '\n');
  for (size_t i = 0; i < std::max(lines_a.size(), lines_b.size()); ++i) {
    std::string one = i < lines_a.size() ? lines_a[i] : "(end)", other = i < lines_b.size() ? lines_b[i] : "(end)";
    if (one != other) return "kept: " + one + "\nanew: " + other;
  }
  return "";
}

class PartialParse : public testing::Test {
 protected:
  Checked<Project> load(bool kept) {
    SimProcess process(environment);
    SimRandom random(1);
    SimHttp http;
    World world{clock, *files, process, random, http};
    options.project_dir = "/p";
    options.builtins = builtins;
    options.keeps_parse = kept;
    files->reads.clear();
    return project::load(options, world);
  }
  void write(const std::string& path, const std::string& text) { ASSERT_TRUE(files->write("/p/" + path, text)); }
  // What the last load read, but for what is read each time.
  std::string reads() const {
    std::string text;
    for (const auto& path : files->reads) {
      if (path.starts_with("models/") || path.starts_with("macros/") || path.starts_with("seeds/")) text += path + " ";
    }
    return text;
  }
  // Whether there was a project at all.
  bool expect_as_anew(const std::string& after) {
    const Checked<Project> loaded = load(true);
    const std::string kept = shown(loaded);
    const std::string kept_reads = reads();
    const std::string anew = shown(load(false));
    EXPECT_EQ(difference(kept, anew), "") << after;
    last_reads = kept_reads;
    return loaded.has_value();
  }

  std::unique_ptr<StampedFiles> files = std::make_unique<StampedFiles>();
  SimClock clock{Instant(std::chrono::seconds(1700000000))};
  std::map<std::string, std::string> environment;
  std::vector<BuiltinFile> builtins = small_builtins();
  LoadOptions options;
  std::string last_reads;
};

TEST_F(PartialParse, ReadsOnlyWhatIsConcerned) {
  write("dbt_project.yml", plain_project);
  write("macros/m.sql", "{% macro one() %}1{% endmacro %}{% macro two() %}{{ one() }}{% endmacro %}");
  write("models/a.sql", "select {{ two() }} as x");
  write("models/b.sql", "select * from {{ ref('a') }}");
  write("models/c.sql", "select * from {{ ref('b') }}");
  write("models/schema.yml", "models:\n  - name: a\n    columns:\n      - name: x\n        data_tests: [unique]\n");
  expect_as_anew("the first reading");
  expect_as_anew("nothing");
  EXPECT_EQ(last_reads, "");
  write("models/c.sql", "select 1 as y from {{ ref('b') }}");
  expect_as_anew("a model nobody describes");
  EXPECT_EQ(last_reads, "models/c.sql ");
  write("models/a.sql", "select {{ two() }} as y");
  expect_as_anew("a model that is described: the properties file's text is known");
  EXPECT_EQ(last_reads, "models/a.sql ");
  write("macros/m.sql", "{% macro one() %}2{% endmacro %}{% macro two() %}{{ one() }}{% endmacro %}");
  expect_as_anew("a macro that a calls through another");
  EXPECT_EQ(last_reads, "macros/m.sql ");
  write("models/c.sql", "select 1 as y from {{ ref('nothing') }}");
  expect_as_anew("a mistake");
  write("models/c.sql", "select 1 as y from {{ ref('b') }}");
  expect_as_anew("the mistake mended");
  EXPECT_EQ(last_reads, "models/c.sql ");
  expect_as_anew("nothing, again");
  EXPECT_EQ(last_reads, "");
}

TEST_F(PartialParse, AFileChangedJustBeforeItWasReadIsReadAgain) {
  write("dbt_project.yml", plain_project);
  write("models/a.sql", "select 1");
  files->now_us = clock.now().time_since_epoch().count() - 1'000;  // one millisecond before
  write("models/b.sql", "select 2");
  expect_as_anew("the first reading");
  expect_as_anew("nothing");
  EXPECT_EQ(last_reads, "models/b.sql ");
  // The clock of the file system has not moved, and the size is the same.
  files->keep_stamp = true;
  write("models/b.sql", "select 3");
  files->keep_stamp = false;
  expect_as_anew("a change that cannot be seen from outside");
  EXPECT_EQ(last_reads, "models/b.sql ");
  clock.advance(std::chrono::seconds(3));
  expect_as_anew("nothing, later");
  expect_as_anew("nothing");
  EXPECT_EQ(last_reads, "");
}

TEST_F(PartialParse, ADamagedOrForeignFileIsIgnored) {
  write("dbt_project.yml", plain_project);
  write("models/a.sql", "select 1");
  expect_as_anew("the first reading");
  const std::filesystem::path path = "/p/target/partial_parse.rynd";
  const std::string whole = *files->read(path);
  for (size_t at = 0; at < whole.size(); at += 7) {
    std::string damaged = whole;
    damaged[at] = static_cast<char>(damaged[at] ^ 0x20);
    ASSERT_TRUE(files->write(path, damaged));
    expect_as_anew("byte " + std::to_string(at) + " damaged");
    EXPECT_EQ(last_reads, "models/a.sql ") << at;
  }
  for (size_t size : {size_t{0}, size_t{5}, whole.size() / 2, whole.size() - 1}) {
    ASSERT_TRUE(files->write(path, whole.substr(0, size)));
    expect_as_anew("cut to " + std::to_string(size));
    EXPECT_EQ(last_reads, "models/a.sql ") << size;
  }
  ASSERT_TRUE(files->write(path, whole));
  expect_as_anew("whole again");
  EXPECT_EQ(last_reads, "");
  options.program = "another";
  expect_as_anew("another program");
  EXPECT_EQ(last_reads, "models/a.sql ");
  options.flags.set("PARTIAL_PARSE", Node::of(false));
  expect_as_anew("told not to take it");
  EXPECT_EQ(last_reads, "models/a.sql ");
  options.flags = Node::map();
  expect_as_anew("which was kept all the same");
  EXPECT_EQ(last_reads, "");
  write("dbt_project.yml", plain_project + "flags:\n  partial_parse: false\n");
  expect_as_anew("the project says no");
  expect_as_anew("the project says no");
  EXPECT_EQ(last_reads, "models/a.sql ");
}

TEST_F(PartialParse, ADiskThatIsFullChangesNothing) {
  write("dbt_project.yml", plain_project);
  write("models/a.sql", "select 1");
  files->fail_next_write("/p/target/partial_parse.rynd");
  expect_as_anew("the first reading");
  expect_as_anew("nothing");
  EXPECT_EQ(last_reads, "models/a.sql ");
}

// Many projects a part, edited at random: kept and anew must be the same after each edit. Mistakes included, which are
// mostly undone then, for nothing is kept of a project with mistakes.
class RandomEdits : public PartialParse, public testing::WithParamInterface<int> {};

TEST_P(RandomEdits, GiveWhatReadingAnewGives) {
  int readings = 0, projects = 0;
  for (int seed = GetParam() * 40; seed < GetParam() * 40 + 40; ++seed) {
    files = std::make_unique<StampedFiles>();
    options = LoadOptions();
    environment.clear();
    ProjectEditor editor(seed, *files, environment, options);
    ProjectEditor::State project = editor.state();
    std::string edits;
    for (int step = 0; step < 25; ++step) {
      if (step > 0) edits += editor.edit() + "; ";
      clock.advance(std::chrono::seconds(10));
      const bool good = expect_as_anew("seed " + std::to_string(seed) + ": " + edits);
      if (HasFailure()) return;
      ++readings;
      projects += good;
      if (good) {
        project = editor.state();
      } else if (editor.chance(90)) {
        editor.put_back(project);
        edits += "undone; ";
      }
    }
  }
  EXPECT_GT(projects * 5, readings * 2) << "too little of what is read is a project for the test to prove anything";
}

INSTANTIATE_TEST_SUITE_P(Seeds, RandomEdits, testing::Range(0, 4));

}  // namespace
}  // namespace rynd::project

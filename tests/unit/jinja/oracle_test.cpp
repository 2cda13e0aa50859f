// Templates against what Python's Jinja2 made of them: tests/cases/jinja_oracle, and any folder that
// RYND_JINJA_CASES names. tests/cases/jinja_oracle/record.py writes the answers.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "base/json.h"
#include "jinja/jinja.h"

namespace rynd::jinja {
namespace {

namespace fs = std::filesystem;

std::string read(const fs::path& path) {
  std::ifstream stream(path, std::ios::binary);
  std::stringstream text;
  text << stream.rdbuf();
  return text.str();
}

ContextPtr context_of(const fs::path& json) {
  std::vector<std::pair<std::string, Value>> names;
  if (fs::exists(json)) {
    const Result<Document> document = json::read(make_source(json.string(), read(json)));
    if (!document) throw std::runtime_error(document.error().message);
    for (const Entry& entry : document->root.entries) names.emplace_back(entry.key, from_node(entry.value));
  }
  return make_context(std::move(names));
}

// Class, message and line, as the recorded answers have them.
std::string describe(const Diagnostic& diagnostic) {
  std::string type = "TemplateSyntaxError";
  if (diagnostic.code == Code::template_unknown_name) type = "TemplateAssertionError";
  if (diagnostic.code == Code::template_undefined) type = "UndefinedError";
  if (diagnostic.code == Code::template_unsafe) type = "SecurityError";
  if (diagnostic.code == Code::template_too_deep) type = "RecursionError";
  for (const std::string& note : diagnostic.notes) {
    if (note.starts_with("raised as ")) type = note.substr(10);
  }
  std::string message;
  for (const char c : diagnostic.message) {
    message += c == '\\' ? "\\\\" : c == '\n' ? "\\n" : std::string(1, c);
  }
  const Position at = diagnostic.span.source ? diagnostic.span.source->position(diagnostic.span.begin) : Position{0, 0};
  return type + "\n" + message + "\nline " + std::to_string(at.line) + "\n";
}

std::string answer(const fs::path& path, bool& failed) {
  const Environment environment({.bind_macro_names = true});
  const Checked<Template> compiled = environment.compile(make_source(path.filename().string(), read(path)));
  failed = true;
  if (!compiled) return describe(compiled.error().front());
  const ContextPtr context = context_of(fs::path(path).replace_extension(".json"));
  const Result<std::string> text = render(*compiled, context);
  if (!text) return describe(text.error());
  failed = false;
  return *text;
}

void check_folder(const fs::path& folder, const std::vector<std::string>& known) {
  std::vector<fs::path> templates;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.path().extension() == ".jinja") templates.push_back(entry.path());
  }
  std::ranges::sort(templates);
  ASSERT_FALSE(templates.empty()) << folder;
  size_t equal = 0;
  for (const fs::path& path : templates) {
    bool failed = false;
    const std::string got = answer(path, failed);
    const fs::path expected = fs::path(path).replace_extension(failed ? ".err" : ".out");
    const bool same = fs::exists(expected) && read(expected) == got;
    equal += same ? 1 : 0;
    if (std::ranges::find(known, path.stem().string()) != known.end()) continue;
    const fs::path other = fs::exists(expected) ? expected : fs::path(path).replace_extension(failed ? ".out" : ".err");
    EXPECT_TRUE(same) << path.stem() << "\n--- Python\n" << read(other) << "\n--- rynd\n" << got;
  }
  std::cout << folder.string() << ": " << equal << " of " << templates.size() << " equal\n";
}

TEST(JinjaOracle, OwnCases) { check_folder(fs::path(RYND_SOURCE_DIR) / "tests/cases/jinja_oracle", {}); }

// values.txt: expressions from a seeded generator, a tab, and Python's repr of the value or its exception.
TEST(JinjaOracle, GeneratedValues) {
  std::ifstream lines(fs::path(RYND_SOURCE_DIR) / "tests/cases/jinja_oracle/values.txt");
  const ContextPtr context = make_context({});
  size_t count = 0;
  for (std::string line; std::getline(lines, line); ++count) {
    const size_t tab = line.find('\t');
    const std::string expression = line.substr(0, tab);
    const std::string expected = line.substr(tab + 1);
    const Checked<Template> compiled = Environment().compile_expression(make_source("<value>", expression));
    ASSERT_TRUE(compiled.has_value()) << expression;
    const Result<Value> value = evaluate(*compiled, context);
    if (value) {
      EXPECT_EQ(value->repr(), expected) << expression;
    } else {
      std::string type = describe(value.error());
      type = type.substr(0, type.find('\n'));
      EXPECT_EQ("! " + type + ": " + value.error().message, expected) << expression;
    }
  }
  EXPECT_GT(count, 1000u);
}

TEST(JinjaOracle, OtherCases) {
  const char* folder = std::getenv("RYND_JINJA_CASES");
  if (!folder) GTEST_SKIP() << "RYND_JINJA_CASES names no folder";
  // docs/compat-jinja.md: Python counts lines of the code that Jinja generates in the first two; names of characters
  // are not known here.
  check_folder(folder, {"err_syntax_break_outside", "err_ns_set_on_dict", "str_escapes"});
}

}  // namespace
}  // namespace rynd::jinja

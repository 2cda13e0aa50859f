// YAML in: PyYAML's meaning of scalars, places, all errors at once. YAML out: what is written is read back the same.
#include "base/yaml.h"

#include <gtest/gtest.h>

#include <cmath>

#include "base/json.h"
#include "base/render.h"

namespace rynd {
namespace {

Document read(const std::string& text) {
  auto document = yaml::read(make_source("a.yml", text));
  EXPECT_TRUE(document) << (document ? "" : render_text(document.error()));
  return document ? *document : Document{};
}

std::string json_of(const std::string& text) { return json::write(read(text).root); }

std::string errors_of(const std::string& text) {
  auto document = yaml::read(make_source("a.yml", text));
  return document ? "no error" : render_text(document.error());
}

TEST(YamlRead, ScalarsAsPyYamlReadsThem) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"yes", "true"},
      {"Off", "false"},
      {"nO", "\"nO\""},
      {"y", "\"y\""},
      {"~", "null"},
      {"NULL", "null"},
      {"nUll", "\"nUll\""},
      {"'yes'", "\"yes\""},
      {"017", "15"},
      {"0o17", "\"0o17\""},
      {"018", "\"018\""},
      {"1_000", "1000"},
      {"0x1F", "31"},
      {"0b101", "5"},
      {"+12", "12"},
      {"-0", "0"},
      {"12:30:45", "45045"},
      {"1:60", "\"1:60\""},
      {"09:30", "\"09:30\""},
      {"1.5", "1.5"},
      {"1e5", "\"1e5\""},
      {"1.0e5", "\"1.0e5\""},
      {"1.0e+5", "100000.0"},
      {"1.", "1.0"},
      {".5", "0.5"},
      {"-.5", "\"-.5\""},
      {"1_0.5_0", "10.5"},
      {"2024-01-02", "\"2024-01-02\""},
      {"1.2.3", "\"1.2.3\""},
      {"190:20:30.15", "685230.15"},
      {"9223372036854775807", "9223372036854775807"},
      {"9223372036854775808", "9223372036854775808"},
      {"!!str 12", "\"12\""},
      {"!!int '12'", "12"},
      {"!!float 3", "3.0"},
      {"\"a\\tb\"", "\"a\\tb\""},
  };
  for (const auto& [text, expected] : cases) {
    EXPECT_EQ(json_of("k: " + text), "{\"k\": " + expected + "}") << text;
  }
  EXPECT_TRUE(std::isnan(read("k: .nan").root.find("k")->real));
  EXPECT_EQ(read("k: -.inf").root.find("k")->real, -HUGE_VAL);
}

TEST(YamlRead, StructuresAndBlocks) {
  EXPECT_EQ(json_of("a:\n- 1\n- {b: [x, y], c: }\nd: |\n  two\n  lines\ne: >-\n  fol\n  ded\n"),
            R"({"a": [1, {"b": ["x", "y"], "c": null}], "d": "two\nlines\n", "e": "fol ded"})");
  EXPECT_EQ(json_of("k: |\nl: >\nm: !\n"), R"({"k": "", "l": "", "m": null})");
  EXPECT_EQ(json_of(""), "null");
  EXPECT_EQ(json_of("# nothing\n"), "null");
  EXPECT_EQ(json_of("a: [\n1,\n2\n]\n"), R"({"a": [1, 2]})");
  EXPECT_EQ(json_of("\xEF\xBB\xBF"
                    "a: 1\r\nb: 2\r\n"),
            R"({"a": 1, "b": 2})");
}

TEST(YamlRead, AnchorsAliasesAndMergeKeys) {
  EXPECT_EQ(json_of("base: &b {x: 1, y: 2}\nother: &o {y: 3, z: 4}\n"
                    "one:\n  y: 9\n  <<: *b\ntwo:\n  <<: [*b, *o]\n'<<': 1\n"),
            R"({"base": {"x": 1, "y": 2}, "other": {"y": 3, "z": 4}, "one": {"x": 1, "y": 9}, )"
            R"("two": {"y": 2, "z": 4, "x": 1}, "<<": 1})");
}

TEST(YamlRead, EveryValueAndKeyHasItsPlace) {
  auto document = read("name: \"quoted\"\nlist:\n  - plain\n  - {k: 1}\nempty:\n");
  auto text = [&](const Node& node) { return document.source->text().substr(node.begin, node.end - node.begin); };
  EXPECT_EQ(text(*document.root.find("name")), "\"quoted\"");
  const Node& list = *document.root.find("list");
  EXPECT_EQ(text(list.items[0]), "plain");
  EXPECT_EQ(text(list.items[1]), "{k: 1}");
  EXPECT_EQ(text(list), "- plain\n  - {k: 1}");
  const Entry& entry = *document.root.find_entry("empty");
  EXPECT_EQ(document.source->text().substr(entry.key_begin, entry.key_end - entry.key_begin), "empty");
  EXPECT_EQ(document.source->position(document.root.find("empty")->begin).line, 5);
}

TEST(YamlRead, ADuplicateKeyNamesTheFirst) {
  EXPECT_EQ(errors_of("a: 1\nb: 2\na: 3\n"),
            "error[RYND0111]: the key 'a' stands twice in one mapping\n"
            "  --> a.yml:3:1\n"
            "   |\n"
            " 3 | a: 3\n"
            "   | ^\n"
            "  ::: a.yml:1:1\n"
            "   |\n"
            " 1 | a: 1\n"
            "   | - first here\n");
}

TEST(YamlRead, UnquotedTemplateSaysToQuote) {
  std::string text = errors_of("a: {{ b }}\n");
  EXPECT_NE(text.find("a key must be a plain value"), std::string::npos) << text;
  EXPECT_NE(text.find("help: put a value that contains {{ ... }} in quotes"), std::string::npos) << text;
  EXPECT_NE(text.find("a.yml:1:5"), std::string::npos) << text;
}

TEST(YamlRead, ReportsErrorsOfSeveralSectionsAtOnce) {
  auto document = yaml::read(make_source("a.yml", "a: b: c\nok: 1\nd:\n\te: 1\nlast: 2\n"));
  ASSERT_FALSE(document);
  ASSERT_EQ(document.error().size(), 2u) << render_text(document.error());
  EXPECT_EQ(document.error()[0].span.source->position(document.error()[0].span.begin).line, 1);
  EXPECT_EQ(document.error()[1].help, "indent with spaces");
}

TEST(YamlRead, RefusesWhatIsNoText) {
  EXPECT_NE(errors_of("a: \xff\n").find("not UTF-8"), std::string::npos);
  EXPECT_NE(errors_of(std::string("a: b\0c\n", 7)).find("zero byte"), std::string::npos);
  EXPECT_NE(errors_of("a: *x\n").find("no anchor '&x'"), std::string::npos);
  EXPECT_NE(errors_of("a: 1\n---\nb: 1\n").find("second one"), std::string::npos);
  EXPECT_NE(errors_of("a: !mine 1\n").find("tag '!mine'"), std::string::npos);
  EXPECT_NE(errors_of("a: [1\n").find("without a closing bracket"), std::string::npos);
}

TEST(YamlRead, AFewAliasesCannotMakeAHugeDocument) {
  std::string text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 9; ++i) {
    std::string before = "*a" + std::to_string(i - 1);
    text += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" + before;
    for (int j = 0; j < 9; ++j) text += ", " + before;
    text += "]\n";
  }
  EXPECT_NE(errors_of(text).find("its aliases make it larger than"), std::string::npos);
}

TEST(YamlRead, DeepNestingIsAnErrorNotACrash) { EXPECT_NE(errors_of(std::string(100'000, '[')), "no error"); }

TEST(YamlWrite, IsReadBackTheSame) {
  const std::string text =
      "name: a\nyes_text: 'yes'\nnumber_text: '12'\nempty: ''\nnull: null\nreal: 1.5\nbig: 1.0e+20\n"
      "lines: |\n  one\n    two\n\n  three\nkept: |+\n  x\n\ncolon: 'a: b'\ndash: '- x'\nhash: 'a #b'\nquote: 'it''s'\n"
      "control: \"\\u0001\"\nlist:\n  - 1\n  - - nested\n    - [x]\n  - a: 1\n    b:\n      - c\nnone: []\nnothing: "
      "{}\n";
  auto document = read(text);
  std::string written = yaml::write(document.root);
  EXPECT_EQ(json::write(read(written).root), json::write(document.root)) << written;
}

TEST(YamlWrite, ReadsWell) {
  EXPECT_EQ(yaml::write(read("{name: x, flag: 'on', resources: [{name: a, tags: [p, q]}, b], sql: \"a\\nb\\n\"}").root),
            "name: x\n"
            "flag: 'on'\n"
            "resources:\n"
            "  - name: a\n"
            "    tags:\n"
            "      - p\n"
            "      - q\n"
            "  - b\n"
            "sql: |\n"
            "  a\n"
            "  b\n");
}

}  // namespace
}  // namespace rynd

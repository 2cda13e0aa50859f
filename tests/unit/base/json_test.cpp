// JSON in and out.
#include "base/json.h"

#include <gtest/gtest.h>

#include "base/render.h"

namespace rynd {
namespace {

std::string error_of(const std::string& text) {
  auto document = json::read(make_source("a.json", text));
  if (document) return "no error";
  auto& d = document.error();
  return std::to_string(d.span.begin) + "-" + std::to_string(d.span.end) + " " + d.message.substr(24);
}

TEST(JsonRead, ValuesAndPlaces) {
  auto document = json::read(
      make_source("a", R"( {"k": [1, -2.5e1, true, null, "é\n\ud83d\ude00\ud800"], "big": 18446744073709551616})"));
  ASSERT_TRUE(document);
  EXPECT_EQ(json::write(document->root),
            "{\"k\": [1, -25.0, true, null, \"é\\n😀\xEF\xBF\xBD\"], \"big\": 18446744073709551616}");
  const Node& list = *document->root.find("k");
  EXPECT_EQ(document->source->text().substr(list.items[1].begin, list.items[1].end - list.items[1].begin), "-2.5e1");
  EXPECT_EQ(document->root.entries[0].key_begin, 2u);
  EXPECT_EQ(document->root.entries[0].key_end, 5u);
}

TEST(JsonRead, TheLastOfEqualKeysCounts) {
  auto document = json::read(make_source("a", R"({"a": 1, "b": 2, "a": 3})"));
  EXPECT_EQ(json::write(document->root), R"({"b": 2, "a": 3})");
}

TEST(JsonRead, SaysWhatItExpectedAndWhere) {
  EXPECT_EQ(error_of(""), "0-0 expected a value, found the end of the text");
  EXPECT_EQ(error_of("[1, 2"), "5-5 expected ',' or ']', found the end of the text");
  EXPECT_EQ(error_of("{a: 1}"), "1-2 expected a key in double quotes, found 'a'");
  EXPECT_EQ(error_of("{\"a\" 1}"), "5-6 expected ':' after the key, found '1'");
  EXPECT_EQ(error_of("[1,]"), "3-4 expected a value, found ']'");
  EXPECT_EQ(error_of("[01]"), "1-3 a number cannot start with 0");
  EXPECT_EQ(error_of("[1] x"), "4-5 expected the end of the text, found 'x'");
  EXPECT_EQ(error_of("\"ab"), "0-1 this string has no closing quote");
  EXPECT_EQ(error_of("\"\\x\""), "1-3 this escape is not one of JSON's");
  EXPECT_EQ(error_of("\"\\u12g4\""), "1-7 \\u needs four hexadecimal digits");
  EXPECT_EQ(error_of("\"\xff\""), "1-2 this is not UTF-8");
  EXPECT_EQ(error_of("nul"), "0-1 expected a value, found 'n'");
  EXPECT_NE(error_of(std::string(10'000, '[')).find("nested deeper"), std::string::npos);
}

TEST(JsonWrite, IndentsAndEscapes) {
  auto document = json::read(make_source("a", R"({"a": [], "b": {"c": "\u0007/\""}, "d": [1]})"));
  EXPECT_EQ(json::write(document->root, 2),
            "{\n  \"a\": [],\n  \"b\": {\n    \"c\": \"\\u0007/\\\"\"\n  },\n  \"d\": [\n    1\n  ]\n}");
}

TEST(JsonWrite, AStreamGivesTheTextOfTheWhole) {
  auto document = json::read(make_source("a", R"({"a": {}, "b": {"c": [1], "d": "\u007f\n"}, "e": null})"));
  std::string text;
  json::Stream stream([&](std::string_view piece) { text += piece; });
  stream.open();
  stream.add("a", *document->root.find("a"));
  stream.open("b");
  for (const auto& entry : document->root.find("b")->entries) stream.add(entry.key, entry.value);
  stream.close();
  stream.add("e", Node());
  stream.close();
  EXPECT_EQ(text, json::write(document->root));
  text.clear();
  json::Stream empty([&](std::string_view piece) { text += piece; });
  empty.open();
  empty.open("none");
  empty.close();
  empty.close();
  EXPECT_EQ(text, "{\"none\": {}}");
}

}  // namespace
}  // namespace rynd

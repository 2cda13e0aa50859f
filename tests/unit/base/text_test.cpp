// Text, suggestions, digests and sources.
#include "base/text.h"

#include <gtest/gtest.h>

#include "base/hash.h"
#include "base/source.h"
#include "base/suggest.h"

namespace rynd {
namespace {

TEST(Text, Basics) {
  EXPECT_EQ(trim(" \t a b\n"), "a b");
  EXPECT_EQ(trim("  "), "");
  EXPECT_EQ(split("a,,b,", ','), (std::vector<std::string>{"a", "", "b", ""}));
  EXPECT_EQ(join(std::vector<std::string>{"a", "b"}, ", "), "a, b");
  EXPECT_EQ(replace_all("aXbXX", "X", "--"), "a--b----");
  EXPECT_EQ(replace_all("abc", "", "x"), "abc");
  EXPECT_TRUE(iequals("Ab", "aB"));
  EXPECT_FALSE(iequals("a", "ab"));
}

TEST(Text, Globs) {
  const std::vector<std::tuple<std::string, std::string, bool>> cases{{"*", "", true},
                                                                      {"a*c", "abbc", true},
                                                                      {"a*c", "abbd", false},
                                                                      {"a?c", "abc", true},
                                                                      {"a?c", "ac", false},
                                                                      {"[ab]x", "bx", true},
                                                                      {"[!ab]x", "bx", false},
                                                                      {"[a-c]x", "bx", true},
                                                                      {"[]]", "]", true},
                                                                      {"a[", "a[", true},
                                                                      {"**/m", "a/b/m", true},
                                                                      {"*a*b*c*", "xxaxbxxc", true},
                                                                      {"models/*", "models/a/b", true},
                                                                      {"", "", true},
                                                                      {"", "a", false}};
  for (const auto& [pattern, text, expected] : cases)
    EXPECT_EQ(glob_match(pattern, text), expected) << pattern << " " << text;
}

TEST(Text, DisplayWidth) {
  EXPECT_EQ(display_width("abc"), 3);
  EXPECT_EQ(display_width("é"), 1);
  EXPECT_EQ(display_width("e\u0301"), 1);
  EXPECT_EQ(display_width("日本"), 4);
  EXPECT_EQ(display_width("😀"), 2);
}

TEST(Suggest, TheNearestFirst) {
  std::vector<std::string> names{"trips_total", "trips", "total", "ride_date", "a"};
  EXPECT_EQ(did_you_mean("trips_totl", names), "did you mean 'trips_total'?");
  EXPECT_EQ(did_you_mean("TRIPS", names), "did you mean 'trips'?");
  EXPECT_EQ(did_you_mean("rtips", names), "did you mean 'trips'?");
  EXPECT_EQ(did_you_mean("customers", names), "");
  EXPECT_EQ(did_you_mean("z", names), "");
  EXPECT_EQ(did_you_mean("aab", std::vector<std::string>{"aac", "aad"}), "did you mean 'aac' or 'aad'?");
}

TEST(Hash, KnownDigests) {
  EXPECT_EQ(md5("abc"), "900150983cd24fb0d6963f7d28e17f72");
  EXPECT_EQ(sha1("abc"), "a9993e364706816aba3e25717850c26c9cd0d89d");
  EXPECT_EQ(sha256(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_NE(fast_hash("a"), fast_hash("b"));
}

TEST(Source, LinesAndColumnsCountCodePoints) {
  Source source("a", "ab\r\né日x\n");
  EXPECT_EQ(source.line_count(), 3);
  EXPECT_EQ(source.line(1), "ab");
  EXPECT_EQ(source.line(2), "é日x");
  EXPECT_EQ(source.line(9), "");
  Position x = source.position(static_cast<uint32_t>(source.text().find('x')));
  EXPECT_EQ(x.line, 2);
  EXPECT_EQ(x.column, 3);
  EXPECT_EQ(source.offset(2, 3), source.text().find('x'));
  EXPECT_EQ(source.offset(99, 1), source.text().size());
  EXPECT_EQ(source.position(9999).line, 3);
}

}  // namespace
}  // namespace rynd

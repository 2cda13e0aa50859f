// Secrets: what is starred, and what passes.
#include "base/secrets.h"

#include <gtest/gtest.h>

namespace rynd {
namespace {

using Variables = std::map<std::string, std::string>;

TEST(Secrets, AreStarredAlsoAsPartsOfOthersAndInJson) {
  SimProcess process(
      Variables{{"DBT_ENV_SECRET_LONG", "pass\"word"}, {"DBT_ENV_SECRET_PART", "pass"}, {"OTHER", "word"}});
  const Secrets secrets(process);
  EXPECT_EQ(secrets.hidden("a pass\"word b pass c word"), "a ***** b ***** c word");
  EXPECT_EQ(secrets.hidden(R"({"x": "pass\"word"})"), R"({"x": "*****"})");
}

TEST(Secrets, LeaveBytesThatAreNoTextAndEmptyValuesAlone) {
  SimProcess process(Variables{{"DBT_ENV_SECRET_A", "ab"}, {"DBT_ENV_SECRET_EMPTY", ""}});
  const Secrets secrets(process);
  const std::string bytes("\0ab", 3);
  EXPECT_EQ(secrets.hidden(bytes), bytes);
  EXPECT_EQ(secrets.hidden("xyz"), "xyz");
  SimProcess bare;
  EXPECT_TRUE(Secrets(bare).empty());
}

TEST(DiscreetFiles, WriteStarsButForThisUserAlone) {
  SimProcess process(Variables{{"DBT_ENV_SECRET_A", "key"}});
  const Secrets secrets(process);
  SimFiles disk;
  DiscreetFiles files(disk, secrets);
  ASSERT_TRUE(files.write("a", "1 key"));
  ASSERT_TRUE(files.append("a", ", 2 key"));
  ASSERT_TRUE(files.write_durably("b", "key"));
  ASSERT_TRUE(files.write_private("c", "key"));
  ASSERT_TRUE(files.write_pieces("d", [](const TextSink& out) {
    out("1 k");
    out("ey");
  }));
  const auto binary = [&](std::string bytes) {
    return files.write_pieces("e", [&](const TextSink& out) { out(bytes); });
  };
  EXPECT_FALSE(binary(std::string("\0a key", 6)));
  EXPECT_FALSE(disk.exists("e"));
  EXPECT_TRUE(binary(std::string("\0none", 5)));
  EXPECT_EQ(disk.read("a"), "1 *****, 2 *****");
  EXPECT_EQ(disk.read("b"), "*****");
  EXPECT_EQ(disk.read("c"), "key");
  EXPECT_EQ(disk.read("d"), "1 *****");
}

}  // namespace
}  // namespace rynd

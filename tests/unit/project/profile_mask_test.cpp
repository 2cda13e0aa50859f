// ProfileMask: what of profiles.yml an error may quote.
#include "profile_mask.h"

#include <gtest/gtest.h>

namespace rynd::project {
namespace {

TEST(ProfileMask, KeepsKeysAndNames) {
  EXPECT_EQ(without_secrets("shop:\n  target: dev\n  outputs:\n    dev: {type: duckdb, path: data/shop.duckdb}\n"),
            "shop:\n  target: dev\n  outputs:\n    dev: {type: duckdb, path: data/shop.duckdb}\n");
  EXPECT_EQ(without_secrets("extensions:\n  - httpfs\n  - {name: spatial, repo: community}\n"),
            "extensions:\n  - httpfs\n  - {name: spatial, repo: community}\n");
}

TEST(ProfileMask, StarsValues) {
  EXPECT_EQ(without_secrets("password: hunter2\n"), "password: *******\n");
  EXPECT_EQ(without_secrets("- type: s3\n  secret: ab c # old\n  name: mine\n"),
            "- type: s3\n  secret: ** * * ***\n  name: mine\n");
  EXPECT_EQ(without_secrets("{user: me, \"key\": 'it''s, {b}', scope: [a, b], type: s3}"),
            "{user: **, \"key\": ******* ****, scope: [*, *], type: s3}");
  EXPECT_EQ(without_secrets("header: {Authorization: a:b c}"), "header: {Authorization: *** *}");
}

TEST(ProfileMask, StarsPathsWithCredentials) {
  EXPECT_EQ(without_secrets("path: postgres://me:word@host/x\n"), "path: *************************\n");
  EXPECT_EQ(without_secrets("{path: \"dbname=x password=y\", type: postgres}"),
            "{path: ********* ***********, type: postgres}");
}

TEST(ProfileMask, StarsValuesOverSeveralLines) {
  EXPECT_EQ(without_secrets("secret: |\n  abc: def\n\n  ghi\ntype: s3\n"),
            "secret: *\n  **** ***\n\n  ***\ntype: s3\n");
  EXPECT_EQ(without_secrets("secret: \"abc\n  def\"\ntype: s3\n"), "secret: ****\n  ****\ntype: s3\n");
  EXPECT_EQ(without_secrets("secret: abc\n  type: s3\n"), "secret: ***\n  ***** **\n");
  EXPECT_EQ(without_secrets("{secret: abc,\n  key: def}\n"), "{secret: ***,\n  key: ***}\n");
}

TEST(ProfileMask, StarsWhatIsBroken) {
  EXPECT_EQ(without_secrets("password: hunter2: type: x\n"), "password: ******** ***** *\n");
  EXPECT_EQ(without_secrets("password: \"hunter2\ntype: s3\n"), "password: ********\n***** **\n");
  EXPECT_EQ(without_secrets("password hunter2\n"), "******** *******\n");
  EXPECT_EQ(without_secrets("dev: &dev\n  <<: *other\n# password: x\n"), "dev: &dev\n  <<: *other\n* ********* *\n");
}

}  // namespace
}  // namespace rynd::project

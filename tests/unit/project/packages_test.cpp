// Packages: versions and ranges as dbt's semver has them; hashes that dbt 1.12.6 gave for the same lists.
#include "project/packages.h"

#include <gtest/gtest.h>

#include "packages/version.h"
#include "sim_project.h"

namespace rynd::project {
namespace {

Version version(const std::string& text) {
  const auto parsed = parse_version(text);
  EXPECT_TRUE(parsed) << text;
  return parsed.value_or(Version{});
}

std::vector<Version> versions(std::initializer_list<std::string> texts) {
  std::vector<Version> all;
  for (const std::string& text : texts) all.push_back(version(text));
  return all;
}

TEST(Versions, AreThreeNumbers) {
  for (const char* wrong : {"1", "1.2", "1.2.3.4", "01.2.3", "v1.2.3", "1.2.x", "~1.2.3", "", "1.2.3-01"})
    EXPECT_FALSE(parse_version(wrong)) << wrong;
  EXPECT_EQ(to_string(version(">=1.2.3-rc.1+build")), ">=1.2.3-rc.1+build");
  EXPECT_EQ(to_string(version("1.2.3")), "=1.2.3");
}

TEST(Versions, AreCompared) {
  const std::vector<std::string> rising{
      "1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-alpha.beta", "1.0.0-rc.2", "1.0.0-rc.10", "1.0.0", "1.2.0", "1.10.0"};
  for (size_t i = 0; i + 1 < rising.size(); ++i) {
    EXPECT_LT(compare(version(rising[i]), version(rising[i + 1])), 0) << rising[i];
    EXPECT_GT(compare(version(rising[i + 1]), version(rising[i])), 0) << rising[i];
  }
  EXPECT_EQ(compare(version("1.0.0+a"), version("1.0.0+b")), 0);
}

TEST(Versions, RangesBecomeOne) {
  EXPECT_EQ(to_string(*reduce(versions({">=1.0.0", "<2.0.0", ">1.1.0"}))), ">1.1.0, <2.0.0");
  EXPECT_EQ(to_string(*reduce(versions({">=1.0.0", "1.5.0"}))), "=1.5.0, =1.5.0");
  EXPECT_EQ(to_string(*reduce({})), "ANY");
  EXPECT_FALSE(reduce(versions({">=1.0.0", "<1.0.0"})));
  EXPECT_FALSE(reduce(versions({"1.0.0", "1.0.1"})));
  EXPECT_FALSE(reduce(versions({"<1.0.0", "1.0.0"})));
  EXPECT_TRUE(reduce(versions({"<=1.0.0", "1.0.0"})));
}

TEST(Versions, TheHighestThatFits) {
  const std::vector<std::string> all{"1.0.0", "1.10.0", "1.2.0", "2.0.0-rc1", "2.0.0", "odd"};
  EXPECT_EQ(highest(*reduce(versions({">=1.0.0", "<2.0.0"})), all), "1.10.0");
  EXPECT_EQ(highest(*reduce(versions({"2.0.0"})), all), "2.0.0");
  EXPECT_EQ(highest(*reduce(versions({">=3.0.0"})), all), std::nullopt);
  EXPECT_EQ(installable(all, false), (std::vector<std::string>{"1.0.0", "1.2.0", "1.10.0", "2.0.0"}));
  EXPECT_EQ(installable(all, true).back(), "2.0.0");
}

std::string hash_of(const std::string& packages) {
  SimWorld sim({{"dbt_project.yml", "name: shop\n"}, {"packages.yml", packages}});
  const auto project = open_packages_of(sim.options, sim.world);
  EXPECT_TRUE(project) << packages;
  return project ? packages_hash(project->packages) : "";
}

TEST(PackagesHash, IsDbts) {
  EXPECT_EQ(hash_of("packages: [{package: dbt-labs/dbt_utils, version: 1.3.0}]"),
            "226ae69cdfbc9367e2aa2c472b01f99dbce11de0");
  EXPECT_EQ(hash_of("packages: [{package: dbt-labs/dbt_utils, version: ['>=1.0.0','<2.0.0']}, "
                    "{git: 'https://x/y.git', revision: 0.6}, {local: ../p}]"),
            "9e0d648260f24dd91ce678c6dce29426d28cacd6");
  EXPECT_EQ(hash_of("packages: [{git: 'https://x/y.git', warn-unpinned: false, subdirectory: sub}, "
                    "{tarball: 'http://h/x.tgz', name: pp}]"),
            "b4bd52695e542a7abf471cc2c44f7e21b0e3d392");
  EXPECT_EQ(hash_of("packages: [{package: a/b, version: 1.3.0, install_prerelease: true}, "
                    "{git: 'u', revision: main, name: foo}]"),
            "15ce59568e2b33fca5e905c1fb5fad3f094aba0c");
}

}  // namespace
}  // namespace rynd::project

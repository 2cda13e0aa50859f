// .env: expectations are what python-dotenv's documentation says of the format.
#include "base/dotenv.h"

#include <gtest/gtest.h>

namespace rynd {
namespace {

std::map<std::string, std::string> values(const std::string& text,
                                          std::map<std::string, std::string> environment = {}) {
  const Dotenv read = read_dotenv(make_source(".env", text), [&](const std::string& name) {
    const auto found = environment.find(name);
    return found == environment.end() ? std::nullopt : std::optional(found->second);
  });
  return {read.values.begin(), read.values.end()};
}

using Values = std::map<std::string, std::string>;

TEST(Dotenv, Lines) {
  EXPECT_EQ(values("# c\nA=1\r\nexport B='x y' \n\n  C = spaced  out  # rest\nD=a#b\nE=\nF= # empty\n"),
            (Values{{"A", "1"}, {"B", "x y"}, {"C", "spaced  out"}, {"D", "a#b"}, {"E", ""}, {"F", ""}}));
}

TEST(Dotenv, Quotes) {
  EXPECT_EQ(values("A=\"l\\n2 \\\"q\\\" \\\\ \\d\" # c\nB='it\\'s \\n'\nC=\"two\nlines\"\n"),
            (Values{{"A", "l\n2 \"q\" \\ \\d"}, {"B", "it's \\n"}, {"C", "two\nlines"}}));
}

TEST(Dotenv, VariablesAreReplaced) {
  EXPECT_EQ(values("A=1\nB=${A}/${HOME}\nC=${NO:-else}${NO}\nD=$A ${open\nA=2\nE=${A}\nHOME=mine\n", {{"HOME", "/h"}}),
            (Values{{"A", "2"}, {"B", "1//h"}, {"C", "else"}, {"D", "$A ${open"}, {"E", "2"}, {"HOME", "mine"}}));
}

TEST(Dotenv, LinesThatSetNothingAreTold) {
  const Dotenv read = read_dotenv(make_source(".env", "A=1\nnonsense\nB='x' y\nC=3\n"));
  EXPECT_EQ(read.values.size(), 2u);
  ASSERT_EQ(read.warnings.size(), 2u);
  EXPECT_EQ(read.warnings[0].code, Code::dotenv_wrong);
  EXPECT_EQ(read.warnings[0].span.source->position(read.warnings[0].span.begin).line, 2);
  EXPECT_EQ(read.warnings[1].span.source->position(read.warnings[1].span.begin).line, 3);
}

TEST(Dotenv, TheRealEnvironmentWins) {
  SimProcess real({{"A", "real"}}, [](const Command& command) -> Result<Finished> {
    return Finished{0, command.environment.contains("A") ? "" : command.environment.at("B"), ""};
  });
  DotenvProcess process(real, {{"A", "file"}, {"B", "file"}});
  EXPECT_EQ(process.environment("A"), "real");
  EXPECT_EQ(process.environment("B"), "file");
  EXPECT_EQ(process.environment("C"), std::nullopt);
  EXPECT_EQ(process.run({.arguments = {"x"}})->output, "file");
}

}  // namespace
}  // namespace rynd

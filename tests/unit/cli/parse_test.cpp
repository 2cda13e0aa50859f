// The command line: where options may stand, what they may be called, and that every mistake is found at once.
#include <gtest/gtest.h>

#include <set>

#include "base/text.h"
#include "command.h"

namespace rynd::cli {
namespace {

Checked<Invocation> parse_line(const std::string& line, std::map<std::string, std::string> environment = {}) {
  SimProcess process(std::move(environment));
  return parse(split(line, ' '), process);
}

Invocation parsed(const std::string& line, std::map<std::string, std::string> environment = {}) {
  Checked<Invocation> invocation = parse_line(line, std::move(environment));
  EXPECT_TRUE(invocation) << line << ": " << (invocation ? "" : invocation.error().front().message);
  return invocation ? std::move(*invocation) : Invocation{};
}

std::vector<std::string> mistakes(const std::string& line, std::map<std::string, std::string> environment = {}) {
  const Checked<Invocation> invocation = parse_line(line, std::move(environment));
  std::vector<std::string> messages;
  if (!invocation)
    for (const Diagnostic& mistake : invocation.error()) messages.push_back(mistake.message);
  return messages;
}

using Words = std::vector<std::string>;

TEST(Parse, OptionsStandBeforeAndAfterTheCommand) {
  for (const char* line : {"--log-format json runs list --limit 3", "runs list --log-format json --limit=3",
                           "--limit 3 runs list --log-format=json"}) {
    const Invocation invocation = parsed(line);
    EXPECT_EQ(invocation.command->name, "runs list") << line;
    EXPECT_EQ(invocation.text("log-format"), "json") << line;
    EXPECT_EQ(invocation.number("limit"), 3) << line;
  }
}

TEST(Parse, ListsTakeAllWordsUpToTheNextOption) {
  const Invocation invocation = parsed("run --select a b --exclude c -s d --threads 4");
  EXPECT_EQ(invocation.list("select"), (Words{"a", "b", "d"}));
  EXPECT_EQ(invocation.list("exclude"), Words{"c"});
  EXPECT_EQ(invocation.number("threads"), 4);
}

TEST(Parse, OldNamesAndLettersMeanTheSame) {
  for (const char* line : {"run -m a", "run --models a", "run --model a", "run -s a", "run -sa"})
    EXPECT_EQ(parsed(line).list("select"), Words{"a"}) << line;
}

TEST(Parse, TogglesHaveANoForm) {
  EXPECT_TRUE(parsed("run --full-refresh").toggle("full-refresh"));
  EXPECT_FALSE(parsed("run -f --no-full-refresh").toggle("full-refresh"));
  EXPECT_FALSE(parsed("run --no-color").toggle("use-colors", true));
  EXPECT_FALSE(parsed("run --no-use-colors").toggle("use-colors", true));
  EXPECT_TRUE(parsed("run -xq").toggle("fail-fast"));
  EXPECT_TRUE(parsed("run -xq").toggle("quiet"));
}

TEST(Parse, EnvironmentCountsWhereTheCommandLineIsSilent) {
  EXPECT_TRUE(parsed("run", {{"DBT_FULL_REFRESH", "1"}}).toggle("full-refresh"));
  EXPECT_FALSE(parsed("run --no-full-refresh", {{"DBT_FULL_REFRESH", "1"}}).toggle("full-refresh"));
  EXPECT_EQ(parsed("run", {{"DBT_TARGET", "a"}, {"DBT_ENGINE_TARGET", "b"}}).text("target"), "b");
  EXPECT_FALSE(parsed("run", {{"DBT_SELECT", "a"}}).given("select"));
}

TEST(Parse, LongestCommandNameWins) {
  EXPECT_EQ(parsed("ingest trips").command->name, "ingest");
  EXPECT_EQ(parsed("ingest status trips").command->name, "ingest status");
  EXPECT_EQ(parsed("ingest quarantine list").command->name, "ingest quarantine list");
  EXPECT_EQ(parsed("list").command->name, "ls");
  EXPECT_EQ(parsed("source snapshot-freshness").command->name, "source freshness");
}

TEST(Parse, NegativeNumbersAreValues) { EXPECT_EQ(parsed("show --limit -1").number("limit"), -1); }

TEST(Parse, TwoDashesEndTheOptions) { EXPECT_EQ(parsed("query -- --strange").arguments, Words{"--strange"}); }

TEST(Parse, EveryMistakeIsFoundAtOnce) {
  EXPECT_EQ(mistakes("run --selct a --threads many --log-format xml"),
            (Words{"No such option '--selct'", "Invalid value for '--threads': 'many' is not a valid integer",
                   "Invalid value for '--log-format': 'xml' is not one of 'text', 'debug', 'json', 'default'"}));
}

TEST(Parse, MistakesAreUnderlinedInTheCommandLine) {
  const Checked<Invocation> invocation = parse_line("run --selct a");
  ASSERT_FALSE(invocation);
  const Diagnostic& mistake = invocation.error().front();
  EXPECT_EQ(mistake.code, Code::usage);
  EXPECT_EQ(mistake.span.source->text().substr(mistake.span.begin, mistake.span.end - mistake.span.begin), "--selct");
  EXPECT_EQ(mistake.label, "did you mean '--select'?");
}

TEST(Parse, ArgumentsThatACommandDoesNotTakeAreRefused) {
  EXPECT_EQ(mistakes("run orders"), Words{"'rynd run' does not take 'orders'"});
  EXPECT_EQ(mistakes("query"), Words{"'rynd query' needs SQL"});
}

TEST(Parse, GroupsOfCommandsAskForTheirSecondWord) {
  EXPECT_EQ(mistakes("runs"), Words{"'runs' needs a second word"});
  EXPECT_EQ(mistakes("runs lst"), Words{"No such command 'runs lst'"});
}

TEST(Flags, OneCommandNeverHasTwoOfAName) {
  for (const Command& command : commands()) {
    std::set<std::string> names;
    std::set<char> letters;
    for (const Flag* flag : flags_of(command)) {
      EXPECT_TRUE(names.insert(std::string(flag->name)).second) << command.name << " --" << flag->name;
      for (const char letter : flag->letters)
        EXPECT_TRUE(letters.insert(letter).second) << command.name << " -" << letter;
    }
  }
}

TEST(Help, EveryCommandHasAPageWithItsUsageAndExamplesThatParse) {
  for (const Command& command : commands()) {
    EXPECT_NE(help_for(command).find("Usage: rynd " + std::string(command.name)), std::string::npos);
    for (const std::string& line : split(command.examples, '\n')) {
      if (line.find_first_of("\"'|<>&") != std::string::npos || !line.starts_with("rynd ")) continue;
      EXPECT_EQ(mistakes(line.substr(5)), Words{}) << line;
    }
  }
}

}  // namespace
}  // namespace rynd::cli

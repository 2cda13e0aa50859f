// The program as a whole, where no text case can bring the situation about.
#include <gtest/gtest.h>

#include <stdexcept>

#include "cli.h"
#include "command.h"

namespace rynd::cli {
namespace {

// A door that breaks in a way nobody wrote down.
class BrokenProcess final : public Process {
 public:
  Result<Finished> run(const rynd::Command&, std::stop_token) override { return Finished{}; }
  std::optional<std::string> environment(const std::string&) override { throw std::logic_error("a list was empty"); }
  std::map<std::string, std::string> environment_of(const std::string&) override { return {}; }
};

TEST(Program, SaysThatAMistakeIsItsOwn) {
  SimClock clock{Instant{}};
  SimFiles files;
  BrokenProcess process;
  SimRandom random(1);
  SimHttp http;
  World world{clock, files, process, random, http};
  StringConsole console;
  Session session{world, console};
  EXPECT_EQ(run({"parse"}, session), exit_unable);
  EXPECT_EQ(console.output, "");
  EXPECT_EQ(console.errors,
            "error[" + code_text(Code::internal) + "]: rynd did not expect this: a list was empty\n" +
                "   = help: please report it, with the command line and the project's part that brought it about\n");
}

}  // namespace
}  // namespace rynd::cli

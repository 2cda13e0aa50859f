// Every diagnostic code is used by the program and shown by a text case: so that no message is read for the first time
// by a user. A code that no command line can bring about names the unit test that shows it instead.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "base/diagnostic.h"

namespace rynd {
namespace {

namespace fs = std::filesystem;

struct Listed {
  int number;
  std::string name;
};

const std::vector<Listed>& listed() {
  static const std::vector<Listed> codes = {
#define RYND_CODE(number, name, title) {number, #name},
#include "base/codes.def"
  };
  return codes;
}

// Codes that no case can reach, with the test that shows each, and why.
const std::map<std::string, std::string>& shown_elsewhere() {
  static const std::map<std::string, std::string> tests = {
      {"internal", "Program.SaysThatAMistakeIsItsOwn"},                     // only a bug brings it about
      {"process_failed", "ProcessDoor.WhatCannotBeStartedOrLastsTooLong"},  // no command starts a program yet
      {"template_stopped", "Render.RecursionAndStopsEnd"},                  // a user reads which node was interrupted
      {"engine_unknown", "DuckDbTarget.RefusesUnknownSettingsAndEngines"},  // a profile's type is checked before
      {"engine_failed", "DuckDbErrors.AFaultOfTheEngineIsNamedSo"},         // only a bug of the engine brings it about
      {"append_failed", "EngineSuite.AppendingSaysWhatFailed"},             // loaders cast before they append
  };
  return tests;
}

std::string read(const fs::path& path) {
  std::ifstream file(path);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

// The texts of the files below a folder that have one of the extensions.
std::map<std::string, std::string> texts(const std::string& folder, const std::set<std::string>& extensions) {
  std::map<std::string, std::string> found;
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(fs::path(RYND_SOURCE_DIR) / folder))
    if (entry.is_regular_file() && extensions.contains(entry.path().extension().string()))
      found[entry.path().string()] = read(entry.path());
  return found;
}

// Codes that stand at the beginning of a line of exact text: "error[RYND0101]: ...".
std::set<std::string> shown_by_cases() {
  static const std::regex line("(^|\n)(error|warning)\\[(RYND[0-9]{4})\\]: ");
  std::set<std::string> shown;
  for (const auto& [path, text] : texts("tests/cases", {".case"}))
    for (auto at = std::sregex_iterator(text.begin(), text.end(), line); at != std::sregex_iterator(); ++at)
      shown.insert((*at)[3]);
  return shown;
}

// The words after "Code::".
std::set<std::string> used_names() {
  std::set<std::string> names;
  static const std::regex use("\\bCode::([a-z0-9_]+)");
  for (const auto& [path, text] : texts("src", {".cpp", ".h"}))
    for (auto at = std::sregex_iterator(text.begin(), text.end(), use); at != std::sregex_iterator(); ++at)
      names.insert((*at)[1]);
  return names;
}

// The body of "TEST(Suite, Name)" or of one of its relatives, "" where there is none.
std::string test_body(const std::string& test) {
  const size_t dot = test.find('.');
  const std::regex head("\nTEST(_F|_P)?\\(" + test.substr(0, dot) + ", " + test.substr(dot + 1) + "\\)");
  for (const auto& [path, text] : texts("tests/unit", {".cpp"})) {
    std::smatch match;
    if (!std::regex_search(text, match, head)) continue;
    const auto begin = static_cast<size_t>(match.position()) + 1;
    return text.substr(begin, text.find("\nTEST", begin) - begin);
  }
  return "";
}

TEST(Codes, EachIsShownByACaseOrANamedTest) {
  const std::set<std::string> shown = shown_by_cases();
  for (const Listed& code : listed()) {
    const std::string text = code_text(static_cast<Code>(code.number));
    const auto elsewhere = shown_elsewhere().find(code.name);
    if (elsewhere == shown_elsewhere().end()) {
      EXPECT_TRUE(shown.contains(text)) << text << " (" << code.name
                                        << "): no case below tests/cases has its exact text at the beginning of a line";
      continue;
    }
    EXPECT_FALSE(shown.contains(text)) << text << " has a case now: take it out of this test's list";
    EXPECT_NE(test_body(elsewhere->second).find("Code::" + code.name), std::string::npos)
        << text << ": there is no test " << elsewhere->second << " with Code::" << code.name;
  }
}

TEST(Codes, EachIsUsed) {
  const std::set<std::string> used = used_names();
  for (const Listed& code : listed())
    EXPECT_TRUE(used.contains(code.name)) << code.name << " is used nowhere in src/: delete it from codes.def";
}

TEST(Codes, NothingIsShownThatDoesNotExist) {
  std::set<std::string> known;
  for (const Listed& code : listed()) known.insert(code_text(static_cast<Code>(code.number)));
  for (const std::string& text : shown_by_cases()) EXPECT_TRUE(known.contains(text)) << text;
}

}  // namespace
}  // namespace rynd

// docs/compatibility.md says what holds each row: what it names there exists. "room/case", "room/cases*",
// "oracle/template", "compat/project" or "compat/project/model", "suite/test_file.py" and "Suite.Test" or "Suite.*".
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <regex>
#include <set>
#include <sstream>
#include <string>

namespace {

namespace fs = std::filesystem;

const fs::path root = RYND_SOURCE_DIR;

std::string read(const fs::path& path) {
  std::ifstream file(path);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

std::string all(const std::string& folder, const std::string& extension) {
  std::string text;
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(root / folder))
    if (entry.is_regular_file() && entry.path().extension() == extension) text += read(entry.path()) + "\n";
  return text;
}

// What a pattern's first group finds; with two, both, joined by a dot.
std::set<std::string> found(const std::string& text, const std::string& pattern) {
  std::set<std::string> names;
  const std::regex expression(pattern);
  for (std::sregex_iterator it(text.begin(), text.end(), expression), end; it != end; ++it)
    names.insert(it->size() > 2 ? (*it)[1].str() + "." + (*it)[2].str() : (*it)[1].str());
  return names;
}

// With a star at its end a name stands for all that begin so.
bool knows(const std::set<std::string>& names, const std::string& name) {
  if (!name.ends_with('*')) return names.contains(name);
  const std::string prefix = name.substr(0, name.size() - 1);
  const auto at = names.lower_bound(prefix);
  return at != names.end() && at->starts_with(prefix);
}

bool exists(const std::string& name) {
  static const std::set<std::string> cases = found(all("tests/cases", ".case"), "-- name: (\\S+)");
  static const std::set<std::string> tests = found(all("tests/unit", ".cpp"), "TEST(?:_F|_P)?\\((\\w+),\\s*(\\w+)\\)");
  if (name.starts_with("oracle/")) return fs::exists(root / "tests/cases/jinja_oracle" / (name.substr(7) + ".jinja"));
  if (name.starts_with("suite/")) {
    return read(root / "tests/dbt_suite/quick.txt").find("/" + name.substr(6) + "\n") != std::string::npos;
  }
  if (name.starts_with("compat/")) {
    const size_t slash = name.find('/', 7);
    const std::string project = name.substr(7, slash == std::string::npos ? slash : slash - 7);
    if (!fs::exists(root / "tests/compat" / (project + ".json"))) return false;
    return slash == std::string::npos ||
           read(root / "tests/compat" / (project + ".json")).find("\"main." + name.substr(slash + 1) + "\"") !=
               std::string::npos;
  }
  return knows(name.find('/') == std::string::npos ? tests : cases, name);
}

TEST(Compatibility, EveryRowNamesTestsThatAreThere) {
  std::istringstream lines(read(root / "docs/compatibility.md"));
  size_t rows = 0;
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with("| ") || line.starts_with("| what |")) continue;
    ++rows;
    const size_t begin = line.rfind("| ", line.size() - 2);
    const std::string holders = line.substr(begin);
    const std::set<std::string> names = found(holders, "`([^`]+)`");
    EXPECT_TRUE(!names.empty() || line.find("not there") != std::string::npos) << "held by nothing: " << line;
    for (const std::string& name : names) EXPECT_TRUE(exists(name)) << "'" << name << "' is not there: " << line;
  }
  EXPECT_GT(rows, 100u);
}

}  // namespace

// Dotenv: NAME=value lines that add to the environment, as python-dotenv reads them.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/diagnostic.h"
#include "base/process.h"

namespace rynd {

struct Dotenv {
  std::vector<std::pair<std::string, std::string>> values;  // in the order of the file; a later one replaces an earlier
  Diagnostics warnings;                                     // lines that set nothing (RYND1034)
};

// `export`, comments, quotes over several lines, their escapes, and ${NAME} or ${NAME:-fallback}, which `environment`
// answers before the file's own lines do.
Dotenv read_dotenv(const SourcePtr& source,
                   const std::function<std::optional<std::string>(const std::string&)>& environment = {});

// An environment with what a .env file adds to it: what is set already stays. Programs that it runs see it too.
class DotenvProcess final : public Process {
 public:
  DotenvProcess(Process& process, std::vector<std::pair<std::string, std::string>> values)
      : process_(process), values_(values.begin(), values.end()) {}
  Result<Finished> run(const Command& command, std::stop_token stop = {}) override;
  std::optional<std::string> environment(const std::string& name) override;
  std::map<std::string, std::string> environment_of(const std::string& prefix) override;

 private:
  Process& process_;
  std::map<std::string, std::string> values_;
};

}  // namespace rynd

// Process: the door to other programs and to the environment.
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "base/diagnostic.h"

namespace rynd {

struct Command {
  std::vector<std::string> arguments;                   // the program first; looked up in PATH; no shell
  std::filesystem::path folder = {};                    // empty: the current one
  std::map<std::string, std::string> environment = {};  // added to ours
  std::string input = {};
  std::chrono::milliseconds timeout = std::chrono::minutes(10);
  // For a program that is talked with: called in the running thread with each line it prints, without the line's end,
  // which is then not in Finished::output. What it gives is written to the program, whose input stays open; nothing
  // ends the talk: the program and what it started are killed, and that is a success.
  std::function<std::optional<std::string>(std::string_view line)> on_output = {};
  // The same for what it prints to stderr.
  std::function<void(std::string_view line)> on_errors = {};
};

struct Finished {
  int exit_code = 0;  // 128 + n for signal n, as shells say
  std::string output;
  std::string errors;
};

class Process {
 public:
  virtual ~Process() = default;
  // Runs to the end. A program that exits with a failure is a success here: look at exit_code. One that cannot be
  // started, runs out of time or is stopped is RYND0130; it and what it started are killed.
  virtual Result<Finished> run(const Command& command, std::stop_token stop = {}) = 0;
  virtual std::optional<std::string> environment(const std::string& name) = 0;
  // All variables whose names begin with `prefix`.
  virtual std::map<std::string, std::string> environment_of(const std::string& prefix) = 0;
};

class RealProcess final : public Process {
 public:
  Result<Finished> run(const Command& command, std::stop_token stop = {}) override;
  std::optional<std::string> environment(const std::string& name) override;
  std::map<std::string, std::string> environment_of(const std::string& prefix) override;
};

// An environment and a function instead of programs.
class SimProcess final : public Process {
 public:
  using Program = std::function<Result<Finished>(const Command&)>;
  explicit SimProcess(std::map<std::string, std::string> environment = {}, Program program = {})
      : environment_(std::move(environment)), program_(std::move(program)) {}
  Result<Finished> run(const Command& command, std::stop_token stop = {}) override;
  std::optional<std::string> environment(const std::string& name) override;
  std::map<std::string, std::string> environment_of(const std::string& prefix) override;

 private:
  std::map<std::string, std::string> environment_;
  Program program_;
};

}  // namespace rynd

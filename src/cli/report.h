// Report: how a run is told: lines in dbt's familiar form, a JSON object an event, or dbt's structured log.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "command.h"
#include "project/project.h"
#include "run/observer.h"

namespace rynd::cli {

// What reporters need besides what they are told; all must outlive them.
struct ReportContext {
  const project::Project& project;
  Session& session;
  int width = 80;      // of a progress line, before its status
  bool debug = false;  // the compiled SQL of what failed too
};

// The reporter that --output and --log-format ask for.
std::unique_ptr<run::Observer> make_reporter(const Invocation& invocation, const ReportContext& context);

// Lines such as "1 of 5 OK created sql table model main.orders ..... [OK in 0.05s]" on stdout; on a terminal also a
// live line on stderr: how many are done, what runs, how long still. Diagnostics of what failed follow at the end.
class TextReporter final : public run::Observer {
 public:
  explicit TextReporter(const ReportContext& context) : context_(context) {}
  void run_began(const run::Plan& plan, int threads) override;
  void task_began(const run::Task& task, size_t number) override;
  void task_ended(const run::Task& task, size_t number, const transform::NodeResult& result) override;
  void hooks_ended(bool on_run_end, std::span<const transform::NodeResult> results) override;
  void tick(const run::Standing& standing) override;
  void run_ended(const run::RunReport& report) override;

 private:
  void line(const std::string& text);
  void progress(size_t number, const std::string& text, const std::string& status, int color);
  void clear_live();
  void failures(const run::RunReport& report);

  ReportContext context_;
  const run::Plan* plan_ = nullptr;
  bool live_shown_ = false;
};

// {"event": "task_ended", ...}, one a line, on stdout.
class JsonReporter final : public run::Observer {
 public:
  explicit JsonReporter(const ReportContext& context) : context_(context) {}
  void run_began(const run::Plan& plan, int threads) override;
  void task_began(const run::Task& task, size_t number) override;
  void task_ended(const run::Task& task, size_t number, const transform::NodeResult& result) override;
  void hooks_ended(bool on_run_end, std::span<const transform::NodeResult> results) override;
  void run_ended(const run::RunReport& report) override;

 private:
  void print(const Node& event);
  ReportContext context_;
};

// dbt's structured log: {"info": {"name", "code", "level", "msg", ...}, "data": {...}}, with its events' names and
// codes.
class EventReporter final : public run::Observer {
 public:
  explicit EventReporter(const ReportContext& context) : context_(context) {}
  void run_began(const run::Plan& plan, int threads) override;
  void task_began(const run::Task& task, size_t number) override;
  void task_ended(const run::Task& task, size_t number, const transform::NodeResult& result) override;
  void run_ended(const run::RunReport& report) override;

 private:
  void event(std::string name, std::string code, std::string level, std::string message, Node data,
             const std::string& thread = "MainThread");
  ReportContext context_;
  size_t total_ = 0;
};

// "3 seeds, 5 view models, 20 data tests"
std::string count_tasks(const run::Plan& plan, const project::Project& project);
// "Found 5 models, 3 seeds, 20 data tests, 459 macros"
std::string found_line(const project::Project& project);
// What a progress line says of a result: "OK created sql view model main.x", and its status: "OK in 0.05s".
std::string ended_text(const run::Task& task, const transform::NodeResult& result);
std::string ended_status(const transform::NodeResult& result);
// PASS=.. WARN=.. ERROR=.. SKIP=.. NO-OP=.. TOTAL=..
std::string totals(std::span<const transform::NodeResult> results);

}  // namespace rynd::cli

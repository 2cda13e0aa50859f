// Report: how a run is told: lines in dbt's familiar form, a JSON object an event, or dbt's structured log.
#pragma once

#include <map>
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
  void analyzed(std::span<const transform::Finding> findings) override;
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
  void analyzed(std::span<const transform::Finding> findings) override;
  void run_began(const run::Plan& plan, int threads) override;
  void task_began(const run::Task& task, size_t number) override;
  void task_ended(const run::Task& task, size_t number, const transform::NodeResult& result) override;
  void hooks_ended(bool on_run_end, std::span<const transform::NodeResult> results) override;
  void run_ended(const run::RunReport& report) override;

 private:
  void print(const Node& event);
  ReportContext context_;
};

// A run as dbt's events, to the event log.
class EventReporter final : public run::Observer {
 public:
  EventReporter(const ReportContext& context, EventLog& events) : context_(context), events_(events) {}
  void analyzed(std::span<const transform::Finding> findings) override;
  void run_began(const run::Plan& plan, int threads) override;
  void task_began(const run::Task& task, size_t number) override;
  void task_ended(const run::Task& task, size_t number, const transform::NodeResult& result) override;
  void hooks_ended(bool on_run_end, std::span<const transform::NodeResult> results) override;
  void tick(const run::Standing& standing) override;
  void run_ended(const run::RunReport& report) override;

 private:
  // What is known of a node by what became of it; null: it has only begun.
  Node node_info(project::ResourceId id, const std::string& unique_id, const transform::NodeResult* result) const;
  void result_event(const run::Task& task, size_t number, const transform::NodeResult& result);
  void failure_events(const transform::NodeResult& result);
  void blank() { events_.fire({"Formatting", "Z017"}); }
  std::string line(size_t number, size_t total, const std::string& text, const std::string& status) const;

  ReportContext context_;
  EventLog& events_;
  const run::Plan* plan_ = nullptr;
  std::map<project::ResourceId, std::string> started_;  // when tasks that run began
};

// "3 seeds, 5 view models, 20 data tests"
std::string count_tasks(const run::Plan& plan, const project::Project& project);
// "Found 5 models, 3 seeds, 20 data tests, 459 macros"
std::string found_line(const project::Project& project);
// What a progress line says of a result: "OK created sql view model main.x", and its status: "OK in 0.05s".
std::string ended_text(const run::Task& task, const transform::NodeResult& result);
std::string ended_status(const transform::NodeResult& result);
// "Static analysis: model 'a' selects 'b', which 'c' does not have (models/a.sql:1:8)"
std::string finding_text(const transform::Finding& finding);
// Skipped for an ephemeral parent that does not compile: the parent has no result of its own, so this one tells its
// error.
bool tells_of_ephemeral(const transform::NodeResult& result);
// "shop.on-run-start.0" of "operation.shop.shop-on-run-start-0", and how it ended: "OK", "SKIP", "ERROR".
std::string hook_name(const std::string& unique_id);
std::string hook_status(const transform::NodeResult& result);
// PASS=.. WARN=.. ERROR=.. SKIP=.. NO-OP=.. TOTAL=..
std::string totals(std::span<const transform::NodeResult> results);

// What dbt counts at the end of a run.
struct Counted {
  int64_t pass = 0, warn = 0, error = 0, skip = 0, no_op = 0, partial = 0, total = 0;
  int64_t error_skip = 0;  // of those skipped, the ones that tell of an ephemeral parent's error
  int64_t errors() const { return error + error_skip; }
};
Counted count(std::span<const transform::NodeResult> results);
// "Completed with 2 errors, 0 partial successes, and 1 warning:"
std::string summary_text(const Counted& counted, bool interrupted);

}  // namespace rynd::cli

// Text reporter: a run for people.
#include <fmt/format.h>

#include <cmath>

#include "base/text.h"
#include "report.h"

namespace rynd::cli {
namespace {

using project::Resource;
using run::RunReport;
using run::Task;
using transform::NodeResult;
using transform::Status;

constexpr int no_color = 0, red = 31, green = 32, yellow = 33;

int color_of(Status status) {
  switch (status) {
    case Status::success:
    case Status::pass:
      return green;
    case Status::warn:
    case Status::skipped:
    case Status::partial_success:
      return yellow;
    case Status::no_op:
      return no_color;
    default:
      return red;
  }
}

bool needs_words(const NodeResult& result) {
  const Status status = result.status;
  return tells_of_ephemeral(result) || status == Status::error || status == Status::fail || status == Status::warn ||
         status == Status::runtime_error || status == Status::partial_success;
}

std::string painted(const std::string& text, int color, bool colors) {
  return colors && color != no_color ? fmt::format("\x1b[{}m{}\x1b[0m", color, text) : text;
}

std::string duration(double seconds) {
  const int whole = static_cast<int>(seconds);
  return fmt::format("{} hours {} minutes and {:.2f} seconds ({:.2f}s)", whole / 3600, whole % 3600 / 60,
                     seconds - whole / 60 * 60, seconds);
}

}  // namespace

void TextReporter::line(const std::string& text) {
  clear_live();
  if (context_.session.console.quiet) return;
  context_.session.console.out(local_time(context_.session.world.clock.now()) + (text.empty() ? "" : "  " + text) +
                               "\n");
}

void TextReporter::progress(size_t number, const std::string& text, const std::string& status, int color) {
  std::string prefix = fmt::format("{} of {} {} ", number, plan_->tasks.size(), text);
  const int width = display_width(prefix);
  if (width < context_.width) prefix.append(static_cast<size_t>(context_.width - width), '.');
  line(fmt::format("{} [{}]", prefix, painted(status, color, context_.session.console.color)));
}

void TextReporter::clear_live() {
  if (!live_shown_) return;
  live_shown_ = false;
  context_.session.console.err("\r\x1b[K");
}

void TextReporter::analyzed(std::span<const transform::Finding> findings) {
  for (const transform::Finding& finding : findings)
    line(painted(finding_text(finding), red, context_.session.console.color));
}

void TextReporter::run_began(const run::Plan& plan, int threads) {
  plan_ = &plan;
  line(found_line(context_.project));
  line("");
  line(fmt::format("Concurrency: {} thread{} (target='{}')", threads, threads == 1 ? "" : "s",
                   context_.project.profile.target_name));
  line("");
}

void TextReporter::task_began(const Task& task, size_t number) {
  if (run::does_something(task.kind)) progress(number, "START " + task.title, "RUN", no_color);
}

void TextReporter::task_ended(const Task& task, size_t number, const NodeResult& result) {
  progress(number, ended_text(task, result), ended_status(result), color_of(result.status));
}

void TextReporter::hooks_ended(bool on_run_end, std::span<const NodeResult> results) {
  size_t number = 0;
  for (const NodeResult& result : results) {
    const std::string word = hook_status(result);
    std::string prefix =
        fmt::format("{} of {} {} hook: {} ", ++number, results.size(), word, hook_name(result.unique_id));
    if (static_cast<int>(prefix.size()) < context_.width) prefix.resize(static_cast<size_t>(context_.width), '.');
    const std::string status = fmt::format("{} in {:.2f}s", word, result.execution_time);
    line(fmt::format("{} [{}]", prefix, painted(status, color_of(result.status), context_.session.console.color)));
  }
  if (!results.empty() && !on_run_end) line("");
}

void TextReporter::tick(const run::Standing& standing) {
  Console& console = context_.session.console;
  if (!console.live() || console.quiet || standing.running.empty()) return;
  std::vector<std::string> names;
  for (run::TaskId task : standing.running) names.push_back(plan_->tasks[task].name);
  std::string text =
      fmt::format("  {} of {} done, {} waiting, {:.0f} s; running: {}", standing.ended, plan_->tasks.size(),
                  standing.waiting, std::floor(standing.elapsed), join(names, ", "));
  if (standing.expected_left > 0.5)
    text = fmt::format("  about {:.0f} s left;{}", standing.expected_left, text.substr(1));
  const size_t width = static_cast<size_t>(std::max(20, console.width() - 1));
  if (text.size() > width) text = text.substr(0, width - 3) + "...";
  console.err("\r\x1b[K" + text);
  live_shown_ = true;
}

void TextReporter::run_ended(const RunReport& report) {
  line("");
  line(fmt::format("{} {} in {}.", report.interrupted ? "Interrupted while running" : "Finished running",
                   count_tasks(*plan_, context_.project), duration(report.seconds())));
  const Counted counted = count(report.results);
  const int color = counted.errors() + counted.partial > 0   ? red
                    : counted.warn > 0 || report.interrupted ? yellow
                                                             : green;
  line("");
  line(painted(summary_text(counted, report.interrupted), color, context_.session.console.color));
  failures(report);
  line("");
  line("Done. " + totals(report.results));
}

// Diagnostics go to stderr even where lines are quiet: they are why somebody looks. What succeeded may have warnings.
void TextReporter::failures(const RunReport& report) {
  Console& console = context_.session.console;
  for (const NodeResult& result : report.results) {
    if (!needs_words(result)) {
      if (!result.diagnostics.empty() && !console.quiet) console.report(result.diagnostics);
      continue;
    }
    const Resource* resource = result.id == project::no_resource ? nullptr : &context_.project.at(result.id);
    const std::string kind = resource ? std::string(name_of(resource->type)) : "task";
    const std::string where = resource ? " (" + resource->original_file_path + ")" : "";
    const char* word = result.status == Status::warn ? "Warning" : "Failure";
    line("");
    line(fmt::format("{} in {} {}{}", word, kind, resource ? resource->name : result.unique_id, where));
    if (!result.diagnostics.empty()) {
      console.print(result.diagnostics);
    } else {
      for (const std::string& text : split(result.message, '\n')) line("  " + text);
    }
    const bool compiled = resource && result.compiled && !result.compiled_code.empty();
    if (compiled && (context_.debug || result.status == Status::fail || result.status == Status::error)) {
      const std::string path = fmt::format("{}/compiled/{}/{}", context_.project.root().settings.target_path,
                                           resource->package, resource->original_file_path);
      line("  compiled code at " + path +
           (resource->test && resource->test->attached != project::no_resource ? "/" + resource->name + ".sql" : ""));
    }
  }
}

}  // namespace rynd::cli

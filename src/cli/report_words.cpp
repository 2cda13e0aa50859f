// Report words: what is said of tasks and results, in dbt's familiar form, shared by the reporters.
#include <fmt/format.h>

#include <array>
#include <map>

#include "base/text.h"
#include "report.h"

namespace rynd::cli {
namespace {

using project::ResourceType;
using run::Task;
using run::TaskKind;
using transform::NodeResult;
using transform::Status;

std::string plural(size_t count, std::string_view name) {
  if (count != 1 && name.ends_with('y')) return fmt::format("{} {}ies", count, name.substr(0, name.size() - 1));
  return fmt::format("{} {}{}", count, name, count == 1 ? "" : "s");
}

std::string kind_counted(const Task& task, const project::Project& project) {
  switch (task.kind) {
    case TaskKind::ingest:
      return "load";
    case TaskKind::seed:
      return "seed";
    case TaskKind::snapshot:
      return "snapshot";
    case TaskKind::test:
      return "data test";
    case TaskKind::unit_test:
      return "unit test";
    case TaskKind::freshness:
      return "source";
    case TaskKind::exposure:
      return "exposure";
    case TaskKind::saved_query:
      return "saved query";
    case TaskKind::function:
      return "function";
    case TaskKind::model:
      return project.at(task.resource).config.materialized() + " model";
  }
  return "";
}

bool is_test(const Task& task) { return task.kind == TaskKind::test || task.kind == TaskKind::unit_test; }

std::string done_verb(TaskKind kind) {
  switch (kind) {
    case TaskKind::seed:
      return "loaded";
    case TaskKind::ingest:
      return "loaded";
    case TaskKind::snapshot:
      return "snapshotted";
    default:
      return "created";
  }
}

std::string failing_verb(TaskKind kind) {
  switch (kind) {
    case TaskKind::seed:
    case TaskKind::ingest:
      return "loading";
    case TaskKind::snapshot:
      return "snapshotting";
    default:
      return "creating";
  }
}

// "seed file main.x" of "ingest rides.trips" reads better with its kind once.
std::string what(const Task& task) {
  if (is_test(task)) return task.title.substr(task.title.find(' ') + 1);
  return task.kind == TaskKind::ingest ? task.name : task.title;
}

}  // namespace

std::string hook_name(const std::string& unique_id) {
  const std::vector<std::string> parts = split(unique_id, '.');
  if (parts.size() < 3) return unique_id;
  const std::string rest = parts[2].substr(std::min(parts[2].size(), parts[1].size() + 1));
  const size_t dash = rest.rfind('-');
  return dash == std::string::npos ? unique_id : parts[1] + "." + rest.substr(0, dash) + "." + rest.substr(dash + 1);
}

std::string hook_status(const NodeResult& result) {
  if (result.status == Status::success) return "OK";
  return result.status == Status::skipped ? "SKIP" : "ERROR";
}

std::string count_tasks(const run::Plan& plan, const project::Project& project) {
  std::vector<std::pair<std::string, size_t>> counts;
  for (const Task& task : plan.tasks) {
    const std::string kind = kind_counted(task, project);
    auto at = counts.begin();
    while (at != counts.end() && at->first != kind) ++at;
    if (at == counts.end())
      counts.emplace_back(kind, 1);
    else
      ++at->second;
  }
  std::vector<std::string> parts;
  for (const auto& [kind, count] : counts) parts.push_back(plural(count, kind));
  return parts.empty() ? "nothing" : join(parts, ", ");
}

std::string found_line(const project::Project& project) {
  constexpr std::array<std::pair<ResourceType, std::string_view>, 11> counted{{{ResourceType::model, "model"},
                                                                               {ResourceType::seed, "seed"},
                                                                               {ResourceType::snapshot, "snapshot"},
                                                                               {ResourceType::test, "data test"},
                                                                               {ResourceType::unit_test, "unit test"},
                                                                               {ResourceType::source, "source"},
                                                                               {ResourceType::exposure, "exposure"},
                                                                               {ResourceType::metric, "metric"},
                                                                               {ResourceType::operation, "operation"},
                                                                               {ResourceType::function, "function"},
                                                                               {ResourceType::page, "page"}}};
  std::map<ResourceType, size_t> counts;
  for (const project::Resource& resource : project.resources) ++counts[resource.type];
  std::vector<std::string> parts;
  for (const auto& [type, name] : counted)
    if (counts[type] > 0) parts.push_back(plural(counts[type], name));
  parts.push_back(plural(project.macros.size(), "macro"));
  return "Found " + join(parts, ", ");
}

std::string finding_text(const transform::Finding& finding) {
  const Diagnostic& error = finding.error;
  if (!error.span) return "Static analysis: " + error.message;
  const Position at = error.span.source->position(error.span.begin);
  return fmt::format("Static analysis: {} ({}:{}:{})", error.message, error.span.source->name(), at.line, at.column);
}

bool tells_of_ephemeral(const NodeResult& result) {
  return result.status == Status::skipped && !result.diagnostics.empty();
}

std::string ended_text(const Task& task, const NodeResult& result) {
  const bool test = is_test(task);
  switch (result.status) {
    case Status::skipped:
      return "SKIP " +
             (test ? "test " + what(task)
              : task.kind == TaskKind::seed || task.kind == TaskKind::model || task.kind == TaskKind::snapshot
                  ? "relation " + task.name
                  : task.title) +
             (tells_of_ephemeral(result) ? " due to ephemeral model status 'error'" : "");
    case Status::pass:
      return "PASS " + what(task);
    case Status::fail:
      return fmt::format("FAIL {} {}", result.failures.value_or(1), what(task));
    case Status::warn:
      return test ? fmt::format("WARN {} {}", result.failures.value_or(1), what(task)) : "WARN " + what(task);
    case Status::no_op:
      return "NO-OP " + what(task);
    case Status::partial_success:
      return "PARTIAL SUCCESS " + what(task);
    case Status::success:
      return fmt::format("OK {} {}", done_verb(task.kind), what(task));
    default:
      break;
  }
  if (test || task.kind == TaskKind::freshness) return "ERROR " + what(task);
  return fmt::format("ERROR {} {}", failing_verb(task.kind), what(task));
}

std::string ended_status(const NodeResult& result) {
  if (result.status == Status::skipped) return tells_of_ephemeral(result) ? "ERROR SKIP" : "SKIP";
  std::string word = upper(transform::name_of(result.status));
  if (result.status == Status::success) word = result.message.empty() ? "OK" : result.message;
  if ((result.status == Status::fail || result.status == Status::warn) && result.failures)
    word += " " + std::to_string(*result.failures);
  if (result.status == Status::runtime_error) word = "ERROR";
  return fmt::format("{} in {:.2f}s", word, result.execution_time);
}

Counted count(std::span<const NodeResult> results) {
  Counted counted;
  for (const NodeResult& result : results) {
    ++counted.total;
    switch (result.status) {
      case Status::success:
      case Status::pass:
        ++counted.pass;
        break;
      case Status::warn:
        ++counted.warn;
        break;
      case Status::skipped:
        ++counted.skip;
        counted.error_skip += tells_of_ephemeral(result) ? 1 : 0;
        break;
      case Status::no_op:
        ++counted.no_op;
        break;
      case Status::partial_success:
        ++counted.partial;
        break;
      default:
        ++counted.error;
    }
  }
  return counted;
}

std::string totals(std::span<const NodeResult> results) {
  const Counted all = count(results);
  return fmt::format("PASS={} WARN={} ERROR={} SKIP={} NO-OP={} REUSED=0 TOTAL={}", all.pass, all.warn,
                     all.error + all.partial, all.skip, all.no_op, all.total);
}

std::string summary_text(const Counted& counted, bool interrupted) {
  const std::string partial = fmt::format("{} partial success{}", counted.partial, counted.partial == 1 ? "" : "es");
  const std::string warnings = plural(static_cast<size_t>(counted.warn), "warning");
  if (interrupted) return "Exited because of keyboard interrupt";
  if (counted.errors() > 0) {
    return fmt::format("Completed with {}, {}, and {}:", plural(static_cast<size_t>(counted.errors()), "error"),
                       partial, warnings);
  }
  if (counted.partial > 0) return fmt::format("Completed with {} and {}", partial, warnings);
  return counted.warn > 0 ? "Completed with " + warnings + ":" : "Completed successfully";
}

}  // namespace rynd::cli

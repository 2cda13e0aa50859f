// retry: what failed or was skipped in the last run, again, with that run's options.
#include "retry.h"

#include <algorithm>
#include <array>

#include "arguments.h"
#include "base/json.h"
#include "base/text.h"
#include "commands/all.h"
#include "moments.h"
#include "opening.h"
#include "state.h"

namespace rynd::cli {
namespace {

// Options of the earlier run that this command line or this place decides.
constexpr std::array<std::string_view, 7> not_taken_over{"log_path",    "profiles_dir", "project_dir", "defer_state",
                                                         "target_path", "warn_error",   "show"};
constexpr std::array<std::string_view, 5> taken_from_here{"log-path", "profiles-dir", "project-dir", "target-path",
                                                          "warn-error"};
// Those that a person may give anew.
constexpr std::array<std::string_view, 2> given_anew{"vars", "threads"};
constexpr std::array<std::string_view, 5> retried_statuses{"error", "fail", "skipped", "runtime error",
                                                           "partial success"};

std::string text(const Node& node, std::string_view key) {
  const Node* value = node.find(key);
  return value && value->is_scalar() && !value->is_null() ? value->text : "";
}

// The command that `which` names, as far as dbt retries it.
const Command* command_of(const std::string& which) {
  for (std::string_view known : {"build", "compile", "clone", "seed", "snapshot", "test", "run", "run-operation"})
    if (which == known) return find_command(known);
  return which == "generate" ? find_command("docs generate") : nullptr;
}

std::vector<std::string> words_of(const Flag& flag, const Node& value) {
  if (flag.kind == FlagKind::toggle) return {value.boolean ? "true" : "false"};
  if (value.is_mapping()) return {json::write(value)};
  if (!value.is_sequence()) return {value.text};
  std::vector<std::string> words;
  for (const Node& item : value.items) words.push_back(item.text);
  return words;
}

// A text that is empty, an empty list or mapping says nothing.
bool says_something(const Node& value) {
  if (value.is_sequence()) return !value.items.empty();
  if (value.is_mapping()) return !value.entries.empty();
  return !value.is_null() && !(value.is_string() && value.text.empty());
}

Invocation again(const Command& command, const Node& args, const Invocation& now) {
  Invocation before;
  before.command = &command;
  before.words = now.words;
  for (const Flag* flag : flags_of(command)) {
    const std::string key = replace_all(flag->name, "-", "_");
    const Node* value = args.find(key);
    const bool taken = value && !flag->ours && says_something(*value) &&
                       std::ranges::find(not_taken_over, key) == not_taken_over.end();
    if (taken) before.set(flag->name, words_of(*flag, *value));
  }
  const auto take_from_now = [&](std::string_view name) {
    const Flag* flag = find_flag(command, name);
    if (flag && now.given(name)) before.set(flag->name, now.list(name));
  };
  for (std::string_view name : taken_from_here) take_from_now(name);
  for (std::string_view name : given_anew)
    if (now.given_here(name)) take_from_now(name);
  if (command.name == "run-operation")
    if (const std::string macro = text(args, "macro"); !macro.empty()) before.arguments = {macro};
  return before;
}

std::vector<transform::TimeWindow> windows(const Node* pairs) {
  std::vector<transform::TimeWindow> found;
  if (!pairs) return found;
  for (const Node& pair : pairs->items) {
    if (pair.items.size() != 2) continue;
    const auto start = parse_moment(pair.items[0].text);
    const auto end = parse_moment(pair.items[1].text);
    if (start && end) found.push_back({*start, *end});
  }
  return found;
}

Retry what_failed(const Node& run_results, bool operations, bool warnings_too) {
  Retry retry;
  if (const Node* metadata = run_results.find("metadata")) {
    const std::string began = text(*metadata, "invocation_started_at");
    retry.began = parse_moment(began.empty() ? text(*metadata, "generated_at") : began).value_or(Instant{});
  }
  const Node* results = run_results.find("results");
  if (!results) return retry;
  for (const Node& result : results->items) {
    const std::string id = text(result, "unique_id");
    const std::string status = text(result, "status");
    if (!operations && id.starts_with("operation.")) continue;
    const bool failed = std::ranges::find(retried_statuses, status) != retried_statuses.end();
    if (failed || (warnings_too && status == "warn")) retry.unique_ids.insert(id);
    const Node* batches = result.find("batch_results");
    if (!batches || batches->is_null()) continue;
    std::vector<transform::TimeWindow> missing = windows(batches->find("failed"));
    if (!missing.empty() && !windows(batches->find("successful")).empty())
      retry.batches.emplace(id, std::move(missing));
  }
  return retry;
}

int unable(Session& session, std::string message, std::string help) {
  session.console.report({.code = Code::state_missing, .message = std::move(message), .help = std::move(help)});
  return exit_unable;
}

int run_retry(const Invocation& invocation, Session& session) {
  const Checked<project::Opened> opened = open_settings(invocation, session);
  if (!opened) return exit_unable;
  const std::string folder = invocation.given("state") ? invocation.text("state")
                                                       : invocation.text("target-path", opened->settings.target_path);
  const std::filesystem::path dir = invocation.text("project-dir", ".");
  Diagnostics mistakes;
  const std::optional<Document> results =
      read_artifact(session.world.files, dir / folder / "run_results.json", mistakes);
  if (!mistakes.empty()) {
    session.console.report(mistakes);
    return exit_unable;
  }
  const Node* args = results ? results->root.find("args") : nullptr;
  if (!args)
    return unable(session, "Could not find previous run in '" + folder + "' target directory",
                  "run something first, or give the folder of another run's artifacts with --state");
  const std::string which = text(*args, "which");
  const Command* command = command_of(which);
  if (!command)
    return unable(session, "the previous run was '" + which + "', which cannot be retried",
                  "build, run, test, seed, snapshot, compile, clone, docs generate and run-operation can");
  const bool operation = command->name == "run-operation";
  const Retry retry = what_failed(results->root, operation, invocation.toggle("warn-error"));
  if (operation && retry.unique_ids.empty()) {
    session.console.say("the previous run-operation succeeded: there is nothing to retry");
    return exit_done;
  }
  const Invocation before = again(*command, *args, invocation);
  session.retry = &retry;
  const int code = command->run(before, session);
  session.retry = nullptr;
  return code;
}

}  // namespace

Command retry_command() {
  return {.name = "retry",
          .group = CommandGroup::transform,
          .summary = "do again what failed or was skipped in the last run",
          .flag_groups = refreshes,
          .details =
              "Reads target/run_results.json, takes over that run's command and options, and does its nodes that "
              "ended in an error, failed, were skipped or succeeded in part. --vars and --threads may be given "
              "anew; a selection is not asked again.",
          .examples = "rynd retry\nrynd retry --state other_run/target",
          .run = run_retry};
}

}  // namespace rynd::cli

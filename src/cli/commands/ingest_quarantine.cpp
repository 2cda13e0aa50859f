// ingest quarantine list, show, replay, drop: the rows that did not fit, and what becomes of them.
#include <fmt/format.h>

#include <algorithm>

#include "building.h"
#include "commands/all.h"
#include "ingest/ingest.h"
#include "ingest_opening.h"
#include "table.h"

namespace rynd::cli {
namespace {

constexpr Flag limit_flags[] = {{"limit", FlagKind::number, "how many rows (100)", {}, "N"}};
constexpr Flag replay_flags[] = {
    {"dry-run", FlagKind::toggle, "print what would be loaded again and why, and do nothing"}};
constexpr int usual_limit = 100;

// Prints what `print` makes of the rows that are asked for.
int with_rows(const Invocation& invocation, Session& session,
              void (*print)(const std::vector<ingest::QuarantineRow>&, Console&)) {
  OpenedSources opened(invocation, session);
  if (opened.exit_code) return *opened.exit_code;
  const size_t limit = static_cast<size_t>(std::max(1, invocation.number("limit").value_or(usual_limit)));
  const Checked<std::vector<ingest::QuarantineRow>> rows =
      ingest::quarantine(opened.sources, ingest_selection(invocation), *opened.connection, limit);
  if (!rows) {
    session.console.report(rows.error());
    return exit_unable;
  }
  if (rows->empty()) session.console.say("no row is in quarantine");
  print(*rows, session.console);
  return exit_done;
}

void print_rows_of(const std::vector<ingest::QuarantineRow>& rows, Console& console) {
  if (rows.empty()) return;
  engine::Table table{{text_column("source"), text_column("table"), text_column("partition"), text_column("file"),
                       count_column("line"), text_column("reason"), text_column("row")},
                      {}};
  for (const ingest::QuarantineRow& row : rows) {
    const engine::Value line = row.line ? engine::Value(*row.line) : engine::Value();
    table.rows.push_back({row.source, row.resource, row.partition, row.file, line, row.reason, row.row});
  }
  print_listing(table, console);
}

// Each row by itself, whole.
void print_whole(const std::vector<ingest::QuarantineRow>& rows, Console& console) {
  if (console.json) return print_rows_of(rows, console);
  std::string text;
  for (const ingest::QuarantineRow& row : rows) {
    if (!text.empty()) text += "\n";
    std::string place = row.file;
    if (!place.empty() && row.line) place += fmt::format(":{}", *row.line);
    text += fmt::format("{}.{}{}\n", row.source, row.resource, row.partition.empty() ? "" : "  " + row.partition);
    if (!place.empty()) text += fmt::format("  place   {}\n", place);
    text += fmt::format("  reason  {}\n  row     {}\n", row.reason, row.row);
  }
  console.out(text);
}

int list_rows(const Invocation& invocation, Session& session) { return with_rows(invocation, session, print_rows_of); }
int show_rows(const Invocation& invocation, Session& session) { return with_rows(invocation, session, print_whole); }

int replay_rows(const Invocation& invocation, Session& session) {
  const auto loads = [&](const project::Project&, const project::Selection&) -> Checked<ingest::Selection> {
    ingest::Selection wanted = ingest_selection(invocation);
    wanted.quarantined = true;
    return wanted;
  };
  return build_nodes(invocation, session, {.hooks = false, .selects = false, .loads = loads});
}

int drop_rows(const Invocation& invocation, Session& session) {
  OpenedSources opened(invocation, session);
  if (opened.exit_code) return *opened.exit_code;
  const Checked<int64_t> dropped =
      ingest::drop_quarantine(opened.sources, ingest_selection(invocation), *opened.connection);
  if (!dropped) {
    session.console.report(dropped.error());
    return exit_unable;
  }
  session.console.say(fmt::format("{} row{} dropped from quarantine", *dropped, *dropped == 1 ? "" : "s"));
  return exit_done;
}

}  // namespace

Command ingest_quarantine_list_command() {
  return {.name = "ingest quarantine list",
          .group = CommandGroup::ingest,
          .summary = "rows that did not fit, with the reason",
          .arguments = "[SELECTOR...]",
          .most_arguments = -1,
          .flag_groups = reads_project,
          .flags = limit_flags,
          .examples = "rynd ingest quarantine list trips",
          .run = list_rows};
}

Command ingest_quarantine_show_command() {
  return {.name = "ingest quarantine show",
          .group = CommandGroup::ingest,
          .summary = "the same, each row whole, as it came",
          .arguments = "[SELECTOR...]",
          .most_arguments = -1,
          .flag_groups = reads_project,
          .flags = limit_flags,
          .examples = "rynd ingest quarantine show trips --limit 5",
          .run = show_rows};
}

Command ingest_quarantine_replay_command() {
  return {.name = "ingest quarantine replay",
          .group = CommandGroup::ingest,
          .summary = "load the parts again of which rows are in quarantine",
          .arguments = "[SELECTOR...]",
          .most_arguments = -1,
          .flag_groups = reads_project,
          .flags = replay_flags,
          .details =
              "After the file, or 'columns' of its source, was mended. A part's rows and its quarantine are "
              "replaced in one transaction: a row is in the table or in quarantine, never in both.",
          .examples = "rynd ingest quarantine replay trips --dry-run",
          .run = replay_rows};
}

Command ingest_quarantine_drop_command() {
  return {.name = "ingest quarantine drop",
          .group = CommandGroup::ingest,
          .summary = "forget the quarantined rows",
          .arguments = "[SELECTOR...]",
          .most_arguments = -1,
          .flag_groups = reads_project,
          .details = "The rows that were loaded stay; those that did not fit are gone for good.",
          .examples = "rynd ingest quarantine drop trips",
          .run = drop_rows};
}

}  // namespace rynd::cli

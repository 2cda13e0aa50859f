// ingest status, reset, inspect: what was loaded, forgetting it, and a look at something new.
#include <fmt/format.h>

#include "commands/all.h"
#include "ingest/ingest.h"
#include "ingest_opening.h"
#include "table.h"

namespace rynd::cli {
namespace {

constexpr Flag status_flags[] = {
    {"partition", FlagKind::value, "only these partitions: 2024-05, or 2024-01..2024-05", {}, "VALUE|FROM..TO"},
};

int show_status(const Invocation& invocation, Session& session) {
  OpenedSources opened(invocation, session);
  if (opened.exit_code) return *opened.exit_code;
  const Result<ingest::State> state = ingest::state(opened.sources, *opened.connection);
  if (!state) {
    session.console.report(state.error());
    return exit_unable;
  }
  const Checked<std::vector<ingest::StatusRow>> rows =
      ingest::status(opened.sources, *state, ingest_selection(invocation), opened.dir, session.world);
  if (!rows) {
    session.console.report(rows.error());
    return exit_of_plan(rows.error());
  }
  engine::Table table{
      {text_column("source"), text_column("table"), text_column("partition"), text_column("status"),
       count_column("rows"), count_column("quarantined"), text_column("updated_at"), text_column("message")},
      {}};
  for (const ingest::StatusRow& row : *rows)
    table.rows.push_back(
        {row.source, row.resource, row.partition, row.status, row.rows, row.quarantined, row.updated_at, row.message});
  print_listing(table, session.console);
  return exit_done;
}

int reset_source(const Invocation& invocation, Session& session) {
  OpenedSources opened(invocation, session);
  if (opened.exit_code) return *opened.exit_code;
  const std::string& name = invocation.arguments[0];
  if (const Result<void> done = ingest::reset(opened.sources, name, *opened.connection); !done) {
    session.console.report(done.error());
    return exit_unable;
  }
  session.console.say(
      fmt::format("'{}' is forgotten and its tables are dropped; 'rynd ingest {}' loads it anew", name, name));
  return exit_done;
}

int inspect(const Invocation& invocation, Session& session) {
  Result<std::unique_ptr<engine::Database>> database = engine::open({});
  Result<std::unique_ptr<engine::Connection>> connection =
      database ? (*database)->connect() : Result<std::unique_ptr<engine::Connection>>(fail(database.error()));
  const Result<std::string> yaml =
      connection ? ingest::inspect(invocation.arguments[0], **connection, session.world, session.stop)
                 : Result<std::string>(fail(connection.error()));
  if (yaml) {
    session.console.out(*yaml);
    return exit_done;
  }
  session.console.report(yaml.error());
  return exit_unable;
}

}  // namespace

Command ingest_status_command() {
  return {.name = "ingest status",
          .group = CommandGroup::ingest,
          .summary = "what was loaded of each source, partition by partition",
          .arguments = "[SELECTOR...]",
          .most_arguments = -1,
          .flag_groups = reads_project,
          .flags = status_flags,
          .examples = "rynd ingest status\nrynd ingest status trips --partition 2024-01..2024-05",
          .run = show_status};
}

Command ingest_reset_command() {
  return {.name = "ingest reset",
          .group = CommandGroup::ingest,
          .summary = "drop a source's tables and forget what was loaded",
          .arguments = "SOURCE",
          .least_arguments = 1,
          .most_arguments = 1,
          .flag_groups = reads_project,
          .examples = "rynd ingest reset trips",
          .run = reset_source};
}

Command ingest_inspect_command() {
  return {.name = "ingest inspect",
          .group = CommandGroup::ingest,
          .summary = "look at a URL or file, and print the YAML that would load it",
          .arguments = "URL|FILE",
          .least_arguments = 1,
          .most_arguments = 1,
          .flag_groups = reads_project,
          .examples =
              "rynd ingest inspect data/trips.csv > ingest/trips.yml\n"
              "rynd ingest inspect https://api.example.com/v1/items",
          .run = inspect};
}

}  // namespace rynd::cli

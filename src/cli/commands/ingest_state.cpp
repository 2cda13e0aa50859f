// ingest status, reset, quarantine, inspect: what was loaded, forgetting it, bad rows, and a look at something new.
#include <fmt/format.h>

#include "commands/all.h"
#include "forward.h"
#include "ingest/ingest.h"
#include "opening.h"
#include "table.h"

namespace rynd::cli {
namespace {

constexpr Flag status_flags[] = {
    {"partition", FlagKind::value, "only these partitions: 2024-05, or 2024-01..2024-05", {}, "VALUE|FROM..TO"},
};
constexpr Flag quarantine_flags[] = {{"limit", FlagKind::number, "how many rows (100)", {}, "N"}};
constexpr int usual_limit = 100;

// Sources, warehouse and state, opened; exit_code is set, and what is wrong reported, where they cannot be.
struct Opened {
  Opened(const Invocation& invocation, Session& session) {
    exit_code = forward_to_server(invocation, session);
    if (exit_code) return;
    exit_code = exit_unable;
    const Checked<project::Opened> settings = open_settings(invocation, session);
    if (!settings) return;
    dir = invocation.text("project-dir", ".");
    Checked<ingest::Sources> read = ingest::read(dir, session.world);
    if (!read) {
      session.console.report(std::move(read.error()));
      return;
    }
    sources = std::move(*read);
    warehouse = std::make_unique<Warehouse>(settings->profile, dir, session);
    if (!*warehouse) return;
    connection = connect(*warehouse, session);
    if (connection) exit_code.reset();
  }

  std::optional<int> exit_code;
  std::filesystem::path dir;
  ingest::Sources sources;
  std::unique_ptr<Warehouse> warehouse;
  std::unique_ptr<engine::Connection> connection;
};

ingest::Selection selection_of(const Invocation& invocation) {
  ingest::Selection selection;
  selection.names = invocation.arguments;
  if (invocation.given("partition")) selection.partitions = invocation.text("partition");
  return selection;
}

engine::Column text_column(std::string name) { return {std::move(name), "VARCHAR", engine::TypeKind::text}; }
engine::Column count_column(std::string name) { return {std::move(name), "BIGINT", engine::TypeKind::integer}; }

void print(const engine::Table& table, Console& console) {
  console.out(print_table(table, console.json ? TableFormat::jsonl : TableFormat::text));
}

int show_status(const Invocation& invocation, Session& session) {
  Opened opened(invocation, session);
  if (opened.exit_code) return *opened.exit_code;
  const Result<ingest::State> state = ingest::state(opened.sources, *opened.connection);
  if (!state) {
    session.console.report(state.error());
    return exit_unable;
  }
  const Checked<std::vector<ingest::StatusRow>> rows =
      ingest::status(opened.sources, *state, selection_of(invocation), opened.dir, session.world);
  if (!rows) {
    session.console.report(rows.error());
    return exit_unable;
  }
  engine::Table table{
      {text_column("source"), text_column("table"), text_column("partition"), text_column("status"),
       count_column("rows"), count_column("quarantined"), text_column("updated_at"), text_column("message")},
      {}};
  for (const ingest::StatusRow& row : *rows)
    table.rows.push_back(
        {row.source, row.resource, row.partition, row.status, row.rows, row.quarantined, row.updated_at, row.message});
  print(table, session.console);
  return exit_done;
}

int reset_source(const Invocation& invocation, Session& session) {
  Opened opened(invocation, session);
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

int list_quarantine(const Invocation& invocation, Session& session) {
  Opened opened(invocation, session);
  if (opened.exit_code) return *opened.exit_code;
  const size_t limit = static_cast<size_t>(std::max(1, invocation.number("limit").value_or(usual_limit)));
  const Result<std::vector<ingest::QuarantineRow>> rows =
      ingest::quarantine(opened.sources, selection_of(invocation), *opened.connection, limit);
  if (!rows) {
    session.console.report(rows.error());
    return exit_unable;
  }
  engine::Table table{{text_column("source"), text_column("table"), text_column("partition"), text_column("file"),
                       count_column("line"), text_column("reason"), text_column("row")},
                      {}};
  for (const ingest::QuarantineRow& row : *rows) {
    const engine::Value line = row.line ? engine::Value(*row.line) : engine::Value();
    table.rows.push_back({row.source, row.resource, row.partition, row.file, line, row.reason, row.row});
  }
  print(table, session.console);
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
  return session.stop.stop_requested() ? exit_interrupted : exit_unable;
}

Command make(std::string_view name, std::string_view summary, std::string_view arguments, int least, int most,
             std::span<const Flag> flags, std::string_view examples, int (*run)(const Invocation&, Session&)) {
  return {.name = name,
          .group = CommandGroup::ingest,
          .summary = summary,
          .arguments = arguments,
          .least_arguments = least,
          .most_arguments = most,
          .flag_groups = reads_project,
          .flags = flags,
          .details = "",
          .examples = examples,
          .run = run};
}

}  // namespace

Command ingest_status_command() {
  return make("ingest status", "what was loaded of each source, partition by partition", "[SELECTOR...]", 0, -1,
              status_flags, "rynd ingest status\nrynd ingest status trips --partition 2024-01..2024-05", show_status);
}

Command ingest_reset_command() {
  return make("ingest reset", "drop a source's tables and forget what was loaded", "SOURCE", 1, 1, {},
              "rynd ingest reset trips", reset_source);
}

Command ingest_quarantine_command() {
  return make("ingest quarantine list", "rows that did not fit, with the reason", "[SELECTOR...]", 0, -1,
              quarantine_flags, "rynd ingest quarantine list trips", list_quarantine);
}

Command ingest_inspect_command() {
  return make(
      "ingest inspect", "look at a URL or file, and print the YAML that would load it", "URL|FILE", 1, 1, {},
      "rynd ingest inspect data/trips.csv > ingest/trips.yml\nrynd ingest inspect https://api.example.com/v1/items",
      inspect);
}

}  // namespace rynd::cli

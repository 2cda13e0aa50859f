// query: SQL on the warehouse, its rows printed.
#include "base/text.h"
#include "commands/all.h"
#include "forward.h"
#include "opening.h"
#include "table.h"

namespace rynd::cli {
namespace {

constexpr Flag own_flags[] = {
    {"output", FlagKind::value, "how rows are printed", {}, "FORMAT", "table text csv json jsonl"},
    {"read-only", FlagKind::toggle, "refuse statements that change anything"},
};

// "-" reads the SQL from standard input's file.
Result<std::string> sql_of(const Invocation& invocation, Session& session) {
  const std::string sql = join(invocation.arguments, " ");
  return sql == "-" ? session.world.files.read("/dev/stdin") : Result<std::string>(sql);
}

int run_query(const Invocation& invocation, Session& session) {
  if (const std::optional<int> code = forward_to_server(invocation, session)) return *code;
  Console& console = session.console;
  const Result<std::string> sql = sql_of(invocation, session);
  if (!sql) {
    console.report(sql.error());
    return exit_unable;
  }
  const Checked<project::Opened> opened = open_settings(invocation, session);
  if (!opened) return exit_unable;
  Warehouse warehouse(opened->profile, invocation.text("project-dir", "."), session);
  if (!warehouse) return exit_unable;
  const std::unique_ptr<engine::Connection> connection = connect(warehouse, session);
  if (!connection) return exit_unable;
  const std::stop_callback interrupt(session.stop, [&] { connection->interrupt(); });
  if (invocation.toggle("read-only")) {
    if (const Result<int64_t> begun = connection->execute("begin transaction read only"); !begun) {
      console.report(begun.error());
      return exit_unable;
    }
  }
  Result<std::unique_ptr<engine::Rows>> rows = connection->query(*sql);
  Result<void> printed = rows ? print_rows(**rows, table_format(invocation.text("output")), console)
                              : Result<void>(fail(std::move(rows.error())));
  if (printed) return exit_done;
  console.report(printed.error());
  return session.stop.stop_requested() ? exit_interrupted : exit_failed;
}

}  // namespace

Command query_command() {
  return {
      .name = "query",
      .group = CommandGroup::look,
      .summary = "run SQL on the warehouse and print its rows",
      .arguments = "SQL",
      .least_arguments = 1,
      .most_arguments = -1,
      .flag_groups = reads_project,
      .flags = own_flags,
      .details =
          "Needs only a profile, or nothing: without one it is ./warehouse.duckdb. Several statements may be given; "
          "the rows of the last are printed. '-' reads the SQL from standard input.",
      .examples = "rynd query \"select count(*) from main.orders\"\nrynd query \"from raw.trips limit 5\" --output csv",
      .run = run_query};
}

}  // namespace rynd::cli

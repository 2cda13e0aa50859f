// query: SQL on the warehouse, its rows printed.
#include "arrow.h"
#include "base/text.h"
#include "commands/all.h"
#include "forward.h"
#include "opening.h"
#include "sql/quote.h"
#include "sql/statements.h"
#include "table.h"

namespace rynd::cli {
namespace {

constexpr Flag own_flags[] = {
    {"output", FlagKind::value, "how rows are printed", {}, "FORMAT", "table text csv json jsonl parquet arrow"},
    {"database", FlagKind::value, "a DuckDB file to ask, instead of the project's warehouse", {}, "FILE"},
    {"read-only", FlagKind::toggle, "refuse statements that change anything"},
};

// "-" reads the SQL from standard input's file.
Result<std::string> sql_of(const Invocation& invocation, Session& session) {
  const std::string sql = join(invocation.arguments, " ");
  return sql == "-" ? session.world.files.read("/dev/stdin") : Result<std::string>(sql);
}

// The engine writes a file, which is then sent on.
Result<void> print_parquet(const std::string& sql, engine::Connection& connection, Session& session) {
  const std::vector<sql::Statement> statements = sql::split_statements(sql);
  if (statements.empty()) return fail({.code = Code::sql_syntax, .message = "there is no statement in this SQL"});
  if (const std::string before = sql.substr(0, statements.back().begin); statements.size() > 1)
    if (const Result<int64_t> done = connection.execute(before); !done) return fail(done.error());
  const std::filesystem::path file =
      std::filesystem::temp_directory_path() / ("rynd-" + session.world.random.uuid() + ".parquet");
  const Result<int64_t> written = connection.execute("copy (" + std::string(statements.back().text(sql)) + "\n) to " +
                                                     sql::literal(file.string()) + " (format parquet)");
  Result<std::string> bytes = written ? session.world.files.read(file) : Result<std::string>(fail(written.error()));
  (void)session.world.files.remove(file);
  if (!bytes) return fail(std::move(bytes.error()));
  session.console.out(*bytes);
  return {};
}

// The file that --database names, or the project's warehouse; where there is no project, a database in memory.
std::optional<Warehouse> open_asked(const Invocation& invocation, Session& session) {
  const std::filesystem::path dir = invocation.text("project-dir", ".");
  Files& files = session.world.files;
  std::optional<Warehouse> warehouse;
  if (invocation.given("database")) {
    warehouse.emplace(engine::Target{.path = invocation.text("database"), .read_only = invocation.toggle("read-only")},
                      session);
  } else if (!invocation.given("project-dir") && !files.exists("dbt_project.yml") && !files.exists("rynd.yml")) {
    session.console.say("no project here: the SQL runs on an empty database in memory");
    warehouse.emplace(engine::Target{}, session);
  } else if (const Checked<project::Opened> opened = open_settings(invocation, session)) {
    warehouse.emplace(opened->profile, dir, session);
  }
  return warehouse;
}

Result<void> print(const std::string& sql, const Invocation& invocation, engine::Connection& connection,
                   Session& session) {
  const std::string format = invocation.text("output");
  const bool is_text = format != "parquet" && format != "arrow";
  if (!is_text && session.warehouse != nullptr)
    return fail({.code = Code::unsupported,
                 .message = "a server holds the warehouse, and its answers are text: " + format + " is none",
                 .help = "stop the server, or take --output csv or jsonl"});
  if (format == "parquet") return print_parquet(sql, connection, session);
  Result<std::unique_ptr<engine::Rows>> rows = connection.query(sql);
  if (!rows) return fail(std::move(rows.error()));
  return format == "arrow" ? print_arrow(**rows, session.console)
                           : print_rows(**rows, table_format(format), session.console);
}

int run_query(const Invocation& invocation, Session& session) {
  if (!invocation.given("database"))
    if (const std::optional<int> code = forward_to_server(invocation, session)) return *code;
  Console& console = session.console;
  const Result<std::string> sql = sql_of(invocation, session);
  if (!sql) {
    console.report(sql.error());
    return exit_unable;
  }
  std::optional<Warehouse> warehouse = open_asked(invocation, session);
  if (!warehouse) return exit_unable;
  const std::unique_ptr<engine::Connection> connection = connect(*warehouse, session);
  if (!connection) return exit_unable;
  const std::stop_callback interrupt(session.stop, [&] { connection->interrupt(); });
  if (invocation.toggle("read-only")) {
    if (const Result<int64_t> begun = connection->execute("begin transaction read only"); !begun) {
      console.report(begun.error());
      return exit_unable;
    }
  }
  const Result<void> printed = print(*sql, invocation, *connection, session);
  if (printed) return exit_done;
  console.report(printed.error());
  return exit_failed;
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
          "Asks the project's warehouse, or the file that --database names; in a folder without a project, an empty "
          "database in memory. Several statements may be given; the rows of the last are printed. '-' reads the SQL "
          "from standard input.",
      .examples =
          "rynd query \"select count(*) from main.orders\"\nrynd query \"from raw.trips\" --output parquet > "
          "trips.parquet\n"
          "rynd query --database shop.duckdb --read-only \"show tables\"\nrynd query \"from 'trips.csv' limit 5\"",
      .run = run_query};
}

}  // namespace rynd::cli

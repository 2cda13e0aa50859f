// Engine suite: SQL that every engine understands.
#include "engine/engine_suite.h"

#include <array>
#include <atomic>
#include <chrono>
#include <thread>

namespace rynd::engine {
namespace {

std::string underlined(const Diagnostic& diagnostic) {
  if (!diagnostic.span) return "no place";
  return std::string(
      diagnostic.span.source->text().substr(diagnostic.span.begin, diagnostic.span.end - diagnostic.span.begin));
}

TEST_P(EngineSuite, AnswersAQuery) {
  const Table result = table("select 1 as one, 'a' as letter, null as nothing");
  ASSERT_EQ(result.rows.size(), 1u);
  ASSERT_EQ(result.columns.size(), 3u);
  EXPECT_EQ(result.columns[1].name, "letter");
  EXPECT_EQ(result.columns[0].kind, TypeKind::integer);
  EXPECT_EQ(result.rows[0][0], Value(1));
  EXPECT_EQ(result.rows[0][1], Value("a"));
  EXPECT_TRUE(result.rows[0][2].is_null());
}

TEST_P(EngineSuite, RunsSeveralStatementsAndHandsOutTheLast) {
  EXPECT_EQ(cell("create table t (a integer); insert into t values (1), (2); select sum(a) as s from t;"), "3");
}

TEST_P(EngineSuite, CountsChangedRows) {
  execute("create table t (a integer)");
  EXPECT_EQ(execute("insert into t values (1), (2), (3)"), 3);
  EXPECT_EQ(execute("delete from t where a > 1"), 2);
  EXPECT_EQ(execute("select * from t"), 0);
}

TEST_P(EngineSuite, BindsParameters) {
  const std::array<Value, 3> parameters = {Value(7), Value("it's"), Value()};
  const Table result =
      table("select cast($1 as integer) + 1 as a, cast($2 as varchar) as b, cast($3 as varchar) as c", parameters);
  ASSERT_EQ(result.rows.size(), 1u);
  EXPECT_EQ(result.rows[0][0], Value(8));
  EXPECT_EQ(result.rows[0][1], Value("it's"));
  EXPECT_TRUE(result.rows[0][2].is_null());
}

TEST_P(EngineSuite, RefusesTheWrongNumberOfParameters) {
  const std::array<Value, 2> two = {Value(1), Value(2)};
  auto result = connection_->query("select cast($1 as integer)", two);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, Code::sql_parameters);
  EXPECT_EQ(result.error().message, "the statement has 1 parameter, and 2 values were given");
}

TEST_P(EngineSuite, DescribesWithoutRunning) {
  execute("create table t (a integer, b varchar, c decimal(10, 2), d timestamp)");
  auto columns = connection_->describe("select a, b, c * 2 as c2, cast(d as date) as day from t where 1/0 > 0 or true");
  ASSERT_TRUE(columns) << columns.error().message;
  ASSERT_EQ(columns->size(), 4u);
  EXPECT_EQ((*columns)[2].name, "c2");
  EXPECT_EQ((*columns)[2].kind, TypeKind::decimal);
  EXPECT_EQ((*columns)[3].kind, TypeKind::date);
  EXPECT_FALSE(connection_->describe("select 1; select 2"));
}

TEST_P(EngineSuite, StreamsInChunks) {
  execute("create table digits as select * from (values (0),(1),(2),(3),(4),(5),(6),(7),(8),(9)) as v(d)");
  auto rows =
      connection_->query("select a.d + 10*b.d + 100*c.d + 1000*e.d as n from digits a, digits b, digits c, digits e");
  ASSERT_TRUE(rows) << rows.error().message;
  int64_t total = 0, sum = 0;
  while (true) {
    auto more = (*rows)->next();
    ASSERT_TRUE(more);
    if (!*more) break;
    EXPECT_GT((*rows)->size(), 0u);
    for (size_t row = 0; row < (*rows)->size(); ++row) {
      ++total;
      sum += *(*rows)->at(row, 0).get_if<int64_t>();
    }
  }
  EXPECT_EQ(total, 10000);
  EXPECT_EQ(sum, 9999 * 5000);
  auto after = (*rows)->next();
  EXPECT_TRUE(after && !*after);
}

TEST_P(EngineSuite, FetchStopsAtItsLimit) {
  auto result = fetch(*connection_, "select * from (values (1),(2),(3)) as v(a)", {}, 2);
  ASSERT_TRUE(result);
  EXPECT_EQ(result->rows.size(), 2u);
  EXPECT_EQ(cell("select 4"), "4");
}

TEST_P(EngineSuite, SyntaxErrorsHaveTheirPlace) {
  const Diagnostic diagnostic = error("select 1;\nselec 2");
  EXPECT_EQ(diagnostic.code, Code::sql_syntax);
  EXPECT_EQ(underlined(diagnostic), "selec");
  EXPECT_EQ(diagnostic.span.source->position(diagnostic.span.begin).line, 2);
}

TEST_P(EngineSuite, MissingColumnsAreSuggested) {
  execute("create table t (trips_total integer, day date)");
  const Diagnostic diagnostic = error("select\n  'ü', trips_totl from t");
  EXPECT_EQ(diagnostic.code, Code::sql_binding);
  EXPECT_EQ(underlined(diagnostic), "trips_totl");
  EXPECT_EQ(diagnostic.label, "did you mean 'trips_total'?");
  ASSERT_FALSE(diagnostic.notes.empty());
  EXPECT_NE(diagnostic.notes[0].find("trips_total"), std::string::npos);
  EXPECT_EQ(diagnostic.message.find('\n'), std::string::npos);
}

TEST_P(EngineSuite, MissingTablesAreSuggested) {
  execute("create table orders (a integer)");
  const Diagnostic diagnostic = error("select * from ordrs");
  EXPECT_EQ(diagnostic.code, Code::sql_missing);
  EXPECT_EQ(underlined(diagnostic), "ordrs");
  EXPECT_EQ(diagnostic.label, "did you mean 'orders'?");
  EXPECT_TRUE(error("select * from entirely_else").notes.empty());
}

TEST_P(EngineSuite, ErrorsHaveTheCodeOfTheirKind) {
  execute("create table k (a integer primary key)");
  EXPECT_EQ(error("select cast('x' as integer)").code, Code::sql_conversion);
  EXPECT_EQ(error("insert into k values (1), (1)").code, Code::sql_constraint);
  EXPECT_EQ(error("").code, Code::sql_syntax);
  EXPECT_EQ(error("-- only a comment").code, Code::sql_syntax);
  EXPECT_EQ(cell("select 'still usable'"), "still usable");
}

TEST_P(EngineSuite, TransactionsRollBack) {
  if (!capabilities().transactions) GTEST_SKIP() << "transactions";
  execute("create table t (a integer)");
  {
    auto transaction = Transaction::begin(*connection_);
    ASSERT_TRUE(transaction);
    execute("insert into t values (1)");
  }
  EXPECT_EQ(cell("select count(*) from t"), "0");
  auto transaction = Transaction::begin(*connection_);
  ASSERT_TRUE(transaction);
  execute("insert into t values (1)");
  ASSERT_TRUE(transaction->commit());
  EXPECT_EQ(cell("select count(*) from t"), "1");
}

TEST_P(EngineSuite, TransactionsCoverTables) {
  if (!capabilities().transactional_ddl) GTEST_SKIP() << "transactional_ddl";
  execute("create table t as select 1 as a");
  auto other = connect();
  {
    auto transaction = Transaction::begin(*connection_);
    ASSERT_TRUE(transaction);
    execute("alter table t rename to t_old");
    execute("create table t as select 2 as a");
    execute("drop table t_old");
    auto seen = fetch(*other, "select a from t");
    ASSERT_TRUE(seen) << seen.error().message;
    EXPECT_EQ(seen->rows[0][0], Value(1));
  }
  EXPECT_EQ(cell("select a from t"), "1");
}

TEST_P(EngineSuite, AFailedTransactionCanBeRolledBack) {
  if (!capabilities().transactions) GTEST_SKIP() << "transactions";
  execute("create table k (a integer primary key); insert into k values (1)");
  ASSERT_TRUE(connection_->begin());
  EXPECT_EQ(error("insert into k values (1)").code, Code::sql_constraint);
  EXPECT_TRUE(connection_->rollback());
  EXPECT_EQ(cell("select count(*) from k"), "1");
}

TEST_P(EngineSuite, ReplacesATableAtOnce) {
  if (!capabilities().atomic_replace) GTEST_SKIP() << "atomic_replace";
  execute("create table t as select 1 as a");
  execute("create or replace table t as select 2 as a, 3 as b");
  EXPECT_EQ(cell("select a + b from t"), "5");
}

TEST_P(EngineSuite, InterruptStopsAStatement) {
  if (!capabilities().interrupt) GTEST_SKIP() << "interrupt";
  std::thread stopper([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(30));
    connection_->interrupt();
  });
  const Diagnostic diagnostic = error(
      "with recursive r(n) as (select 1 union all select n + 1 from r where n < 1000000000) select max(n) from r");
  stopper.join();
  EXPECT_EQ(diagnostic.code, Code::sql_interrupted);
  EXPECT_EQ(cell("select 'usable'"), "usable");
}

TEST_P(EngineSuite, AnInterruptBetweenStatementsHitsTheNext) {
  if (!capabilities().interrupt) GTEST_SKIP() << "interrupt";
  execute("create table t (a integer)");
  connection_->interrupt();
  EXPECT_EQ(error("insert into t values (1)").code, Code::sql_interrupted);
  EXPECT_EQ(cell("select count(*) from t"), "0");
  if (!capabilities().transactions) return;
  ASSERT_TRUE(connection_->begin());
  execute("insert into t values (1)");
  connection_->interrupt();
  EXPECT_TRUE(connection_->rollback());
  EXPECT_EQ(cell("select count(*) from t"), "0");
}

TEST_P(EngineSuite, InterruptStopsReading) {
  if (!capabilities().interrupt) GTEST_SKIP() << "interrupt";
  execute("create table digits as select * from (values (0),(1),(2),(3),(4),(5),(6),(7),(8),(9)) as v(d)");
  auto rows =
      connection_->query("select a.d from digits a, digits b, digits c, digits d, digits e, digits f, digits g");
  ASSERT_TRUE(rows);
  ASSERT_TRUE((*rows)->next());
  connection_->interrupt();
  Result<bool> more = true;
  while (more && *more) more = (*rows)->next();
  ASSERT_FALSE(more);
  EXPECT_EQ(more.error().code, Code::sql_interrupted);
  rows->reset();
  EXPECT_EQ(cell("select 'usable'"), "usable");
}

TEST_P(EngineSuite, AppendsRows) {
  execute("create table t (a integer, b varchar, c double, d boolean, e date, f decimal(10, 2))");
  auto appender = connection_->appender({.identifier = "t"});
  ASSERT_TRUE(appender) << appender.error().message;
  for (int i = 0; i < 5000; ++i) {
    (*appender)->integer(i);
    (*appender)->text("row");
    (*appender)->real(i / 2.0);
    (*appender)->boolean(i % 2 == 0);
    (*appender)->text("2024-05-01");
    i == 0 ? (*appender)->null() : (*appender)->append(Decimal{12345, 10, 2});
    ASSERT_TRUE((*appender)->end_row());
  }
  auto closed = (*appender)->close();
  ASSERT_TRUE(closed) << closed.error().message;
  EXPECT_EQ(cell("select count(*) from t where e = date '2024-05-01' and b = 'row'"), "5000");
  EXPECT_EQ(cell("select f from t where a = 1"), "123.45");
  EXPECT_EQ(cell("select count(*) from t where f is null"), "1");
}

TEST_P(EngineSuite, AppendsToSomeColumns) {
  execute("create table t (a integer, b varchar default 'b', c integer)");
  const std::array<std::string, 2> columns = {"c", "a"};
  auto appender = connection_->appender({.identifier = "t"}, columns);
  ASSERT_TRUE(appender) << appender.error().message;
  (*appender)->integer(3);
  (*appender)->integer(1);
  ASSERT_TRUE((*appender)->end_row());
  ASSERT_TRUE((*appender)->close());
  EXPECT_EQ(cell("select a::varchar || b || c::varchar from t"), "1b3");
}

TEST_P(EngineSuite, AppendingSaysWhatFailed) {
  execute("create table t (a integer)");
  auto missing = connection_->appender({.identifier = "nothere"});
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, Code::sql_missing) << missing.error().message;
  auto appender = connection_->appender({.identifier = "t"});
  ASSERT_TRUE(appender);
  (*appender)->text("many");
  auto row = (*appender)->end_row();
  ASSERT_FALSE(row);
  EXPECT_EQ(row.error().code, Code::append_failed) << row.error().message;
  EXPECT_FALSE((*appender)->close());
  appender->reset();
  EXPECT_EQ(cell("select count(*) from t"), "0");
}

TEST_P(EngineSuite, AnAppenderThatIsNotClosedAddsNothing) {
  execute("create table t (a integer)");
  {
    auto appender = connection_->appender({.identifier = "t"});
    ASSERT_TRUE(appender);
    (*appender)->integer(1);
    ASSERT_TRUE((*appender)->end_row());
  }
  EXPECT_EQ(cell("select count(*) from t"), "0");
}

TEST_P(EngineSuite, AppendsInsideATransaction) {
  if (!capabilities().transactions) GTEST_SKIP() << "transactions";
  execute("create table t (a integer)");
  {
    auto transaction = Transaction::begin(*connection_);
    ASSERT_TRUE(transaction);
    auto appender = connection_->appender({.identifier = "t"});
    ASSERT_TRUE(appender);
    (*appender)->integer(1);
    ASSERT_TRUE((*appender)->end_row());
    ASSERT_TRUE((*appender)->close());
    EXPECT_EQ(cell("select count(*) from t"), "1");
  }
  EXPECT_EQ(cell("select count(*) from t"), "0");
}

TEST_P(EngineSuite, ListsRelationsOfSeveralSchemas) {
  execute(
      "create schema s1; create schema s2; create table s1.b (x integer); create view s1.a as select * from s1.b; "
      "create table s2.c (y varchar, z integer)");
  const std::array<SchemaName, 3> schemas = {SchemaName{"", "s1"}, {database_->name(), "S2"}, {"", "nothere"}};
  auto relations = connection_->relations(schemas);
  ASSERT_TRUE(relations) << relations.error().message;
  ASSERT_EQ(relations->size(), 3u);
  EXPECT_EQ((*relations)[0].identifier, "a");
  EXPECT_EQ((*relations)[0].type, RelationType::view);
  EXPECT_EQ((*relations)[2].schema, "s2");
  EXPECT_EQ((*relations)[2].database, database_->name());
  auto details = connection_->details(schemas);
  ASSERT_TRUE(details) << details.error().message;
  ASSERT_EQ(details->size(), 3u);
  ASSERT_EQ((*details)[2].columns.size(), 2u);
  EXPECT_EQ((*details)[2].columns[0].name, "y");
  EXPECT_EQ((*details)[2].columns[0].kind, TypeKind::text);
  EXPECT_EQ((*details)[0].columns.size(), 1u);
  EXPECT_TRUE(connection_->relations({})->empty());
}

TEST_P(EngineSuite, ManyConnectionsWriteTheirOwnTables) {
  std::vector<std::thread> writers;
  std::atomic<int> failures = 0;
  for (int i = 0; i < 4; ++i) {
    writers.emplace_back([&, i] {
      auto connection = database_->connect();
      if (!connection) return void(++failures);
      for (int k = 0; k < 20; ++k) {
        if (!(*connection)
                 ->execute("create or replace table w" + std::to_string(i) + " as select " + std::to_string(k) +
                           " as a"))
          ++failures;
      }
    });
  }
  for (std::thread& writer : writers) writer.join();
  EXPECT_EQ(failures, 0);
  EXPECT_EQ(cell("select a from w0 union all select a from w3"), "19");
}

INSTANTIATE_TEST_SUITE_P(DuckDb, EngineSuite, testing::Values(EngineUnderTest{"memory", [] { return open({}); }}),
                         [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace rynd::engine

// DuckDB: what only the embedded engine has: files and their locks, settings, every type, trimmed messages, threads.
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>

#include "engine/engine.h"

namespace rynd::engine {
namespace {

namespace fs = std::filesystem;

class DuckDbFile : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (fs::temp_directory_path() / "rynd-engine-XXXXXX").string();
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
    file_ = folder_ / "house.duckdb";
  }
  void TearDown() override { fs::remove_all(folder_); }

  Result<std::unique_ptr<Database>> open_file() { return open({.path = file_.string()}); }
  Diagnostic refused(const Target& target) {
    auto database = open(target);
    if (database) ADD_FAILURE() << "opened " << target.path;
    return database ? Diagnostic{} : database.error();
  }

  fs::path folder_, file_;
};

class DuckDb : public testing::Test {
 protected:
  void SetUp() override {
    database_ = std::move(*open({}));
    connection_ = std::move(*database_->connect());
  }
  Value first(std::string_view sql) {
    auto table = fetch(*connection_, sql);
    if (!table) ADD_FAILURE() << sql << ": " << table.error().message;
    return table && !table->rows.empty() ? table->rows[0][0] : Value();
  }
  Diagnostic error(std::string_view sql) {
    auto done = connection_->execute(sql);
    if (done) ADD_FAILURE() << sql << ": should have failed";
    return done ? Diagnostic{} : done.error();
  }

  std::unique_ptr<Database> database_;
  std::unique_ptr<Connection> connection_;
};

TEST_F(DuckDbFile, KeepsWhatWasCommitted) {
  {
    auto database = open_file();
    ASSERT_TRUE(database) << database.error().message;
    EXPECT_EQ((*database)->name(), "house");
    EXPECT_EQ((*database)->version(), "v1.5.5");
    auto connection = (*database)->connect();
    ASSERT_TRUE((*connection)->execute("create table t as select 42 as a"));
  }
  auto database = open_file();
  ASSERT_TRUE(database);
  auto table = fetch(**(*database)->connect(), "select a from t");
  ASSERT_TRUE(table);
  EXPECT_EQ(table->rows[0][0], Value(42));
}

// A real second process opens the file, says so through a pipe, and holds it until it is ended.
TEST_F(DuckDbFile, SaysWhoHoldsTheFile) {
  int ready[2];
  ASSERT_EQ(pipe(ready), 0);
  const pid_t holder = fork();
  ASSERT_GE(holder, 0);
  if (holder == 0) {
    auto database = open_file();
    const char answer = database ? 'y' : 'n';
    if (write(ready[1], &answer, 1) != 1) _exit(1);
    while (true) pause();
  }
  char answer = 0;
  ASSERT_EQ(read(ready[0], &answer, 1), 1);
  ASSERT_EQ(answer, 'y');
  const Diagnostic diagnostic = refused({.path = file_.string()});
  kill(holder, SIGKILL);
  waitpid(holder, nullptr, 0);
  EXPECT_EQ(diagnostic.code, Code::database_in_use);
  const std::string pid = std::to_string(holder);
  EXPECT_NE(diagnostic.message.find("is in use by process " + pid + " ("), std::string::npos) << diagnostic.message;
  EXPECT_EQ(diagnostic.help,
            "end process " + pid + ", or wait until it is done; only one process can have the file open");
  auto database = open_file();
  EXPECT_TRUE(database) << "the lock must end with its process";
}

TEST_F(DuckDbFile, IsOpenedOnceAProcess) {
  auto database = open_file();
  ASSERT_TRUE(database);
  const Diagnostic diagnostic = refused({.path = (folder_ / "." / "house.duckdb").string()});
  EXPECT_EQ(diagnostic.code, Code::database_in_use);
  EXPECT_TRUE(diagnostic.message.ends_with("is open in this process already")) << diagnostic.message;
}

TEST_F(DuckDbFile, RefusesForeignFiles) {
  std::ofstream(file_) << std::string(20000, 'x');
  const Diagnostic diagnostic = refused({.path = file_.string()});
  EXPECT_EQ(diagnostic.code, Code::database_foreign);
  EXPECT_EQ(diagnostic.message, "'" + file_.string() + "' is not a DuckDB database");
  EXPECT_EQ(fs::file_size(file_), 20000u);
}

TEST_F(DuckDbFile, SaysThatAFileIsDamaged) {
  {
    auto database = open_file();
    ASSERT_TRUE((*(*database)->connect())->execute("create table t as select range as a from range(100000)"));
  }
  std::fstream file(file_, std::ios::in | std::ios::out | std::ios::binary);
  for (int at = 4096; at < 12288; at += 64) file.seekp(at).write("damage!!", 8);
  file.close();
  const Diagnostic diagnostic = refused({.path = file_.string()});
  EXPECT_EQ(diagnostic.code, Code::database_foreign) << diagnostic.message;
  EXPECT_TRUE(diagnostic.message.ends_with("is damaged")) << diagnostic.message;
  EXPECT_FALSE(diagnostic.notes.empty());
}

TEST_F(DuckDbFile, NamesWhatIsWrongWithThePath) {
  const Diagnostic folder = refused({.path = (folder_ / "no" / "x.duckdb").string()});
  EXPECT_EQ(folder.code, Code::database_unopenable);
  EXPECT_TRUE(folder.message.ends_with("cannot be opened: its folder is not there")) << folder.message;
  EXPECT_FALSE(fs::exists(folder_ / "no"));
  EXPECT_TRUE(refused({.path = folder_.string()}).message.ends_with("it is a folder"));
  EXPECT_TRUE(refused({.path = file_.string(), .read_only = true}).message.ends_with("it is not there"));
}

TEST_F(DuckDbFile, ReadOnlyRefusesWrites) {
  { auto made = open_file(); }
  auto database = open({.path = file_.string(), .read_only = true});
  ASSERT_TRUE(database) << database.error().message;
  EXPECT_FALSE((*(*database)->connect())->execute("create table t (a integer)"));
}

TEST_F(DuckDbFile, AttachesOtherFiles) {
  { ASSERT_TRUE((*(*open_file().value()).connect())->execute("create table t as select 7 as a")); }
  auto database = open({.attach = {{.path = file_.string(), .alias = "other", .type = "", .read_only = true}}});
  ASSERT_TRUE(database) << database.error().message;
  EXPECT_EQ((*database)->name(), "memory");
  auto table = fetch(**(*database)->connect(), "select a from other.t");
  ASSERT_TRUE(table) << table.error().message;
  EXPECT_EQ(table->rows[0][0], Value(7));
  const Diagnostic missing =
      refused({.attach = {{.path = (folder_ / "no" / "x.db").string(), .alias = "x", .type = ""}}});
  EXPECT_EQ(missing.code, Code::database_unopenable) << missing.message;
}

TEST(DuckDbTarget, TakesSettings) {
  auto database = open({.settings = {{"threads", "1"}, {"TimeZone", "Asia/Tokyo"}}});
  ASSERT_TRUE(database) << database.error().message;
  auto table = fetch(**(*database)->connect(),
                     "select current_setting('threads'), current_setting('TimeZone'), "
                     "(timestamptz '2024-05-01 00:00:00+00')::varchar");
  ASSERT_TRUE(table);
  EXPECT_EQ(to_text(table->rows[0][0]), "1");
  EXPECT_EQ(to_text(table->rows[0][2]), "2024-05-01 09:00:00+09");
}

TEST(DuckDbTarget, LetsAProjectChooseItsThreads) {
  auto database = open({.settings = {{"threads", "4"}}});
  ASSERT_TRUE(database) << database.error().message;
  auto connection = *(*database)->connect();
  const auto threads = [&] {
    auto table = fetch(*connection, "select current_setting('threads')");
    return table ? to_text(table->rows[0][0]) : table.error().message;
  };
  for (const auto& [statement, expected] :
       std::vector<std::pair<std::string, std::string>>{{"create table t as select 1; set THREADS = 1", "1"},
                                                        {"pragma threads = 3", "3"},
                                                        {"set worker_threads to 2", "2"}}) {
    auto done = connection->execute(statement);
    EXPECT_TRUE(done) << statement << ": " << done.error().message;
    EXPECT_EQ(threads(), expected) << statement;
  }
  auto sum = fetch(*connection, "select sum(i)::bigint from range(3000000) r(i)");
  ASSERT_TRUE(sum) << sum.error().message;
  EXPECT_EQ(to_text(sum->rows[0][0]), "4499998500000");
}

TEST(DuckDbTarget, RefusesUnknownSettingsAndEngines) {
  auto setting = open({.settings = {{"memory_limt", "1GB"}}});
  ASSERT_FALSE(setting);
  EXPECT_EQ(setting.error().code, Code::engine_setting);
  EXPECT_EQ(setting.error().message, "DuckDB does not take the setting 'memory_limt'");
  EXPECT_EQ(setting.error().label, "did you mean 'memory_limit'?");
  auto value = open({.settings = {{"memory_limit", "much"}}});
  ASSERT_FALSE(value);
  EXPECT_EQ(value.error().code, Code::engine_setting) << value.error().message;
  auto extension = open({.settings = {{"s3_secret_access_key", "hidden"}}});
  ASSERT_FALSE(extension);
  EXPECT_EQ(extension.error().help,
            "it belongs to the extension 'httpfs': list 'httpfs' under `extensions:` of the profile");
  for (const std::string& note : extension.error().notes) EXPECT_EQ(note.find("hidden"), std::string::npos);
  auto engine = open({.type = "duckdb2"});
  ASSERT_FALSE(engine);
  EXPECT_EQ(engine.error().code, Code::engine_unknown);
}

TEST(DuckDbTarget, InstallsOnlyWhatIsNamed) {
  auto missing = open({.settings = {{"extension_directory", testing::TempDir() + "rynd_extensions"}},
                       .extensions = {{"httpfs", "/nonexistent/repository"}}});
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, Code::engine_extension) << missing.error().message;
  EXPECT_EQ(missing.error().message, "the extension 'httpfs' is not on this machine, and could not be installed");
  EXPECT_NE(missing.error().help.find("httpfs.duckdb_extension"), std::string::npos);
  EXPECT_TRUE(open({.extensions = {{"json"}, {"parquet"}}}));
  auto database = open({.settings = {{"extension_directory", testing::TempDir() + "rynd_extensions"}}});
  ASSERT_TRUE(database);
  auto unnamed = fetch(**(*database)->connect(), "select * from read_csv('https://nowhere.invalid/x.csv')");
  ASSERT_FALSE(unnamed);
  EXPECT_EQ(unnamed.error().code, Code::engine_extension) << unnamed.error().message;
}

TEST(DuckDbTarget, Secrets) {
  Node token = Node::map();
  token.set("bearer_token", Node::of("it's hidden"));
  Node headers = Node::map();
  headers.set("A", Node::of("x"));
  token.set("extra_http_headers", headers);
  auto database =
      open({.secrets = {{.type = "http", .name = "mine", .scope = {"https://a", "https://b"}, .options = token},
                        {.type = "http", .name = "Other one", .provider = "config"}}});
  ASSERT_TRUE(database) << database.error().message;
  auto connection = (*database)->connect();
  auto rows = fetch(**connection, "select name, type, provider, persistent, scope from duckdb_secrets() order by name");
  ASSERT_TRUE(rows);
  ASSERT_EQ(rows->rows.size(), 2u);
  EXPECT_EQ(to_text(rows->rows[0][0]), "mine");
  EXPECT_EQ(to_text(rows->rows[1][0]), "other one");
  EXPECT_EQ(to_text(rows->rows[0][3]), "false");
  EXPECT_EQ(to_text(rows->rows[0][4]), "['https://a', 'https://b']");

  Node key = Node::map();
  key.set("key_id", Node::of("AKIAHIDDEN"));
  auto unknown = open({.secrets = {{.type = "s3", .name = "mine", .options = key}}});
  ASSERT_FALSE(unknown);
  EXPECT_EQ(unknown.error().code, Code::engine_secret);
  EXPECT_EQ(unknown.error().help, "list the extension that knows this type under `extensions:` of the profile");
  Node wrong = Node::map();
  wrong.set("bearer_tokne", Node::of("hidden"));
  auto misspelt = open({.secrets = {{.type = "http", .name = "mine", .options = wrong}}});
  ASSERT_FALSE(misspelt);
  EXPECT_EQ(misspelt.error().message, "the secret 'mine' of type 'http' cannot be made");
  for (const std::string& note : misspelt.error().notes) EXPECT_EQ(note.find("hidden"), std::string::npos);
}

TEST_F(DuckDbFile, AttachesWithOptions) {
  Node options = Node::map();
  options.set("block_size", Node::of(16384));
  auto database = open({.attach = {{.path = file_.string(), .alias = "other", .options = options},
                                   {.path = file_.string(), .alias = "other"}}});
  ASSERT_TRUE(database) << database.error().message;
  auto connection = (*database)->connect();
  auto rows = fetch(**connection, "select block_size from pragma_database_size() where database_name = 'other'");
  ASSERT_TRUE(rows) << rows.error().message;
  EXPECT_EQ(to_text(rows->rows[0][0]), "16384");
}

struct TypeCase {
  std::string_view sql, type, text, json;
};

// Each printed as DuckDB itself prints the type and casts the value to VARCHAR.
constexpr TypeCase type_cases[] = {
    {"true", "BOOLEAN", "true", "true"},
    {"(-128)::tinyint", "TINYINT", "-128", "-128"},
    {"(-7)::smallint", "SMALLINT", "-7", "-7"},
    {"7", "INTEGER", "7", "7"},
    {"9223372036854775807", "BIGINT", "9223372036854775807", "\"9223372036854775807\""},
    {"255::utinyint", "UTINYINT", "255", "255"},
    {"65535::usmallint", "USMALLINT", "65535", "65535"},
    {"4294967295::uinteger", "UINTEGER", "4294967295", "4294967295"},
    {"18446744073709551615::ubigint", "UBIGINT", "18446744073709551615", "\"18446744073709551615\""},
    {"(-170141183460469231731687303715884105728)::hugeint", "HUGEINT", "-170141183460469231731687303715884105728",
     "\"-170141183460469231731687303715884105728\""},
    {"340282366920938463463374607431768211455::uhugeint", "UHUGEINT", "340282366920938463463374607431768211455",
     "\"340282366920938463463374607431768211455\""},
    {"0.1::float", "FLOAT", "0.1", "0.1"},
    {"1e20::double", "DOUBLE", "1e+20", "1e+20"},
    {"3::double", "DOUBLE", "3.0", "3.0"},
    {"'nan'::double", "DOUBLE", "nan", "\"nan\""},
    {"'-inf'::double", "DOUBLE", "-inf", "\"-inf\""},
    {"1.50", "DECIMAL(3,2)", "1.50", "1.50"},
    {"(-0.05)::decimal(18,3)", "DECIMAL(18,3)", "-0.050", "-0.050"},
    {"12345678901234567890.5::decimal(38,1)", "DECIMAL(38,1)", "12345678901234567890.5", "\"12345678901234567890.5\""},
    {"'tea \"x\"'", "VARCHAR", "tea \"x\"", "\"tea \\\"x\\\"\""},
    {"'a\\xFFb'::blob", "BLOB", "a\\xFFb", "\"Yf9i\""},
    {"date '2024-02-29'", "DATE", "2024-02-29", "\"2024-02-29\""},
    {"'infinity'::date", "DATE", "infinity", "\"infinity\""},
    {"date '0044-03-15 (BC)'", "DATE", "0044-03-15 (BC)", "\"0044-03-15 (BC)\""},
    {"time '10:20:30.05'", "TIME", "10:20:30.05", "\"10:20:30.05\""},
    {"'10:20:30+05:30'::timetz", "TIME WITH TIME ZONE", "10:20:30+05:30", "\"10:20:30+05:30\""},
    {"timestamp '1969-12-31 23:59:59.5'", "TIMESTAMP", "1969-12-31 23:59:59.5", "\"1969-12-31T23:59:59.5\""},
    {"'2024-05-01 10:00:00'::timestamp_s", "TIMESTAMP_S", "2024-05-01 10:00:00", "\"2024-05-01T10:00:00\""},
    {"'2024-05-01 10:00:00.123'::timestamp_ms", "TIMESTAMP_MS", "2024-05-01 10:00:00.123",
     "\"2024-05-01T10:00:00.123\""},
    {"'1960-05-01 10:00:00.123456789'::timestamp_ns", "TIMESTAMP_NS", "1960-05-01 10:00:00.123456789",
     "\"1960-05-01T10:00:00.123456789\""},
    {"'2024-05-01 12:00:00+02'::timestamptz", "TIMESTAMP WITH TIME ZONE", "2024-05-01 10:00:00+00",
     "\"2024-05-01T10:00:00Z\""},
    {"'-infinity'::timestamp", "TIMESTAMP", "-infinity", "\"-infinity\""},
    {"interval '1 year 2 months -3 days 4 hours'", "INTERVAL", "1 year 2 months -3 days 04:00:00",
     "\"1 year 2 months -3 days 04:00:00\""},
    {"interval '0 days'", "INTERVAL", "00:00:00", "\"00:00:00\""},
    {"'f81d4fae-7dec-4d00-a765-00a0c91e6bf6'::uuid", "UUID", "f81d4fae-7dec-4d00-a765-00a0c91e6bf6",
     "\"f81d4fae-7dec-4d00-a765-00a0c91e6bf6\""},
    {"'00000000-0000-0000-0000-00000000000f'::uuid", "UUID", "00000000-0000-0000-0000-00000000000f",
     "\"00000000-0000-0000-0000-00000000000f\""},
    {"'10101'::bit", "BIT", "10101", "\"10101\""},
    {"'b'::enum('a', 'b')", "ENUM('a', 'b')", "b", "\"b\""},
    {"'{\"a\": 1}'::json", "JSON", "{\"a\": 1}", "\"{\\\"a\\\": 1}\""},
    {"[1, null, 3]", "INTEGER[]", "[1, NULL, 3]", "[1, null, 3]"},
    {"[1, 2]::integer[2]", "INTEGER[2]", "[1, 2]", "[1, 2]"},
    {"['a', 'b c', 'd,e', '', 'it''s']", "VARCHAR[]", "[a, b c, 'd,e', '', 'it\\'s']",
     "[\"a\", \"b c\", \"d,e\", \"\", \"it's\"]"},
    {"[timestamp '2024-05-01 10:00:00']", "TIMESTAMP[]", "['2024-05-01 10:00:00']", "[\"2024-05-01T10:00:00\"]"},
    {"[date '2024-05-01', null]", "DATE[]", "[2024-05-01, NULL]", "[\"2024-05-01\", null]"},
    {"{'t': time '10:00:00', 'n': 'NULL', 'q': 'a\"b', 'w': ' x', 'b': 'a\\b'}",
     "STRUCT(t TIME, n VARCHAR, q VARCHAR, w VARCHAR, b VARCHAR)",
     "{'t': '10:00:00', 'n': 'NULL', 'q': 'a\"b', 'w': ' x', 'b': a\\b}",
     "{\"t\": \"10:00:00\", \"n\": \"NULL\", \"q\": \"a\\\"b\", \"w\": \" x\", \"b\": \"a\\\\b\"}"},
    {"[[1], []]", "INTEGER[][]", "[[1], []]", "[[1], []]"},
    {"{'a': 1, 'b c': ['x']}", "STRUCT(a INTEGER, \"b c\" VARCHAR[])", "{'a': 1, 'b c': [x]}",
     "{\"a\": 1, \"b c\": [\"x\"]}"},
    {"row(1, 'x')", "STRUCT(INTEGER, VARCHAR)", "(1, x)", "[1, \"x\"]"},
    {"map {'k': 1, 'l': null}", "MAP(VARCHAR, INTEGER)", "{k=1, l=NULL}", "{\"k\": 1, \"l\": null}"},
    {"union_value(n := 5)", "UNION(n INTEGER)", "5", "5"},
};

TEST_F(DuckDb, PrintsEveryTypeAsDuckDbDoes) {
  ASSERT_TRUE(connection_->execute("set TimeZone = 'UTC'"));
  for (const TypeCase& test : type_cases) {
    const std::string value(test.sql);
    auto table = fetch(*connection_, "select " + value + " as v, typeof(v) as t, (v)::varchar as s");
    ASSERT_TRUE(table) << value << ": " << table.error().message;
    const std::vector<Value>& row = table->rows[0];
    EXPECT_EQ(table->columns[0].type, test.type) << value;
    EXPECT_EQ(to_text(row[0]), test.text) << value;
    EXPECT_EQ(to_json(row[0]), test.json) << value;
    EXPECT_EQ(to_text(row[1]), test.type) << value << ": typeof differs";
    EXPECT_EQ(to_text(row[2]), test.text) << value << ": DuckDB's cast differs";
  }
}

// A result has no untyped column: NULL alone comes out as INTEGER, as in DuckDB's own client.
TEST_F(DuckDb, NullIsNullOfAnyType) {
  EXPECT_TRUE(first("select null").is_null());
  EXPECT_TRUE(first("select null::struct(a integer)").is_null());
  const std::array<Value, 1> parameters = {Value()};
  auto table = fetch(*connection_, "select $1 is null", parameters);
  ASSERT_TRUE(table) << table.error().message;
  EXPECT_EQ(table->rows[0][0], Value(true));
}

TEST_F(DuckDb, BindsBackWhatItRead) {
  for (const TypeCase& test : type_cases) {
    const std::string value(test.sql);
    auto table = fetch(*connection_, "select " + value);
    ASSERT_TRUE(table) << value;
    const std::array<Value, 1> parameters = {table->rows[0][0]};
    auto back = fetch(*connection_, "select $1", parameters);
    ASSERT_TRUE(back) << value << ": " << back.error().message;
    EXPECT_EQ(to_text(back->rows[0][0]), test.text) << value;
  }
}

TEST_F(DuckDb, KindsFollowTypes) {
  auto columns = connection_->describe(
      "select 1 a, 1.5 b, 1e0 c, 'x' d, now() e, date '2024-01-01' f, [1] g, {'a': 1} h, '{}'::json i, map {} j");
  ASSERT_TRUE(columns) << columns.error().message;
  const TypeKind kinds[] = {TypeKind::integer,      TypeKind::decimal, TypeKind::real, TypeKind::text,
                            TypeKind::timestamp_tz, TypeKind::date,    TypeKind::list, TypeKind::structure,
                            TypeKind::json,         TypeKind::map};
  for (size_t i = 0; i < std::size(kinds); ++i) EXPECT_EQ((*columns)[i].kind, kinds[i]) << (*columns)[i].name;
}

TEST_F(DuckDb, SaysWhichTypesItCannotRead) {
  auto rows = connection_->query("select 5::bignum as big");
  ASSERT_FALSE(rows);
  EXPECT_EQ(rows.error().code, Code::type_unreadable);
  EXPECT_EQ(rows.error().message, "column 'big' has the type BIGNUM, which cannot be read");
}

TEST_F(DuckDb, ReadsNestedColumnsOverManyChunks) {
  auto rows = connection_->query(
      "select [i, null] as l, {'n': i, 's': repeat('x', (i % 20)::int)} as st, case when i % 3 = 0 then null else i "
      "end as n "
      "from range(10000) r(i)");
  ASSERT_TRUE(rows) << rows.error().message;
  int64_t i = 0;
  while (*(*rows)->next()) {
    for (size_t row = 0; row < (*rows)->size(); ++row, ++i) {
      const std::string n = std::to_string(i);
      ASSERT_EQ(to_json((*rows)->at(row, 0)), "[" + n + ", null]");
      ASSERT_EQ(to_text((*rows)->at(row, 1)).substr(0, 6 + n.size()), "{'n': " + n);
      ASSERT_EQ((*rows)->at(row, 2).is_null(), i % 3 == 0);
    }
  }
  EXPECT_EQ(i, 10000);
}

TEST_F(DuckDb, DescribesEvenAPivotWithoutItsValues) {
  ASSERT_TRUE(connection_->execute("create table t as select 'a' as k, 1 as v union all select 'b', 2"));
  auto columns = connection_->describe("pivot t on k using sum(v)");
  ASSERT_TRUE(columns) << columns.error().message;
  ASSERT_EQ(columns->size(), 2u);
  EXPECT_EQ((*columns)[1].name, "b");
}

TEST_F(DuckDb, TrimsListsOfCandidates) {
  const Diagnostic diagnostic = error("select\n  'a' + [1]");
  EXPECT_EQ(diagnostic.code, Code::sql_binding);
  EXPECT_EQ(
      diagnostic.message,
      "Binder Error: No function matches the given name and argument types '+(STRING_LITERAL, INTEGER[])'. You might "
      "need to add explicit type casts.");
  ASSERT_EQ(diagnostic.notes.size(), 1u);
  EXPECT_LT(diagnostic.notes[0].size(), 400u);
  EXPECT_NE(diagnostic.notes[0].find(" more"), std::string::npos);
  EXPECT_EQ(diagnostic.span.begin, 13u);
}

TEST_F(DuckDb, ErrorsOfARunningStatementHaveTheirCode) {
  EXPECT_EQ(error("select error('boom')").message, "Invalid Input Error: boom");
  EXPECT_EQ(error("select error('boom')").code, Code::sql_runtime);
  EXPECT_EQ(error("select * from read_csv('/nonexistent.csv')").code, Code::sql_outside);
  EXPECT_EQ(error("create table t as select 1 as a; create table t as select 2 as a").code, Code::sql_missing);
  // Far behind the first chunk, so that it fails while rows are being read.
  auto table = fetch(*connection_, "select case when i = 500000 then error('late') else i end from range(600000) r(i)");
  ASSERT_FALSE(table);
  EXPECT_EQ(table.error().message, "Invalid Input Error: late");
}

TEST_F(DuckDb, ConflictsAreTransactionErrors) {
  ASSERT_TRUE(connection_->execute("create table t as select 1 as a"));
  auto other = std::move(*database_->connect());
  ASSERT_TRUE(connection_->begin());
  ASSERT_TRUE(other->begin());
  ASSERT_TRUE(connection_->execute("update t set a = 2"));
  auto conflict = other->execute("update t set a = 3");
  ASSERT_FALSE(conflict);
  EXPECT_EQ(conflict.error().code, Code::sql_transaction) << conflict.error().message;
  EXPECT_TRUE(other->rollback());
  EXPECT_TRUE(connection_->commit());
}

TEST_F(DuckDb, ConvertsWhatIsAppendedToTheColumn) {
  ASSERT_TRUE(connection_->execute("create table t (a tinyint, b integer[], c uuid, d timestamptz, e json)"));
  auto appender = std::move(*connection_->appender({.identifier = "t"}));
  appender->integer(12);
  appender->append(List{{Value(1), Value(), Value(3)}});
  appender->append(Uuid{"f81d4fae-7dec-4d00-a765-00a0c91e6bf6"});
  appender->append(Timestamp{.micros = 1714557600000000, .zoned = true});
  appender->text("{\"x\": 1}");
  auto row = appender->end_row();
  ASSERT_TRUE(row) << row.error().message;
  ASSERT_TRUE(appender->close());
  EXPECT_EQ(to_text(first("select row(a, b, c, d, e->>'x') from t")),
            "(12, [1, NULL, 3], f81d4fae-7dec-4d00-a765-00a0c91e6bf6, '2024-05-01 10:00:00+00', 1)");
  auto overflow = std::move(*connection_->appender({.identifier = "t"}));
  overflow->integer(1000);
  EXPECT_FALSE(overflow->end_row());
}

}  // namespace
}  // namespace rynd::engine

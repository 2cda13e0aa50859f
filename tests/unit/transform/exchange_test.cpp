// Exchange: types through Parquet and back.
#include "python/exchange.h"

#include <gtest/gtest.h>

#include "engine/engine.h"

namespace rynd::transform::test {
namespace {

TEST(Exchange, TypesThatParquetLacksGoAsText) {
  EXPECT_EQ(portable_type("INTEGER"), "INTEGER");
  EXPECT_EQ(portable_type("HUGEINT"), "VARCHAR");
  EXPECT_EQ(portable_type("STRUCT(a UHUGEINT, \"HUGEINT\" INTERVAL[])[3]"),
            "STRUCT(a VARCHAR, \"HUGEINT\" VARCHAR[])[3]");
  EXPECT_EQ(portable_type("STRUCT(BIT INTEGER, b BIT)"), "STRUCT(BIT INTEGER, b VARCHAR)");
  EXPECT_EQ(portable_type("TIME WITH TIME ZONE"), "VARCHAR");
  EXPECT_EQ(portable_type("TIMESTAMP WITH TIME ZONE"), "TIMESTAMP WITH TIME ZONE");
  EXPECT_EQ(portable_type("ENUM('HUGEINT', 'b')"), "ENUM('HUGEINT', 'b')");
}

// Every value comes back as it was.
TEST(Exchange, ThroughAFileAndBack) {
  const std::string file = testing::TempDir() + "rynd_exchange.parquet";
  auto database = engine::open({});
  ASSERT_TRUE(database);
  auto connection = (*database)->connect();
  ASSERT_TRUE(connection);
  const std::string query =
      "select 170141183460469231731687303715884105727::hugeint as h, {'a': [(-1)::hugeint]} as s, "
      "map {'k': 340282366920938463463374607431768211455::uhugeint} as m, interval (-3) month as i, "
      "interval 1 microsecond as \"I 2\", '10:00:00+02'::timetz as t, '0101'::bit as b, 'x'::enum('x', 'y') as e, "
      "[1, 2]::integer[2] as a, '2024-01-01'::timestamp_s as ts, '{}'::json as j, now() as n, null::uuid as u, "
      "1.50::decimal(38, 2) as d";
  auto columns = (*connection)->describe(query);
  ASSERT_TRUE(columns);
  ASSERT_TRUE((*connection)->execute("create table t as " + query));
  auto done = (*connection)->execute("copy (select " + select_list_for_file(*columns) + " from t) to '" + file + "'");
  ASSERT_TRUE(done) << done.error().message;
  auto there = (*connection)->describe(select_from_file(file));
  ASSERT_TRUE(there);
  const std::string back = select_from_file(file, *columns, *there);
  auto types = (*connection)->describe(back);
  ASSERT_TRUE(types) << types.error().message;
  for (size_t i = 0; i < columns->size(); ++i) EXPECT_EQ((*types)[i].type, (*columns)[i].type);
  auto same = engine::fetch(**connection, "select count(*) from (from t intersect all " + back + ")");
  ASSERT_TRUE(same) << same.error().message;
  EXPECT_EQ(to_text(same->rows[0][0]), "1");
}

}  // namespace
}  // namespace rynd::transform::test

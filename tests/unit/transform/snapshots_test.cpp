// Snapshots: versions of rows by both strategies, deleted rows, new columns, renamed bookkeeping columns.
#include <gtest/gtest.h>

#include "base/render.h"
#include "shop.h"

namespace rynd::transform::test {
namespace {

std::string said(const NodeResult& result) { return render_text(result.diagnostics); }

FilesOf snapshot_of(const std::string& config, const std::string& csv) {
  return {{"seeds/src.csv", csv},
          {"snapshots/snap.sql", "{% snapshot snap %}{{ config(target_schema='main', unique_key='id', " + config +
                                     ") }}select * from {{ ref('src') }}{% endsnapshot %}"}};
}

void again(Shop& shop, const std::string& csv) {
  shop.write("seeds/src.csv", csv);
  shop.load();
  for (const auto& result : shop.build()) ASSERT_EQ(result.status, Status::success) << said(result);
}

TEST(Snapshot, ByTimestampKeepsVersions) {
  Shop shop(snapshot_of("strategy='timestamp', updated_at='seen'",
                        "id,v,seen\n1,a,2024-01-01 00:00:00\n2,b,2024-01-01 00:00:00\n"));
  for (const auto& result : shop.build()) ASSERT_EQ(result.status, Status::success) << said(result);
  EXPECT_EQ(shop.rows("select dbt_scd_id = md5(coalesce(cast(id as varchar), '') || '|' || coalesce(cast(seen as "
                      "varchar), '')) from snap"),
            "true true");
  again(shop, "id,v,seen\n1,c,2024-02-01 00:00:00\n2,b,2024-01-01 00:00:00\n3,n,2024-02-01 00:00:00\n");
  EXPECT_EQ(shop.rows("select id, v, dbt_valid_from, dbt_valid_to from snap order by id, dbt_valid_from"),
            "1|a|2024-01-01 00:00:00|2024-02-01 00:00:00 1|c|2024-02-01 00:00:00|NULL 2|b|2024-01-01 00:00:00|NULL "
            "3|n|2024-02-01 00:00:00|NULL");
  again(shop, "id,v,seen\n1,c,2024-02-01 00:00:00\n2,b,2024-01-01 00:00:00\n3,n,2024-02-01 00:00:00\n");
  EXPECT_EQ(shop.rows("select count(*) from snap"), "4");
}

TEST(Snapshot, ByCheckSeesNullsAndNewColumns) {
  Shop shop(snapshot_of("strategy='check', check_cols='all'", "id,v\n1,a\n2,\n"));
  for (const auto& result : shop.build()) ASSERT_EQ(result.status, Status::success) << said(result);
  again(shop, "id,v\n1,a\n2,b\n");
  EXPECT_EQ(shop.rows("select id, v, dbt_valid_to is null from snap order by id, dbt_valid_from"),
            "1|a|true 2|NULL|false 2|b|true");
  again(shop, "id,v,w\n1,a,x\n2,b,y\n");
  EXPECT_EQ(shop.rows("select id, v, w from snap where dbt_valid_to is null order by id"), "1|a|x 2|b|y");
}

TEST(Snapshot, InvalidatesWhatIsGone) {
  Shop shop(snapshot_of("strategy='check', check_cols=['v'], hard_deletes='invalidate'", "id,v\n1,a\n2,b\n"));
  shop.build();
  again(shop, "id,v\n1,a\n");
  EXPECT_EQ(shop.rows("select id, dbt_valid_to is null from snap order by id"), "1|true 2|false");
}

TEST(Snapshot, RecordsWhatIsGoneAndComesBack) {
  Shop shop(snapshot_of("strategy='timestamp', updated_at='seen', hard_deletes='new_record'",
                        "id,v,seen\n1,a,2024-01-01 00:00:00\n2,b,2024-01-01 00:00:00\n"));
  shop.build();
  again(shop, "id,v,seen\n1,a,2024-01-01 00:00:00\n");
  EXPECT_EQ(shop.rows("select id, dbt_is_deleted, dbt_valid_to is null from snap order by id, dbt_valid_from"),
            "1|False|true 2|False|false 2|True|true");
  again(shop, "id,v,seen\n1,a,2024-01-01 00:00:00\n");
  EXPECT_EQ(shop.rows("select count(*) from snap"), "3");
  again(shop, "id,v,seen\n1,a,2024-01-01 00:00:00\n2,b,2024-03-01 00:00:00\n");
  EXPECT_EQ(shop.rows("select count(*), count(*) filter (dbt_valid_to is null and dbt_is_deleted = 'False') from snap"),
            "4|2");
}

TEST(Snapshot, NamesItsColumnsAndTheEndOfTime) {
  Shop shop(
      snapshot_of("strategy='timestamp', updated_at='seen', dbt_valid_to_current=\"timestamp '9999-12-31'\", "
                  "snapshot_meta_column_names={'dbt_valid_from': 'von', 'dbt_valid_to': 'bis'}",
                  "id,seen\n1,2024-01-01 00:00:00\n"));
  shop.build();
  again(shop, "id,seen\n1,2024-02-01 00:00:00\n");
  EXPECT_EQ(shop.rows("select von, bis from snap order by von"),
            "2024-01-01 00:00:00|2024-02-01 00:00:00 2024-02-01 00:00:00|9999-12-31 00:00:00");
}

TEST(Snapshot, TakesSeveralKeys) {
  Shop shop(FilesOf{{"seeds/src.csv", "a,b,v\n1,1,x\n1,2,y\n"},
                    {"snapshots/snap.sql",
                     "{% snapshot snap %}{{ config(target_schema='main', unique_key=['a', 'b'], strategy='check', "
                     "check_cols=['v']) }}"
                     "select * from {{ ref('src') }}{% endsnapshot %}"}});
  for (const auto& result : shop.build()) ASSERT_EQ(result.status, Status::success) << said(result);
  again(shop, "a,b,v\n1,1,x\n1,2,z\n");
  EXPECT_EQ(shop.rows("select a, b, v, dbt_valid_to is null from snap order by b, dbt_valid_from"),
            "1|1|x|true 1|2|y|false 1|2|z|true");
}

TEST(Snapshot, RefusesATableThatIsNone) {
  Shop shop(snapshot_of("strategy='timestamp', updated_at='seen'", "id,seen\n1,2024-01-01 00:00:00\n"));
  ASSERT_TRUE(shop.connection().execute("create table snap(id integer)"));
  auto results = shop.build();
  const auto& result = result_of(results, "snap");
  EXPECT_EQ(result.status, Status::error);
  ASSERT_FALSE(result.diagnostics.empty());
  EXPECT_EQ(result.diagnostics[0].code, Code::snapshot_target_wrong) << said(result);
  EXPECT_EQ(shop.rows("select count(*) from snap"), "0");
}

}  // namespace
}  // namespace rynd::transform::test

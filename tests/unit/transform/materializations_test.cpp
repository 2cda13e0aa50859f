// Materializations: first run, second run, full refresh and a failing run of each kind, on a real DuckDB.
#include <gtest/gtest.h>

#include "base/render.h"
#include "shop.h"

namespace rynd::transform::test {
namespace {

std::string said(const NodeResult& result) { return render_text(result.diagnostics); }

TEST(View, IsReplacedAndLeavesNothingBeside) {
  Shop shop(FilesOf{{"models/a.sql", "select 1 as x"}});
  auto results = shop.build();
  ASSERT_EQ(results.at(0).status, Status::success) << said(results.at(0));
  EXPECT_EQ(results[0].message, "OK");
  EXPECT_EQ(shop.relations(), "main.a:view");
  shop.write("models/a.sql", "select 2 as x");
  shop.load();
  ASSERT_EQ(shop.build().at(0).status, Status::success);
  EXPECT_EQ(shop.rows("from a"), "2");
  EXPECT_EQ(shop.relations(), "main.a:view");
}

TEST(View, DoesNotNameTheCatalogue) {
  Shop shop(FilesOf{{"models/a.sql", "{{ config(materialized='table') }} select 1 as x"},
                    {"models/b.sql", "select * from {{ ref('a') }}"}});
  auto results = shop.build();
  ASSERT_EQ(result_of(results, "b").status, Status::success) << said(result_of(results, "b"));
  EXPECT_NE(result_of(results, "b").compiled_code.find("\"memory\".\"main\".\"a\""), std::string::npos);
  EXPECT_EQ(shop.rows("select sql from duckdb_views() where view_name = 'b'").find("memory"), std::string::npos);
}

TEST(Table, TakesThePlaceOfAView) {
  Shop shop(FilesOf{{"models/a.sql", "select 1 as x"}});
  shop.build();
  shop.write("models/a.sql", "{{ config(materialized='table') }} select 2 as x");
  shop.load();
  auto results = shop.build();
  ASSERT_EQ(results.at(0).status, Status::success) << said(results.at(0));
  EXPECT_EQ(shop.relations(), "main.a:table");
  EXPECT_EQ(shop.rows("from a"), "2");
}

TEST(Table, StaysWhenItsSuccessorFails) {
  Shop shop(FilesOf{{"models/a.sql", "{{ config(materialized='table') }} select 1 as x"}});
  shop.build();
  shop.write("models/a.sql", "{{ config(materialized='table', post_hook='select * from nowhere') }} select 2 as x");
  shop.load();
  auto result = shop.build_one("a");
  EXPECT_EQ(result.status, Status::error);
  EXPECT_EQ(shop.rows("from a"), "1");
  EXPECT_EQ(shop.relations(), "main.a:table");
}

TEST(Table, KeepsItsIndexesThroughARebuild) {
  Shop shop(
      FilesOf{{"models/a.sql",
               "{{ config(materialized='table', indexes=[{'columns': ['x'], 'unique': true}]) }} select 1 as x"}});
  shop.build();
  auto result = shop.build_one("a");
  ASSERT_EQ(result.status, Status::success) << said(result);
  EXPECT_EQ(shop.rows("select table_name, is_unique from duckdb_indexes()"), "a|true");
}

TEST(Table, IsStoppedBeforeItBegins) {
  Shop shop(FilesOf{{"models/a.sql", "{{ config(materialized='table') }} select 1 as x"}});
  std::stop_source source;
  source.request_stop();
  auto result = shop.build_one("a", {}, {source.get_token(), "Thread-1 (worker)"});
  EXPECT_EQ(result.status, Status::error);
  EXPECT_EQ(result.message, "interrupted");
  EXPECT_EQ(result.diagnostics.at(0).code, Code::sql_interrupted);
  EXPECT_EQ(shop.relations(), "NULL");
}

TEST(Contract, ChecksTypesAndEnforcesConstraints) {
  const std::string properties =
      "models:\n  - name: a\n    config: {contract: {enforced: true}}\n    columns:\n"
      "      - {name: id, data_type: integer, constraints: [{type: not_null}, {type: primary_key}]}\n"
      "      - {name: label, data_type: varchar}\n";
  Shop shop(FilesOf{{"models/a.sql", "{{ config(materialized='table') }} select 'one' as label, 1 as id"},
                    {"models/schema.yml", properties}});
  auto result = shop.build_one("a");
  ASSERT_EQ(result.status, Status::success) << said(result);
  EXPECT_EQ(shop.rows("from a"), "1|one");
  EXPECT_EQ(
      shop.rows("select string_agg(constraint_type, ',' order by 1) from duckdb_constraints() where table_name = 'a'"),
      "NOT NULL,PRIMARY KEY");
  shop.write("models/a.sql", "{{ config(materialized='table') }} select 'one' as label, 'x' as id");
  shop.load();
  result = shop.build_one("a");
  EXPECT_EQ(result.status, Status::error);
  EXPECT_NE(result.message.find("contract"), std::string::npos) << result.message;
  EXPECT_EQ(shop.rows("from a"), "1|one");
}

const FilesOf events = {{"seeds/raw.csv", "id,day,amount\n1,2024-01-01,10\n2,2024-01-02,20\n"}};

FilesOf incremental(const std::string& config) {
  FilesOf files = events;
  files.emplace_back("models/inc.sql", "{{ config(materialized='incremental', " + config +
                                           ") }}\nselect * from {{ ref('raw') }}\n{% if is_incremental() %}where day "
                                           ">= (select max(day) from {{ this }}){% endif %}");
  return files;
}

TEST(Incremental, DeletesAndInsertsByKey) {
  Shop shop(incremental("unique_key='id'"));
  auto results = shop.build();
  ASSERT_EQ(result_of(results, "inc").status, Status::success) << said(result_of(results, "inc"));
  shop.write("seeds/raw.csv", "id,day,amount\n1,2024-01-01,99\n2,2024-01-02,25\n3,2024-01-03,30\n");
  shop.load();
  results = shop.build();
  ASSERT_EQ(result_of(results, "inc").status, Status::success) << said(result_of(results, "inc"));
  EXPECT_EQ(shop.rows("select id, amount from inc order by id"), "1|10 2|25 3|30");
  RuntimeOptions refresh;
  Node flags = Node::map();
  flags.set("FULL_REFRESH", Node::of(true));
  shop.load(flags);
  refresh.full_refresh = true;
  shop.build(refresh);
  EXPECT_EQ(shop.rows("select id, amount from inc order by id"), "1|99 2|25 3|30");
  EXPECT_EQ(shop.relations(), "main.inc:table main.raw:table");
}

TEST(Incremental, Appends) {
  Shop shop(incremental("incremental_strategy='append'"));
  shop.build();
  auto results = shop.build();
  ASSERT_EQ(result_of(results, "inc").status, Status::success) << said(result_of(results, "inc"));
  EXPECT_EQ(shop.rows("select id from inc order by id"), "1 2 2");
}

TEST(Incremental, Merges) {
  Shop shop(incremental("incremental_strategy='merge', unique_key=['id'], merge_update_columns=['amount']"));
  shop.build();
  shop.write("seeds/raw.csv", "id,day,amount\n2,2024-01-03,25\n3,2024-01-03,30\n");
  shop.load();
  auto results = shop.build();
  ASSERT_EQ(result_of(results, "inc").status, Status::success) << said(result_of(results, "inc"));
  EXPECT_EQ(shop.rows("select id, day, amount from inc order by id"),
            "1|2024-01-01|10 2|2024-01-02|25 3|2024-01-03|30");
}

TEST(Incremental, RefusesAStrategyThatIsNotThere) {
  Shop shop(incremental("incremental_strategy='insert_overwrite'"));
  shop.build();
  auto result = shop.build_one("inc");
  EXPECT_EQ(result.status, Status::error);
  ASSERT_FALSE(result.diagnostics.empty());
  EXPECT_EQ(result.diagnostics[0].code, Code::strategy_unknown) << said(result);
  EXPECT_EQ(shop.rows("select count(*) from inc"), "2");
}

FilesOf changing(const std::string& on_schema_change) {
  return incremental("unique_key='id', on_schema_change='" + on_schema_change + "'");
}

TEST(OnSchemaChange, AppendsNewColumns) {
  Shop shop(changing("append_new_columns"));
  shop.build();
  shop.write("seeds/raw.csv", "id,day,amount,note\n3,2024-01-03,30,new\n");
  shop.load();
  auto results = shop.build();
  ASSERT_EQ(result_of(results, "inc").status, Status::success) << said(result_of(results, "inc"));
  EXPECT_EQ(shop.rows("select id, note from inc order by id"), "1|NULL 2|NULL 3|new");
}

TEST(OnSchemaChange, FailsAndLeavesTheTable) {
  Shop shop(changing("fail"));
  shop.build();
  shop.write("seeds/raw.csv", "id,day,amount,note\n3,2024-01-03,30,new\n");
  shop.load();
  auto results = shop.build();
  EXPECT_EQ(result_of(results, "inc").status, Status::error);
  EXPECT_NE(result_of(results, "inc").message.find("on_schema_change"), std::string::npos);
  EXPECT_EQ(shop.rows("select count(*) from inc"), "2");
}

TEST(OnSchemaChange, SyncsAllColumns) {
  Shop shop(changing("sync_all_columns"));
  shop.build();
  shop.write("seeds/raw.csv", "id,day,note\n3,2024-01-03,new\n");
  shop.load();
  auto results = shop.build();
  ASSERT_EQ(result_of(results, "inc").status, Status::success) << said(result_of(results, "inc"));
  EXPECT_EQ(shop.rows("select column_name from (describe inc)"), "id day note");
}

TEST(Ephemeral, IsPutIntoItsChildren) {
  Shop shop(FilesOf{
      {"models/e1.sql", "{{ config(materialized='ephemeral') }}\nselect 1 as a"},
      {"models/e2.sql",
       "{{ config(materialized='ephemeral') }}\n-- note\nwith z as (select * from {{ ref('e1') }}) select * from z"},
      {"models/m.sql",
       "with y as (select * from {{ ref('e2') }}) select * from y union all select * from {{ ref('e1') }}"}});
  auto results = shop.build();
  ASSERT_EQ(results.at(0).status, Status::success) << said(results.at(0));
  EXPECT_EQ(results[0].compiled_code,
            "with  __dbt__cte__e1 as (\n\nselect 1 as a\n),  __dbt__cte__e2 as (\n\n-- note\nwith z as (select * from "
            "__dbt__cte__e1) select * from z\n), "
            "y as (select * from __dbt__cte__e2) select * from y union all select * from __dbt__cte__e1");
  EXPECT_EQ(shop.rows("from m"), "1 1");
  EXPECT_EQ(shop.relations(), "main.m:view");
}

TEST(External, WritesAFileAndReadsItBack) {
  Shop shop(FilesOf{{"models/f.sql", "{{ config(materialized='external', location=var('out')) }} select 1 as x"}});
  shop.write("dbt_project.yml",
             "name: shop\nprofile: shop\nvars: {out: " + (shop.folder / "f.parquet").string() + "}\n");
  shop.load();
  auto result = shop.build_one("f");
  ASSERT_EQ(result.status, Status::success) << said(result);
  EXPECT_TRUE(std::filesystem::exists(shop.folder / "f.parquet"));
  EXPECT_EQ(shop.rows("from f"), "1");
  EXPECT_EQ(shop.relations(), "main.f:view");
}

TEST(Materialization, OfAProjectIsUsed) {
  Shop shop(FilesOf{{"macros/m.sql",
                     "{% materialization mine, adapter='duckdb' %}{% call statement('main') %}create table {{ this }} "
                     "as {{ sql }}{% endcall %}"
                     "{{ adapter.commit() }}{{ return({'relations': [this]}) }}{% endmaterialization %}"},
                    {"models/a.sql", "{{ config(materialized='mine') }} select 5 as x"},
                    {"models/b.sql", "{{ config(materialized='nothing') }} select 1"}});
  auto result = shop.build_one("a");
  ASSERT_EQ(result.status, Status::success) << said(result);
  EXPECT_EQ(shop.rows("from a"), "5");
  result = shop.build_one("b");
  EXPECT_EQ(result.status, Status::error);
  EXPECT_EQ(result.diagnostics.at(0).code, Code::materialization_missing);
}

TEST(Group, DeclinesWhatHasAKey) {
  const std::string contract = R"(
version: 2
models:
  - name: keyed
    config: {materialized: table, contract: {enforced: true}}
    columns: [{name: id, data_type: integer, constraints: [{type: primary_key}]}]
  - name: plain
    config: {materialized: table}
)";
  Shop shop(FilesOf{
      {"models/keyed.sql", "select 1 as id"}, {"models/plain.sql", "select 1 as id"}, {"models/models.yml", contract}});
  auto runtime = shop.runtime();
  const project::ResourceId nodes[] = {shop.id("keyed"), shop.id("plain")};
  ASSERT_TRUE(runtime->prepare(shop.connection(), nodes));
  {
    auto group = runtime->group(shop.connection());
    EXPECT_EQ(runtime->execute(nodes[1], shop.connection(), {.group = group.get()}).status, Status::success);
    EXPECT_EQ(group->fate(), Fate::joined);
    (void)runtime->execute(nodes[0], shop.connection(), {.group = group.get()});
    EXPECT_EQ(group->fate(), Fate::declined);
    ASSERT_TRUE(group->commit());
  }
  EXPECT_EQ(shop.relations(), "main.plain:table");
  EXPECT_EQ(runtime->execute(nodes[0], shop.connection()).status, Status::success);
  EXPECT_EQ(shop.relations(), "main.keyed:table main.plain:table");
}

}  // namespace
}  // namespace rynd::transform::test

// Nodes: seeds, data tests, hooks, operations, what templates see of the warehouse, and errors in the user's file.
#include <gtest/gtest.h>

#include "base/render.h"
#include "seeds/seed.h"
#include "shop.h"

namespace rynd::transform::test {
namespace {

std::string said(const NodeResult& result) { return render_text(result.diagnostics); }

TEST(Seed, IsTypedAsDbtTypesIt) {
  Shop shop(FilesOf{{"seeds/t.csv",
                     "i,big,dec,mixed,d,ts,iso,b,t,n,zero,e,sp\n"
                     "1,5000000000,1.50,1,2020-01-01,2020-01-01 10:00:00,2020-01-01T10:00:00Z,true,abc,,007,1e3, x\n"
                     "2,2,2,2.25,2020-01-02,2020-01-02 10:00:00,2020-01-01T10:00:00,false,null,,1,2,y \n"
                     ",3,3.125,x,,,,,\"a,b\",,2,,\n"}});
  auto results = shop.build();
  ASSERT_EQ(results.at(0).status, Status::success) << said(results.at(0));
  EXPECT_EQ(results[0].message, "INSERT 3");
  EXPECT_EQ(shop.rows("select column_type from (describe t)"),
            "INTEGER BIGINT DOUBLE VARCHAR DATE TIMESTAMP TIMESTAMP BOOLEAN VARCHAR INTEGER INTEGER INTEGER VARCHAR");
  EXPECT_EQ(shop.rows("select t from t"), "abc null a,b");
  EXPECT_EQ(shop.rows("select iso, e, sp from t limit 1"), "2020-01-01 10:00:00|1000| x");
}

TEST(Seed, LeavesMixedTimesAsText) {
  Shop shop(FilesOf{{"seeds/t.csv",
                     "a,b,c\n2024-01-01 10:00:00,2024-01-01 10:00:00,2024-01-01T10:00:00.5Z\n2024-01-01 "
                     "10:00:00.5,2024-01-01T10:00:00,2024-01-01T10:00\n"}});
  shop.build();
  EXPECT_EQ(shop.rows("select column_type from (describe t)"), "VARCHAR VARCHAR TIMESTAMP");
}

TEST(Seed, ObeysColumnTypesDelimiterAndQuoting) {
  Shop shop(FilesOf{{"seeds/t.csv", "Code;n\n007;1\n"},
                    {"seeds/s.yml",
                     "seeds:\n  - name: t\n    config: {delimiter: ';', quote_columns: false, column_types: {Code: "
                     "varchar, n: bigint}}\n"}});
  auto results = shop.build();
  ASSERT_EQ(results.at(0).status, Status::success) << said(results.at(0));
  EXPECT_EQ(shop.rows("from t"), "007|1");
  EXPECT_EQ(shop.rows("select column_type from (describe t)"), "VARCHAR BIGINT");
}

TEST(Seed, StaysWhenItsNewRowsDoNotFit) {
  Shop shop(FilesOf{{"seeds/t.csv", "a\n1\n"}});
  shop.build();
  shop.write("seeds/t.csv", "a\n1\nx\n");
  shop.write("seeds/s.yml", "seeds:\n  - name: t\n    config: {column_types: {a: integer}}\n");
  shop.load();
  EXPECT_EQ(shop.build_one("t").status, Status::error);
  EXPECT_EQ(shop.rows("from t"), "1");
}

TEST(Seed, StaysWhenItsFileIsBroken) {
  Shop shop(FilesOf{{"seeds/t.csv", "a,b\n1,2\n"}});
  shop.build();
  shop.write("seeds/t.csv", "a,b\n1,2\n3,4,5\n6,\"x\n");
  shop.load();
  auto result = shop.build_one("t");
  EXPECT_EQ(result.status, Status::error);
  EXPECT_NE(said(result).find("seeds/t.csv:3:1"), std::string::npos) << said(result);
  EXPECT_EQ(shop.rows("from t"), "1|2");
}

TEST(Seed, CanBeInsertedRowByRow) {
  Shop shop(FilesOf{{"seeds/t.csv", "a,b,c\n1,it's,2024-01-01\n,\"x,y\",\n"},
                    {"seeds/s.yml", "seeds:\n  - name: t\n    config: {fast: false}\n"}});
  auto results = shop.build();
  ASSERT_EQ(results.at(0).status, Status::success) << said(results.at(0));
  EXPECT_EQ(shop.rows("from t"), "1|it's|2024-01-01 NULL|x,y|NULL");
}

const FilesOf tested = {
    {"models/m.sql", "select * from (values (1, 'a'), (1, 'b'), (null, 'c')) t(id, kind)"},
    {"models/p.sql", "select 2 as id"},
    {"models/schema.yml",
     "models:\n  - name: m\n    columns:\n      - name: id\n        data_tests:\n          - unique\n          - "
     "not_null: {config: {severity: warn}}\n"
     "          - relationships: {arguments: {to: ref('p'), field: id}}\n"
     "      - name: kind\n        data_tests:\n          - accepted_values: {arguments: {values: [a, b, c]}}\n"
     "          - accepted_values: {name: only_a, arguments: {values: [a]}, config: {where: \"kind <> 'c'\", "
     "store_failures: true}}\n"},
    {"tests/singular.sql", "select * from {{ ref('m') }} where kind = 'z'"}};

TEST(DataTests, PassWarnAndFail) {
  Shop shop(tested);
  auto results = shop.build();
  auto status = [&](const std::string& part) {
    for (const auto& result : results) {
      if (result.unique_id.find(part) != std::string::npos) {
        EXPECT_NE(result.status, Status::runtime_error) << said(result);
        return std::string(name_of(result.status)) + " " + result.message;
      }
    }
    return std::string("missing");
  };
  EXPECT_EQ(status(".unique_m_id"), "fail Got 1 result, configured to fail if != 0");
  EXPECT_EQ(status(".not_null_m_id"), "warn Got 1 result, configured to warn if != 0");
  EXPECT_EQ(status(".relationships_m_id"), "fail Got 2 results, configured to fail if != 0");
  EXPECT_EQ(status(".accepted_values_m_kind"), "pass ");
  EXPECT_EQ(status(".only_a"), "fail Got 1 result, configured to fail if != 0");
  EXPECT_EQ(status(".singular"), "pass ");
  EXPECT_EQ(shop.rows("select value_field, n_records from main_dbt_test__audit.only_a"), "b|1");
}

TEST(Errors, AreDrawnInTheUsersFile) {
  Shop shop(FilesOf{{"models/fct.sql", "{{ config(materialized='table') }} select 1 as ride_date, 2 as trips_total"},
                    {"models/mart.sql",
                     "{{ config(materialized='view') }}\n\nselect\n    ride_date,\n    sum(trips_totl) as "
                     "trips_total\nfrom {{ ref('fct') }}\ngroup by 1"},
                    {"models/child.sql", "select * from {{ ref('mart') }}"}});
  auto results = shop.build();
  const std::string text = said(result_of(results, "mart"));
  EXPECT_NE(text.find("error[RYND1301]: model 'mart' selects 'trips_totl', which 'fct' does not have"),
            std::string::npos)
      << text;
  EXPECT_NE(text.find("models/mart.sql:5:9"), std::string::npos) << text;
  EXPECT_NE(text.find("did you mean 'trips_total'?"), std::string::npos) << text;
  EXPECT_NE(text.find("columns of fct: ride_date, trips_total"), std::string::npos) << text;
  EXPECT_NE(text.find("1 model depends on this one"), std::string::npos) << text;
}

TEST(Errors, OfAQualifiedColumnNameTheColumn) {
  Shop shop(
      FilesOf{{"models/fct.sql", "{{ config(materialized='table') }} select 1 as ride_date, 2 as rides_total"},
              {"models/mart.sql",
               "with hourly as (select * from {{ ref('fct') }})\nselect sum(hourly.rides_totl) as n from hourly"}});
  auto results = shop.build();
  const std::string text = said(result_of(results, "mart"));
  EXPECT_NE(text.find("model 'mart' selects 'rides_totl', which 'fct' does not have"), std::string::npos) << text;
  EXPECT_NE(text.find("models/mart.sql:2:19"), std::string::npos) << text;
  EXPECT_NE(text.find("did you mean 'rides_total'?"), std::string::npos) << text;
}

TEST(Errors, InAnEphemeralParentPointThere) {
  Shop shop(FilesOf{{"models/e.sql", "{{ config(materialized='ephemeral') }}\nselect 1 as a,\n  nofunction(2) as b"},
                    {"models/m.sql", "select * from {{ ref('e') }}"}});
  auto results = shop.build();
  EXPECT_NE(said(results.at(0)).find("models/e.sql:3:3"), std::string::npos) << said(results.at(0));
}

TEST(Errors, ATemplateThatRaises) {
  Shop shop(FilesOf{
      {"models/m.sql", "select 1\n{% if execute %}{{ exceptions.raise_compiler_error('not like this') }}{% endif %}"}});
  auto results = shop.build();
  EXPECT_EQ(results.at(0).status, Status::error);
  EXPECT_NE(said(results.at(0)).find("not like this"), std::string::npos);
  EXPECT_NE(said(results.at(0)).find("models/m.sql:2"), std::string::npos) << said(results.at(0));
}

TEST(Errors, RefOnlyWhileRunning) {
  Shop shop(FilesOf{{"models/a.sql", "select 1 as x"},
                    {"models/b.sql", "select 1 as x {% if execute %}from {{ ref('a') }}{% endif %}"}});
  shop.build_one("a");
  auto result = shop.build_one("b");
  ASSERT_FALSE(result.diagnostics.empty());
  EXPECT_EQ(result.diagnostics[0].code, Code::ref_not_in_graph);
  EXPECT_NE(said(result).find("-- depends_on: {{ ref('a') }}"), std::string::npos) << said(result);
}

TEST(Templates, SeeQueryResults) {
  Shop shop(FilesOf{{"models/p.sql", "select 1 as a, 'x' as b, 1.5 as c"}});
  shop.write("models/m.sql",
             "-- depends_on: {{ ref('p') }}\n"
             "{% set t = run_query(\"select 1 as i, 1.5::double as f, 'x' as s, true as b, date '2020-01-01' as d, "
             "null as n, [1, 2] as l union all select 2, 2, 'y', false, null, null, null order by 1\") %}"
             "{% if execute %}"
             "{{ log(t.columns[0].values() ~ t.columns['f'].values() ~ t.rows[0]['s'] ~ t.rows[1][0] ~ t.column_names, "
             "info=True) }}"
             "{{ log(t.rows[0], info=True) }}"
             "{% for row in t %}{{ log(row.dict()['l'], info=True) }}{% endfor %}"
             "{% call statement('q', fetch_result=True) %}select 7 as x{% endcall %}{{ log(load_result('q')['data'], "
             "info=True) }}"
             "{{ log(adapter.get_columns_in_relation(ref('p')) | map(attribute='data_type') | join(','), info=True) }}"
             "{{ log(adapter.get_relation(database='memory', schema='main', identifier='P').type, info=True) }}"
             "{{ log(adapter.get_relation(database='memory', schema='main', identifier='nothing'), info=True) }}"
             "{% endif %}select 1 as x");
  shop.load();
  shop.output.logged.clear();
  auto results = shop.build();
  ASSERT_EQ(result_of(results, "m").status, Status::success) << said(result_of(results, "m"));
  const std::vector<std::string> expected = {
      "(1, 2)(Decimal('1.5'), Decimal('2.0'))x2('i', 'f', 's', 'b', 'd', 'n', 'l')",
      "<agate.Row: (1, Decimal('1.5'), 'x', True, datetime.date(2020, 1, 1), ...)>",
      "[1, 2]",
      "None",
      "[(7,)]",
      "INTEGER,character varying(256),DECIMAL(2,1)",
      "view",
      "None"};
  EXPECT_EQ(shop.output.logged, expected);
}

TEST(Hooks, RunInsideAndOutsideOfTheTransaction) {
  Shop shop(FilesOf{{"models/m.sql",
                     "{{ config(materialized='table', pre_hook=\"create table if not exists log(what varchar)\", "
                     "post_hook=[\"insert into log values ('{{ this.identifier }}')\", {'sql': 'checkpoint', "
                     "'transaction': false}]) }} select 1 as x"}});
  auto results = shop.build();
  ASSERT_EQ(results.at(0).status, Status::success) << said(results.at(0));
  EXPECT_EQ(shop.rows("from log"), "m");
}

TEST(Hooks, OfTheRunSeeItsResults) {
  Shop shop(FilesOf{{"models/m.sql", "select 1 as x"}});
  shop.write("dbt_project.yml",
             "name: shop\nprofile: shop\non-run-start: [\"create table seen(what varchar)\"]\n"
             "on-run-end: [\"{% for r in results %}insert into seen values ('{{ r.node.name }} {{ r.status }}');{% "
             "endfor %}\", \"insert into seen values ('{{ schemas | join }}')\", \"select broken\", \"select 1\"]\n");
  shop.load();
  auto runtime = shop.runtime();
  const project::ResourceId nodes[] = {shop.id("m")};
  ASSERT_TRUE(runtime->prepare(shop.connection(), nodes));
  auto started = runtime->run_hooks(false, shop.connection(), {});
  ASSERT_EQ(started.size(), 1u);
  EXPECT_EQ(started[0].status, Status::success) << said(started[0]);
  const NodeResult results[] = {runtime->execute(nodes[0], shop.connection())};
  auto ended = runtime->run_hooks(true, shop.connection(), results);
  ASSERT_EQ(ended.size(), 4u);
  EXPECT_EQ(ended[0].message, "shop.on-run-end.0 passed") << said(ended[0]);
  EXPECT_EQ(ended[1].status, Status::success) << said(ended[1]);
  EXPECT_EQ(ended[2].status, Status::error);
  EXPECT_EQ(ended[2].failures, 1);
  EXPECT_EQ(ended[3].status, Status::skipped);
  EXPECT_EQ(shop.rows("select what from seen limit 1"), "m success");
}

TEST(Operations, RunAMacroWithArguments) {
  Shop shop(FilesOf{{"macros/grow.sql",
                     "{% macro grow(n, name='t') %}{% do run_query('create table ' ~ name ~ ' as select ' ~ n ~ ' as "
                     "n') %}{% endmacro %}"}});
  auto runtime = shop.runtime();
  Node arguments = Node::map();
  arguments.set("n", Node::of(int64_t{4}));
  auto ran = runtime->run_operation("grow", arguments, shop.connection());
  ASSERT_TRUE(ran) << render_text(ran.error());
  EXPECT_EQ(shop.rows("from t"), "4");
  auto missing = runtime->run_operation("grwo", arguments, shop.connection());
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error()[0].code, Code::macro_missing);
}

TEST(Show, LimitsAQuery) {
  Shop shop(FilesOf{{"models/m.sql", "select * from range(10) t(x)"}});
  auto runtime = shop.runtime();
  ASSERT_TRUE(runtime->look(shop.connection()));
  auto compiled = runtime->compile(shop.id("m"), shop.connection());
  ASSERT_TRUE(compiled) << render_text(compiled.error());
  auto rows = runtime->show(*compiled, shop.id("m"), 3, shop.connection());
  ASSERT_TRUE(rows) << render_text(rows.error());
  EXPECT_EQ(rows->rows.size(), 3u);
  auto inlined = runtime->compile_inline(
      make_source("<inline>", "select count(*) as n from range(4) -- {{ target.name }}"), shop.connection());
  ASSERT_TRUE(inlined) << render_text(inlined.error());
  rows = runtime->show(*inlined, {}, -1, shop.connection());
  ASSERT_TRUE(rows) << render_text(rows.error());
  EXPECT_EQ(to_text(rows->rows.at(0).at(0)), "4");
}

TEST(Empty, LimitsRefsToNoRow) {
  Shop shop(FilesOf{{"models/a.sql", "select 1 as x"},
                    {"models/b.sql", "{{ config(materialized='table') }} select * from {{ ref('a') }}"}});
  RuntimeOptions options;
  options.empty = true;
  auto results = shop.build(options);
  ASSERT_EQ(result_of(results, "b").status, Status::success) << said(result_of(results, "b"));
  EXPECT_EQ(shop.rows("select count(*) from b"), "0");
}

TEST(Unit, OverridesInputsAndMacros) {
  Shop shop(FilesOf{{"models/a.sql", "select 1 as x"},
                    {"models/b.sql",
                     "{{ config(materialized='incremental') }}select x + {{ var('plus', 1) }} as y from {{ ref('a') "
                     "}}{% if is_incremental() %} where x > (select max(y) from {{ this }}){% endif %}"}});
  UnitOverrides overrides;
  overrides.inputs = {{shop.id("a"), "select 10 as x union all select 2"}};
  overrides.this_sql = "select 5 as y";
  overrides.macros.set("is_incremental", Node::of(true));
  overrides.vars.set("plus", Node::of(int64_t{100}));
  auto runtime = shop.runtime();
  auto compiled = runtime->compile_unit(shop.id("b"), overrides, shop.connection());
  ASSERT_TRUE(compiled) << render_text(compiled.error());
  EXPECT_EQ(shop.rows(compiled->sql), "110") << compiled->sql;
}

TEST(Persist, WritesComments) {
  Shop shop(FilesOf{
      {"models/m.sql",
       "{{ config(materialized='table', persist_docs={'relation': true, 'columns': true}) }} select 1 as x"},
      {"models/s.yml",
       "models:\n  - name: m\n    description: the model's text\n    columns: [{name: x, description: a column}]\n"}});
  auto results = shop.build();
  ASSERT_EQ(results.at(0).status, Status::success) << said(results.at(0));
  EXPECT_EQ(shop.rows("select comment from duckdb_tables() where table_name = 'm'"), "the model's text");
  EXPECT_EQ(shop.rows("select comment from duckdb_columns() where table_name = 'm'"), "a column");
}

TEST(Schemas, AreMadeOnceAndOnlyWhereNeeded) {
  Shop shop(FilesOf{{"models/a.sql", "{{ config(schema='mart') }} select 1 as x"},
                    {"models/e.sql", "{{ config(materialized='ephemeral', schema='unused') }} select 1"}});
  auto results = shop.build();
  ASSERT_EQ(results.at(0).status, Status::success) << said(results.at(0));
  EXPECT_EQ(shop.relations(), "main_mart.a:view");
  EXPECT_EQ(shop.rows("select count(*) from duckdb_schemas() where schema_name = 'main_unused'"), "0");
}

}  // namespace
}  // namespace rynd::transform::test

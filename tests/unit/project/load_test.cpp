// Loading whole projects: names, configuration, dependencies, packages, ingested tables, pages.
#include <gtest/gtest.h>

#include <algorithm>

#include "base/text.h"
#include "sim_project.h"

namespace rynd::project {
namespace {

std::string ids(const Project& project) {
  std::vector<std::string> all;
  for (const auto& resource : project.resources) all.push_back(resource.unique_id);
  std::sort(all.begin(), all.end());
  return join(all, "\n");
}

std::string parents(const Project& project, std::string_view id) {
  std::vector<std::string> names;
  for (ResourceId parent : project.at(project.find(id)).depends_on) names.push_back(project.at(parent).unique_id);
  return join(names, " ");
}

const Resource& node(const Project& project, std::string_view id) {
  ResourceId found = project.find(id);
  EXPECT_NE(found, no_resource) << id << " is not among\n" << ids(project);
  return project.at(found);
}

TEST(Load, ModelsSeedsAndTestsAsDbtNamesThem) {
  SimWorld sim(
      {{"dbt_project.yml",
        plain_project + "models:\n  shop:\n    marts:\n      +materialized: table\n      +tags: [mart]\n"},
       {"seeds/raw.csv", "id,name\n1,a\n"},
       {"models/staging/stg.sql",
        "{{ config(tags=['daily'], meta={'owner': 'me'}) }}\nselect * from {{ ref('raw') }}\n"},
       {"models/marts/orders.sql", "select * from {{ ref('stg') }} -- {{ this }}\n"},
       {"models/schema.yml",
        "models:\n"
        "  - name: orders\n    description: All of them.\n    columns:\n      - name: id\n        data_tests:\n"
        "          - unique\n          - accepted_values:\n              arguments:\n                values: [1, 2, "
        "3]\n"
        "          - relationships:\n              arguments:\n                to: ref('stg')\n                field: "
        "id\n"
        "              config:\n                severity: warn\n"},
       {"tests/no_rows.sql", "select 1 from {{ ref('orders') }} where false"}});
  auto project = sim.load();
  ASSERT_TRUE(project) << render_text(project.error());
  // The digests are dbt-core 1.12's for these very arguments.
  EXPECT_EQ(ids(*project),
            "model.shop.orders\nmodel.shop.stg\nseed.shop.raw\n"
            "test.shop.accepted_values_orders_id__1__2__3.5696a0d52a\ntest.shop.no_rows\n"
            "test.shop.relationships_orders_id__id__ref_stg_.c2e5b26827\ntest.shop.unique_orders_id.1360ecc70e");
  const Resource& orders = node(*project, "model.shop.orders");
  EXPECT_EQ(orders.config.materialized(), "table");
  EXPECT_EQ(orders.tags, std::vector<std::string>{"mart"});
  EXPECT_EQ(orders.relation_name, "\"warehouse\".\"main\".\"orders\"");
  EXPECT_EQ(orders.description, "All of them.");
  EXPECT_EQ(orders.model->primary_key, std::vector<std::string>{"id"});
  EXPECT_EQ(join(orders.fqn, "."), "shop.marts.orders");
  EXPECT_EQ(parents(*project, "model.shop.orders"), "model.shop.stg");
  EXPECT_EQ(parents(*project, "model.shop.stg"), "seed.shop.raw");
  EXPECT_EQ(parents(*project, "test.shop.relationships_orders_id__id__ref_stg_.c2e5b26827"),
            "model.shop.stg model.shop.orders");
  EXPECT_EQ(node(*project, "test.shop.relationships_orders_id__id__ref_stg_.c2e5b26827").config.text("severity"),
            "warn");
  EXPECT_EQ(node(*project, "model.shop.stg").meta.find("owner")->text, "me");
  EXPECT_TRUE(project->warnings.empty()) << render_text(project->warnings);
}

TEST(Load, RenderingFindsWhatATemplateAsksFor) {
  SimWorld sim(
      {{"dbt_project.yml", plain_project + "vars:\n  wide: true\n  tables: [a, b]\n"},
       {"macros/m.sql",
        "{% macro both() %}{{ return(inner()) }}{% endmacro %}{% macro inner() %}{{ ref('b') }}{% endmacro %}"},
       {"models/a.sql", "select 1"},
       {"models/b.sql", "select 2"},
       {"models/loop.sql", "{% for t in var('tables') %}select * from {{ ref(t) }}{% endfor %}"},
       {"models/choice.sql", "{% if var('wide') %}{{ ref('a') }}{% else %}{{ ref('nowhere') }}{% endif %}"},
       {"models/by_macro.sql", "{{ both() }}"}});
  auto project = sim.load();
  ASSERT_TRUE(project) << render_text(project.error());
  EXPECT_EQ(parents(*project, "model.shop.loop"), "model.shop.a model.shop.b");
  EXPECT_EQ(parents(*project, "model.shop.choice"), "model.shop.a");
  EXPECT_EQ(parents(*project, "model.shop.by_macro"), "model.shop.b");
  const Resource& by_macro = node(*project, "model.shop.by_macro");
  ASSERT_EQ(by_macro.depends_on_macros.size(), 1u);
  EXPECT_EQ(project->macros[by_macro.depends_on_macros[0]].unique_id, "macro.shop.both");
  const Macro& both = project->macros[by_macro.depends_on_macros[0]];
  EXPECT_EQ(project->macros[both.depends_on_macros.at(0)].unique_id, "macro.shop.inner");
}

TEST(Load, SchemaAndAliasByTheProjectsOwnMacros) {
  SimWorld sim({{"dbt_project.yml", plain_project + "models:\n  +schema: mart\n"},
                {"macros/names.sql",
                 "{% macro generate_schema_name(custom, node) %}{{ custom ~ '_' ~ node.name }}{% endmacro %}"},
                {"models/a.sql", "{{ config(alias='other') }}select 1"}});
  auto project = sim.load();
  ASSERT_TRUE(project) << render_text(project.error());
  EXPECT_EQ(node(*project, "model.shop.a").relation_name, "\"warehouse\".\"mart_a\".\"other\"");
}

TEST(Load, SourcesInherit) {
  SimWorld sim({{"dbt_project.yml", plain_project},
                {"models/sources.yml",
                 "sources:\n  - name: raw\n    schema: landing\n    tags: [a]\n    loaded_at_field: ts\n"
                 "    freshness:\n      warn_after: {count: 1, period: day}\n"
                 "    tables:\n      - name: x\n        identifier: X1\n        tags: [b]\n"
                 "        freshness:\n          error_after: {count: 2, period: day}\n"
                 "        columns:\n          - name: id\n            data_tests: [not_null]\n"
                 "      - name: y\n        freshness: null\n"}});
  auto project = sim.load();
  ASSERT_TRUE(project) << render_text(project.error());
  const Resource& x = node(*project, "source.shop.raw.x");
  EXPECT_EQ(x.relation_name, "\"warehouse\".\"landing\".\"X1\"");
  EXPECT_EQ(join(x.tags, " "), "a b");
  EXPECT_EQ(x.source->loaded_at_field, "ts");
  ASSERT_TRUE(x.source->freshness);
  EXPECT_EQ(x.source->freshness->warn_after.count, 1);
  EXPECT_EQ(x.source->freshness->error_after.count, 2);
  EXPECT_FALSE(node(*project, "source.shop.raw.y").source->freshness);
  EXPECT_EQ(parents(*project, "test.shop.source_not_null_raw_x_id.d418652dbc"), "source.shop.raw.x");
}

TEST(Load, IngestedTablesAreSources) {
  SimWorld sim({{"dbt_project.yml", plain_project},
                {"ingest/rides.yml", "name: rides\ntype: files\nresources:\n  - name: trips\n  - stations\n"},
                {"models/sources.yml",
                 "sources:\n  - name: rides\n    schema: landing\n    tables:\n      - name: trips\n        "
                 "description: By hand.\n"},
                {"models/a.sql", "select * from {{ source('rides', 'trips') }}, {{ source('rides', 'stations') }}"}});
  auto project = sim.load();
  ASSERT_TRUE(project) << render_text(project.error());
  const Resource& trips = node(*project, "source.shop.rides.trips");
  EXPECT_TRUE(trips.source->ingested);
  EXPECT_EQ(trips.description, "By hand.");
  EXPECT_EQ(trips.schema, "landing");
  EXPECT_EQ(node(*project, "source.shop.rides.stations").schema, "raw");
  EXPECT_EQ(parents(*project, "model.shop.a"), "source.shop.rides.trips source.shop.rides.stations");
}

TEST(Load, PagesReadFromTablesByNameAndRef) {
  SimWorld sim({{"dbt_project.yml", plain_project},
                {"models/orders.sql", "select 1 as n"},
                {"models/days.sql", "select 1 as n"},
                {"pages/sales/index.md",
                 "# Sales\n```sql local\nselect * from main.orders o join local2 using (n)\n```\n```sql local2\nselect "
                 "* from {{ ref('days') }}\n```\n"}});
  auto project = sim.load();
  ASSERT_TRUE(project) << render_text(project.error());
  EXPECT_EQ(parents(*project, "page.shop.sales.index"), "model.shop.days model.shop.orders");
}

TEST(Load, PackagesConfiguredByTheRoot) {
  SimWorld sim(
      {{"dbt_project.yml", plain_project + "models:\n  lib:\n    +materialized: table\nvars:\n  lib:\n    n: 2\n"},
       {"dbt_packages/lib/dbt_project.yml", "name: lib\nvars:\n  n: 1\nmodels:\n  +tags: [theirs]\n"},
       {"dbt_packages/lib/models/shared.sql", "select {{ var('n') }} as n"},
       {"dbt_packages/lib/macros/m.sql", "{% macro greet() %}hello{% endmacro %}"},
       {"models/mine.sql",
        "select '{{ lib.greet() }}' from {{ ref('shared') }} join {{ ref('lib', 'shared') }} using (n)"}});
  auto project = sim.load();
  ASSERT_TRUE(project) << render_text(project.error());
  const Resource& shared = node(*project, "model.lib.shared");
  EXPECT_EQ(shared.config.materialized(), "table");
  EXPECT_EQ(shared.tags, std::vector<std::string>{"theirs"});
  EXPECT_EQ(parents(*project, "model.shop.mine"), "model.lib.shared");
}

TEST(Load, VersionsOfAModel) {
  SimWorld sim({{"dbt_project.yml", plain_project},
                {"models/dim_v1.sql", "select 1 as id"},
                {"models/dim_v2.sql", "select 1 as id, 2 as x"},
                {"models/new.sql", "select * from {{ ref('dim') }}"},
                {"models/old.sql", "select * from {{ ref('dim', v=1) }}"},
                {"models/schema.yml",
                 "models:\n  - name: dim\n    latest_version: 2\n    columns:\n      - name: id\n        data_tests: "
                 "[unique]\n      - name: x\n"
                 "    versions:\n      - v: 1\n        columns:\n          - include: all\n            exclude: [x]\n  "
                 "    - v: 2\n"}});
  auto project = sim.load();
  ASSERT_TRUE(project) << render_text(project.error());
  EXPECT_EQ(parents(*project, "model.shop.new"), "model.shop.dim.v2");
  EXPECT_EQ(parents(*project, "model.shop.old"), "model.shop.dim.v1");
  EXPECT_EQ(node(*project, "model.shop.dim.v1").alias, "dim_v1");
  EXPECT_EQ(node(*project, "model.shop.dim.v1").columns.size(), 1u);
  EXPECT_EQ(join(node(*project, "model.shop.dim.v2").fqn, "."), "shop.dim.v2");
}

TEST(Load, SnapshotsInBothForms) {
  SimWorld sim({{"dbt_project.yml", plain_project},
                {"models/a.sql", "select 1 as id"},
                {"snapshots/s.sql",
                 "{% snapshot by_sql %}{{ config(unique_key='id', strategy='check', check_cols='all', "
                 "target_schema='history') }}"
                 "select * from {{ ref('a') }}{% endsnapshot %}"},
                {"snapshots/s.yml",
                 "snapshots:\n  - name: by_yaml\n    relation: ref('a')\n    config:\n      unique_key: id\n      "
                 "strategy: check\n      check_cols: all\n"}});
  auto project = sim.load();
  ASSERT_TRUE(project) << render_text(project.error());
  EXPECT_EQ(parents(*project, "snapshot.shop.by_sql"), "model.shop.a");
  EXPECT_EQ(parents(*project, "snapshot.shop.by_yaml"), "model.shop.a");
  EXPECT_EQ(node(*project, "snapshot.shop.by_sql").schema, "history");
  EXPECT_EQ(join(node(*project, "snapshot.shop.by_sql").fqn, "."), "shop.s.by_sql");
}

TEST(Load, UnitTestsWithFixtures) {
  SimWorld sim({{"dbt_project.yml", plain_project},
                {"models/a.sql", "select 1 as id"},
                {"models/b.sql", "select id from {{ ref('a') }}"},
                {"tests/fixtures/some.csv", "id,name\n1,\n2,x\n"},
                {"models/unit.yml",
                 "unit_tests:\n  - name: passes\n    model: b\n    given:\n      - input: ref('a')\n        format: "
                 "csv\n        fixture: some\n"
                 "    expect:\n      rows: [{id: 1}]\n"}});
  auto project = sim.load();
  ASSERT_TRUE(project) << render_text(project.error());
  const Resource& test = node(*project, "unit_test.shop.b.passes");
  EXPECT_EQ(project->at(test.unit_test->tested).unique_id, "model.shop.b");
  const Node& rows = *test.unit_test->given.items.at(0).find("rows");
  ASSERT_EQ(rows.items.size(), 2u);
  EXPECT_EQ(rows.items[0].find("name")->text, "x");  // the row without nulls is put first
  EXPECT_TRUE(rows.items[1].find("name")->is_null());
}

TEST(Load, ManifestEntriesHaveDbtsKeys) {
  SimWorld sim({{"dbt_project.yml", plain_project},
                {"models/a.sql", "select 1 as id"},
                {"models/a.yml",
                 "models:\n  - name: a\n    config: {contract: {enforced: true}}\n    columns:\n      - name: id\n     "
                 "   data_type: integer\n"
                 "        constraints: [{type: not_null}]\n"}});
  auto project = sim.load();
  ASSERT_TRUE(project) << render_text(project.error());
  Node entry = manifest_entry(*project, node(*project, "model.shop.a"));
  const Node& constraint = entry.find("columns")->find("id")->find("constraints")->items.at(0);
  EXPECT_EQ(constraint.entries.size(), 7u);
  EXPECT_TRUE(constraint.find("warn_unsupported")->boolean);
  EXPECT_TRUE(entry.find("contract")->find("enforced")->boolean);
  EXPECT_EQ(entry.find("config")->find("on_schema_change")->text, "ignore");
  EXPECT_EQ(entry.find("depends_on")->find("nodes")->items.size(), 0u);
}

TEST(Load, DocsAndDescriptions) {
  SimWorld sim({{"dbt_project.yml", plain_project},
                {"models/docs.md", "{% docs about %}\nWhat it is.\n{% enddocs %}"},
                {"models/a.sql", "select 1 as id"},
                {"models/a.yml", "models:\n  - name: a\n    description: \"{{ doc('about') }} More.\"\n"}});
  auto project = sim.load();
  ASSERT_TRUE(project) << render_text(project.error());
  const Resource& a = node(*project, "model.shop.a");
  EXPECT_EQ(a.description, "What it is. More.");
  EXPECT_EQ(a.doc_blocks, std::vector<std::string>{"doc.shop.about"});
}

TEST(Load, WithoutProfileTheEmbeddedWarehouse) {
  SimWorld sim(std::map<std::string, std::string>{{"rynd.yml", "name: tiny\n"}, {"models/a.sql", "select 1"}});
  auto project = sim.load();
  ASSERT_TRUE(project) << render_text(project.error());
  EXPECT_EQ(project->profile.path, "warehouse.duckdb");
  EXPECT_EQ(project->profile.schema, "main");
  EXPECT_FALSE(project->profile.from_file);
  EXPECT_EQ(node(*project, "model.tiny.a").relation_name, "\"warehouse\".\"main\".\"a\"");
}

TEST(Load, ProfilesAndEnvironment) {
  SimWorld sim({{"dbt_project.yml", plain_project + "profile: p\n"},
                {"profiles.yml",
                 "p:\n  target: dev\n  outputs:\n    dev:\n      type: duckdb\n      path: \"{{ env_var('DB') }}\"\n"
                 "      schema: \"{{ env_var('SCHEMA') }}\"\n      threads: \"{{ env_var('N') | int }}\"\n"}},
               {{"DB", "/data/x.duckdb"}, {"SCHEMA", "from file"}, {"N", "3"}});
  auto project = sim.load();
  ASSERT_TRUE(project) << render_text(project.error());
  EXPECT_EQ(project->profile.path, "/data/x.duckdb");
  EXPECT_EQ(project->profile.database, "x");
  EXPECT_EQ(project->profile.schema, "from file");
  EXPECT_EQ(project->profile.threads, 3);
}

TEST(Load, DbtIgnoreAndDisabled) {
  SimWorld sim({{"dbt_project.yml", plain_project},
                {".dbtignore", "models/old/\n*.bak.sql\n"},
                {"models/a.sql", "select 1"},
                {"models/old/b.sql", "select {{"},
                {"models/c.bak.sql", "select {{"},
                {"models/off.sql", "{{ config(enabled=false) }} select 1"}});
  auto project = sim.load();
  ASSERT_TRUE(project) << render_text(project.error());
  EXPECT_EQ(ids(*project), "model.shop.a");
  ASSERT_EQ(project->disabled.size(), 1u);
  EXPECT_EQ(project->disabled[0].unique_id, "model.shop.off");
}

TEST(Load, DbtIgnoreTakesBack) {
  SimWorld sim({{"dbt_project.yml", plain_project},
                {".dbtignore", "*\n!models/\n/models/draft*\n"},
                {"models/a.sql", "select 1"},
                {"models/deep/b.sql", "select 1"},
                {"models/draft_c.sql", "select {{"},
                {"models/deep/draft_d.sql", "select 1"},
                {"analyses/e.sql", "select {{"}});
  auto project = sim.load();
  ASSERT_TRUE(project) << render_text(project.error());
  EXPECT_EQ(ids(*project), "model.shop.a\nmodel.shop.b\nmodel.shop.draft_d");
}

// A description's own line break at the end of the file is none; other texts lose their last one, as a template does.
TEST(Load, TextsEndAsTemplatesDo) {
  SimWorld sim({{"dbt_project.yml", plain_project},
                {"models/a.sql", "select 1"},
                {"models/s.yml",
                 "models:\n  - name: a\n    config:\n      meta:\n        kept: |\n          one\n\n          two\n"
                 "    columns:\n      - name: id\n        description: >\n          of\n          a\n"
                 "      - name: n\n        description: |\n          open"}});
  auto project = sim.load();
  ASSERT_TRUE(project) << render_text(project.error());
  const auto& model = project->resources[0];
  EXPECT_EQ(model.meta.find("kept")->text, "one\n\ntwo");
  EXPECT_EQ(model.columns[0].description, "of a\n");
  EXPECT_EQ(model.columns[1].description, "open");
}

}  // namespace
}  // namespace rynd::project

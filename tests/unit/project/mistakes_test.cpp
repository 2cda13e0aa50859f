// What a newcomer gets wrong, and what rynd says: the exact text.
#include <gtest/gtest.h>

#include "sim_project.h"

namespace rynd::project {
namespace {

std::string problems_of(std::map<std::string, std::string> files) { return SimWorld(std::move(files)).problems(); }

TEST(Mistakes, NoProject) {
  EXPECT_EQ(problems_of({{"readme.md", "hello"}}),
            "error[RYND1001]: there is no dbt_project.yml and no rynd.yml in '/p'\n"
            "   = help: run this in a project's folder, or give --project-dir; 'rynd init' makes a project\n");
}

TEST(Mistakes, MissingRefWithNearestName) {
  EXPECT_EQ(problems_of({{"dbt_project.yml", plain_project},
                         {"models/stg_orders.sql", "select 1"},
                         {"models/a.sql", "select *\nfrom {{ ref('stg_order') }}\n"}}),
            "error[RYND1013]: model 'a' uses 'stg_order', which is not there\n"
            "  --> models/a.sql:2:13\n"
            "   |\n"
            " 2 | from {{ ref('stg_order') }}\n"
            "   |             ^^^^^^^^^^^ did you mean 'stg_orders'?\n");
}

TEST(Mistakes, MissingSource) {
  EXPECT_EQ(
      problems_of({{"dbt_project.yml", plain_project}, {"models/a.sql", "select * from {{ source('raw', 'x') }}\n"}}),
      "error[RYND1014]: model 'a' uses source 'raw.x', which is not there\n"
      "  --> models/a.sql:1:32\n"
      "   |\n"
      " 1 | select * from {{ source('raw', 'x') }}\n"
      "   |                                ^^^\n"
      "   = help: describe it under 'sources:' in a YAML file of models/, or load it in ingest/\n");
}

TEST(Mistakes, Cycle) {
  EXPECT_EQ(problems_of({{"dbt_project.yml", plain_project},
                         {"models/a.sql", "select * from {{ ref('c') }}"},
                         {"models/b.sql", "select * from {{ ref('a') }}"},
                         {"models/c.sql", "select * from {{ ref('b') }}"}}),
            "error[RYND1101]: resources depend on each other in a circle: 'c' uses 'b' uses 'a' uses 'c'\n"
            "  --> models/c.sql:1:22\n"
            "   |\n"
            " 1 | select * from {{ ref('b') }}\n"
            "   |                      ^^^ uses 'b'\n"
            "  ::: models/b.sql:1:22\n"
            "   |\n"
            " 1 | select * from {{ ref('a') }}\n"
            "   |                      --- 'b' uses 'a'\n"
            "  ::: models/a.sql:1:22\n"
            "   |\n"
            " 1 | select * from {{ ref('c') }}\n"
            "   |                      --- 'a' uses 'c'\n"
            "   = help: one of these must not read the other\n");
}

TEST(Mistakes, DuplicateModel) {
  EXPECT_EQ(
      problems_of({{"dbt_project.yml", plain_project}, {"models/x/a.sql", "select 1"}, {"models/y/a.sql", "select 2"}}),
      "error[RYND1011]: package 'shop' has two models named 'a'\n"
      "  --> models/y/a.sql:1:1\n"
      "   |\n"
      " 1 | select 2\n"
      "   | ^\n"
      "  ::: models/x/a.sql:1:1\n"
      "   |\n"
      " 1 | select 1\n"
      "   | - the other one\n"
      "   = help: rename one of them, or disable it: config(enabled=false)\n");
}

TEST(Mistakes, UnknownKeys) {
  EXPECT_EQ(problems_of({{"dbt_project.yml", plain_project + "model-path: [models]\n"},
                         {"models/a.sql", "select 1"},
                         {"models/a.yml", "models:\n  - name: a\n    descripton: x\n"}}),
            "warning[RYND1002]: unknown key 'model-path' in dbt_project.yml\n"
            "  --> dbt_project.yml:3:1\n"
            "   |\n"
            " 3 | model-path: [models]\n"
            "   | ^^^^^^^^^^ did you mean 'model-paths'?\n"
            "\n"
            "warning[RYND1022]: unknown key 'descripton' in model 'a'\n"
            "  --> models/a.yml:3:5\n"
            "   |\n"
            " 3 |     descripton: x\n"
            "   |     ^^^^^^^^^^ did you mean 'description'?\n");
}

TEST(Mistakes, WrongProfileAndTarget) {
  std::string profiles = "p:\n  target: dve\n  outputs:\n    dev:\n      type: duckdb\n";
  EXPECT_EQ(problems_of({{"dbt_project.yml", plain_project + "profile: shop\n"}, {"profiles.yml", profiles}}),
            "error[RYND1005]: profiles.yml has no profile 'shop'\n"
            "  --> profiles.yml:1:1\n"
            "   |\n"
            " 1 | p:\n"
            "   | ^\n"
            "   = profiles there: p\n"
            "   = help: the name comes from 'profile:' in dbt_project.yml, or --profile\n");
  EXPECT_EQ(problems_of({{"dbt_project.yml", plain_project + "profile: p\n"}, {"profiles.yml", profiles}}),
            "error[RYND1006]: profile 'p' has no target 'dve'\n"
            "  --> profiles.yml:2:11\n"
            "   |\n"
            " 2 |   target: dve\n"
            "   |           ^^^ did you mean 'dev'?\n"
            "   = targets of 'p': dev\n");
}

TEST(Mistakes, AllAtOnce) {
  std::string text = problems_of({{"dbt_project.yml", plain_project},
                                  {"models/a.sql", "select {{ ref('b' }}"},
                                  {"models/c.sql", "{% if %}"},
                                  {"models/broken.yml", "models:\n  - name: a\n   description: x\n"}});
  EXPECT_NE(text.find("models/a.sql:1"), std::string::npos) << text;
  EXPECT_NE(text.find("models/c.sql:1"), std::string::npos) << text;
  EXPECT_NE(text.find("models/broken.yml:"), std::string::npos) << text;
}

TEST(Mistakes, UnknownTestAndMacro) {
  EXPECT_EQ(problems_of({{"dbt_project.yml", plain_project},
                         {"models/a.sql", "select 1"},
                         {"models/a.yml",
                          "models:\n  - name: a\n    columns:\n      - name: id\n        data_tests: [uniqe]\n"}}),
            "error[RYND1018]: there is no generic test 'uniqe'\n"
            "  --> models/a.yml:5:22\n"
            "   |\n"
            " 5 |         data_tests: [uniqe]\n"
            "   |                      ^^^^^ did you mean 'unique'?\n");
}

TEST(Mistakes, PropertiesOfWhatIsNotThere) {
  EXPECT_EQ(problems_of({{"dbt_project.yml", plain_project},
                         {"models/orders.sql", "select 1"},
                         {"models/a.yml",
                          "models:\n  - name: oders\n    columns:\n      - name: id\n        data_tests: [unique]\n"}}),
            "warning[RYND1021]: there is no model 'oders' to describe\n"
            "  --> models/a.yml:2:11\n"
            "   |\n"
            " 2 |   - name: oders\n"
            "   |           ^^^^^ did you mean 'orders'?\n");
}

TEST(Mistakes, MissingVariableInYaml) {
  std::string text =
      problems_of({{"dbt_project.yml", plain_project + "vars:\n  days: 3\n"},
                   {"models/a.sql", "select 1"},
                   {"models/a.yml", "models:\n  - name: a\n    config:\n      enabled: \"{{ var('dyas') }}\"\n"}});
  EXPECT_NE(text.find("error[RYND1009]: the variable 'dyas' is not set\n  --> models/a.yml:4:"), std::string::npos)
      << text;
  EXPECT_NE(text.find("did you mean 'days'?"), std::string::npos) << text;
}

TEST(Mistakes, UnusedConfiguration) {
  EXPECT_EQ(problems_of({{"dbt_project.yml", plain_project + "models:\n  shop:\n    mart:\n      +tags: [x]\n"},
                         {"models/marts/a.sql", "select 1"}}),
            "warning[RYND1027]: configuration 'models.shop.mart' applies to nothing\n"
            "  --> dbt_project.yml:5:5\n"
            "   |\n"
            " 5 |     mart:\n"
            "   |     ^^^^ did you mean 'marts'?\n");
}

TEST(Mistakes, TwoModelsOneTable) {
  std::string text = problems_of({{"dbt_project.yml", plain_project},
                                  {"models/a.sql", "select 1"},
                                  {"models/b.sql", "{{ config(alias='a') }} select 1"}});
  EXPECT_NE(text.find("error[RYND1012]: model 'a' and model 'b' would both write \"warehouse\".\"main\".\"a\""),
            std::string::npos)
      << text;
}

TEST(Mistakes, SnapshotWithoutStrategy) {
  std::string text = problems_of(
      {{"dbt_project.yml", plain_project}, {"snapshots/s.sql", "{% snapshot s %}select 1{% endsnapshot %}"}});
  EXPECT_NE(text.find("error[RYND1031]: snapshot 's' has no 'unique_key'"), std::string::npos) << text;
  EXPECT_NE(text.find("error[RYND1031]: snapshot 's' has no 'strategy'"), std::string::npos) << text;
}

}  // namespace
}  // namespace rynd::project

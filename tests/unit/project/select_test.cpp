// Selection: dbt's grammar on a small graph.
#include <gtest/gtest.h>

#include <algorithm>

#include "base/json.h"
#include "base/text.h"
#include "sim_project.h"

namespace rynd::project {
namespace {

// raw -> stg -> mid -> mart, stg -> other; tests on stg (one parent) and on mid with stg (two parents).
Project sample() {
  static SimWorld sim(
      {{"dbt_project.yml", plain_project + "models:\n  shop:\n    marts:\n      +tags: [nightly]\n"},
       {"models/staging/stg.sql",
        "{{ config(materialized='view', meta={'owner': 'me'}) }}select * from {{ source('raw', 'x') }}"},
       {"models/mid.sql", "{{ config(materialized='table') }}select * from {{ ref('stg') }}"},
       {"models/other.sql", "select * from {{ ref('stg') }}"},
       {"models/marts/mart.sql", "select * from {{ ref('mid') }}"},
       {"models/m.yml",
        "sources:\n  - name: raw\n    tables: [{name: x}]\n"
        "models:\n  - name: stg\n    columns:\n      - name: id\n        data_tests: [unique]\n"
        "  - name: mid\n    columns:\n      - name: id\n        data_tests:\n          - relationships:\n"
        "              arguments: {to: ref('stg'), field: id}\n"
        "exposures:\n  - name: board\n    type: dashboard\n    owner: {name: me}\n    depends_on: [ref('mart')]\n"},
       {"selectors.yml",
        "selectors:\n  - name: core\n    definition:\n      union:\n        - method: fqn\n          value: stg\n      "
        "    children: true\n"
        "        - exclude: [mart]\n  - name: twice\n    definition: 'selector:core'\n"}});
  auto project = sim.load();
  EXPECT_TRUE(project) << render_text(project.error());
  return std::move(*project);
}

// Names without tests' digests, sorted.
std::string names(const Project& project, const SelectionRequest& request) {
  auto selection = select(project, request);
  if (!selection) return render_text(selection.error());
  std::vector<std::string> all;
  for (ResourceId id : selection->nodes) all.push_back(project.at(id).name);
  std::sort(all.begin(), all.end());
  return join(all, " ");
}

std::string models(const Project& project, std::string select, std::string exclude = {}) {
  SelectionRequest request{.select = {std::move(select)},
                           .resource_types = {ResourceType::model, ResourceType::source}};
  if (!exclude.empty()) request.exclude = {std::move(exclude)};
  return names(project, request);
}

TEST(Select, GraphOperators) {
  Project project = sample();
  EXPECT_EQ(models(project, "stg"), "stg");
  EXPECT_EQ(models(project, "stg+"), "mart mid other stg");
  EXPECT_EQ(models(project, "stg+1"), "mid other stg");
  EXPECT_EQ(models(project, "+mart"), "mart mid stg x");
  EXPECT_EQ(models(project, "1+mart"), "mart mid");
  EXPECT_EQ(models(project, "@mid"), "mart mid stg x");
  EXPECT_EQ(models(project, "source:raw+1"), "stg x");
  EXPECT_EQ(models(project, "+exposure:board"), "mart mid stg x");
}

TEST(Select, UnionIntersectionExclude) {
  Project project = sample();
  EXPECT_EQ(models(project, "mid other"), "mid other");
  EXPECT_EQ(models(project, "stg+,tag:nightly"), "mart");
  EXPECT_EQ(models(project, "stg+", "tag:nightly other"), "mid stg");
  SelectionRequest all{.exclude = {"mid+"}, .resource_types = {ResourceType::model}};
  EXPECT_EQ(names(project, all), "other stg");
}

TEST(Select, Methods) {
  Project project = sample();
  EXPECT_EQ(models(project, "path:models/staging"), "stg");
  EXPECT_EQ(models(project, "models/marts/mart.sql"), "mart");
  EXPECT_EQ(models(project, "mid.sql"), "mid");
  EXPECT_EQ(models(project, "shop.marts"), "mart");
  EXPECT_EQ(models(project, "m*"), "mart mid");
  EXPECT_EQ(models(project, "config.materialized:table"), "mid");
  EXPECT_EQ(models(project, "config.meta.owner:me"), "stg");
  EXPECT_EQ(models(project, "package:this,resource_type:source"), "x");
  EXPECT_EQ(models(project, "access:protected,mid"), "mid");
}

TEST(Select, TestsComeAlong) {
  Project project = sample();
  auto tests = [&](std::string select, IndirectSelection mode) {
    return names(project, {.select = {std::move(select)}, .indirect = mode, .resource_types = {ResourceType::test}});
  };
  EXPECT_EQ(tests("stg", IndirectSelection::eager), "relationships_mid_id__id__ref_stg_ unique_stg_id");
  EXPECT_EQ(tests("stg", IndirectSelection::cautious), "unique_stg_id");
  EXPECT_EQ(tests("mid", IndirectSelection::cautious), "");
  EXPECT_EQ(tests("mid", IndirectSelection::buildable), "relationships_mid_id__id__ref_stg_");
  EXPECT_EQ(tests("stg mid", IndirectSelection::cautious), "relationships_mid_id__id__ref_stg_ unique_stg_id");
  EXPECT_EQ(tests("stg", IndirectSelection::empty), "");
  EXPECT_EQ(tests("test_name:unique", IndirectSelection::eager), "unique_stg_id");
  EXPECT_EQ(tests("test_type:generic", IndirectSelection::eager), "relationships_mid_id__id__ref_stg_ unique_stg_id");
}

TEST(Select, Selectors) {
  Project project = sample();
  SelectionRequest request{.selector = "core", .resource_types = {ResourceType::model}};
  EXPECT_EQ(names(project, request), "mid other stg");
  request.selector = "twice";
  EXPECT_EQ(names(project, request), "mid other stg");
  request.selector = "cor";
  EXPECT_NE(names(project, request).find("error[RYND1104]: selectors.yml has no selector 'cor'"), std::string::npos);
}

TEST(Select, Mistakes) {
  Project project = sample();
  EXPECT_EQ(models(project, "tga:nightly"),
            "error[RYND1103]: 'tga' is no selection method\n"
            "  --> --select:1:1\n"
            "   |\n"
            " 1 | tga:nightly\n"
            "   | ^^^ did you mean 'tag'?\n"
            "   = methods: access, config, exposure, file, fqn, group, metric, package, path, resource_type, result, "
            "saved_query, "
            "selector, semantic_model, source, source_status, state, tag, test_name, test_type, unit_test, version\n");
  EXPECT_NE(models(project, "@stg+").find("error[RYND1102]: '@stg+' has both '@' and a '+' at its end"),
            std::string::npos);
  EXPECT_NE(models(project, "state:modified").find("error[RYND1106]"), std::string::npos);
  auto nothing = select(project, {.select = {"martt"}});
  ASSERT_TRUE(nothing);
  EXPECT_TRUE(nothing->nodes.empty());
  EXPECT_EQ(render_text(nothing->warnings),
            "warning[RYND1105]: 'martt' selects nothing\n"
            "  --> --select:1:1\n"
            "   |\n"
            " 1 | martt\n"
            "   | ^^^^^ did you mean 'mart'?\n");
}

TEST(Select, StateAndResults) {
  Project project = sample();
  Node manifest = Node::map(), nodes = Node::map(), macros = Node::map();
  for (const auto& resource : project.resources) {
    if (resource.name == "other") continue;
    Node entry = manifest_entry(project, resource);
    if (resource.name == "mid") entry.set("raw_code", Node::of(std::string("select 0")));
    nodes.set(resource.unique_id, std::move(entry));
  }
  for (const auto& macro : project.macros) {
    Node entry = Node::map();
    entry.set("macro_sql", Node::of(macro.macro_sql));
    macros.set(macro.unique_id, std::move(entry));
  }
  manifest.set("nodes", std::move(nodes));
  manifest.set("macros", std::move(macros));
  auto results = json::read(make_source("r", R"({"results": [{"unique_id": "model.shop.mart", "status": "error"}]})"));
  ASSERT_TRUE(results);
  SelectionRequest request{.resource_types = {ResourceType::model}};
  request.state.manifest = &manifest;
  request.state.run_results = &results->root;
  auto with = [&](std::string text) {
    request.select = {std::move(text)};
    return names(project, request);
  };
  EXPECT_EQ(with("state:new"), "other");
  EXPECT_EQ(with("state:modified"), "mid other");
  EXPECT_EQ(with("state:modified.body"), "mid other");
  EXPECT_EQ(with("state:unmodified"), "mart stg");
  EXPECT_EQ(with("result:error"), "mart");
}

}  // namespace
}  // namespace rynd::project

// The parts that need no project: graph, configuration, test names, relations, csv.
#include <gtest/gtest.h>

#include "base/json.h"
#include "base/text.h"
#include "load/csv.h"
#include "load/opening.h"
#include "load/test_names.h"
#include "project/config.h"
#include "project/graph.h"
#include "project/relation.h"

namespace rynd::project {
namespace {

Node node(std::string_view text) {
  auto document = json::read(make_source("n", std::string(text)));
  EXPECT_TRUE(document) << text;
  return document ? document->root : Node();
}

TEST(GraphTest, OrderReachAndCycle) {
  std::vector<Graph::Edge> edges = {{0, 2}, {1, 2}, {2, 3}, {0, 2}};
  Graph graph(5, edges);
  EXPECT_EQ(std::vector<Graph::Id>(graph.order().begin(), graph.order().end()),
            (std::vector<Graph::Id>{0, 1, 2, 3, 4}));
  EXPECT_EQ(graph.parents(2).size(), 2u);
  Graph::Id from[] = {3};
  EXPECT_EQ(graph.ancestors(from), (std::vector<bool>{true, true, true, false, false}));
  EXPECT_EQ(graph.ancestors(from, 1), (std::vector<bool>{false, false, true, false, false}));
  EXPECT_TRUE(graph.find_cycle().empty());
  std::vector<Graph::Edge> round = {{0, 1}, {1, 2}, {2, 3}, {3, 1}, {3, 4}};
  Graph bad(5, round);
  EXPECT_EQ(bad.find_cycle(), (std::vector<Graph::Id>{1, 2, 3}));
  EXPECT_EQ(bad.order().size(), 1u);
}

TEST(ConfigTest, MergesAsDbt) {
  Config config(ResourceType::model);
  config.merge(node(R"({"tags": "a", "meta": {"x": 1}, "materialized": "table", "schema": "s", "custom": 1})"));
  config.merge(node(
      R"({"tags": ["b"], "meta": {"y": 2}, "schema": null, "grants": {"select": ["me"]}, "pre_hook": "select 1"})"));
  config.merge(
      node(R"({"grants": {"+select": "you"}, "post-hook": ["{\"sql\": \"vacuum\", \"transaction\": false}"]})"));
  EXPECT_EQ(join(config.texts("tags"), " "), "a b");
  EXPECT_EQ(json::write(*config.find("meta")), R"({"x": 1, "y": 2})");
  EXPECT_EQ(config.text("schema"), "");
  EXPECT_TRUE(config.find("schema")->is_null());
  EXPECT_EQ(config.find("custom")->integer, 1);
  EXPECT_EQ(json::write(*config.find("grants")), R"({"select": ["me", "you"]})");
  EXPECT_EQ(json::write(*config.find("pre_hook")), R"([{"sql": "select 1", "transaction": true, "index": null}])");
  EXPECT_EQ(json::write(*config.find("post-hook")), R"([{"sql": "vacuum", "transaction": false, "index": null}])");
  EXPECT_EQ(config.text("on_schema_change"), "ignore");
  EXPECT_EQ(config.find("nothing"), nullptr);
  EXPECT_EQ(Config(ResourceType::test).text("schema"), "dbt_test__audit");
}

TEST(TestNames, AsDbtMakesThem) {
  Node args = node(R"({"column_name": "status", "values": ["placed", "a b"], "model": "x", "quote": true, "n": null})");
  EXPECT_EQ(test_name("accepted_values", "orders", args).full,
            "accepted_values_orders_status__None__True__placed__a_b");
  Node many =
      node(R"({"values": ["placed", "shipped", "completed", "return_pending", "returned"], "column_name": "status"})");
  TestName name = test_name("accepted_values", "orders", many);
  EXPECT_EQ(name.full, "accepted_values_orders_status__placed__shipped__completed__return_pending__returned");
  EXPECT_EQ(name.shortened, "accepted_values_orders_1ce6ab157c285f7cd2ac656013faf758");
}

TEST(RelationTest, RendersByPolicy) {
  RelationName name;
  name.database = "db";
  name.schema = "main";
  name.identifier = "orders";
  EXPECT_EQ(name.render(), R"("db"."main"."orders")");
  name.quote.identifier = false;
  name.include.database = false;
  EXPECT_EQ(name.render(), R"("main".orders)");
  name.limit = 0;
  EXPECT_EQ(name.render(), R"((select * from "main".orders where false limit 0))");
  RelationName plain;
  plain.schema = "main";
  plain.identifier = "t";
  jinja::Value relation = make_relation(plain);
  auto context = jinja::make_context({{"r", relation}});
  auto rendered =
      jinja::render(*jinja::Environment().compile(make_source(
                        "t",
                        "{{ r.include(schema=false) }}|{{ r.identifier }}|{{ r.is_view }}|{{ r is mapping }}|"
                        "{{ r.incorporate(type='view').is_view }}|{{ r.database }}|{{ r.quote(identifier=false) }}|"
                        "{{ r.information_schema('tables') }}")),
                    context);
  ASSERT_TRUE(rendered) << rendered.error().message;
  EXPECT_EQ(*rendered, R"("t"|t|False|True|True|None|"main".t|INFORMATION_SCHEMA.tables)");
}

TEST(CsvTest, Rows) {
  EXPECT_EQ(json::write(csv_rows("a,b\n1,\"x, \"\"y\"\"\"\n\n2,\n")),
            R"([{"a": "1", "b": "x, \"y\""}, {"a": "2", "b": null}])");
  EXPECT_TRUE(csv_rows("").items.empty());
}

TEST(VersionTest, RequireDbtVersion) {
  EXPECT_FALSE(version_refusal(node(R"([">=1.0.0", "<2.0.0"])")));
  EXPECT_FALSE(version_refusal(node(R"(">=1.6.0,<2.0.0")")));
  EXPECT_EQ(version_refusal(node(R"([">=1.0.0", "<1.5.0"])")), "<1.5.0");
}

}  // namespace
}  // namespace rynd::project

// Lineage of plans that DuckDB binds: each query with all its edges, in one line each.
#include "sql/lineage.h"

#include <gtest/gtest.h>

#include <array>
#include <string>

#include "engine/engine.h"

namespace rynd::engine {
namespace {

struct LineageCase {
  std::string_view sql;
  std::string_view edges;  // "to<from kind", joined by "; "; '*' is the whole result, identity is not said
};

constexpr LineageCase cases[] = {
    {"select id, amt from o", "0<o.id; 1<o.amt"},
    {"select amt * 2 + id as x, 7 as seven from o", "0<o.amt transformation; 0<o.id transformation"},
    {"select c.name, sum(o.amt) as total from o join cu c on o.cust = c.id where o.d > date '2024-01-01' group by "
     "c.name",
     "*<cu.id join; *<cu.name group_by; *<o.cust join; *<o.d filter; 0<cu.name; 1<o.amt aggregation"},
    {"with a as (select id, amt from o) select x.id, y.amt from a x join a y using (id)",
     "*<o.id join; 0<o.id; 1<o.amt"},
    {"with a as materialized (select id from o) select x.id, y.id from a x, a y", "0<o.id; 1<o.id"},
    {"select * from o join cu using (id)",
     "*<cu.id join; *<o.id join; 0<o.id; 1<o.cust; 2<o.amt; 3<o.d; 4<o.tags; 5<cu.name; "
     "6<cu.st"},
    {"select id, row_number() over (partition by cust order by d) as n from o qualify n = 1",
     "*<o.cust filter; *<o.d filter; 0<o.id; 1<o.cust window; 1<o.d window"},
    {"select id, lag(amt) over (order by d) from o", "0<o.id; 1<o.amt transformation; 1<o.d window"},
    {"select cust, count(*) filter (where amt > 0) from o group by cust",
     "*<o.cust group_by; 0<o.cust; 1<o.amt filter"},
    {"select o.id, t.x from o, lateral (select unnest(o.tags) as x) t", "0<o.id; 1<o.tags transformation"},
    {"from (pivot o on cust in (1, 2) using sum(amt) group by d)",
     "*<o.d group_by; 0<o.d; 1<o.amt aggregation; 1<o.cust filter; 2<o.amt aggregation; 2<o.cust filter"},
    {"unpivot (select id, cust from o) on id, cust",
     "*<o.cust filter; *<o.id filter; 1<o.cust transformation; 1<o.id transformation"},
    {"select id, (select max(name) from cu where cu.id = o.cust) as n from o",
     "*<cu.id filter; *<o.cust join; *<o.cust filter; *<o.cust group_by; 0<o.id; 1<cu.name aggregation"},
    {"select id from o where exists (select 1 from cu where cu.id = o.cust)",
     "*<cu.id filter; *<o.cust join; *<o.cust filter; 0<o.id"},
    {"select id from o where id in (select id from cu)",
     "*<cu.id join; *<cu.id filter; *<o.id join; *<o.id filter; 0<o.id"},
    {"select o.id, p.price from o asof join prices p on o.cust = p.cust and o.d >= p.day",
     "*<o.cust join; *<o.d join; *<prices.cust join; *<prices.day join; 0<o.id; 1<prices.price"},
    {"select id, amt from o union by name select name, id from cu", "0<cu.id; 0<o.id; 1<o.amt; 2<cu.name"},
    {"select id from o except select id from cu", "*<cu.id filter; 0<o.id"},
    {"with recursive r as (select id, cust, 1 as n from o union all select cust, id, n + 1 from r where n < 3) "
     "select id, n from r",
     "0<o.cust; 0<o.id"},
    {"select distinct on (cust) id from o order by d desc limit 3", "*<o.cust group_by; *<o.d sort; 0<o.id"},
    {"select columns('^(id|amt)$') from o", "0<o.id; 1<o.amt"},
    {"select cust, d, sum(amt) from o group by rollup (cust, d)",
     "*<o.cust group_by; *<o.d group_by; 0<o.cust; 1<o.d; 2<o.amt aggregation"},
    {"select s * 2 from vw", "*<o.cust group_by; 0<o.amt aggregation"},
    {"select st.b from cu", "0<cu.st transformation"},
    {"select list_transform(tags, x -> x || name) from o, cu", "0<cu.name transformation; 0<o.tags transformation"},
    {"select id from o semi join cu using (id)", "*<cu.id join; *<o.id join; 0<o.id"},
    {"select o.id, cu.name from o left join cu on o.id + cu.id > 3", "*<cu.id join; *<o.id join; 0<o.id; 1<cu.name"},
    {"select * from (values (1, 'a'), (2, 'b')) v", ""},
    {"select count(*) from o", ""},
    {"select range from range(3)", "0<range().range"},
    {"create table made as select id as y from o", "0<o.id"},
    {"insert into cu select id, 'x', null from o", "0<o.id"},
    {"select coalesce(id, id + 1) from o", "0<o.id transformation"},
};

class LineageOfPlans : public testing::Test {
 protected:
  void SetUp() override {
    database_ = std::move(*open({}));
    connection_ = std::move(*database_->connect());
    ASSERT_TRUE(
        connection_->execute("create table o (id int, cust int, amt decimal(10, 2), d date, tags varchar[]);"
                             "create table cu (id int, name varchar, st struct(a int, b varchar));"
                             "create table prices (cust int, day date, price double);"
                             "create view vw as select cust, sum(amt) as s from o group by 1"));
  }

  Result<sql::Lineage> lineage_of(std::string_view sql) {
    const std::array<Value, 1> parameters = {Value(sql)};
    auto plan = fetch(*connection_, "select json_serialize_plan(?::varchar, optimize := false)", parameters);
    if (!plan) return fail(plan.error());
    return sql::lineage(to_text(plan->rows[0][0]));
  }

  static std::string printed(const sql::Lineage& lineage) {
    std::string out;
    for (const sql::LineageEdge& edge : lineage.edges) {
      if (!out.empty()) out += "; ";
      out += (edge.to == sql::whole_result ? "*" : std::to_string(edge.to)) + "<";
      if (edge.kind != sql::LineageKind::unknown) {
        out += edge.from.relation + (edge.from.function ? "()" : "") + "." + edge.from.column;
      }
      if (edge.kind != sql::LineageKind::identity) out += " " + std::string(sql::name_of(edge.kind));
      if (!edge.reason.empty()) out += ": " + edge.reason;
    }
    return out;
  }

  std::unique_ptr<Database> database_;
  std::unique_ptr<Connection> connection_;
};

TEST_F(LineageOfPlans, HasEveryEdge) {
  for (const LineageCase& test : cases) {
    auto lineage = lineage_of(test.sql);
    ASSERT_TRUE(lineage) << test.sql << ": " << lineage.error().message;
    EXPECT_EQ(printed(*lineage), test.edges) << test.sql;
  }
}

TEST_F(LineageOfPlans, NamesTablesWhole) {
  auto lineage = lineage_of("select o.id, s from o join vw using (cust)");
  ASSERT_TRUE(lineage);
  ASSERT_EQ(lineage->sources.size(), 1u);
  EXPECT_EQ(lineage->sources[0].database, "memory");
  EXPECT_EQ(lineage->sources[0].schema, "main");
  EXPECT_EQ(lineage->sources[0].relation, "o");
}

TEST_F(LineageOfPlans, UnknownIsSaid) {
  EXPECT_EQ(printed(*lineage_of("update o set id = cust")),
            "*< unknown: LOGICAL_UPDATE; 0<o.cust; 0< unknown: LOGICAL_UPDATE; "
            "1<o.rowid; 1< unknown: LOGICAL_UPDATE");
  auto pivot = lineage_of("pivot o on cust using sum(amt)");
  ASSERT_TRUE(pivot) << pivot.error().message;
  EXPECT_EQ(pivot->edges.size(), 1u);
  EXPECT_EQ(pivot->edges[0].kind, sql::LineageKind::unknown);
  EXPECT_FALSE(pivot->edges[0].reason.empty());
  EXPECT_EQ(sql::lineage("nonsense")->edges[0].reason, "the plan is not JSON");
}

TEST_F(LineageOfPlans, FailsOnWrongSql) {
  auto missing = lineage_of("select nope from o");
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, Code::sql_binding);
  EXPECT_EQ(missing.error().message, "Referenced column \"nope\" not found in FROM clause!");
  EXPECT_EQ(lineage_of("selec 1").error().code, Code::sql_syntax);
}

}  // namespace
}  // namespace rynd::engine

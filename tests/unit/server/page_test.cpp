// Pages: what the reader makes of a file, and each mistake with its exact words.
#include "page/page.h"

#include <gtest/gtest.h>

#include <random>

#include "base/render.h"
#include "page/compile.h"
#include "page/components.h"

namespace rynd::server {
namespace {

Page page_of(std::string text) {
  return read_page("sales/by-region", make_source("pages/sales/by-region.md", std::move(text)));
}

std::string messages(const Page& page) {
  std::string all;
  for (const Diagnostic& diagnostic : page.diagnostics) {
    const Position at = page.source->position(diagnostic.span.begin);
    all += code_text(diagnostic.code) + " " + std::to_string(at.line) + ":" + std::to_string(at.column) + " " +
           diagnostic.message + (diagnostic.label.empty() ? "" : " | " + diagnostic.label) + "\n";
  }
  return all;
}

constexpr const char* good = R"(---
title: Sales
sidebar_position: 3
---
# By region

```sql regions
select distinct region from orders order by 1
```

```sql orders
select * from orders where region = ${inputs.region.value} and day between ${inputs.days.start} and ${inputs.days.end}
```

<Dropdown name=region data={regions} value=region/>
<DateRange name=days data={orders} dates=day/>

Sold: <Value data={orders} column=amount fmt=num0/> in all, `<Value>` in code stays.

<LineChart
  data={orders}
  x=day y={['amount', "tax"]}
  title="Over time"
/>

<Grid cols=2>

## Inside

<BarChart data={orders} x=region y=amount swapXY/>

</Grid>

<DataTable data={orders}>
  <Column id=region title="Where"/>
  <Column id=amount fmt=usd2/>
</DataTable>
)";

TEST(Page, ReadsTextQueriesAndComponents) {
  const Page page = page_of(good);
  EXPECT_EQ(messages(page), "");
  EXPECT_EQ(page.title, "Sales");
  EXPECT_EQ(page.position, 3);
  ASSERT_EQ(page.queries.size(), 2u);
  EXPECT_EQ(page.queries[1].inputs, (std::vector<std::string>{"region", "days"}));
  std::string names;
  for (const Component& component : page.components) names += component.name + " ";
  EXPECT_EQ(names, "Dropdown DateRange Value LineChart Grid BarChart DataTable Column Column ");
  EXPECT_EQ(page.components[3].find("y")->value.items, (std::vector<std::string>{"amount", "tax"}));
  EXPECT_EQ(page.components[3].text("title"), "Over time");
  EXPECT_EQ(page.components[4].children, (std::vector<uint32_t>{5}));
  EXPECT_EQ(page.components[4].html, "<h2>Inside</h2>\n<rynd-slot n=\"5\"></rynd-slot>\n");
  EXPECT_EQ(page.html,
            "<h1>By region</h1>\n<rynd-slot n=\"0\"></rynd-slot>\n<rynd-slot n=\"1\"></rynd-slot>\n"
            "<p>Sold: <rynd-slot n=\"2\"></rynd-slot> in all, <code>&lt;Value&gt;</code> in code stays.</p>\n"
            "<rynd-slot n=\"3\"></rynd-slot>\n<rynd-slot n=\"4\"></rynd-slot>\n<rynd-slot n=\"6\"></rynd-slot>\n");
}

TEST(Page, TitleComesFromHeadingOrName) {
  EXPECT_EQ(page_of("# Hello *there* #\n").title, "Hello *there*");
  EXPECT_EQ(page_of("text\n").title, "By region");
}

TEST(Page, RawHtmlAndScriptsAreDropped) {
  const Page page =
      page_of("<script>alert(1)</script>\n\n[x](javascript:alert(1)) <b>hi</b>\n\n<!-- <LineChart/> -->\n");
  EXPECT_EQ(page.html.find("script>"), std::string::npos) << page.html;
  EXPECT_EQ(page.html.find("javascript"), std::string::npos) << page.html;
  EXPECT_EQ(page.html.find("<b>"), std::string::npos) << page.html;
  EXPECT_TRUE(page.components.empty());
}

struct Mistake {
  const char* text;
  const char* expected;
};

TEST(Page, EachMistakeIsNamedAtItsPlace) {
  const Mistake mistakes[] = {
      {"<LinChart data={q}/>\n", "RYND0701 1:2 there is no component 'LinChart' | did you mean 'LineChart'?\n"},
      {"```sql q\nselect 1\n```\n<LineChart data={q} titel=x/>\n",
       "RYND0702 4:21 '<LineChart>' has no attribute 'titel' | did you mean 'title'?\n"},
      {"```sql q\nselect 1\n```\n<BarChart data={q} type=stackd/>\n",
       "RYND0703 4:25 'type' of '<BarChart>' wants one of stacked, stacked100, grouped | did you mean 'stacked'?\n"},
      {"```sql q\nselect 1\n```\n<BigValue data={q}/>\n",
       "RYND0704 4:2 '<BigValue>' needs 'value': the number, from the first row | 'value' is missing\n"},
      {"```sql orders\nselect 1\n```\n<DataTable data={order}/>\n",
       "RYND0705 4:18 the page has no query 'order' | did you mean 'orders'?\n"},
      {"```sql a\nselect * from ${b}\n```\n```sql b\nselect * from ${a}\n```\n",
       "RYND0706 5:15 the query 'a' stands on itself through others | closes the circle\n"},
      {"```sql a\nselect * from ${a}\n```\n", "RYND0706 2:15 the query 'a' stands on itself | closes the circle\n"},
      {"```sql a\nselect 1\n```\n```sql a\nselect 2\n```\n",
       "RYND0707 4:8 the page has two queries 'a' | the second one\n"},
      {"```sql a-b\nselect 1\n```\n",
       "RYND0707 1:8 'a-b' cannot name a query | letters, digits and _ only, and not 'inputs'\n"},
      {"<Grid cols=2\n\n</Grid>\n",
       "RYND0708 1:1 the tag '<Grid' has no end | starts here\nRYND0708 3:1 '</Grid>' closes nothing | no such tag is "
       "open here\n"},
      {"</Grid>\n", "RYND0708 1:1 '</Grid>' closes nothing | no such tag is open here\n"},
      {"<Grid>\ntext\n", "RYND0708 1:2 '<Grid>' has no closing tag | opened here\n"},
      {"```sql a\nselect ${inputs.regin.value}\n```\n<Dropdown name=region data={a} value=x/>\n",
       "RYND0709 2:8 the page has no input 'regin' | did you mean 'region'?\n"},
      {"```sql a\nselect ${inputs.d}\n```\n<DateRange name=d/>\n",
       "RYND0709 2:8 the date range 'd' is two values | which one?\n"},
      {"---\ntitel: x\n---\n", "RYND0710 2:1 'titel' means nothing in a page's front matter | did you mean 'title'?\n"},
      {"```sql a\nselect 1\n```\n<Column id=x/>\n",
       "RYND0712 4:2 '<Column>' stands outside of a '<DataTable>' | nothing shows it here\n"},
      {"```sql a\nselect \"${inputs.x}\"\n```\n",
       "RYND0713 2:8 a reader's choice cannot become a name in SQL | inside a quoted name\n"},
      {"```sql a\nselect ${}\n```\n", "RYND0713 2:8 '${}' is neither a query nor an input | not understood\n"},
      {"{#each rows as row}\n",
       "RYND0714 1:1 '{#each rows as row}' is shown as it is: a page runs no program | no blocks in pages\n"},
  };
  for (const Mistake& mistake : mistakes) EXPECT_EQ(messages(page_of(mistake.text)), mistake.expected) << mistake.text;
}

TEST(Page, ReservedNameIsRefused) {
  const Page page = read_page("catalog/x", make_source("pages/catalog/x.md", "hi\n"));
  EXPECT_EQ(messages(page), "RYND0711 1:1 a page cannot be called 'catalog': rynd itself answers there\n");
}

CompiledQuery compiled(const std::string& sql, const InputStates& inputs, const std::string& tags) {
  const Page page = page_of("```sql base\nselect 1 as a; -- end\n```\n```sql q\n" + sql + "\n```\n" + tags);
  EXPECT_EQ(messages(page), "");
  return compile_query(page, *page.query("q"), inputs);
}

TEST(Compile, InputsAreParameters) {
  const std::string tags =
      "<Dropdown name=r data={base} value=a/> <DateRange name=d/> <Dropdown name=m data={base} value=a multiple/>\n";
  InputStates inputs;
  inputs["r"] = {.values = {"x'; drop table orders; --"}, .labels = {"X"}};
  inputs["d"] = {.start = "2024-01-01", .end = "2024-02-01"};
  inputs["m"] = {.values = {"a", "b"}, .labels = {"a", "b"}};
  const auto sql = [&](const std::string& text) { return compiled(text, inputs, tags).sql; };
  EXPECT_EQ(sql("select ${inputs.r.value}, ${inputs.r}"), "select $1, $1");
  EXPECT_EQ(sql("select '${inputs.r.value}'"), "select $1");
  EXPECT_EQ(sql("select '%${inputs.r.value}%'"), "select ('%' || $1 || '%')");
  EXPECT_EQ(sql("select 'it''s ${inputs.r}'"), "select ('it''s ' || $1)");
  EXPECT_EQ(sql("select ${inputs.d.start}"), "select CAST($1 AS DATE)");
  EXPECT_EQ(sql("select 'from ${inputs.d.start}'"), "select ('from ' || $1)");
  EXPECT_EQ(sql("select 1 in ${inputs.m.value}"), "select 1 in ($1, $2)");
  EXPECT_EQ(sql("select 1 -- ${inputs.r}\n, $$ ${inputs.r} $$"), "select 1 -- ${inputs.r}\n, $$ ${inputs.r} $$");
  EXPECT_EQ(sql("from ${base}"), "from (select 1 as a\n)");
  inputs["r"].type = "INTEGER";
  inputs["m"].type = "INTEGER";
  EXPECT_EQ(sql("select ${inputs.r}, 'x${inputs.r}', ${inputs.r.label}"),
            "select CAST($1 AS INTEGER), ('x' || $1), $2");
  EXPECT_EQ(sql("select 1 in ${inputs.m.value}"), "select 1 in (CAST($1 AS INTEGER), CAST($2 AS INTEGER))");
  inputs.clear();
  EXPECT_EQ(sql("select 1 in ${inputs.m.value}"), "select 1 in (SELECT NULL WHERE false)");
  const CompiledQuery none = compiled("select ${inputs.r}", {}, tags);
  ASSERT_EQ(none.parameters.size(), 1u);
  EXPECT_TRUE(none.parameters[0].null);
}

TEST(Compile, PlacesLeadBackToThePage) {
  const Page page = page_of("```sql base\nselect wrong\n```\n```sql q\nselect * from ${base} where other\n```\n");
  const CompiledQuery query = compile_query(page, *page.query("q"), {});
  const auto place = [&](std::string_view word) {
    const auto at = static_cast<uint32_t>(query.sql.find(word));
    const Span span = query.to_page(page.source, at, at + static_cast<uint32_t>(word.size()), {});
    return std::string(page.source->text().substr(span.begin, span.end - span.begin)) + " in line " +
           std::to_string(page.source->position(span.begin).line);
  };
  EXPECT_EQ(place("wrong"), "wrong in line 2");
  EXPECT_EQ(place("other"), "other in line 5");
}

// Whatever stands in a file, reading it ends, and every place lies in the file.
TEST(Page, AnyTextIsRead) {
  std::mt19937 random(4711);
  const std::string whole = good;
  for (int round = 0; round < 3000; ++round) {
    std::string text = whole;
    for (int change = 0; change < 1 + round % 6; ++change) {
      const size_t at = random() % text.size();
      switch (random() % 4) {
        case 0:
          text.erase(at, random() % 20);
          break;
        case 1:
          text.insert(at, 1, "<>{}\"'`$/\n\\"[random() % 11]);
          break;
        case 2:
          text.insert(at, text.substr(random() % text.size(), random() % 40));
          break;
        default:
          text.resize(at + 1);
      }
      if (text.empty()) text = "x";
    }
    const Page page = page_of(text);
    for (const Diagnostic& diagnostic : page.diagnostics) {
      ASSERT_LE(diagnostic.span.begin, text.size()) << text;
      ASSERT_LE(diagnostic.span.end, text.size()) << text;
      ASSERT_LE(diagnostic.span.begin, diagnostic.span.end) << text;
    }
    for (const Query& query : page.queries) {
      if (query.usable && page.query(query.name) == &query) compile_query(page, query, {});
    }
  }
}

TEST(Components, TableIsWellFormed) {
  for (const ComponentSpec& spec : components()) {
    EXPECT_FALSE(spec.text.empty()) << spec.name;
    for (const AttributeSpec& attribute : spec.attributes) {
      EXPECT_FALSE(attribute.text.empty()) << spec.name << "." << attribute.name;
      EXPECT_EQ(attribute.type == AttributeType::choice, !attribute.choices.empty())
          << spec.name << "." << attribute.name;
    }
  }
}

}  // namespace
}  // namespace rynd::server

// Quote, tokens, statements: what the other rooms take for granted about SQL text.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "sql/alias.h"
#include "sql/quote.h"
#include "sql/statements.h"
#include "sql/tokens.h"

namespace rynd::sql {
namespace {

std::vector<std::string> texts(std::string_view sql) {
  std::vector<std::string> out;
  for (const Token& token : tokenize(sql)) out.emplace_back(token.text(sql));
  return out;
}

std::vector<std::string> statements(std::string_view sql) {
  std::vector<std::string> out;
  for (const Statement& statement : split_statements(sql)) out.emplace_back(statement.text(sql));
  return out;
}

using Texts = std::vector<std::string>;

TEST(Quote, DoublesQuotes) {
  EXPECT_EQ(identifier("a\"b"), "\"a\"\"b\"");
  EXPECT_EQ(literal("it's"), "'it''s'");
  EXPECT_EQ(literal("back\\slash"), "'back\\slash'");
}

TEST(Quote, LeavesOutEmptyParts) {
  EXPECT_EQ(qualified("db", "s", "t"), "\"db\".\"s\".\"t\"");
  EXPECT_EQ(qualified("", "s", "t"), "\"s\".\"t\"");
  EXPECT_EQ(qualified("", "", "t"), "\"t\"");
}

TEST(Quote, OnlyWhereItMust) {
  EXPECT_EQ(identifier_if_needed("orders_2"), "orders_2");
  EXPECT_EQ(identifier_if_needed("Orders"), "\"Orders\"");
  EXPECT_EQ(identifier_if_needed("2orders"), "\"2orders\"");
  EXPECT_EQ(identifier_if_needed("select"), "\"select\"");
  EXPECT_EQ(identifier_if_needed(""), "\"\"");
  EXPECT_TRUE(is_reserved("QUALIFY"));
  EXPECT_FALSE(is_reserved("customer"));
}

TEST(Tokens, StringsAndNames) {
  EXPECT_EQ(texts("select 'a''b', \"c\"\"d\", E'x\\'y'"),
            (Texts{"select", "'a''b'", ",", "\"c\"\"d\"", ",", "E'x\\'y'"}));
  EXPECT_EQ(texts("$$a;b$$ $q$ $$ $q$ $1 $name"), (Texts{"$$a;b$$", "$q$ $$ $q$", "$1", "$name"}));
}

TEST(Tokens, CommentsNest) {
  const std::string_view sql = "a /* x /* y */ z */ b -- c; d\ne";
  EXPECT_EQ(texts(sql), (Texts{"a", "/* x /* y */ z */", "b", "-- c; d", "e"}));
  EXPECT_EQ(tokenize(sql)[1].kind, TokenKind::block_comment);
}

TEST(Tokens, NumbersAndOperators) {
  EXPECT_EQ(texts("1.5e-3+.5::int-- x"), (Texts{"1.5e-3", "+", ".5", "::", "int", "-- x"}));
  EXPECT_EQ(texts("1..2"), (Texts{"1", ".", ".2"}));
  EXPECT_EQ(texts("x->>'a'"), (Texts{"x", "->>", "'a'"}));
}

TEST(Tokens, CutOffIsSaid) {
  for (const char* sql : {"'abc", "\"abc", "/* abc", "$$abc", "e'abc\\"}) {
    const std::vector<Token> tokens = tokenize(sql);
    ASSERT_EQ(tokens.size(), 1u) << sql;
    EXPECT_FALSE(tokens[0].closed) << sql;
    EXPECT_EQ(tokens[0].end, std::string_view(sql).size()) << sql;
  }
}

TEST(Tokens, CoverTheTextInOrder) {
  const std::string_view sql =
      "with a as (select 1 as \"ü\" /* ; */ from x where y = ? and z is not null) select * from a;";
  uint32_t last = 0;
  for (const Token& token : tokenize(sql)) {
    for (uint32_t i = last; i < token.begin; ++i) EXPECT_EQ(sql[i], ' ');
    EXPECT_LT(token.begin, token.end);
    last = token.end;
  }
  EXPECT_EQ(last, sql.size());
}

TEST(Statements, CutAtSemicolonsOnly) {
  EXPECT_EQ(statements("select ';'; -- ; \nselect 2 /* ; */; ;\n"), (Texts{"select ';'", "select 2"}));
  EXPECT_EQ(statements("-- nothing\n"), Texts{});
  EXPECT_EQ(statements("select 1"), Texts{"select 1"});
}

TEST(Statements, WithoutFinalSemicolon) {
  EXPECT_EQ(without_final_semicolon("select 1; -- done\n"), "select 1");
  EXPECT_EQ(without_final_semicolon("select 1 -- one\n"), "select 1");
  EXPECT_EQ(without_final_semicolon("select ';'"), "select ';'");
}

TEST(Alias, FindsExpressionsAndTables) {
  const auto query_of = [](std::string_view query, std::string_view alias) {
    const auto found = what_is(query, alias);
    return found ? found->name + ": " + found->query : "nothing";
  };
  EXPECT_EQ(query_of("with a as (select 1), -- b as (\n b(x) as not materialized (select (2)) select * from b", "B"),
            "b: with a as (select 1), -- b as (\n b(x) as not materialized (select (2)) select * from b");
  EXPECT_EQ(query_of("with a as (select 1 as x) select d.y from a as d", "d"),
            "a: with a as (select 1 as x) select * from a");
  EXPECT_EQ(query_of("select o.y from \"db\".main.\"or\"\"ders\" o where o.y", "o"),
            "or\"ders: select * from \"db\".main.\"or\"\"ders\"");
  EXPECT_EQ(query_of("select 1 from a left join main.b as c on c.x = a.x", "c"), "b: select * from main.b");
  EXPECT_EQ(query_of("select a.x, t.y from t, main.a", "a"), "a: select * from main.a");
  EXPECT_EQ(query_of("select r.x from (select 1 as y) as r", "r"), "nothing");
  EXPECT_EQ(query_of("select r.x from range(3) as r", "r"), "nothing");
  EXPECT_EQ(query_of("with a as (select 1", "a"), "nothing");
  EXPECT_EQ(query_of("", "a"), "nothing");
}

}  // namespace
}  // namespace rynd::sql

// Fixture: rows of unit tests as SQL, run by a real engine.
#include "fixture.h"

#include <gtest/gtest.h>

#include "base/yaml.h"
#include "engine/engine.h"

namespace rynd::quality {
namespace {

class FixtureTest : public testing::Test {
 protected:
  void SetUp() override {
    database_ = std::move(*engine::open({}));
    connection_ = std::move(*database_->connect());
  }
  Result<Fixture> read(std::string text) {
    source_ = make_source("models/schema.yml", std::move(text));
    document_ = std::move(*yaml::read(source_));
    return read_fixture(document_.root, source_);
  }
  std::string table(const std::string& sql) {
    auto result = engine::fetch(*connection_, sql);
    if (!result) return result.error().message;
    std::string text;
    for (const auto& column : result->columns) text += column.name + " " + column.type + ";";
    for (const auto& row : result->rows) {
      text += '\n';
      for (const auto& cell : row) text += engine::to_text(cell) + ";";
    }
    return text;
  }

  const std::vector<engine::Column> types_ = {{"id", "INTEGER", engine::TypeKind::integer},
                                              {"name", "VARCHAR", engine::TypeKind::text},
                                              {"day", "DATE", engine::TypeKind::date},
                                              {"tags", "VARCHAR[]", engine::TypeKind::list}};
  SourcePtr source_;
  Document document_;
  std::unique_ptr<engine::Database> database_;
  std::unique_ptr<engine::Connection> connection_;
};

TEST_F(FixtureTest, CastsToTheTypesOfTheInput) {
  auto fixture = read("rows:\n  - {id: 1, name: it's, day: 2024-05-01}\n  - {ID: '2', tags: [a, b]}\n");
  ASSERT_TRUE(fixture) << fixture.error().message;
  EXPECT_EQ(fixture->columns, (std::vector<std::string>{"id", "name", "day"}));
  auto sql = fixture_sql(*fixture, types_, "ref('a')", source_);
  ASSERT_TRUE(sql) << sql.error().message;
  EXPECT_EQ(table(*sql),
            "id INTEGER;name VARCHAR;day DATE;tags VARCHAR[];\n1;it's;2024-05-01;NULL;\n2;NULL;NULL;[a, b];");
}

TEST_F(FixtureTest, GivesNoRows) {
  auto fixture = read("rows: []\n");
  ASSERT_TRUE(fixture);
  EXPECT_EQ(table(*fixture_sql(*fixture, types_, "ref('a')", source_)),
            "id INTEGER;name VARCHAR;day DATE;tags VARCHAR[];");
  auto unknown = fixture_sql(*fixture, {}, "ref('a')", source_);
  ASSERT_FALSE(unknown);
  EXPECT_EQ(unknown.error().code, Code::fixture_types);
}

TEST_F(FixtureTest, TakesValuesAsTheyAreWithoutTypes) {
  auto fixture = read("rows:\n  - {a: 1, b: x}\n  - {b: y}\n");
  EXPECT_EQ(table(*fixture_sql(*fixture, {}, "source('s', 't')", source_)), "a INTEGER;b VARCHAR;\n1;x;\nNULL;y;");
}

TEST_F(FixtureTest, TakesSql) {
  auto fixture = read("format: sql\nrows: |\n  select 7 as id; -- rows\n");
  ASSERT_TRUE(fixture);
  EXPECT_EQ(table("select * from (" + *fixture_sql(*fixture, types_, "ref('a')", source_) + ")"), "id INTEGER;\n7;");
}

TEST_F(FixtureTest, NamesUnknownColumns) {
  auto fixture = read("rows:\n  - {id: 1}\n  - {nmae: x}\n");
  auto sql = fixture_sql(*fixture, types_, "ref('a')", source_);
  ASSERT_FALSE(sql);
  EXPECT_EQ(sql.error().code, Code::fixture_column);
  EXPECT_EQ(sql.error().message, "Invalid column name: 'nmae' in unit test fixture for ref('a').");
  EXPECT_EQ(sql.error().label, "did you mean 'name'?");
  EXPECT_EQ(source_->position(sql.error().span.begin).line, 3);
}

TEST_F(FixtureTest, RefusesRowsThatAreNone) {
  auto fixture = read("rows:\n  - id\n");
  ASSERT_FALSE(fixture);
  EXPECT_EQ(fixture.error().code, Code::fixture_rows);
}

}  // namespace
}  // namespace rynd::quality

// Record: rows of results in a real warehouse.
#include "record.h"

#include <gtest/gtest.h>

#include <array>

namespace rynd::quality {
namespace {

TEST(Record, AddsRowsToOneTable) {
  auto database = std::move(*engine::open({}));
  auto connection = std::move(*database->connect());
  const std::array<CheckRow, 2> rows = {
      CheckRow{
          .unique_id = "test.shop.unique_a.1",
          .kind = "data_test",
          .name = "unique_a",
          .tested_id = "model.shop.a",
          .column_name = "id",
          .severity = "error",
          .status = "fail",
          .failures = 3,
          .message = "Got 3 results, configured to fail if != 0",
          .started_at = Instant(std::chrono::microseconds(1714557600000000)),
          .duration_seconds = 0.25,
          .sql = "select 1",
          .stored_in = "",
          .sample_json = sample_of("select 1 as id, 'x' as \"the name\" union all select 2, null;", 1, *connection)},
      CheckRow{.unique_id = "unit_test.shop.a.t", .kind = "unit_test", .name = "t", .status = "pass"}};
  ASSERT_TRUE(record_rows("run-1", rows, *connection));
  ASSERT_TRUE(record_rows("run-2", std::span(rows).first(1), *connection));
  auto table = engine::fetch(*connection,
                             "select run_id, status, failures, column_name, stored_in, sample::json->0->>'the name', "
                             "started_at = timestamptz '2024-05-01 10:00:00+00', failures is null "
                             "from rynd.check_results order by run_id, unique_id");
  ASSERT_TRUE(table) << table.error().message;
  ASSERT_EQ(table->rows.size(), 3u);
  const auto text = [&](size_t row, size_t column) { return engine::to_text(table->rows[row][column]); };
  EXPECT_EQ(text(0, 0) + text(0, 1) + text(0, 2) + text(0, 3), "run-1fail3id");
  EXPECT_TRUE(table->rows[0][4].is_null());
  EXPECT_EQ(text(0, 5), "x");
  EXPECT_EQ(text(0, 6), "true");
  EXPECT_EQ(text(1, 7), "true");
  EXPECT_EQ(text(2, 0), "run-2");
}

TEST(Record, LeavesNothingBehindWhenItFails) {
  auto database = std::move(*engine::open({}));
  auto connection = std::move(*database->connect());
  ASSERT_TRUE(connection->execute("create schema rynd; create table rynd.check_results (other integer)"));
  const CheckRow row{.unique_id = "t", .kind = "data_test", .name = "t", .status = "pass"};
  EXPECT_FALSE(record_rows("run-1", std::span(&row, 1), *connection));
  EXPECT_TRUE(connection->execute("select count(*) from rynd.check_results"));
}

TEST(Record, ASampleThatFailsIsNone) {
  auto database = std::move(*engine::open({}));
  auto connection = std::move(*database->connect());
  EXPECT_EQ(sample_of("select * from nowhere", 5, *connection), "");
  EXPECT_EQ(sample_of("select 1 as a where false", 5, *connection), "[]");
}

}  // namespace
}  // namespace rynd::quality

// Partitions: their names, ranges and placeholders.
#include "partition.h"

#include <gtest/gtest.h>

#include "base/text.h"
#include "placeholders.h"

namespace rynd::ingest {
namespace {

using namespace std::chrono;

Instant at(int year, unsigned month, unsigned day) {
  return Instant(sys_days(year_month_day{std::chrono::year(year), std::chrono::month(month), std::chrono::day(day)}));
}

std::string names(const Partitioning& p, Instant now) { return join(partition_names(p, now), " "); }

TEST(Partitions, EndAtToOrWithTheLastThatIsOver) {
  EXPECT_EQ(names({.by = PartitionBy::month, .from = "2011-11", .to = "2012-02"}, at(2020, 1, 1)),
            "2011-11 2011-12 2012-01 2012-02");
  EXPECT_EQ(names({.by = PartitionBy::month, .from = "2011-11"}, at(2012, 1, 31)), "2011-11 2011-12");
  EXPECT_EQ(names({.by = PartitionBy::month, .from = "2011-11"}, at(2012, 2, 1)), "2011-11 2011-12 2012-01");
  EXPECT_EQ(names({.by = PartitionBy::day, .from = "2012-02-28", .to = "2012-03-01"}, at(2020, 1, 1)),
            "2012-02-28 2012-02-29 2012-03-01");
  EXPECT_EQ(names({.by = PartitionBy::year, .from = "2011"}, at(2013, 5, 1)), "2011 2012");
  EXPECT_EQ(names({.by = PartitionBy::values, .values = {"b", "a"}}, at(2013, 5, 1)), "b a");
}

TEST(Partitions, RangesAndTheirMistakes) {
  Partitioning months{.by = PartitionBy::month, .from = "2011-01", .to = "2011-12"};
  auto now = at(2020, 1, 1);
  EXPECT_EQ(join(*partition_range(months, "2011-03..2011-05", now, "trips"), " "), "2011-03 2011-04 2011-05");
  EXPECT_EQ(partition_range(months, "2024-13", now, "trips").error().message, "'2024-13' is not a month");
  EXPECT_EQ(partition_range(months, "2012-01", now, "trips").error().message,
            "'2012-01' lies outside the partitions of 'trips'");
  EXPECT_EQ(partition_range(months, "2012-01", now, "trips").error().notes.at(0), "they are 2011-01..2011-12");
  EXPECT_EQ(partition_range(months, "2011-05..2011-03", now, "trips").error().message,
            "'2011-05' comes after '2011-03'");
  Partitioning cities{.by = PartitionBy::values, .values = {"berlin", "paris"}};
  EXPECT_EQ(partition_range(cities, "pariss", now, "trips").error().label, "did you mean 'paris'?");
}

TEST(Partitions, PlaceholdersOfTimes) {
  auto value = [](const char* name) { return partition_value(name, PartitionBy::month, "2012-02").value_or("?"); };
  EXPECT_EQ(value("partition"), "2012-02");
  EXPECT_EQ(value("partition.year") + value("partition.month"), "201202");
  EXPECT_EQ(value("partition.start"), "2012-02-01");
  EXPECT_EQ(value("partition.last"), "2012-02-29");
  EXPECT_EQ(value("partition.end"), "2012-03-01");
  EXPECT_EQ(value("partition.nothing"), "?");
}

TEST(Placeholders, AreFilledAndBracesEscaped) {
  auto value = [](std::string_view name) { return name == "a" ? std::optional<std::string>("1") : std::nullopt; };
  EXPECT_EQ(fill("x{a}y{{a}}{b}", value), "x1y{a}{b}");
  EXPECT_EQ(fill("{ a }", value), "1");
}

}  // namespace
}  // namespace rynd::ingest

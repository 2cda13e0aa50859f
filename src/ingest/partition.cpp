// Partition: the parts of a resource that are loaded and known one by one, by time or by name.
#include "partition.h"

#include <algorithm>
#include <charconv>
#include <cstdio>

#include "base/suggest.h"

namespace rynd::ingest {
namespace {

using std::chrono::sys_days;
using std::chrono::year_month_day;

std::optional<unsigned> number(std::string_view text, size_t digits) {
  unsigned value = 0;
  auto end = text.data() + text.size();
  if (text.size() != digits || std::from_chars(text.data(), end, value).ptr != end) return std::nullopt;
  return value;
}

std::string_view unit_name(PartitionBy by) {
  switch (by) {
    case PartitionBy::day:
      return "day";
    case PartitionBy::month:
      return "month";
    case PartitionBy::year:
      return "year";
    case PartitionBy::values:
      return "value";
  }
  return "";
}

std::string name_of(sys_days day, PartitionBy by) {
  year_month_day date(day);
  char text[32];
  int year = static_cast<int>(date.year());
  auto month = static_cast<unsigned>(date.month()), of_month = static_cast<unsigned>(date.day());
  if (by == PartitionBy::year)
    std::snprintf(text, sizeof text, "%04d", year);
  else if (by == PartitionBy::month)
    std::snprintf(text, sizeof text, "%04d-%02u", year, month);
  else
    std::snprintf(text, sizeof text, "%04d-%02u-%02u", year, month, of_month);
  return text;
}

sys_days next(sys_days day, PartitionBy by) {
  year_month_day date(day);
  if (by == PartitionBy::year) return date + std::chrono::years(1);
  if (by == PartitionBy::month) return date + std::chrono::months(1);
  return day + std::chrono::days(1);
}

std::unexpected<Diagnostic> not_a_partition(const Partitioning& partitioning, std::string_view wanted,
                                            const std::string& resource) {
  if (partitioning.by == PartitionBy::values) {
    return fail({.code = Code::ingest_partition,
                 .message = "'" + std::string(wanted) + "' is no partition of '" + resource + "'",
                 .label = did_you_mean(wanted, partitioning.values)});
  }
  std::string unit(unit_name(partitioning.by));
  return fail({.code = Code::ingest_partition, .message = "'" + std::string(wanted) + "' is not a " + unit});
}

}  // namespace

std::optional<sys_days> partition_day(std::string_view text, PartitionBy by) {
  size_t length = by == PartitionBy::year ? 4 : by == PartitionBy::month ? 7 : 10;
  if (text.size() != length) return std::nullopt;
  auto year = number(text.substr(0, 4), 4);
  auto month = length > 4 && text[4] == '-' ? number(text.substr(5, 2), 2) : std::optional<unsigned>(1);
  auto day = length > 7 && text[7] == '-' ? number(text.substr(8, 2), 2) : std::optional<unsigned>(1);
  if ((length > 4 && text[4] != '-') || (length > 7 && text[7] != '-') || !year || !month || !day) return std::nullopt;
  year_month_day date{std::chrono::year(static_cast<int>(*year)), std::chrono::month(*month), std::chrono::day(*day)};
  if (!date.ok()) return std::nullopt;
  return sys_days(date);
}

std::vector<std::string> partition_names(const Partitioning& partitioning, Instant now) {
  if (partitioning.by == PartitionBy::values) return partitioning.values;
  auto first = partition_day(partitioning.from, partitioning.by);
  auto last = partition_day(partitioning.to, partitioning.by);
  std::vector<std::string> names;
  if (!first) return names;
  for (sys_days day = *first; last ? day <= *last : next(day, partitioning.by) <= now;
       day = next(day, partitioning.by)) {
    names.push_back(name_of(day, partitioning.by));
  }
  return names;
}

Result<std::vector<std::string>> partition_range(const Partitioning& partitioning, std::string_view wanted, Instant now,
                                                 const std::string& resource) {
  size_t dots = wanted.find("..");
  std::string from(wanted.substr(0, dots));
  std::string to(dots == std::string_view::npos ? from : wanted.substr(dots + 2));
  auto known = partition_names(partitioning, now);
  auto first = std::find(known.begin(), known.end(), from);
  auto last = std::find(known.begin(), known.end(), to);
  for (const auto& side : {from, to}) {
    bool is_one = partitioning.by == PartitionBy::values ? std::find(known.begin(), known.end(), side) != known.end()
                                                         : partition_day(side, partitioning.by).has_value();
    if (!is_one) return not_a_partition(partitioning, side, resource);
  }
  if (first == known.end() || last == known.end()) {
    std::string range = known.empty() ? "it has none yet" : "they are " + known.front() + ".." + known.back();
    return fail(
        {.code = Code::ingest_partition,
         .message = "'" + (first == known.end() ? from : to) + "' lies outside the partitions of '" + resource + "'",
         .notes = {range}});
  }
  if (last < first) {
    return fail({.code = Code::ingest_partition, .message = "'" + from + "' comes after '" + to + "'"});
  }
  return std::vector<std::string>(first, last + 1);
}

std::optional<std::string> partition_value(std::string_view placeholder, PartitionBy by, std::string_view partition) {
  if (placeholder == "partition") return std::string(partition);
  auto day = partition_day(partition, by);
  if (!day || !placeholder.starts_with("partition.")) return std::nullopt;
  std::string_view part = placeholder.substr(10);
  sys_days end = next(*day, by);
  std::string start = name_of(*day, PartitionBy::day);
  if (part == "year") return start.substr(0, 4);
  if (part == "month") return start.substr(5, 2);
  if (part == "day") return start.substr(8, 2);
  if (part == "start") return start;
  if (part == "last") return name_of(end - std::chrono::days(1), PartitionBy::day);
  if (part == "end") return name_of(end, PartitionBy::day);
  return std::nullopt;
}

}  // namespace rynd::ingest

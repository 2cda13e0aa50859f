// Freshness: asking, judging, reporting.
#include "freshness.h"

#include <fmt/format.h>

#include "base/text.h"

namespace rynd::quality {
namespace {

using std::chrono::microseconds;

// datetime(1, 1, 1): what dbt takes for a source without rows, older than anything.
constexpr Instant no_rows{std::chrono::sys_days{std::chrono::year{1} / 1 / 1}};

std::optional<microseconds> length(const project::FreshnessThreshold& threshold) {
  if (!threshold.count) return std::nullopt;
  const int64_t count = *threshold.count;
  if (threshold.period == "minute") return std::chrono::minutes(count);
  if (threshold.period == "hour") return std::chrono::hours(count);
  return std::chrono::days(count);
}

bool exceeds(microseconds age, const project::FreshnessThreshold& threshold) {
  const auto limit = length(threshold);
  return limit && age > *limit;
}

Node threshold_node(const project::FreshnessThreshold& threshold) {
  Node node = Node::map();
  node.set("count", threshold.count ? Node::of(*threshold.count) : Node());
  node.set("period", threshold.period.empty() ? Node() : Node::of(threshold.period));
  return node;
}

std::optional<Instant> instant_of(const engine::Value& value) {
  if (value.is_null()) return no_rows;
  if (const auto* timestamp = value.get_if<engine::Timestamp>()) return Instant(microseconds(timestamp->micros));
  if (const auto* date = value.get_if<engine::Date>()) return Instant(std::chrono::days(date->days));
  return std::nullopt;
}

}  // namespace

transform::Status judge_age(microseconds age, const project::Freshness& freshness) {
  if (exceeds(age, freshness.error_after)) return transform::Status::error;
  return exceeds(age, freshness.warn_after) ? transform::Status::warn : transform::Status::pass;
}

std::string freshness_sql(const project::Resource& source) {
  const project::SourceDetails& details = *source.source;
  if (!details.loaded_at_query.empty()) return details.loaded_at_query;
  std::string sql =
      fmt::format("select max({}) as max_loaded_at from {}", details.loaded_at_field, source.relation_name);
  if (details.freshness && !details.freshness->filter.empty()) sql += " where " + details.freshness->filter;
  return sql;
}

Result<Instant> newest_row(const project::Resource& source, engine::Connection& connection) {
  const project::SourceDetails& details = *source.source;
  const std::string called = fmt::format("source '{}.{}'", details.source_name, source.name);
  if (details.loaded_at_field.empty() && details.loaded_at_query.empty()) {
    return fail(
        {.code = Code::freshness_unknown,
         .message = fmt::format("{} has a freshness rule and nothing that tells when its rows were loaded", called),
         .span = source.span,
         .help = "give it a `loaded_at_field` (a timestamp column) or a `loaded_at_query`"});
  }
  auto table = engine::fetch(connection, freshness_sql(source), {}, 1);
  if (!table) {
    Diagnostic diagnostic = std::move(table.error());
    diagnostic.notes.insert(diagnostic.notes.begin(), "the query was: " + freshness_sql(source));
    diagnostic.span = source.span;  // the SQL is made of what stands there
    return fail(std::move(diagnostic));
  }
  if (table->rows.empty()) return no_rows;
  if (const auto instant = instant_of(table->rows[0][0])) return *instant;
  return fail({.code = Code::freshness_unknown,
               .message = fmt::format("the loading time of {} is {}, not a timestamp", called, table->columns[0].type),
               .span = source.span,
               .help = fmt::format("cast it: `loaded_at_field: {}::timestamp`", details.loaded_at_field)});
}

std::string isoformat(Instant instant) {
  const auto day = std::chrono::floor<std::chrono::days>(instant);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss time{std::chrono::floor<microseconds>(instant - day)};
  std::string text = fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}", static_cast<int>(date.year()),
                                 static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                                 time.hours().count(), time.minutes().count(), time.seconds().count());
  if (time.subseconds().count() != 0) text += fmt::format(".{:06}", time.subseconds().count());
  return text + "+00:00";
}

Node freshness_entry(const project::Resource& source, Instant newest, Instant now, transform::Status status) {
  const project::Freshness& freshness = *source.source->freshness;
  Node criteria = Node::map();
  criteria.set("warn_after", threshold_node(freshness.warn_after));
  criteria.set("error_after", threshold_node(freshness.error_after));
  criteria.set("filter", freshness.filter.empty() ? Node() : Node::of(freshness.filter));
  Node entry = Node::map();
  entry.set("unique_id", Node::of(source.unique_id));
  entry.set("max_loaded_at", Node::of(isoformat(newest)));
  entry.set("snapshotted_at", Node::of(isoformat(now)));
  entry.set("max_loaded_at_time_ago_in_s", Node::of_real(std::chrono::duration<double>(now - newest).count()));
  entry.set("status", Node::of(std::string(transform::name_of(status))));
  entry.set("criteria", std::move(criteria));
  entry.set("adapter_response", Node::map());
  return entry;
}

}  // namespace rynd::quality

// Microbatch: see the header.
#include "microbatch.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdio>

#include "base/text.h"
#include "executor.h"
#include "project/error_kind.h"

namespace rynd::transform {

namespace {

using namespace std::chrono;
using project::Resource;

enum class Unit : uint8_t { hour, day, month, year };

std::optional<Unit> unit_of(std::string_view name) {
  if (name == "hour") return Unit::hour;
  if (name == "day") return Unit::day;
  if (name == "month") return Unit::month;
  if (name == "year") return Unit::year;
  return {};
}

Instant truncated(Instant instant, Unit unit) {
  if (unit == Unit::hour) return floor<hours>(instant);
  const auto day = floor<days>(instant);
  const year_month_day date{day};
  if (unit == Unit::month) return sys_days{date.year() / date.month() / 1};
  if (unit == Unit::year) return sys_days{date.year() / January / 1};
  return day;
}

// `instant` is the begin of a window.
Instant moved(Instant instant, Unit unit, int count) {
  if (unit == Unit::hour) return instant + hours{count};
  if (unit == Unit::day) return instant + days{count};
  const year_month_day date{floor<days>(instant)};
  return unit == Unit::month ? Instant{sys_days{(date.year() / date.month() + months{count}) / 1}}
                             : Instant{sys_days{(date.year() + years{count}) / January / 1}};
}

// "2024-05-01", with a time of day where there is one.
std::optional<Instant> instant_of(const std::string& text) {
  int year_number = 0, month_number = 0, day_number = 0, hour = 0, minute = 0, second = 0;
  const int read = std::sscanf(text.c_str(), "%4d-%2d-%2d%*1[T ]%2d:%2d:%2d", &year_number, &month_number, &day_number,
                               &hour, &minute, &second);
  if (read < 3) return {};
  const year_month_day date{year{year_number}, month(static_cast<unsigned>(month_number)),
                            day(static_cast<unsigned>(day_number))};
  if (!date.ok()) return {};
  return sys_days{date} + hours{hour} + minutes{minute} + seconds{second};
}

std::string batch_id(Instant start, Unit unit) {
  const auto time = floor<seconds>(start);
  switch (unit) {
    case Unit::hour:
      return fmt::format("{:%Y%m%dT%H}", time);
    case Unit::day:
      return fmt::format("{:%Y%m%d}", time);
    case Unit::month:
      return fmt::format("{:%Y%m}", time);
    case Unit::year:
      return fmt::format("{:%Y}", time);
  }
  return {};
}

std::unexpected<Diagnostics> wrong_setting(const Resource& resource, std::string message, std::string help) {
  return fail_all({{.code = Code::microbatch_wrong,
                    .message = fmt::format("the microbatch model '{}' {}", resource.name, message),
                    .span = resource.name_span,
                    .help = std::move(help)}});
}

std::optional<Instant> flag_time(const Node& flags, std::string_view name) {
  const Node* flag = flags.find(name);
  return flag && flag->is_string() ? instant_of(flag->text) : std::nullopt;
}

// The result of all windows, from those of each.
class Summary {
 public:
  explicit Summary(size_t count) : count_(count) {}
  void add(const Batch& batch, NodeResult result) {
    const bool went_well = result.status == Status::success;
    auto& list = went_well ? batches_.successful : batches_.failed;
    list.push_back({batch.start, batch.end});
    if (first_) {
      whole_ = std::move(result);
      first_ = false;
      return;
    }
    whole_.execution_time += result.execution_time;
    whole_.compiled_code = std::move(result.compiled_code);
    if (!whole_.timing.empty() && !result.timing.empty())
      whole_.timing.back().completed_at = result.timing.back().completed_at;
    whole_.diagnostics.insert(whole_.diagnostics.end(), std::make_move_iterator(result.diagnostics.begin()),
                              std::make_move_iterator(result.diagnostics.end()));
  }
  // The messages are dbt's.
  NodeResult take() {
    const size_t good = batches_.successful.size();
    if (batches_.failed.empty()) {
      whole_.status = Status::success;
      whole_.message = "SUCCESS";
    } else {
      whole_.status = good == 0 ? Status::error : Status::partial_success;
      whole_.message = good == 0 ? "ERROR" : fmt::format("PARTIAL SUCCESS ({}/{})", good, count_);
    }
    whole_.batch_results = std::move(batches_);
    whole_.adapter_response = Node::map();  // each window had its own
    whole_.failures = static_cast<int64_t>(whole_.batch_results->failed.size());
    return std::move(whole_);
  }
  void skip(const Batch& batch) { batches_.failed.push_back({batch.start, batch.end}); }

 private:
  size_t count_;
  bool first_ = true;
  NodeResult whole_;
  BatchResults batches_;
};

}  // namespace

bool is_microbatch(const Resource& resource) {
  return resource.type == project::ResourceType::model && resource.config.materialized() == "incremental" &&
         resource.config.text("incremental_strategy") == "microbatch";
}

std::string sql_text(Instant instant) { return fmt::format("{:%Y-%m-%d %H:%M:%S}+00:00", floor<seconds>(instant)); }

Checked<std::vector<Batch>> batches_of(const Resource& resource, const Node& flags, Instant now, bool from_begin,
                                       const std::optional<TimeWindow>& sample) {
  const auto unit = unit_of(resource.config.text("batch_size"));
  if (!unit) return wrong_setting(resource, "has no usable batch_size", "batch_size: hour, day, month or year");
  if (resource.config.text("event_time").empty())
    return wrong_setting(resource, "has no event_time", "event_time: the column that places a row in time");
  const auto begin = instant_of(resource.config.text("begin"));
  if (!begin)
    return wrong_setting(resource, "has no usable begin", "begin: '2024-01-01', where its first batch starts");

  const auto asked_end = sample ? sample->end : flag_time(flags, "EVENT_TIME_END");
  const auto asked_start = sample ? sample->start : flag_time(flags, "EVENT_TIME_START");
  const Instant until = asked_end.value_or(now);
  const bool on_boundary = truncated(until, *unit) == until;
  const Instant end = on_boundary ? until : moved(truncated(until, *unit), *unit, 1);
  Instant start = truncated(*begin, *unit);
  if (asked_start) {
    start = truncated(*asked_start, *unit);
  } else if (!from_begin) {
    const Node* lookback = resource.config.find("lookback");
    const int back = lookback && lookback->kind == Node::Kind::integer ? static_cast<int>(lookback->integer) : 1;
    start = moved(truncated(until, *unit), *unit, -(back + (on_boundary ? 1 : 0)));
    start = std::max(start, truncated(*begin, *unit));
  }
  std::vector<Batch> batches;
  for (Instant at = start; at < end; at = moved(at, *unit, 1))
    batches.push_back({batch_id(at, *unit), at, moved(at, *unit, 1)});
  return batches;
}

Checked<std::vector<Batch>> batches_again(const Resource& resource, const std::vector<TimeWindow>& windows) {
  const auto unit = unit_of(resource.config.text("batch_size"));
  if (!unit) return wrong_setting(resource, "has no usable batch_size", "batch_size: hour, day, month or year");
  std::vector<Batch> batches;
  for (const TimeWindow& window : windows) batches.push_back({batch_id(window.start, *unit), window.start, window.end});
  return batches;
}

NodeResult execute_batches(Runtime::Parts& parts, project::ResourceId id, engine::Connection& connection,
                           const ExecuteOptions& options) {
  const Resource& resource = parts.project.at(id);
  const auto again = parts.options.batches.find(id);
  const bool anew =
      wants_full_refresh(parts, resource) || !parts.cache.find(resource.database, resource.schema, resource.alias);
  const Instant now = parts.options.batches_now.value_or(parts.world.clock.now());
  const auto batches = again == parts.options.batches.end()
                           ? batches_of(resource, parts.project.flags, now, anew, parts.options.sample)
                           : batches_again(resource, again->second);
  if (!batches) {
    NodeResult result;
    result.unique_id = resource.unique_id;
    result.status = Status::error;
    result.message = project::error_text(batches.error().front(), resource);
    result.diagnostics = batches.error();
    return result;
  }
  Summary summary(batches->size());
  // With --full-refresh, only the first window builds the table anew; what is tried again never does.
  bool adds = again != parts.options.batches.end();
  bool skips = false;
  for (const Batch& batch : *batches) {
    if (skips) {
      summary.skip(batch);
      continue;
    }
    NodeResult result = execute_once(parts, resource, connection, options, &batch, adds);
    const bool went_well = result.status == Status::success;
    adds = adds || went_well;
    // As in dbt: where the first one fails, the others are not tried.
    skips = options.stop.stop_requested() || (!went_well && &batch == &batches->front());
    summary.add(batch, std::move(result));
  }
  return summary.take();
}

}  // namespace rynd::transform

// Checks: runs them one by one and remembers what each found.
#include <map>
#include <mutex>
#include <utility>
#include <vector>

#include "base/text.h"
#include "column_types.h"
#include "freshness.h"
#include "quality/quality.h"
#include "record.h"
#include "unit_test.h"

namespace rynd::quality {

namespace {

using project::Resource;
using project::ResourceId;
using transform::NodeResult;
using transform::Status;

// What every result says of its node and its time, from before the work to after it.
class Stopwatch {
 public:
  explicit Stopwatch(Clock& clock) : clock_(clock), began_(clock.steady()), started_at_(clock.now()) {}

  Instant started_at() const { return started_at_; }
  NodeResult result(const Resource& resource, ResourceId id, const transform::ExecuteOptions& options) const {
    NodeResult result;
    result.unique_id = resource.unique_id;
    result.id = id;
    result.thread_id = options.thread_id;
    return result;
  }
  // `executed_from` is when compiling ended; before the start: nothing was compiled.
  void finish(NodeResult& result, Instant executed_from) const {
    const Instant now = clock_.now();
    const Instant middle = executed_from > started_at_ ? executed_from : started_at_;
    result.timing = {{"compile", started_at_, middle}, {"execute", middle, now}};
    result.execution_time = std::chrono::duration<double>(clock_.steady() - began_).count();
  }

 private:
  Clock& clock_;
  std::chrono::steady_clock::time_point began_;
  Instant started_at_;
};

CheckRow row_of(const Resource& check, const NodeResult& result, Instant started_at, std::string kind) {
  return {.unique_id = check.unique_id,
          .kind = std::move(kind),
          .name = check.name,
          .status = std::string(transform::name_of(result.status)),
          .failures = result.failures,
          .message = result.message,
          .started_at = started_at,
          .duration_seconds = result.execution_time,
          .sql = result.compiled_code};
}

}  // namespace

struct Checks::Parts {
  Parts(const project::Project& the_project, transform::Runtime& the_runtime, World& the_world,
        CheckOptions the_options)
      : project(the_project),
        runtime(the_runtime),
        world(the_world),
        options(the_options),
        types(the_project, the_runtime) {}

  NodeResult data_test(ResourceId id, engine::Connection& connection, const transform::ExecuteOptions& execute);
  NodeResult unit_test(ResourceId id, engine::Connection& connection, const transform::ExecuteOptions& execute);
  std::string tested_id(ResourceId id) const { return id == project::no_resource ? "" : project.at(id).unique_id; }
  // A plain dbt project's warehouse holds what dbt would put there and nothing else.
  bool records() const {
    const Node* quality = project.rynd.all.find("quality");
    const Node* record = quality ? quality->find("record") : nullptr;
    return project.rynd.source != nullptr && !(record && record->kind == Node::Kind::boolean && !record->boolean);
  }
  void remember(CheckRow row) {
    if (!records()) return;
    const std::lock_guard lock(mutex);
    // A check whose transaction was undone runs again, and what it finds then counts.
    const auto [place, is_new] = place_of.emplace(row.unique_id, rows.size());
    if (is_new)
      rows.push_back(std::move(row));
    else
      rows[place->second] = std::move(row);
  }

  const project::Project& project;
  transform::Runtime& runtime;
  World& world;
  CheckOptions options;
  ColumnTypes types;
  std::mutex mutex;
  std::vector<CheckRow> rows;
  std::map<std::string, size_t> place_of;  // in rows, by unique id
};

NodeResult Checks::Parts::data_test(ResourceId id, engine::Connection& connection,
                                    const transform::ExecuteOptions& execute) {
  const Resource& test = project.at(id);
  const Instant started_at = world.clock.now();
  NodeResult result = runtime.execute(id, connection, execute);
  CheckRow row = row_of(test, result, started_at, "data_test");
  row.severity = lower(test.config.text("severity"));
  row.stored_in = result.relation_name;
  if (test.test) {
    row.column_name = test.test->column_name;
    row.tested_id = tested_id(test.test->attached);
  }
  const bool found_rows = result.status == Status::fail || result.status == Status::warn;
  if (found_rows && records() && !result.compiled_code.empty()) {
    row.sample_json = sample_of(result.compiled_code, options.sample_rows, connection);
  }
  remember(std::move(row));
  return result;
}

NodeResult Checks::Parts::unit_test(ResourceId id, engine::Connection& connection,
                                    const transform::ExecuteOptions& execute) {
  const Resource& test = project.at(id);
  const Stopwatch watch(world.clock);
  NodeResult result = watch.result(test, id, execute);
  UnitTestOutcome outcome =
      run_unit_test(id, {project, runtime, types, world.clock, connection, execute.stop, options.sample_rows});
  result.status = outcome.status;
  result.message = outcome.message;
  result.diagnostics = std::move(outcome.diagnostics);
  result.compiled = !outcome.sql.empty();
  result.compiled_code = std::move(outcome.sql);
  if (result.status != Status::error) result.failures = result.status == Status::fail ? 1 : 0;
  watch.finish(result, outcome.compiled_at);
  CheckRow row = row_of(test, result, watch.started_at(), "unit_test");
  row.severity = "error";
  row.tested_id = tested_id(test.unit_test->tested);
  row.sample_json = std::move(outcome.sample_json);
  remember(std::move(row));
  return result;
}

Checks::Checks(const project::Project& project, transform::Runtime& runtime, World& world, CheckOptions options)
    : parts_(std::make_unique<Parts>(project, runtime, world, options)) {}
Checks::~Checks() = default;

NodeResult Checks::run(ResourceId id, engine::Connection& connection, const transform::ExecuteOptions& options) {
  const bool is_unit = parts_->project.at(id).type == project::ResourceType::unit_test;
  return is_unit ? parts_->unit_test(id, connection, options) : parts_->data_test(id, connection, options);
}

FreshnessResult Checks::freshness(ResourceId id, engine::Connection& connection,
                                  const transform::ExecuteOptions& options) {
  const Resource& source = parts_->project.at(id);
  Clock& clock = parts_->world.clock;
  const Stopwatch watch(clock);
  FreshnessResult out{watch.result(source, id, options), Node::map()};
  const std::stop_callback interrupt(options.stop, [&] { connection.interrupt(); });
  const auto newest = newest_row(source, connection);
  const Instant now = clock.now();
  out.result.compiled_code = freshness_sql(source);
  out.result.status = newest ? judge_age(now - *newest, *source.source->freshness) : Status::runtime_error;
  watch.finish(out.result, Instant{});
  if (newest) {
    out.entry = freshness_entry(source, *newest, now, out.result.status);
    out.result.message = "newest row: " + isoformat(*newest);
  } else {
    out.result.message = newest.error().message;
    out.result.diagnostics = {newest.error()};
    out.entry.set("unique_id", Node::of(source.unique_id));
    out.entry.set("error", Node::of(out.result.message));
    out.entry.set("status", Node::of(std::string(transform::name_of(out.result.status))));
  }
  Node timing = Node::list();
  for (const transform::Timing& step : out.result.timing) {
    Node& item = timing.items.emplace_back(Node::map());
    item.set("name", Node::of(step.name));
    item.set("started_at", Node::of(iso8601(step.started_at)));
    item.set("completed_at", Node::of(iso8601(step.completed_at)));
  }
  if (newest) {
    out.entry.set("timing", std::move(timing));
    out.entry.set("thread_id", Node::of(out.result.thread_id));
    out.entry.set("execution_time", Node::of_real(out.result.execution_time));
  }
  CheckRow row = row_of(source, out.result, watch.started_at(), "source_freshness");
  row.tested_id = source.unique_id;
  row.column_name = source.source->loaded_at_field;
  parts_->remember(std::move(row));
  return out;
}

Result<void> Checks::record(std::string_view run_id, engine::Connection& connection) {
  std::vector<CheckRow> rows;
  {
    const std::lock_guard lock(parts_->mutex);
    rows.swap(parts_->rows);
    parts_->place_of.clear();
  }
  if (rows.empty()) return {};
  return record_rows(run_id, rows, connection);
}

Node sources_json(Node metadata, std::span<const FreshnessResult> results, double elapsed_time) {
  Node entries = Node::list();
  for (const FreshnessResult& result : results) entries.items.push_back(result.entry);
  Node root = Node::map();
  root.set("metadata", std::move(metadata));
  root.set("results", std::move(entries));
  root.set("elapsed_time", Node::of_real(elapsed_time));
  return root;
}

}  // namespace rynd::quality

// Loader: commits one part of a resource: its rows, the change of columns, and the bookkeeping, in one transaction.
#include "loader.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/hash.h"
#include "bookkeeping.h"
#include "environment.h"
#include "sql/quote.h"

namespace rynd::ingest {
namespace {

std::string target_name(const Source& source, const Resource& resource) {
  return sql::qualified("", source.schema, resource.name);
}

// A problem of the part, told at the resource where it has no place of its own.
Diagnostic placed(Diagnostic problem, const Resource& resource) {
  if (!problem.span || problem.span.source->name() == "<sql>") {
    problem.span = resource.span;
    problem.label.clear();
  }
  return problem;
}

}  // namespace

Loader::Loader(const Source& source, const Resource& resource, const Load& load, const std::filesystem::path& project,
               engine::Connection& connection, World& world, std::stop_token stop,
               const std::function<void(const LoadProgress&)>& progress)
    : source_(source),
      resource_(resource),
      load_(load),
      project_(project),
      connection_(connection),
      world_(world),
      stop_(std::move(stop)),
      progress_(progress),
      types_(connection) {
  report_.source = source.name;
  report_.resource = resource.name;
  report_.schema = source.schema;
}

LoadReport Loader::run() {
  if (stop_.stop_requested()) {
    report_.stopped = true;
    return std::move(report_);
  }
  std::stop_callback interrupt(stop_, [this] { connection_.interrupt(); });
  Result<void> ready = check_hints();
  if (ready) ready = make_bookkeeping(source_.schema, connection_);
  if (ready) {
    Sources one;
    one.all.push_back(source_);
    auto known = read_state(one, connection_);
    if (!known)
      ready = fail(known.error());
    else if (!load_.full_refresh)
      cursor_ = known->resources[source_.name + "." + resource_.name].cursor;
  }
  if (!ready && stop_.stop_requested()) {
    report_.stopped = true;
  } else if (!ready) {
    report_.problems.push_back(placed(ready.error(), resource_));
  } else if (load_.full_refresh) {
    if (auto done = run_together(); !done) report_.problems.push_back(placed(done.error(), resource_));
  } else {
    for (const auto& task : load_.partitions) {
      if (!handle(task, part(task, true))) break;
      ++done_;
    }
  }
  report_.requests = requests_;
  if (report_.stopped) report_.problems.push_back(stopped_diagnostic());
  (void)connection_.execute(
      "DROP TABLE IF EXISTS temp.main.rynd_stage; DROP TABLE IF EXISTS temp.main.rynd_bad; "
      "DROP TABLE IF EXISTS temp.main.rynd_rejects; DROP TABLE IF EXISTS temp.main.rynd_reject_scans");
  for (auto& problem : report_.problems) redact(problem, source_.secrets);
  return std::move(report_);
}

// All parts anew in one transaction, so that readers see the old rows until all new ones are there.
Result<void> Loader::run_together() {
  if (auto begun = connection_.begin(); !begun) return begun;
  Result<void> done = drop_table();
  if (done) done = forget(source_, resource_, connection_);
  for (const auto& task : load_.partitions) {
    if (!done) break;
    auto loaded = part(task, false);
    bool failed = !loaded;
    if (!failed) report_.partitions.push_back(*loaded);
    if (!failed) {
      report_.rows += loaded->rows;
      report_.quarantined += loaded->quarantined;
      ++done_;
      continue;
    }
    (void)connection_.rollback();
    report_.partitions.clear();
    report_.rows = report_.quarantined = 0;
    report_.load_id.clear();
    report_.schema_changes.clear();
    handle(task, std::move(loaded));
    return {};
  }
  if (done) done = connection_.commit();
  if (!done) (void)connection_.rollback();
  return done;
}

// Takes down how a part ended. False: the parts behind it are not worth a try.
bool Loader::handle(const PartitionTask& task, Result<PartitionReport> done) {
  if (done) {
    report_.rows += done->rows;
    report_.quarantined += done->quarantined;
    report_.partitions.push_back(*done);
    return true;
  }
  if (stop_.stop_requested()) {
    report_.stopped = true;
    return false;
  }
  Diagnostic problem = placed(done.error(), resource_);
  if (!task.partition.empty()) problem.notes.push_back("while loading the part '" + task.partition + "'");
  report_.partitions.push_back({.partition = task.partition, .status = PartitionStatus::failed});
  auto recorded = record_failure(task, PartitionStatus::failed, redact(problem.message, source_.secrets));
  if (!recorded) report_.problems.push_back(recorded.error());
  Code code = problem.code;
  report_.problems.push_back(std::move(problem));
  // Where a host cannot be reached, the next part would wait as long for the same answer.
  return code != Code::http_unreachable && code != Code::http_timeout && code != Code::http_bad_url;
}

Result<PartitionReport> Loader::part(const PartitionTask& task, bool own_transaction) {
  if (stop_.stop_requested()) return fail({.code = Code::ingest_stopped, .message = "the load was stopped"});
  size_t changes = report_.schema_changes.size();
  load_id_ = make_load_id(world_.clock, load_id_);
  targets_.clear();
  bad_.clear();
  has_bad_ = false;
  if (own_transaction) {
    if (auto begun = connection_.begin(); !begun) return fail(begun.error());
  }
  Part part = part_of(source_, resource_, task.partition, project_, world_);
  auto done = read_and_write(part);
  if (own_transaction && done) {
    if (auto committed = connection_.commit(); !committed) done = fail(committed.error());
  }
  if (own_transaction && !done) (void)connection_.rollback();
  if (!done) report_.schema_changes.resize(changes);
  if (done && done->status == PartitionStatus::loaded) report_.load_id = load_id_;
  return done;
}

Result<PartitionReport> Loader::read_and_write(const Part& part) {
  PartitionReport report{.partition = part.name};
  if (auto begun = begin_table(); !begun) return fail(begun.error());
  auto outcome = read(part);
  if (!outcome) return fail(outcome.error());
  if (!outcome->missing.empty()) {
    report.status = PartitionStatus::missing;
    if (resource_.on_missing != OnMissing::ignore) report_.problems.push_back(missing_diagnostic(outcome->missing));
    Record record{
        source_,
        resource_,
        {.partition = part.name, .status = report.status, .message = redact(outcome->missing, source_.secrets)},
        world_.clock.now()};
    if (auto written = write_partition(record, connection_); !written) return fail(written.error());
    return report;
  }
  auto step = check_cursor();
  if (step) step = decide();
  if (step) step = evolve_table();
  if (!step) return fail(step.error());
  auto bad = find_bad_rows();
  if (!bad) return fail(bad.error());
  if (auto located = locate_bad_rows(part); !located) return fail(located.error());
  if (auto settled = settle_bad_rows(part.name); !settled) return fail(settled.error());
  report.quarantined = static_cast<int64_t>(bad_.size());
  auto rows = write(part.name);
  if (!rows) return fail(rows.error());
  report.rows = *rows;
  step = move_cursor(*outcome);
  if (step) step = keep_book(part, report);
  if (!step) return fail(step.error());
  return report;
}

Result<Outcome> Loader::read(const Part& part) {
  std::optional<std::string> start;
  std::string parent_load_id;
  if (const Node* resources = cursor_.find("resources")) {
    if (const Node* mine = resources->find(resource_.name)) {
      const Node* parent = mine->find("parent_load_id");
      if (parent) parent_load_id = parent->text;
      const Node* incremental = mine->find("incremental");
      const Node* of_path = incremental && resource_.endpoint.incremental
                                ? incremental->find(resource_.endpoint.incremental->cursor_path)
                                : nullptr;
      const Node* last = of_path ? of_path->find("last_value") : nullptr;
      if (last && !last->is_null()) start = last->text;
    }
  }
  Job job{.source = source_,
          .resource = resource_,
          .part = part,
          .project = project_,
          .connection = connection_,
          .world = world_,
          .stop = stop_,
          .start = start,
          .parent_load_id = parent_load_id,
          .limit = load_.limit,
          .progress = [this](int64_t rows, int64_t requests) { report_progress(rows, requests); }};
  if (auto cleared = stage_->clear(); !cleared) return fail(cleared.error());
  auto outcome = source_.type == SourceType::files ? read_files(job, *stage_) : read_rest(job, *stage_);
  if (outcome) requests_ += outcome->requests;
  return outcome;
}

void Loader::report_progress(int64_t rows, int64_t requests) {
  if (!progress_) return;
  progress_({.partition = done_ < load_.partitions.size() ? load_.partitions[done_].partition : "",
             .partitions_done = done_,
             .partitions = load_.partitions.size(),
             .rows = report_.rows + rows,
             .requests = requests_ + requests});
}

Diagnostic Loader::stopped_diagnostic() const {
  const auto kept = std::ranges::count(report_.partitions, PartitionStatus::loaded, &PartitionReport::status);
  return {.code = Code::ingest_stopped,
          .message = fmt::format("the load of '{}.{}' was stopped; {}", source_.name, resource_.name,
                                 kept == 0 ? "nothing of it is kept"
                                           : fmt::format("{} of its {} parts are kept", kept, load_.partitions.size())),
          .help = "'rynd ingest' loads what is missing"};
}

Diagnostic Loader::missing_diagnostic(const std::string& why) const {
  bool fails = resource_.on_missing == OnMissing::fail;
  return {.severity = fails ? Severity::error : Severity::warning,
          .code = Code::ingest_missing,
          .message = why,
          .span = resource_.span,
          .help = fails ? "if it may come later, say 'on_missing: warn'" : ""};
}

Result<void> Loader::drop_table() {
  auto dropped = connection_.execute("DROP TABLE IF EXISTS " + target_name(source_, resource_));
  if (!dropped) return fail(dropped.error());
  return {};
}

Result<void> Loader::record_failure(const PartitionTask& task, PartitionStatus status, const std::string& message) {
  if (auto begun = connection_.begin(); !begun) return begun;
  Record record{
      source_, resource_, {.partition = task.partition, .status = status, .message = message}, world_.clock.now()};
  auto written = write_partition(record, connection_);
  if (written) written = connection_.commit();
  if (!written) (void)connection_.rollback();
  return written;
}

Result<void> Loader::keep_book(const Part& part, const PartitionReport& report) {
  std::string columns;
  for (const auto& target : targets_) columns += target.column.name + " " + target.column.type + "\n";
  Record record{source_,
                resource_,
                {.partition = part.name,
                 .status = PartitionStatus::loaded,
                 .rows = report.rows,
                 .quarantined = report.quarantined,
                 .fingerprint = load_.limit ? "limited" : part.fingerprint,
                 .load_id = load_id_},
                world_.clock.now()};
  auto written = write_partition(record, connection_);
  if (written) written = write_load(record, sha256(columns).substr(0, 32), connection_);
  if (written && !cursor_.is_null()) written = write_cursor(record, cursor_, connection_);
  if (!written || resource_.partition || part.name.empty()) return written;
  // The note that no file was there at all is out of date once there is one.
  std::array<engine::Value, 2> key{source_.name, resource_.name};
  auto removed = connection_.execute("DELETE FROM " + bookkeeping_table(source_, "_rynd_partitions") +
                                         " WHERE source = $1 AND resource = $2 AND \"partition\" = ''",
                                     key);
  if (!removed) return fail(removed.error());
  return {};
}

}  // namespace rynd::ingest

// Loader: commits one part of a resource: its rows, the change of columns, and the bookkeeping, in one transaction.
#pragma once

#include "connector.h"
#include "ingest/ingest.h"

namespace rynd::ingest {

class Loader {
 public:
  Loader(const Source& source, const Resource& resource, const Load& load, const std::filesystem::path& project,
         engine::Connection& connection, World& world, std::stop_token stop,
         const std::function<void(const LoadProgress&)>& progress);

  LoadReport run();

 private:
  // Begin, read, evolve, check, write, keep book, commit; rolled back on any error.
  Result<PartitionReport> part(const PartitionTask& task, bool own_transaction);
  Result<PartitionReport> read_and_write(const Part& part);
  Result<Outcome> read(const Part& part);
  Result<void> begin_table();
  Result<void> drop_table();
  Result<void> decide();
  Result<void> decide_column(const StageColumn& column);
  Result<void> check_hints();
  Result<void> evolve_table();
  Result<void> check_cursor();
  Result<int64_t> find_bad_rows();
  Result<void> locate_bad_rows(const Part& part);
  Result<void> settle_bad_rows(const std::string& partition);
  Result<int64_t> write(const std::string& partition);
  Result<int64_t> write_replace();
  std::string select_good(const std::string& partition) const;
  std::string cursor_filter() const;
  std::string without_known_rows(const std::string& table) const;
  Result<void> move_cursor(const Outcome& outcome);
  Result<void> keep_book(const Part& part, const PartitionReport& report);
  Result<void> record_failure(const PartitionTask& task, PartitionStatus status, const std::string& message);
  Result<void> run_together();
  bool handle(const PartitionTask& task, Result<PartitionReport> done);
  Diagnostic stopped_diagnostic() const;
  Diagnostic missing_diagnostic(const std::string& why) const;
  void report_progress(int64_t rows, int64_t requests);

  // A column as it will be in the table, and how its value comes from the stage.
  struct Target {
    Column column;
    std::string value;  // an expression over the stage; "NULL" where the part has no such column
    bool casts = false;
    bool is_new = false;
    std::string widened_from;
  };

  const Source& source_;
  const Resource& resource_;
  const Load& load_;
  const std::filesystem::path& project_;
  engine::Connection& connection_;
  World& world_;
  std::stop_token stop_;
  const std::function<void(const LoadProgress&)>& progress_;
  Types types_;
  std::unique_ptr<Stage> stage_;
  std::vector<Target> targets_;
  std::vector<BadRow> bad_;
  LoadReport report_;
  Node cursor_;
  std::string load_id_;
  bool table_exists_ = false, has_bad_ = false;
  size_t done_ = 0;
  int64_t requests_ = 0;
};

}  // namespace rynd::ingest

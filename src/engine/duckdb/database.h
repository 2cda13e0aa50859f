// Database: one DuckDB instance, opened with its settings, extensions and attached files.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "duckdb/handles.h"
#include "duckdb/lent_threads.h"
#include "engine/engine.h"

namespace rynd::engine::duck {

// The release whose header and library this was built and tested with.
inline constexpr std::string_view built_for = "v1.5.5";

class DuckDatabase final : public Database {
 public:
  static Result<std::unique_ptr<Database>> open(const Target& target);

  Result<std::unique_ptr<Connection>> connect() override;
  Result<void> checkpoint() override;
  const std::string& name() const override { return name_; }
  const std::string& version() const override { return version_; }
  const Capabilities& capabilities() const override { return capabilities_; }
  int threads() const override { return threads_; }

 private:
  explicit DuckDatabase(DatabaseHandle handle)
      : handle_(std::move(handle)), lent_threads_(std::make_unique<LentThreads>(handle_.get())) {}
  Result<void> prepare(Connection& connection, const Target& target);
  Result<void> lend_threads(Connection& connection, const Target& target);
  Result<void> load_extension(Connection& connection, const Target::Extension& extension) const;

  DatabaseHandle handle_;
  std::unique_ptr<LentThreads> lent_threads_;
  std::string name_;
  std::string version_;
  std::string session_sql_;  // run on each new connection
  Capabilities capabilities_;
  int threads_ = 1;
};

}  // namespace rynd::engine::duck

// Warehouse: the database that a project's profile names, opened.
#pragma once

#include <filesystem>
#include <memory>
#include <stop_token>
#include <thread>

#include "base/diagnostic.h"
#include "base/world.h"
#include "engine/engine.h"
#include "project/profile.h"

namespace rynd::run {

// What the profile says, in the engine's terms: path (relative to the project's folder), settings, extensions, secrets,
// attach.
engine::Target warehouse_target(const project::Profile& profile, const std::filesystem::path& project_dir);

// The database; errors point to the profile's target where it came from a file. Where another process holds the file,
// it is tried as often as `retries: {connect_attempts: n}` says, each time after twice the wait.
Result<std::unique_ptr<engine::Database>> open_warehouse(const project::Profile& profile,
                                                         const std::filesystem::path& project_dir, World& world,
                                                         std::stop_token stop = {});

// Moves what was committed into the database's file beside the caller's thread, who has other things to do: closing
// would take the time afterwards. It is over when this is gone; where it fails, closing tries again.
class Checkpoint {
 public:
  explicit Checkpoint(engine::Database& database);
  ~Checkpoint();
  Checkpoint(const Checkpoint&) = delete;
  Checkpoint& operator=(const Checkpoint&) = delete;

 private:
  std::thread thread_;
};

}  // namespace rynd::run

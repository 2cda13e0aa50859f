// Server: `rynd up`: pages, catalog and API over HTTP, from one process that holds the warehouse.
#pragma once

#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostic.h"
#include "base/world.h"
#include "engine/engine.h"
#include "project/project.h"

namespace rynd::server {

using ProjectPtr = std::shared_ptr<const project::Project>;

// Where a command that another process sent writes, as it goes.
struct CommandOutput {
  std::function<void(std::string_view)> out;
  std::function<void(std::string_view)> err;
};

struct Options {
  std::string host = "127.0.0.1";  // any but a loopback address: every request must carry the token
  int port = 7411;                 // 0: any free one
  // Reads the project again when its files changed; the server keeps the old one while it has errors.
  std::function<Checked<ProjectPtr>()> reload = {};
  // Runs a command line (what stands after `rynd`) in this process, on this server's warehouse; returns its exit code.
  // Calls come from several threads. Without it, POST /api/command is refused.
  std::function<int(const std::vector<std::string>& arguments, const CommandOutput&, std::stop_token)> command = {};
  // Called once, when it listens; `url` carries the token where one is needed.
  std::function<void(const std::string& url)> ready = {};
};

// Serves until `stop`, then answers what it has begun and returns. Writes .rynd/server.json (0600: pid, host, port,
// url, token) below the project's folder while it listens. Fails with RYND0730 or RYND0731 where it cannot listen.
Result<void> serve(ProjectPtr project, engine::Database& database, const Options& options, World& world,
                   std::stop_token stop);

}  // namespace rynd::server

// Folder: a folder's files over HTTP, read-only, as they are.
#pragma once

#include <filesystem>
#include <functional>
#include <stop_token>
#include <string>

#include "base/diagnostic.h"
#include "base/world.h"

namespace rynd::server {

// Serves until `stop`; "/" is index.html. Files outside the folder are not there. `ready` is called once it listens,
// with the port. Fails with RYND0730 or RYND0731 where it cannot listen.
Result<void> serve_folder(const std::filesystem::path& folder, const std::string& host, int port,
                          const std::function<void(int port)>& ready, World& world, std::stop_token stop);

}  // namespace rynd::server

// Ingest opening: what the commands that look at loads begin with: sources, warehouse, and which of them are meant.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>

#include "command.h"
#include "ingest/ingest.h"
#include "opening.h"

namespace rynd::cli {

struct OpenedSources {
  OpenedSources(const Invocation& invocation, Session& session);

  // Set where there is nothing to work with: what is wrong is reported, or a server did the command.
  std::optional<int> exit_code;
  std::filesystem::path dir;
  ingest::Sources sources;
  std::unique_ptr<Warehouse> warehouse;
  std::unique_ptr<engine::Connection> connection;
};

// The arguments as selectors, and --partition.
ingest::Selection ingest_selection(const Invocation& invocation);

}  // namespace rynd::cli

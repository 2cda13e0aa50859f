// Ingest opening: settings and ingest/*.yml are enough; the models are not read.
#include "ingest_opening.h"

#include "forward.h"

namespace rynd::cli {

OpenedSources::OpenedSources(const Invocation& invocation, Session& session)
    : exit_code(forward_to_server(invocation, session)) {
  if (exit_code) return;
  exit_code = exit_unable;
  const Checked<project::Opened> settings = open_settings(invocation, session);
  if (!settings) return;
  dir = invocation.text("project-dir", ".");
  Checked<ingest::Sources> read = ingest::read(dir, session.world);
  if (!read) {
    session.console.report(std::move(read.error()));
    return;
  }
  sources = std::move(*read);
  warehouse = std::make_unique<Warehouse>(settings->profile, dir, session);
  connection = connect(*warehouse, session);
  if (connection) exit_code.reset();
}

ingest::Selection ingest_selection(const Invocation& invocation) {
  ingest::Selection selection;
  selection.names = invocation.arguments;
  if (invocation.given("partition")) selection.partitions = invocation.text("partition");
  return selection;
}

}  // namespace rynd::cli

// Ingest: the verbs of the room: state, prepare, load, reset.
#include "ingest/ingest.h"

#include <fmt/format.h>

#include <set>

#include "base/suggest.h"
#include "bookkeeping.h"
#include "loader.h"
#include "sql/quote.h"

namespace rynd::ingest {

Result<State> state(const Sources& sources, engine::Connection& connection) { return read_state(sources, connection); }

Result<void> prepare(const Sources& sources, engine::Connection& connection) {
  std::set<std::string> schemas;
  for (const auto& source : sources.all) schemas.insert(source.schema);
  for (const auto& schema : schemas) {
    if (auto made = make_bookkeeping(schema, connection); !made) return made;
  }
  return {};
}

LoadReport load(const Sources& sources, const Load& load, const std::filesystem::path& project,
                engine::Connection& connection, World& world, std::stop_token stop,
                const std::function<void(const LoadProgress&)>& progress) {
  const Source& source = sources.all[load.source];
  return Loader(source, source.resources[load.resource], load, project, connection, world, std::move(stop), progress)
      .run();
}

Result<void> reset(const Sources& sources, std::string_view name, engine::Connection& connection) {
  std::vector<std::pair<const Source*, const Resource*>> chosen;
  std::vector<std::string> known;
  for (const auto& source : sources.all) {
    known.push_back(source.name);
    for (const auto& resource : source.resources) {
      known.push_back(source.name + "." + resource.name);
      if (name == source.name || name == known.back()) chosen.emplace_back(&source, &resource);
    }
  }
  if (chosen.empty()) {
    return fail({.code = Code::ingest_unknown_name,
                 .message = "there is no source or resource '" + std::string(name) + "'",
                 .label = did_you_mean(name, known)});
  }
  if (auto ready = prepare(sources, connection); !ready) return ready;
  if (auto begun = connection.begin(); !begun) return begun;
  Result<void> done;
  for (const auto& [source, resource] : chosen) {
    auto dropped = connection.execute("DROP TABLE IF EXISTS " + sql::qualified("", source->schema, resource->name));
    if (!dropped) done = fail(dropped.error());
    std::array<engine::Value, 2> key{source->name, resource->name};
    if (done) {
      auto removed = connection.execute(
          "DELETE FROM " + bookkeeping_table(*source, "_rynd_quarantine") + " WHERE source = $1 AND resource = $2",
          key);
      if (!removed) done = fail(removed.error());
    }
    if (done) done = forget(*source, *resource, connection);
    if (!done) break;
  }
  if (done) done = connection.commit();
  if (!done) (void)connection.rollback();
  return done;
}

}  // namespace rynd::ingest

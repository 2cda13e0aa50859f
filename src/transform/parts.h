// Parts: what all nodes of a Runtime share.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>

#include "project/context.h"
#include "relation_cache.h"
#include "transform.h"

namespace rynd::transform {

struct Ephemeral;

struct Runtime::Parts {
  Parts(const project::Project& given, engine::Database& database_given, World& world_given,
        RuntimeOptions options_given)
      : project(given),
        database(database_given),
        world(world_given),
        options(std::move(options_given)),
        globals(given, world_given, options.output) {}

  const project::Project& project;
  engine::Database& database;
  World& world;
  RuntimeOptions options;
  project::Globals globals;
  RelationCache cache;

  // Ephemeral models, compiled once for all of their children.
  std::mutex ephemeral_mutex;
  std::map<project::ResourceId, std::shared_ptr<const Ephemeral>> ephemeral;

  // The template's `graph`, made at its first use. Templates may change it and see what others changed, so who asked for
  // it holds the lock: Session::lock().
  std::recursive_mutex graph_lock;
  std::once_flag graph_made;
  jinja::Value graph;

  // Whether nodes run in transactions: unless the profile says disable_transactions.
  bool transactions() const { return project.profile.transactions; }

  // Of a shadow in which nodes are only bound: see static_analysis.
  bool binds_only = false;
  // Where nodes will fail, as static analysis found before anything ran.
  std::map<project::ResourceId, Span> known;

  // Held by the model that changes tables which foreign keys tie together.
  std::mutex foreign_keys;

  std::mutex warned_mutex;
  std::set<std::string> warned;  // what warn_once() said
};

// Whether a model is built anew though its table is there: its own full_refresh, else --full-refresh.
bool wants_full_refresh(const Runtime::Parts& parts, const project::Resource& resource);

}  // namespace rynd::transform

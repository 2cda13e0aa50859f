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

  // The template's `graph`, made at its first use; nobody changes it.
  std::once_flag graph_made;
  jinja::Value graph;

  std::mutex warned_mutex;
  std::set<std::string> warned;  // what warn_once() said
};

}  // namespace rynd::transform

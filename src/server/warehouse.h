// Warehouse: reads for the server's clients: pooled connections, read-only, cancellable, answers kept while nothing
// changed.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostic.h"
#include "base/world.h"
#include "engine/engine.h"
#include "project/project.h"

namespace rynd::server {

// One bound parameter: a text, or NULL.
using Parameter = std::optional<std::string>;

struct Answer {
  engine::Table table;
  bool truncated = false;   // the query has more rows than were asked for
  double milliseconds = 0;  // when it was run
};
using AnswerPtr = std::shared_ptr<const Answer>;

// Any number of threads may call it.
class Warehouse {
 public:
  // The warehouse of a project: its file, and its target's schema before those of its relations.
  Warehouse(engine::Database& database, World& world, const project::Project& project);
  // `file` is the database's, "" for one in memory, whose answers are never kept. `schemas`: where bare names of tables
  // are looked up, in this order; those that do not exist yet are left out.
  Warehouse(engine::Database& database, World& world, std::filesystem::path file, std::vector<std::string> schemas);

  // At most `limit` rows of a single query. A statement that writes is refused (RYND0720); `gone` interrupts it.
  Result<AnswerPtr> ask(const std::string& sql, const std::vector<Parameter>& parameters, size_t limit,
                        std::stop_token gone);
  // All its rows in chunks, none kept; ends early where `take` returns false.
  Result<void> read(const std::string& sql, const std::vector<Parameter>& parameters, std::stop_token gone,
                    const std::function<bool(const engine::Rows&)>& take);
  // Changes when a transaction was committed to the file, by whomever.
  uint64_t generation();
  engine::Database& database() { return database_; }

 private:
  struct Pooled {
    std::unique_ptr<engine::Connection> connection;
    uint64_t generation = 0;  // when its search path was set
  };
  struct Kept {
    std::string key;
    uint64_t generation;
    AnswerPtr answer;
    size_t cells;
  };
  Result<Pooled> take_connection();
  void give_back(Pooled pooled);
  AnswerPtr find_kept(const std::string& key, uint64_t generation);
  void keep(const std::string& key, uint64_t generation, const AnswerPtr& answer);

  engine::Database& database_;
  World& world_;
  std::filesystem::path file_;
  std::vector<std::string> schemas_;
  std::mutex mutex_;  // of what follows
  std::vector<Pooled> idle_;
  std::list<Kept> kept_;  // the one used last at the front
  size_t kept_cells_ = 0;
};

// RYND0720 where the text is not one statement that only reads. What it lets through still runs in a read-only
// transaction.
Result<void> check_reads_only(std::string_view sql);

}  // namespace rynd::server

// Profile: which warehouse, from profiles.yml as dbt looks for it, or the embedded DuckDB at ./warehouse.duckdb.
#pragma once

#include <string>
#include <vector>

#include "base/node.h"
#include "base/source.h"

namespace rynd::project {

struct Profile {
  std::string name;         // the profile's
  std::string target_name;  // "dev"
  std::string type = "duckdb";
  std::string path = "warehouse.duckdb";  // type duckdb: as written, relative to the working directory; ":memory:" too
  std::string database = "warehouse";     // the file's stem unless given
  std::string schema = "main";
  int threads = 1;
  // How often what fails for a passing reason is tried, all in all (dbt-duckdb's `retries`).
  struct Retries {
    int connect_attempts = 1;                               // opening the file
    int query_attempts = 1;                                 // building a node
    std::vector<std::string> exceptions = {"IOException"};  // by the names of DuckDB's Python client
  };
  Retries retries = {};
  bool transactions = true;  // false: disable_transactions
  // The whole target, rendered: settings, extensions, attach, secrets, ... Secret values are in here; never print it.
  Node credentials = Node::map();
  // What templates see as `target`: no secrets.
  Node target = Node::map();
  bool from_file = false;  // false: no profile was found, so the embedded default
  std::string file;        // where it was read, as printed
  Span span;               // the target's entry
};

}  // namespace rynd::project

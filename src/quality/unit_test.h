// Unit test: a model's SQL over given rows, compared with the rows it should give.
#pragma once

#include <string>

#include "column_types.h"
#include "engine/engine.h"
#include "project/project.h"
#include "transform/transform.h"

namespace rynd::quality {

struct UnitTestOutcome {
  transform::Status status = transform::Status::pass;  // pass, fail or error
  std::string message;                                 // the drawn difference, or the first error's text
  std::string sql;                                     // what was run: actual and expected rows, one under the other
  std::string sample_json;                             // the rows that differ, "" without
  Instant compiled_at;                                 // when compiling ended and running began
  Diagnostics diagnostics;
};

// Everything one unit test needs.
struct UnitTestRun {
  const project::Project& project;
  transform::Runtime& runtime;
  ColumnTypes& types;
  Clock& clock;
  engine::Connection& connection;
  std::stop_token stop;
  size_t sample_rows;
};

UnitTestOutcome run_unit_test(project::ResourceId id, const UnitTestRun& run);

// What `input:` of a given entry names; `this` is the tested model itself. Fails with fixture_input.
struct UnitInput {
  bool is_this = false;
  project::ResourceId id = project::no_resource;
};
Result<UnitInput> read_input(const std::string& text, const project::Project& project, const std::string& package);

}  // namespace rynd::quality

// Settings: what dbt_project.yml and rynd.yml say of a package as a whole.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "base/node.h"
#include "base/source.h"

namespace rynd::project {

// One on-run-start or on-run-end entry; not rendered.
struct RunHook {
  std::string sql;
  Span span;
};

// `dispatch:` of dbt_project.yml.
struct DispatchRule {
  std::string macro_namespace;
  std::vector<std::string> search_order;
};

// dbt_project.yml, paths as written or dbt's defaults.
struct Settings {
  std::string name;
  std::string version;
  std::string profile;  // "" without
  Node require_dbt_version = {};
  std::vector<std::string> model_paths{"models"};
  std::vector<std::string> seed_paths{"seeds"};
  std::vector<std::string> snapshot_paths{"snapshots"};
  std::vector<std::string> test_paths{"tests"};
  std::vector<std::string> analysis_paths{"analyses"};
  std::vector<std::string> macro_paths{"macros"};
  std::vector<std::string> function_paths{"functions"};
  std::vector<std::string> docs_paths;  // empty: all of the above
  std::vector<std::string> asset_paths;
  std::string target_path = "target";
  std::string log_path = "logs";
  std::vector<std::string> clean_targets{"target"};
  std::string packages_install_path = "dbt_packages";
  Node quoting = Node::map();  // {database, schema, identifier}: only what was given
  std::vector<RunHook> on_run_start;
  std::vector<RunHook> on_run_end;
  std::vector<DispatchRule> dispatch;
  Node vars = Node::map();
  Node query_comment = {};
  Node flags = Node::map();
  bool restrict_access = false;
  // models:, seeds:, ... as written, by section name ("models", "data_tests", ...).
  Node sections = Node::map();
  SourcePtr source;  // null where there is no dbt_project.yml
};

// rynd.yml.
struct RyndSettings {
  std::string ingest_path = "ingest";
  std::string pages_path = "pages";
  std::string publish = "at_once";  // or "after_tests"
  bool ingest_stale_before_build = false;
  Node all = Node::map();  // the whole file: schedules, notifications, server, ... belong to the rooms that read them
  SourcePtr source;        // null where there is none
};

}  // namespace rynd::project

// All: the spec of each command, one function a command of this folder; commands.cpp puts them in one table.
#pragma once

#include "command.h"

namespace rynd::cli {

Command build_command();
Command check_command();
Command clean_command();
Command clone_command();
Command compile_command();
Command debug_command();
Command deps_command();
Command docs_generate_command();
Command docs_serve_command();
Command doctor_command();
Command help_command();
Command ingest_command();
Command ingest_inspect_command();
Command ingest_quarantine_drop_command();
Command ingest_quarantine_list_command();
Command ingest_quarantine_replay_command();
Command ingest_quarantine_show_command();
Command ingest_reset_command();
Command ingest_status_command();
Command init_command();
Command lineage_command();
Command ls_command();
Command pages_validate_command();
Command parse_command();
Command query_command();
Command retry_command();
Command run_command();
Command run_operation_command();
Command runs_list_command();
Command runs_logs_command();
Command runs_show_command();
Command seed_command();
Command show_command();
Command snapshot_command();
Command source_freshness_command();
Command test_command();
Command up_command();

}  // namespace rynd::cli

// Flags: the options that several commands share; dbt's names, letters and environment variables where dbt has them.
#include "flag.h"

namespace rynd::cli {
namespace {

using enum FlagKind;

// {name, kind, help, letters, value, choices, aliases, environment}
constexpr Flag everywhere[] = {
    {"output", value, "how answers are printed", {}, "FORMAT", "text json"},
    {"quiet", toggle, "print only answers and errors", "q", {}, {}, {}, true},
    {"use-colors", toggle, "colours; --no-color and NO_COLOR turn them off", {}, {}, {}, "color", true},
    {"log-format",
     value,
     "how progress is printed; json: dbt's structured events",
     {},
     "FORMAT",
     "text debug json default",
     {},
     true},
    {"log-level", value, "least level of what is printed", {}, "LEVEL", "debug info warn error none", {}, true},
    {"log-path", value, "folder of dbt.log", {}, "PATH", {}, {}, true},
    {"log-level-file",
     value,
     "least level of what is written to dbt.log",
     {},
     "LEVEL",
     "debug info warn error none",
     {},
     true},
    {"log-format-file", value, "", {}, "FORMAT", "text debug json default", {}, true},
    {"log-file-max-bytes", number, "", {}, "N", {}, {}, true},
    {"log-cache-events", toggle, "", {}, {}, {}, {}, true},
    {"debug", toggle, "say more: the SQL sent, and times", "d", {}, {}, {}, true},
    {"print", toggle, "", {}, {}, {}, {}, true},
    {"printer-width", number, "width of progress lines", {}, "N", {}, {}, true},
    {"use-colors-file", toggle, "", {}, {}, {}, {}, true},
    {"version-check", toggle, "", {}, {}, {}, {}, true},
    {"record-timing-info", value, "", "r", "PATH", {}, {}, true},
    {"send-anonymous-usage-stats", toggle, "", {}, {}, {}, "anonymous-usage-stats", true},
    {"help", toggle, "this help", "h"},
};

constexpr Flag project[] = {
    {"project-dir", value, "folder of dbt_project.yml or rynd.yml", {}, "PATH", {}, {}, true},
    {"profiles-dir", value, "folder of profiles.yml", {}, "PATH", {}, {}, true},
    {"profile", value, "profile to use, instead of the project's", {}, "NAME", {}, {}, true},
    {"target", value, "target of the profile", "t", "NAME", {}, {}, true},
    {"vars", value, "variables, as a YAML mapping", {}, "YAML"},
    {"threads", number, "how many tasks run at once", {}, "N", {}, {}, true},
    {"target-path", value, "folder for artifacts and compiled SQL", {}, "PATH", {}, {}, true},
    {"single-threaded", toggle, "", {}, {}, {}, {}, true},
    {"warn-error", toggle, "treat every warning as an error", {}, {}, {}, {}, true},
    {"warn-error-options", value, "which warnings are errors: {error: all, silence: [...]}", {}, "YAML", {}, {}, true},
    {"write-json", toggle, "write the artifacts (the default)", {}, {}, {}, {}, true},
    {"introspect", toggle, "", {}, {}, {}, {}, true},
    {"partial-parse", toggle, "", {}, {}, {}, {}, true},
    {"partial-parse-file-diff", toggle, "", {}, {}, {}, {}, true},
    {"partial-parse-file-path", value, "", {}, "PATH", {}, {}, true},
    {"static-parser", toggle, "", {}, {}, {}, {}, true},
    {"use-experimental-parser", toggle, "", {}, {}, {}, {}, true},
    {"use-v2-parser", toggle, "", {}, {}, {}, {}, true},
    {"use-fast-test-edges", toggle, "", {}, {}, {}, {}, true},
    {"cache-selected-only", toggle, "", {}, {}, {}, {}, true},
    {"populate-cache", toggle, "", {}, {}, {}, {}, true},
    {"macro-debugging", toggle, "", {}, {}, {}, {}, true},
    {"maximum-seed-size-mib", number, "", {}, "N", {}, {}, true},
    {"hints-enabled", toggle, "", {}, {}, {}, {}, true},
    {"show-all-deprecations", toggle, "", {}, {}, {}, {}, true},
    {"upload-to-artifacts-ingest-api", toggle, "", {}, {}, {}, {}, true},
    {"event-buffer-size", number, "", {}, "N", {}, {}, true},
    {"fail-fast", toggle, "stop at the first failure", "x", {}, {}, {}, true},
};

constexpr Flag selection[] = {
    {"select",
     list,
     "nodes to take: names, paths, tag:x, +upstream, downstream+, a,b for both",
     "sm",
     "SELECTOR",
     {},
     "models model"},
    {"exclude", list, "nodes to leave out", {}, "SELECTOR"},
    {"selector", value, "a selector of selectors.yml", {}, "NAME"},
    {"resource-type", list, "only these types", {}, "TYPE", {}, "resource-types", true},
    {"exclude-resource-type", list, "all but these types", {}, "TYPE", {}, "exclude-resource-types", true},
    {"indirect-selection",
     value,
     "which tests come along with the selected nodes",
     {},
     "MODE",
     "eager cautious buildable empty",
     {},
     true},
    {"state", value, "artifacts to compare with (state:, result:, source_status:)", {}, "PATH", {}, {}, true},
    {"defer-state", value, "", {}, "PATH", {}, {}, true},
    {"defer", toggle, "read nodes that are not selected from the state's relations", {}, {}, {}, {}, true},
    {"favor-state", toggle, "prefer the state's relations even where ours exist", {}, {}, {}, {}, true},
};

constexpr Flag build[] = {
    {"full-refresh", toggle, "rebuild incremental models and seeds from nothing", "f", {}, {}, {}, true},
    {"empty", toggle, "read no rows: build the shape only", {}, {}, {}, {}, true},
    {"store-failures", toggle, "keep the rows that fail a test in a table", {}, {}, {}, {}, true},
    {"dry-run", toggle, "print the plan, and do nothing"},
    {"event-time-start", value, "", {}, "TIME", {}, {}, true},
    {"event-time-end", value, "", {}, "TIME", {}, {}, true},
    {"sample", value, "", {}, "WINDOW", {}, {}, true},
    {"export-saved-queries", toggle, "", {}, {}, {}, {}, true},
    {"include-saved-query", toggle, "", {}, {}, {}, {}, true},
    {"show", toggle, "print the first rows of what was seeded"},
};

}  // namespace

std::span<const Flag> everywhere_flags() { return everywhere; }
std::span<const Flag> project_flags() { return project; }
std::span<const Flag> selection_flags() { return selection; }
std::span<const Flag> build_flags() { return build; }

}  // namespace rynd::cli

// Flags: the options that several commands share; dbt's names, letters, defaults and environment variables where dbt
// has them.
#include <algorithm>
#include <array>

#include "flag.h"

namespace rynd::cli {
namespace {

using enum FlagKind;

constexpr std::string_view formats = "text debug json default";
constexpr std::string_view levels = "debug info warn error none";
// {name, kind, help, letters, value, choices, aliases, environment, fallback}
constexpr Flag everywhere[] = {
    {.name = "output",
     .kind = value,
     .help = "how answers are printed",
     .value = "FORMAT",
     .choices = "text json",
     .ours = true},
    {"quiet", toggle, "print only answers and errors", "q", {}, {}, {}, true},
    {"use-colors", toggle, "colours; --no-color and NO_COLOR turn them off", {}, {}, {}, "color", true, "true"},
    {"log-format",
     value,
     "how progress is printed; json: dbt's structured events",
     {},
     "FORMAT",
     formats,
     {},
     true,
     "default"},
    {"log-level", value, "least level of what is printed", {}, "LEVEL", levels, {}, true, "info"},
    {"log-path", value, "folder of dbt.log", {}, "PATH", {}, {}, true},
    {"log-level-file", value, "least level of what is written to dbt.log", {}, "LEVEL", levels, {}, true, "debug"},
    {"log-format-file", value, "", {}, "FORMAT", formats, {}, true, "debug"},
    {"log-file-max-bytes", number, "", {}, "N", {}, {}, true, "10485760"},
    {"log-cache-events", toggle, "", {}, {}, {}, {}, true},
    {"debug", toggle, "say more: the SQL sent, and times", "d", {}, {}, {}, true},
    {"print", toggle, "", {}, {}, {}, {}, true, "true", "DBT_NO_PRINT"},
    {"printer-width", number, "width of progress lines", {}, "N", {}, {}, true, "80"},
    {"use-colors-file", toggle, "", {}, {}, {}, {}, true, "true"},
    {"version-check", toggle, "", {}, {}, {}, {}, true, "true"},
    {"record-timing-info", value, "", "r", "PATH"},
    {"send-anonymous-usage-stats", toggle, "", {}, {}, {}, "anonymous-usage-stats", true},
    {.name = "version", .letters = "vV", .ours = true},
    {.name = "help", .help = "this help", .letters = "h", .ours = true},
};

constexpr Flag project[] = {
    {"project-dir", value, "folder of dbt_project.yml or rynd.yml", {}, "PATH", {}, {}, true},
    {"profiles-dir", value, "folder of profiles.yml", {}, "PATH", {}, {}, true},
    {"profile", value, "profile to use, instead of the project's", {}, "NAME", {}, {}, true},
    {"target", value, "target of the profile", "t", "NAME", {}, {}, true},
    {"vars", value, "variables, as a YAML mapping", {}, "YAML", {}, {}, true},
    {"threads", number, "how many tasks run at once", {}, "N"},
    {"fail-fast", toggle, "stop at the first failure", "x", {}, {}, {}, true},
    {"static-analysis",
     value,
     "look for columns that no table has before anything runs; strict: then run nothing",
     {},
     "MODE",
     "off baseline strict",
     {},
     true,
     "baseline"},
    {"target-path", value, "folder for artifacts and compiled SQL", {}, "PATH", {}, {}, true},
    {"warn-error", toggle, "treat every warning as an error", {}, {}, {}, {}, true},
    {"warn-error-options",
     value,
     "which warnings are errors: {error: all, warn: [...], silence: [...]}",
     {},
     "YAML",
     {},
     {},
     true},
};

// What dbt takes everywhere, and what rynd has no use for but accepts.
constexpr Flag dbt[] = {
    {"indirect-selection",
     value,
     "which tests come along with the selected nodes",
     {},
     "MODE",
     "eager cautious buildable empty",
     {},
     true,
     "eager"},
    {"state",
     value,
     "folder of artifacts to compare with and to defer to",
     {},
     "PATH",
     {},
     {},
     true,
     {},
     "DBT_ARTIFACT_STATE_PATH"},
    {"defer-state", value, "folder of the manifest to defer to, instead of --state", {}, "PATH", {}, {}, true},
    {"defer",
     toggle,
     "read nodes that are not selected from the state's relations",
     {},
     {},
     {},
     {},
     true,
     {},
     "DBT_DEFER_TO_STATE"},
    {"favor-state",
     toggle,
     "prefer the state's relations even where ours exist",
     {},
     {},
     {},
     "deprecated-favor-state",
     true,
     {},
     "DBT_FAVOR_STATE_MODE"},
    {"write-json", toggle, "write the artifacts (the default)", {}, {}, {}, {}, true, "true"},
    {"introspect", toggle, "", {}, {}, {}, {}, true, "true"},
    {"single-threaded", toggle, "", {}, {}, {}, {}, true},
    {"partial-parse",
     toggle,
     "take from target/ what has not changed since (the default)",
     {},
     {},
     {},
     {},
     true,
     "true"},
    {"partial-parse-file-diff", toggle, "", {}, {}, {}, {}, true, "true"},
    {"partial-parse-file-path", value, "where that is kept", {}, "PATH", {}, {}, true},
    {"static-parser", toggle, "", {}, {}, {}, {}, true, "true"},
    {"use-experimental-parser", toggle, "", {}, {}, {}, {}, true},
    {"use-v2-parser", toggle, "", {}, {}, {}, {}, true},
    {"v2-parser", value, "", {}, "COMMAND", {}, {}, true},
    {"use-fast-test-edges", toggle, "", {}, {}, {}, {}, true},
    {"cache-selected-only", toggle, "", {}, {}, {}, {}, true},
    {"populate-cache", toggle, "", {}, {}, {}, {}, true, "true"},
    {"macro-debugging", toggle, "", {}, {}, {}, {}, true},
    {"maximum-seed-size-mib", number, "", {}, "N", {}, {}, true, "1"},
    {"hints-enabled", toggle, "", {}, {}, {}, {}, true, "true"},
    {"show-all-deprecations", toggle, ""},
    {"show-resource-report", toggle, "", {}, {}, {}, {}, true},
    {"snowflake-projects-otel", toggle, "", {}, {}, {}, {}, true},
    {"sqlparse", value, "", {}, "YAML", {}, {}, true},
    {"upload-to-artifacts-ingest-api", toggle, "", {}, {}, {}, {}, true},
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
};

constexpr Flag selection_of_types[] = {
    {"resource-types", list, "only these types", {}, "TYPE", {}, "resource-type", true},
    {"exclude-resource-types", list, "all but these types", {}, "TYPE", {}, "exclude-resource-type", true},
};

constexpr Flag building[] = {
    {.name = "dry-run", .help = "print the plan, and do nothing", .ours = true},
};
constexpr Flag refreshing[] = {
    {"full-refresh", toggle, "rebuild incremental models and seeds from nothing", "f", {}, {}, {}, true},
};
constexpr Flag emptying[] = {
    {"empty", toggle, "read no rows: build the shape only", {}, {}, {}, {}, true},
};
constexpr Flag cutting_time[] = {
    {"event-time-start", time, "first moment that microbatch models are built for", {}, "TIME", {}, {}, true},
    {"event-time-end", time, "the moment at which they stop, not included", {}, "TIME", {}, {}, true},
    {"sample", value, "read only the newest rows: '3 days', or {start: TIME, end: TIME}", {}, "WINDOW", {}, {}, true},
};
constexpr Flag storing[] = {
    {"store-failures", toggle, "keep the rows that fail a test in a table", {}, {}, {}, {}, true},
};
constexpr Flag showing_rows[] = {
    {"show", toggle, "print the first rows of what was seeded"},
};

struct Group {
  unsigned bit;
  std::span<const Flag> flags;
};
constexpr std::array<Group, 10> groups{{{selects, selection},
                                        {selects_types, selection_of_types},
                                        {builds, building},
                                        {refreshes, refreshing},
                                        {empties, emptying},
                                        {cuts_time, cutting_time},
                                        {stores, storing},
                                        {shows_rows, showing_rows},
                                        {reads_project, project},
                                        {follows_dbt, dbt}}};

}  // namespace

std::span<const Flag> everywhere_flags() { return everywhere; }

std::vector<const Flag*> shared_flags(unsigned wanted) {
  std::vector<const Flag*> flags;
  const auto add = [&](std::span<const Flag> group) {
    for (const Flag& flag : group) flags.push_back(&flag);
  };
  for (const Group& group : groups)
    if (wanted & group.bit) add(group.flags);
  add(everywhere);
  return flags;
}

}  // namespace rynd::cli

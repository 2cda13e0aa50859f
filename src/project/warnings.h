// Warnings: which of dbt's warnings are errors or not told at all, by --warn-error and --warn-error-options.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/diagnostic.h"
#include "base/node.h"

namespace rynd::project {

// dbt's name and code of an event: what --warn-error-options and readers of its log know a warning by.
struct EventName {
  std::string_view name;
  std::string_view code;
};
// Of a warning that rynd gives.
EventName warning_event(Code code);

enum class Verdict : unsigned char { warn, error, silence };

// By the flags WARN_ERROR and WARN_ERROR_OPTIONS: a name wins over "Deprecations", that over "all"; silence over warn,
// that over error.
Verdict judge_warning(const Node& flags, const EventName& event);

// Warnings by their verdicts: those to be told, errors among them.
Diagnostics judge_warnings(const Node& flags, Diagnostics warnings);

// What is wrong with a WARN_ERROR_OPTIONS: names that dbt does not have, `warn` without an `error` that it takes from.
std::optional<Diagnostic> check_warning_options(const Node& options);

}  // namespace rynd::project

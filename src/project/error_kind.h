// ErrorKind: dbt's words for an error, which tools that read its results and output look for.
#pragma once

#include <string>
#include <string_view>

#include "base/diagnostic.h"
#include "project/resource.h"

namespace rynd::project {

// "Parsing Error": a file says something wrong; "Compilation Error": a template, or what it refers to; "Runtime Error":
// everything else, the warehouse's errors too, as dbt-duckdb has them.
std::string_view error_kind(Code code);

// The message of a failed node in dbt's form: "Compilation Error in model orders (models/orders.sql)\n  the message".
std::string error_text(const Diagnostic& error, const Resource& resource);

}  // namespace rynd::project

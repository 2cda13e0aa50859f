// TestOutcome: see the header.
#include "test_outcome.h"

#include <fmt/format.h>

#include "base/text.h"
#include "project/warnings.h"

namespace rynd::transform {

namespace {

std::string text_or(const std::string& text, std::string fallback) { return text.empty() ? std::move(fallback) : text; }

// Python's truth of what should_warn and should_error give: a boolean, or a text such as "false".
bool is_true(const jinja::Value& value) {
  return value.is_string() ? iequals(value.as_string(), "true") : value.truth();
}

int64_t count_of(const jinja::Value& value) {
  if (value.is_int() || value.is_bool()) return value.as_int();
  // sum() over no row is null: nothing failed.
  const double number = value.is_none() ? 0 : std::strtod(value.str().c_str(), nullptr);
  return static_cast<int64_t>(number);
}

}  // namespace

void judge_test(NodeResult& result, const project::Resource& test, const AgatePtr& counted, const Node& flags) {
  if (!counted || counted->rows.size() != 1 || counted->names.size() < 3) {
    result.status = Status::error;
    result.message = "the test's materialization gave no row of failures, should_warn and should_error";
    result.diagnostics.push_back({.code = Code::test_result_wrong,
                                  .message = fmt::format("'{}': {}", test.name, result.message),
                                  .span = test.name_span});
    return;
  }
  const auto& row = counted->rows.front();
  const int64_t failures = count_of(row[0]);
  const bool warns = is_true(row[1]);
  const bool errors = is_true(row[2]);
  const bool severe = !iequals(text_or(test.config.text("severity"), "error"), "warn");
  const std::string results = fmt::format("Got {} result{}", failures, failures == 1 ? "" : "s");
  // A test that passes has no failures, however many rows its thresholds let through.
  result.failures = (severe && errors) || warns ? failures : 0;
  result.adapter_response = Response{}.node();
  if (severe && errors) {
    result.status = Status::fail;
    result.message =
        fmt::format("{}, configured to fail if {}", results, text_or(test.config.text("error_if"), "!= 0"));
  } else if (warns) {
    const bool fails = project::judge_warning(flags, {"LogTestResult", "Q007"}) == project::Verdict::error;
    result.status = fails ? Status::fail : Status::warn;
    result.message = fmt::format("{}, configured to {} if {}", results, fails ? "fail" : "warn",
                                 text_or(test.config.text("warn_if"), "!= 0"));
  } else {
    result.status = Status::pass;
  }
}

}  // namespace rynd::transform

// Report: which reporter a command line asks for.
#include "report.h"

namespace rynd::cli {

std::unique_ptr<run::Observer> make_reporter(const Invocation& invocation, const ReportContext& context) {
  ReportContext wanted = context;
  wanted.width = invocation.number("printer-width").value_or(context.width);
  wanted.debug = invocation.toggle("debug");
  if (context.session.console.json) return std::make_unique<JsonReporter>(wanted);
  if (invocation.text("log-format") == "json") return std::make_unique<EventReporter>(wanted);
  return std::make_unique<TextReporter>(wanted);
}

}  // namespace rynd::cli

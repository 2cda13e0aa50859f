// Report: which reporter a command line asks for.
#include "report.h"

namespace rynd::cli {

std::unique_ptr<run::Observer> make_reporter(const Invocation& invocation, const ReportContext& context) {
  ReportContext wanted = context;
  wanted.width = invocation.number("printer-width").value_or(context.width);
  wanted.debug = invocation.toggle("debug");
  std::vector<std::unique_ptr<run::Observer>> reporters;
  EventLog* events = context.session.console.events;
  if (events) reporters.push_back(std::make_unique<EventReporter>(wanted, *events));
  if (context.session.console.json)
    reporters.push_back(std::make_unique<JsonReporter>(wanted));
  else if (!events || !events->speaks())
    reporters.push_back(std::make_unique<TextReporter>(wanted));
  return std::make_unique<run::Observers>(std::move(reporters));
}

}  // namespace rynd::cli

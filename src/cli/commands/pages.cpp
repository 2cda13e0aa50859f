// pages validate: every mistake of the pages at once, their queries run.
#include <fmt/format.h>

#include <algorithm>

#include "base/json.h"
#include "base/render.h"
#include "commands/all.h"
#include "forward.h"
#include "opening.h"
#include "run/warehouse.h"
#include "server/validate.h"

namespace rynd::cli {
namespace {

constexpr Flag own_flags[] = {
    {"queries", FlagKind::toggle, "run the pages' queries (the default); --no-queries only reads the files"},
};

// Where nothing was built yet there is nothing to ask, and asking would make an empty database.
bool is_built(const project::Project& project, const Session& session) {
  const engine::Target target = run::warehouse_target(project.profile, project.dir);
  return session.warehouse != nullptr || session.world.files.exists(target.path);
}

std::string as_json(const std::vector<server::PageReport>& reports) {
  std::string text = "[";
  for (const server::PageReport& report : reports) {
    Node head = Node::map();
    head.set("page", Node::of(report.page));
    head.set("file", Node::of(report.file));
    head.set("queries", Node::of(static_cast<int64_t>(report.queries)));
    std::string object = json::write(head);
    object.pop_back();
    text += (text.size() > 1 ? ",\n" : "\n") + object + ", \"problems\": " + render_json(report.problems) + "}";
  }
  return text + "\n]\n";
}

int report_pages(const std::vector<server::PageReport>& reports, Console& console) {
  size_t queries = 0;
  size_t errors = 0;
  Diagnostics problems;
  for (const server::PageReport& report : reports) {
    queries += report.queries;
    errors += static_cast<size_t>(std::ranges::count(report.problems, Severity::error, &Diagnostic::severity));
    problems.insert(problems.end(), report.problems.begin(), report.problems.end());
  }
  if (console.json)
    console.out(as_json(reports));
  else if (!problems.empty())
    console.report(problems);
  const auto counted = [](size_t count, std::string_view one, std::string_view many) {
    return fmt::format("{} {}", count, count == 1 ? one : many);
  };
  console.say(fmt::format("{}, {}: {}", counted(reports.size(), "page", "pages"), counted(queries, "query", "queries"),
                          errors == 0 ? "no errors" : counted(errors, "error", "errors")));
  return errors == 0 ? exit_done : exit_failed;
}

int run_validate(const Invocation& invocation, Session& session) {
  if (const std::optional<int> code = forward_to_server(invocation, session)) return *code;
  const auto project = open_project(invocation, session, nullptr);
  if (!project) return exit_unable;
  std::optional<Warehouse> warehouse;
  if (invocation.toggle("queries", true)) {
    if (is_built(*project, session)) {
      if (!warehouse.emplace(*project, session)) return exit_unable;
    } else {
      session.console.say("the warehouse is not there yet, so no query was run; 'rynd build' makes it");
    }
  }
  const Checked<std::vector<server::PageReport>> reports = server::validate_pages(
      *project, invocation.arguments, warehouse ? &**warehouse : nullptr, session.world, session.stop);
  if (session.stop.stop_requested()) return exit_interrupted;
  if (reports) return report_pages(*reports, session.console);
  session.console.report(reports.error());
  return exit_unable;
}

}  // namespace

Command pages_validate_command() {
  return {.name = "pages validate",
          .group = CommandGroup::look,
          .summary = "check the pages: components, attributes, queries and the columns they draw",
          .arguments = "[PAGE...]",
          .most_arguments = -1,
          .flag_groups = reads_project,
          .flags = own_flags,
          .details =
              "PAGE is a path below pages/ without '.md'; without one, all. Every mistake is reported, and the "
              "queries are run with their inputs as they stand when the page is opened.",
          .examples = "rynd pages validate\nrynd pages validate sales/regions --no-queries",
          .run = run_validate};
}

}  // namespace rynd::cli

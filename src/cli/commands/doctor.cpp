// doctor: what may be in the way here: files, warehouse, server, runs that never ended.
#include <fmt/format.h>

#include "base/json.h"
#include "commands/all.h"
#include "forward.h"
#include "opening.h"
#include "run/history.h"
#include "version.h"

namespace rynd::cli {
namespace {

// Lines as they come, or one JSON document at the end.
class Findings {
 public:
  explicit Findings(Console& console) : console_(console) {}
  void good(const std::string& text) { add("ok", text); }
  void hint(const std::string& text) { add("note", text); }
  void bad(const std::string& text) {
    add("problem", text);
    ++problems_;
  }
  int problems() const { return problems_; }

  void finish() {
    if (!console_.json) {
      console_.out(problems_ == 0 ? "nothing is wrong\n"
                                  : fmt::format("{} problem{}\n", problems_, problems_ == 1 ? "" : "s"));
      return;
    }
    Node document = Node::map();
    document.set("problems", Node::of(static_cast<int64_t>(problems_)));
    document.set("findings", std::move(list_));
    console_.out(json::write(document) + "\n");
  }

 private:
  void add(const std::string& kind, const std::string& text) {
    if (!console_.json) return console_.out(fmt::format("  {:<9}{}\n", kind, text));
    Node finding = Node::map();
    finding.set("kind", Node::of(kind));
    finding.set("text", Node::of(text));
    list_.items.push_back(std::move(finding));
  }

  Console& console_;
  Node list_ = Node::list();
  int problems_ = 0;
};

void look_at_runs(const std::filesystem::path& dir, Session& session, Findings& findings) {
  const std::vector<std::string> ids = run::run_ids(session.world.files, dir, 1);
  if (ids.empty()) return findings.hint("nothing has run here yet");
  const Result<run::LoggedRun> last = run::load_run(session.world.files, dir, ids.front());
  if (!last) return findings.bad(last.error().message);
  for (const Diagnostic& problem : last->problems) findings.bad(problem.message);
  if (last->status == "open")
    findings.hint("the last run, " + ids.front() +
                  ", has no end: it is still going, or was killed; it may be run again");
  else
    findings.good(fmt::format("the last run, {}, ended as '{}'", ids.front(), last->status));
}

int run_doctor(const Invocation& invocation, Session& session) {
  Console& console = session.console;
  const std::filesystem::path dir = invocation.text("project-dir", ".");
  if (!console.json) console.out(version_text());
  Findings findings(console);
  if (const std::optional<std::string> url = running_server(dir, session.world))
    findings.hint("a server runs at " + *url + "; commands go through it");
  if (const auto project = open_project(invocation, session, nullptr)) {
    findings.good(fmt::format("the project '{}' reads without errors: {} resources", project->root().name,
                              project->resources.size()));
    if (!project->profile.from_file)
      findings.hint("no profile was found: the embedded DuckDB at ./warehouse.duckdb is used");
    if (!running_server(dir, session.world)) {
      Warehouse warehouse(*project, session);
      if (warehouse)
        findings.good(fmt::format("the warehouse '{}' opens (DuckDB {})", project->profile.path, warehouse->version()));
      else
        findings.bad(fmt::format("the warehouse '{}' cannot be opened", project->profile.path));
    }
  } else {
    findings.bad("the project cannot be read; the errors are above");
  }
  look_at_runs(dir, session, findings);
  findings.finish();
  return findings.problems() == 0 ? exit_done : exit_failed;
}

}  // namespace

Command doctor_command() {
  return {.name = "doctor",
          .group = CommandGroup::look,
          .summary = "look for what may be in the way: project, profile, warehouse, server, last run",
          .flag_groups = reads_project,
          .examples = "rynd doctor",
          .run = run_doctor};
}

}  // namespace rynd::cli
